#!/usr/bin/env bats
# The tools together: the same bytes in any combination, and an unchanged store.

load helpers
setup_file() { prepare; }

pipeline() { img_resolve "$@" | img-manifest --to docker | img-tar --format docker-archive; }

@test "img-save writes what podman save writes" {
    while read -r sum names; do
        # shellcheck disable=SC2086 # a list of words
        [ "$(img_save $names | sha256sum | cut -d' ' -f1)" = "$sum" ]
    done <"$BATS_FILE_TMPDIR/archives"
}

@test "the three tools write what img-save writes" {
    pipeline "$SAMPLE" >piped.tar
    is_sample piped.tar
    img_resolve "$SAMPLE" | img-manifest --to docker | img-tar -o file.tar
    is_sample file.tar
}

@test "records may be reformatted between the tools" {
    img_resolve "$SAMPLE" | jq . | img-manifest --to docker | jq . | img-tar >pretty.tar
    is_sample pretty.tar
    # JSON text sequences (RFC 7464) begin each value with RS.
    img_resolve "$SAMPLE" | sed $'s/^/\x1e/' | jq --seq . | img-manifest --to docker | sed $'s/^/\x1e/' |
        img-tar >seq.tar
    is_sample seq.tar
}

@test "unknown members are passed on" {
    img_resolve "$SAMPLE" | jq -c '. + {"acme":{"n":1.50e2},"é":null}' | img-manifest --to docker >out
    [ "$(jq -c .acme.n out)" = 150 ]
    jq -e 'has("é")' out
    img-tar <out >out.tar
    is_sample out.tar
}

@test "conversion keeps bytes that are already correct" {
    img_resolve "$SAMPLE" >oci
    img-manifest --to oci <oci | cmp - oci
    img-manifest --to docker <oci >docker
    img-manifest --to docker <docker | cmp - docker
}

@test "a record is one line" {
    img_resolve "$SAMPLE" sample >lines
    [ "$(wc -l <lines)" = 2 ]
    while read -r line; do jq -e '.schema == "img/1"' <<<"$line"; done <lines
}

@test "an image is found by name, ID, prefix and digest of its config" {
    id=$(img_resolve "$SAMPLE" | jq -r .id)
    for name in "$SAMPLE" sample sample:latest docker.io/library/sample "$id" "${id:0:12}" "sha256:$id"; do
        [ "$(img_resolve "$name" | jq -r .id)" = "$id" ]
    done
    [ "$(img_resolve "$id" | jq -c '[.name, .tags]')" = '[null,[]]' ]
}

@test "tags may be edited with jq" {
    img_resolve "$SAMPLE" | jq -c '.tags = ["example.org/other:2"]' | img-manifest --to docker | img-tar >out.tar
    [ "$(tar -xOf out.tar manifest.json | jq -c '.[0].RepoTags')" = '["example.org/other:2"]' ]
}

@test "additional tags come first, each once, made into full names" {
    img_save -t foo -t "$SAMPLE" --tag quay.io/a/b:3 -t foo:latest "$SAMPLE" >out.tar
    [ "$(tar -xOf out.tar manifest.json | jq -c '.[0].RepoTags')" = \
        "[\"localhost/foo:latest\",\"$SAMPLE\",\"quay.io/a/b:3\"]" ]
    expect 64 img_save -t 'a b' "$SAMPLE"
    failed img-save 'a b'
}

@test "two names of one image become one entry with both" {
    img_save "$SAMPLE" sample "$SAMPLE" >out.tar
    tar -xOf out.tar manifest.json >manifest.json
    [ "$(jq length manifest.json)" = 1 ]
    [ "$(jq -c '.[0].RepoTags' manifest.json)" = "[\"$SAMPLE\",\"docker.io/library/sample:latest\"]" ]
    img_save -m "$SAMPLE" sample | cmp - out.tar
    pipeline "$SAMPLE" sample | cmp - out.tar
}

@test "errors of libimage's Save have its messages" {
    expect 64 img_save -t foo "$SAMPLE" sample
    failed img-save "cannot save multiple images with multiple tags"
    expect 64 img_save --format oci-dir -o out "$SAMPLE" sample
    failed img-save 'unsupported format "oci-dir" for saving multiple images (only docker-archive)'
}

@test "two runs write the same bytes in different environments" {
    img_save "$SAMPLE" >one.tar
    sleep 1.1
    (umask 077 && cd / && env -i "$IMG_BIN/img-save" --root "$STORE" "$SAMPLE") >two.tar
    cmp one.tar two.tar
    TZ=Asia/Tokyo LC_ALL=C taskset -c 0 img-save --root "$STORE" "$SAMPLE" | cmp - one.tar
}

@test "a relative --root works, and the record has the absolute path" {
    cd "$BATS_FILE_TMPDIR"
    img-save --root store "$SAMPLE" >"$BATS_TEST_TMPDIR/out.tar"
    is_sample "$BATS_TEST_TMPDIR/out.tar"
    img-resolve --root store "$SAMPLE" >"$BATS_TEST_TMPDIR/record"
    cd /
    img-manifest --to docker <"$BATS_TEST_TMPDIR/record" | img-tar >"$BATS_TEST_TMPDIR/piped.tar"
    is_sample "$BATS_TEST_TMPDIR/piped.tar"
}

@test "vfs stores are read" {
    make-sample-store --vfs vfs >/dev/null
    img-save --root vfs --storage-driver vfs "$SAMPLE" >out.tar
    is_sample out.tar
}

@test "the store is not changed" {
    listing() { find "$STORE" -printf '%p %m %U %G %s %T@ %C@ %l\n' | sort; }
    listing >before
    touch mark
    img_save "$SAMPLE" >/dev/null
    img_save -o out.tar "$SAMPLE"
    pipeline "$SAMPLE" >/dev/null
    img_resolve sample >/dev/null
    expect 66 img_resolve no-such-image
    listing | cmp - before
    [ -z "$(find "$STORE" -newer mark)" ]
}

@test "only the target is written" {
    command -v strace >/dev/null || skip "strace is not installed"
    strace -f -qq -e trace=file -o trace true 2>/dev/null || skip "strace may not trace here"
    mkdir target tmp
    TMPDIR=$PWD/tmp strace -f -qq -e trace=open,openat,openat2,creat -o trace \
        img-save --root "$STORE" -o target/out.tar "$SAMPLE"
    is_sample target/out.tar
    grep -E 'O_(WRONLY|RDWR|CREAT)' trace | grep -v ENOENT >writes
    echo "opened for writing:" && cat writes
    run ! grep -v -e '/target"' -e '"target"' -e '"target/[^"]*"' writes
    [ -z "$(ls -A tmp)" ]
}

@test "a store without write permission is read by any user" {
    share
    chmod -R a-w "$shared/store"
    local status=0
    "${as[@]}" "$shared/img-save" --root "$shared/store" "$SAMPLE" >out.tar 2>stderr || status=$?
    cat stderr
    [ $status = 0 ]
    is_sample out.tar
}
