#!/usr/bin/env bats
# Several images in one output: the same bytes every time, and layouts that grow.

load helpers
setup_file() { prepare; }

# image NUMBER LAYERS: the record of an OCI image with a config and a name of its own, and the first layers of the sample.
image() {
    local record=$BATS_TEST_TMPDIR/sample
    [ -e "$record" ] || img_resolve "$SAMPLE" | img-manifest --to oci >"$record"
    jq -r .config.data "$record" | base64 -d |
        jq -cj ".author = \"$1\" | .rootfs.diff_ids |= .[:$2] | .history |= .[:$2]" >config
    local config manifest
    config=sha256:$(sha256sum <config | cut -d' ' -f1)
    jq -r .manifest.data "$record" | base64 -d |
        jq -cj --arg digest "$config" --argjson size "$(stat -c %s config)" \
            ".config += {digest: \$digest, size: \$size} | .layers |= .[:$2]" >manifest
    manifest=sha256:$(sha256sum <manifest | cut -d' ' -f1)
    jq -c --rawfile config <(base64 -w0 config) --arg config_digest "$config" --argjson config_size "$(stat -c %s config)" \
        --rawfile manifest <(base64 -w0 manifest) --arg manifest_digest "$manifest" \
        --argjson manifest_size "$(stat -c %s manifest)" \
        ".config += {data: \$config, digest: \$config_digest, size: \$config_size}
         | .manifest += {data: \$manifest, digest: \$manifest_digest, size: \$manifest_size}
         | .layers |= .[:$2] | .tags = [\"localhost/image:$1\"] | .id = \$config_digest[7:]" "$record"
}
names() { jq -r '.manifests[].annotations["org.opencontainers.image.ref.name"]' "$1/index.json"; }
can_trace() {
    command -v strace >/dev/null || skip "strace is not installed"
    strace -o /dev/null true 2>/dev/null || skip "strace cannot trace"
}

# The outputs of two images that share layers, and of one image under two names.
kinds() {
    cat <<'END'
hybrid
hybrid --compression gzip
oci-archive -m
oci-archive -m --uncompressed
END
}

@test "hybrids and archives of several images are the same at any time, with any umask and any number of threads" {
    image 1 2 >records
    image 2 3 >>records
    while read -r -a options; do
        (umask 022 && img-tar --jobs 1 --format "${options[@]}" -o "first ${options[*]}" <records)
    done < <(kinds)
    sleep 1.1
    while read -r -a options; do
        (umask 077 && TZ=Asia/Tokyo img-tar --jobs 2 --format "${options[@]}" -o second <records)
        img-tar --jobs 8 --format "${options[@]}" <records | cat >third
        cmp "first ${options[*]}" second
        cmp second third
        rm second third
    done < <(kinds)
}

@test "names and records give the same bytes" {
    while read -r -a options; do
        img_save --format "${options[@]}" -o names "$SAMPLE" sample
        img_resolve "$SAMPLE" sample | img-tar --format "${options[@]}" -o records
        img_resolve --all --all-tags | img-tar --format "${options[@]}" >all
        cmp names records
        [ "$(tar -xOf names index.json | jq -c '[.manifests[].annotations[]] | sort | unique')" = \
            "$(tar -xOf all index.json | jq -c '[.manifests[].annotations[]] | sort | unique')" ]
        rm names records all
    done < <(kinds)
}

@test "another user writes the same bytes" {
    share
    while read -r -a options; do
        img_save --format "${options[@]}" -o mine "$SAMPLE" sample
        "${as[@]}" "$shared/img-save" --root "$shared/store" --format "${options[@]}" "$SAMPLE" sample | cmp - mine
        rm mine
    done < <(kinds)
}

@test "a plain hybrid is planned to the byte" {
    image 1 2 >records
    image 2 3 >>records
    expect 0 img-tar --format hybrid --dry-run --report plan -o out.tar <records
    img-tar --format hybrid --report report -o out.tar <records
    [ "$(jq .size plan)" = "$(stat -c %s out.tar)" ]
    [ "$(jq .size report)" = "$(stat -c %s out.tar)" ]
    [ "$(jq -r '.members[].name' plan)" = "$(tar -tf out.tar)" ]
}

@test "a plain hybrid needs no temporary file on its way into a pipe" {
    can_trace
    image 1 3 >records
    mkdir tmp
    strace -f -qq -e trace=open,openat,openat2,creat,memfd_create -o trace \
        env TMPDIR="$PWD/tmp" img-tar --format hybrid <records | cat >out.tar
    grep -q O_RDONLY trace
    # gzip needs one: the trace would show it.
    run ! grep -E 'O_TMPFILE|O_CREAT|O_WRONLY|O_RDWR|creat\(|memfd_create' <(grep -v '"/dev/' trace)
    strace -f -qq -e trace=open,openat,openat2,creat,memfd_create -o trace \
        env TMPDIR="$PWD/tmp" img-tar --format hybrid --compression gzip <records | cat >out.tar
    grep -qE 'O_TMPFILE|O_CREAT|memfd_create' trace
}

@test "an image joins a layout of 20, and no file of the others is read" {
    for number in {1..20}; do image "$number" 2; done >records
    img-tar -m --format oci-dir -o layout <records
    [ "$(names layout | sort -u | wc -l)" = 20 ]
    find layout/blobs -type f -printf '%f %i %T@\n' | sort >before
    image 21 3 >one
    if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
        strace -f -qq -e trace=openat,open,openat2 -o trace img-tar -m --format oci-dir -o layout <one
        mapfile -t layers < <(jq -r '.layers[].storage.layer' one)
        [ ${#layers[@]} = 3 ]
        grep -q "${layers[2]}" trace
        run ! grep -e "${layers[0]}" -e "${layers[1]}" trace
        # Nor are the layers of the layout: only its manifests and configs.
        manifest=$(jq -r '.manifests[0].digest[7:]' layout/index.json)
        grep -q "$manifest" trace
        for blob in $(jq -r '.layers[].digest[7:]' "layout/blobs/sha256/$manifest"); do run ! grep "$blob" trace; done
    else
        img-tar -m --format oci-dir -o layout <one
    fi
    # The config, the manifest and the third layer are new; all other files are as they were.
    find layout/blobs -type f -printf '%f %i %T@\n' | sort >after
    [ -z "$(comm -23 before after)" ]
    [ "$(comm -13 before after | wc -l)" = 3 ]
    [ "$(names layout | wc -l)" = 21 ]
    # What it grew to is what it is when all are saved at once.
    cat records one | img-tar -m --format oci-dir -o once
    diff -r once layout
    if command -v skopeo >/dev/null; then
        for name in $(names layout); do
            skopeo copy -q --insecure-policy "oci:layout:$name" dir:copy
            rm -r copy
        done
    fi
}

@test "processes that add several images to one layout at the same time lose none" {
    for round in {1..5}; do
        rm -rf layout
        image 0 1 >start
        img-tar -m --format oci-dir -o layout <start
        local pids=()
        for writer in {1..4}; do
            [ "$round" != 1 ] || { image "$((2 * writer - 1))" 2 && image "$((2 * writer))" 3; } >"records.$writer"
            img-tar -m --format oci-dir -o layout <"records.$writer" 2>"err.$writer" &
            pids+=($!)
        done
        for pid in "${pids[@]}"; do wait "$pid" || { cat err.*; return 1; }; done
        [ "$(names layout | sort)" = "$(printf 'localhost/image:%d\n' {0..8})" ]
        [ "$(ls -A layout)" = $'blobs\nindex.json\noci-layout' ]
        (cd layout/blobs/sha256 && sha256sum -- * | awk '$1 != $2 { exit 1 }')
        for manifest in $(jq -r '.manifests[].digest[7:]' layout/index.json); do
            for blob in $(jq -r '.config.digest[7:], .layers[].digest[7:]' "layout/blobs/sha256/$manifest"); do
                [ -e "layout/blobs/sha256/$blob" ]
            done
        done
    done
}
