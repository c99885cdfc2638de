#!/usr/bin/env bats
# Archives and directories as sources: names, conversion, pipes, refusals.

load helpers
setup_file() {
    prepare
    FROM=$BATS_FILE_TMPDIR/from
    mkdir "$FROM"
    tar -xJf "$BATS_TEST_DIRNAME/../Stores/ImageFilesTests/Fixtures/archives.tar.xz" -C "$FROM"
    C1=1f4dda29bd6b734023c9044724fa80012bbd9a557a8341327ab725969109bc84
    export FROM C1
}
setup() {
    cd "$BATS_TEST_TMPDIR" || return
    mkdir target
    ln -s "$FROM" from
}

# layers_of ARCHIVE: the SHA-256 of each layer of a docker-archive, as its names say.
layers_of() {
    local name
    tar -tf "$1" | grep -E '^[0-9a-f]{64}\.tar$' | while read -r name; do
        [ "$(tar -xOf "$1" "$name" | sha256sum)" = "${name%.tar}  -" ] || echo "not $name"
        echo "${name%.tar}"
    done
}

@test "an image of each kind of source is saved with its layers" {
    local source
    for source in docker-archive:from/plain.tar docker-archive:from/gzlayers.tar docker-archive:from/plain.tar.gz \
        docker-archive:from/sym2.tar docker-archive:from/saved/s28s.tar oci:from/o-one:v1 oci-archive:from/o-one.tar \
        oci:from/o-nested oci:from/o-attest oci-archive:from/q-docker.tar oci:from/q-plain dir:from/d1; do
        echo "$source"
        expect 0 img-save -q -f -o target/app.tar "$source"
        [ ! -s stderr ] || { cat stderr; false; }
        [ "$(layers_of target/app.tar)" = 26b901e0f82c0b27c8a2e01d4253a3254dfe5569d4716a555300c09b531c1213$'\n'7818bddefc2033e217eb38352b0fb53c23b759bae3438804f13f28ce3dbf21d6 ]
        [ "$(tar -xOf target/app.tar "$C1.json" | sha256sum)" = "$C1  -" ]
    done
}

@test "img-save and the pipeline give the same bytes" {
    local source format
    for source in docker-archive:from/plain.tar oci:from/o-one oci-archive:from/q-plain.tar docker-archive:from/plain.tar.gz \
        dir:from/d1; do
        for format in docker-archive oci-archive; do
            echo "$source $format"
            img-save -q --format $format "$source" >one.tar
            img-resolve "$source" | img-manifest --to "${format%-archive}" | img-tar -q --format $format >two.tar
            cmp one.tar two.tar
        done
    done
}

# blobs_of PATH: the blobs of an OCI archive or layout, by name.
blobs_of() {
    local folder=$1
    if [ -f "$1" ]; then
        folder=unpacked
        rm -rf unpacked
        mkdir unpacked
        tar -xf "$1" -C unpacked
    fi
    (cd "$folder/blobs/sha256" && sha256sum -- *)
}

@test "blobs and manifests of layouts pass as they are" {
    local source format
    for source in oci:from/o-one oci-archive:from/o-one.tar oci:from/q-plain; do
        img-resolve "$source" >record
        digest=$(jq -r .manifest.digest record)
        for format in oci-archive oci-dir hybrid; do
            rm -rf target/out
            img-save -q --format $format --report report -o target/out "$source"
            [ "$(jq -r '.images[0].manifest | .after, (.reasons | length)' report)" = "$digest"$'\n'0 ]
            blobs_of target/out >blobs
            awk '$1 != $2 { exit 1 }' blobs
            jq -r '.layers[].blob.digest, .config.digest, .manifest.digest' record | cut -d: -f2 | sort >expected
            cut -d' ' -f1 blobs | diff expected -
            # The pipeline too, and into a pipe.
            img-manifest --to oci <record | img-tar -q --format "${format/oci-dir/oci-archive}" >piped
            [ $format = oci-dir ] || cmp piped target/out
        done
    done
    # Asked for, another form.
    expect 0 img-save -q -f --format oci-archive --compression none -o target/plain oci:from/o-one
    blobs_of target/plain | cut -d' ' -f1 | grep -q 26b901e0f82c0b27c8a2e01d4253a3254dfe5569d4716a555300c09b531c1213
    expect 64 img-save -q --compression keep -o target/app.tar oci:from/o-one
    expect 64 img-save -q --format oci-archive --uncompressed --compression keep -o target/new oci:from/o-one
}

@test "attestations of an index are left out, and a note says so" {
    expect 0 img-save --format oci-archive -o target/new oci:from/o-attest
    grep -q 'attestations' stderr
    expect 0 img-save -q --format oci-archive -o target/quiet oci:from/o-attest
    [ ! -s stderr ]
}

@test "podman's archive survives the way through an OCI archive" {
    img_save -q -o a.tar "$SAMPLE"
    img-save -q --format oci-archive --compression none -o b.tar docker-archive:a.tar
    img-save -q -o c.tar oci-archive:b.tar
    is_sample a.tar
    [ "$(tar -xOf a.tar manifest.json | jq -c '.[].RepoTags')" = "$(tar -xOf c.tar manifest.json | jq -c '.[].RepoTags')" ]
    [ "$(layers_of a.tar)" = "$(layers_of c.tar)" ]
    img-save -q -o d.tar docker-archive:a.tar
    cmp a.tar d.tar
}

@test "the way through an OCI archive and back gives the same bytes" {
    # The configs of these images are as OCI has them; a conversion keeps their bytes.
    make-sample-store --golden golden >/dev/null
    local name
    for name in localhost/golden/{plain,repeated,members,ends}:1; do
        img-save -q --root golden -o a.tar -f "$name"
        img-save -q --format oci-archive --compression none -f -o b.tar docker-archive:a.tar
        img-save -q -f -o c.tar oci-archive:b.tar
        cmp a.tar c.tar
    done
}

@test "--all lists an archive or a directory" {
    expect 0 img-resolve --all docker-archive:from/saved/s20.tar
    [ "$(jq -r .input stdout)" = "docker-archive:from/saved/s20.tar:docker.io/acme/app:1
docker-archive:from/saved/s20.tar:docker.io/acme/app:2
docker-archive:from/saved/s20.tar:docker.io/library/dup:1
docker-archive:from/saved/s20.tar:@3" ]
    # Each of them is an operand for the same record.
    jq -c 'del(.match)' stdout >all
    jq -r .input stdout | img-resolve - | jq -c 'del(.match)' >again
    [ "$(jq -r .id all)" = "$(jq -r .id again)" ]
    expect 0 img-resolve --all oci:from/o-multi oci-archive:from/o-one.tar
    [ "$(jq -r .input stdout)" = $'oci:from/o-multi:v1\noci:from/o-multi:v2\noci-archive:from/o-one.tar:v1' ]
    expect 0 img-resolve --all dir:from/d1
    [ "$(jq -r .input stdout)" = dir:from/d1 ]
    expect 66 img-resolve --all oci:from/o-artifact
    failed img-resolve "oci:from/o-artifact: there are no images in it"
    expect 64 img-resolve --all oci:from/o-multi:v1
    failed img-resolve "--all: takes an archive or a directory without a name: oci:from/o-multi"
    expect 64 img-resolve --all sample oci:from/o-multi
    failed img-resolve "--all: takes no names"
    expect 66 img-resolve --all oci:from/nothing
    failed img-resolve "no such directory"
}

@test "one archive of several sources" {
    expect 0 img_save -q -o both.tar docker-archive:from/saved/s20.tar:acme/app:1 oci:from/o-multi:v2 "$SAMPLE"
    [ "$(tar -xOf both.tar manifest.json | jq -c 'map(.RepoTags)')" = "[[\"docker.io/acme/app:1\"],[],[\"$SAMPLE\"]]" ]
    expect 0 img-save -q --all -o all.tar docker-archive:from/saved/s20.tar
    [ "$(tar -xOf all.tar manifest.json | jq length)" = 4 ]
    [ "$(tar -xOf all.tar manifest.json | jq -c '.[1].RepoTags')" = \
        '["docker.io/acme/app:2","docker.io/acme/app:latest","registry.example:5000/team/app:2"]' ]
}

@test "the options for tags" {
    tags() { jq -c .tags stdout; }
    expect 0 img-resolve docker-archive:from/saved/s20.tar:acme/app:1
    [ "$(tags)" = '["docker.io/acme/app:1"]' ]
    expect 0 img-resolve --all-tags docker-archive:from/saved/s20.tar:acme/app:1
    [ "$(tags)" = '["docker.io/acme/app:1","docker.io/acme/app:stable"]' ]
    expect 0 img-resolve --no-tags docker-archive:from/saved/s20.tar:acme/app:1
    [ "$(jq -c '[.tags,.name]' stdout)" = '[[],null]' ]
    expect 0 img-save -q -t new:2 -o target/new.tar docker-archive:from/plain.tar
    [ "$(tar -xOf target/new.tar manifest.json | jq -c '.[].RepoTags')" = '["localhost/new:2","docker.io/acme/app:1"]' ]
    # A bare tag is no name.
    expect 0 img-resolve oci:from/o-one:v1
    [ "$(jq -c '[.tags,.name]' stdout)" = '[[],null]' ]
    grep -q "oci:from/o-one:v1: v1 is no full name, so the image gets none (img-save --tag gives one)" stderr
}

@test "platforms of an index" {
    expect 0 img-resolve --platform linux/amd64 oci:from/o-nested
    [ "$(jq -r .id stdout)" = "$C1" ]
    expect 0 img-resolve --platform linux/arm64 oci:from/o-nested
    [ "$(jq -r .platform.variant stdout)" = v8 ]
    expect 66 img-resolve --platform linux/s390x oci:from/o-nested
    failed img-resolve "no image for linux/s390x; there is linux/amd64, linux/arm64/v8"
    expect 66 img-resolve --platform linux/arm64 docker-archive:from/plain.tar
    failed img-resolve "the image is for linux/amd64"
}

@test "a pipe is read by img-save, and only once" {
    img-save -q -o want.tar docker-archive:from/plain.tar
    for file in plain.tar plain.tar.gz; do
        expect 0 img-save -q -o got.tar -f docker-archive:- < <(cat from/$file)
        cmp want.tar got.tar
        expect 0 img-save -q -o got.tar -f docker-archive:- <from/$file
        cmp want.tar got.tar
        expect 0 img-save -q -o got.tar -f docker-archive:/dev/fd/9 9< <(cat from/$file)
        cmp want.tar got.tar
        expect 64 img-resolve docker-archive:- < <(cat from/$file)
        failed img-resolve "a pipe can be read only once: give a file, or use img-save"
        expect 64 img-resolve docker-archive:/dev/fd/9 9< <(cat from/$file)
        failed img-resolve "a pipe can be read only once: give a file, or use img-save"
    done
    expect 0 img-save -q -o got.tar -f oci-archive:-:v1 oci-archive:-:v2 <from/o-multi.tar
    [ "$(tar -xOf got.tar manifest.json | jq length)" = 2 ]
    expect 64 img-save -q -o no.tar oci-archive:- - <from/o-multi.tar
    failed img-save "standard input can be read only once"
    expect 65 img-save -q -o no.tar docker-archive:- </dev/null
    failed img-save "there is no data"
    expect 65 img-save -q -o no.tar docker-archive:- < <(head -c 20000 from/plain.tar)
    failed img-save "unexpected end"
    [ ! -e no.tar ]
    expect 69 img-save -q -o no.tar docker-archive:- <from/plain.tar.xz
    failed img-save "compressed with xz, not supported"
}

@test "nothing is left of a spooled archive" {
    mkdir spool
    TMPDIR=$PWD/spool expect 0 img-save -q -o got.tar docker-archive:from/plain.tar.gz
    [ -z "$(ls -A spool)" ]
    TMPDIR=$PWD/nowhere expect 74 img-save -q -o no.tar docker-archive:from/plain.tar.gz
    failed img-save "nowhere: cannot copy the archive: No such file or directory"
}

@test "options about a store have no effect on archives" {
    expect 64 img-resolve --root "$STORE" docker-archive:from/plain.tar
    failed img-resolve "--root: has no effect on archives and directories"
    expect 64 img-save --storage-driver overlay -o no.tar --all oci:from/o-multi
    failed img-save "--storage-driver: has no effect on archives and directories"
    expect 0 img_resolve docker-archive:from/plain.tar "$SAMPLE"
    # No store is needed.
    HOME=/nowhere expect 0 img-resolve docker-archive:from/plain.tar
    [ ! -s stderr ]
}

@test "what a transport refuses may be a name of the store" {
    expect 64 img-resolve "oci-archive:x:a b"
    failed img-resolve "oci-archive:x:a b: Invalid image a b"
    expect 66 img-resolve oci:/nowhere/x
    failed img-resolve "oci:/nowhere/x: /nowhere/x: no such directory"
    # A dangling link: podman looks for the image localhost/oci:gone.
    ln -s nowhere gone
    expect 66 img_resolve oci:gone
    failed img-resolve "oci:gone: $PWD/gone: no such directory"
}

@test "an archive without one image says how to choose" {
    expect 64 img-resolve docker-archive:from/saved/s20.tar
    failed img-resolve "more than one image (choose docker-archive:from/saved/s20.tar:docker.io/acme/app:1, "
    expect 66 img-resolve docker-archive:from/plain.tar:acme/ap:1
    failed img-resolve "there is no such image in it (did you mean acme/app:1?)"
    expect 66 img-resolve -k docker-archive:from/plain.tar:acme/ap:1 docker-archive:from/plain.tar
    [ "$(jq -r .error.code <<<"$(head -n 1 stdout)")" = image-not-known ]
    [ "$(tail -n 1 stdout | jq -r .id)" = "$C1" ]
}

@test "records name the archive with its absolute path" {
    (cd from && img-resolve docker-archive:plain.tar) >record
    [ "$(jq -r .storage.kind record)" = archive ]
    img-tar -q -o out.tar <record
    cp from/plain.tar moved.tar
    printf x >>moved.tar
    jq -c --arg path "$PWD/moved.tar" '.storage.path = $path' record >other
    expect 65 img-tar -q -o no.tar <other
    failed img-tar "its size is not that of the record"
    jq -c '.storage.path = "/dev/stdin"' record >other
    expect 64 img-tar -q -o no.tar <other
    failed img-tar "a pipe can be read only once"
}

@test "completion after a transport" {
    expect 0 img-resolve --complete docker-archive:from/saved/s20.tar:acme/app:s
    [ "$(<stdout)" = docker-archive:from/saved/s20.tar:acme/app:stable ]
    expect 0 img-resolve --complete oci:from/o-multi:
    [ "$(<stdout)" = $'oci:from/o-multi:v1\noci:from/o-multi:v2' ]
    expect 0 img-resolve --complete oci:from/o-mul
    [ "$(<stdout)" = oci:from/o-multi/ ]
    expect 0 img-resolve --complete oci-archive:from/o-m
    [ "$(<stdout)" = $'oci-archive:from/o-multi/\noci-archive:from/o-multi.tar' ]
    expect 0 img-resolve --complete dir:from/d1/v
    [ ! -s stdout ]
    expect 0 img-resolve --complete oci:nothing:
    [ ! -s stdout ]
    # What a look-up would note is not for the line that is typed.
    cat from/o-multi.tar - <<<garbage >noted.tar
    expect 0 img-resolve oci-archive:noted.tar:v1
    [ -s stderr ]
    expect 0 img-resolve --complete oci-archive:noted.tar:v
    [ "$(<stdout)" = $'oci-archive:noted.tar:v1\noci-archive:noted.tar:v2' ]
    [ ! -s stderr ]
    # It does not wait for a writer.
    mkfifo fifo
    expect 0 timeout 20 img-resolve --complete oci-archive:fifo:
    [ ! -s stdout ]
}
