#!/usr/bin/env bats
# Layers compressed with zstd: `--compression zstd`.

load helpers
setup_file() { prepare; }

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    [[ $BATS_TEST_DESCRIPTION == *"build without zstd"* ]] || img-save --version | grep -q zstd ||
        skip "this build has no zstd"
}

# layers LAYOUT: media type and digest of each layer of the image in the layout.
layers() {
    local manifest
    manifest=$(jq -r '.manifests[0].digest | ltrimstr("sha256:")' "$1/index.json")
    jq -r '.layers[] | .mediaType + " " + (.digest | ltrimstr("sha256:"))' "$1/blobs/sha256/$manifest"
}

@test "zstd layers are the same tars, in every format that has them" {
    command -v zstd >/dev/null || skip "zstd is not installed"
    img_save --format oci-dir --uncompressed -o plain "$SAMPLE"
    img_save --format oci-dir --compression zstd -o small "$SAMPLE"
    layers plain | cut -d' ' -f2 >expected
    [ -s expected ]
    while read -r type digest; do
        [ "$type" = application/vnd.oci.image.layer.v1.tar+zstd ]
        zstd -dcq "small/blobs/sha256/$digest" | sha256sum | cut -d' ' -f1
    done < <(layers small) >found
    cmp expected found
    img_save --format oci-archive --compression zstd -o small.tar "$SAMPLE"
    mkdir unpacked
    tar -xf small.tar -C unpacked
    diff -r small unpacked
    img_resolve "$SAMPLE" | img-manifest --to oci | img-tar --format hybrid --compression zstd -o hybrid.tar
    expect 0 img-tar --verify hybrid.tar
    tar -xOf hybrid.tar manifest.json | jq -r '.[].Layers[]' | cut -d/ -f3 | diff - <(layers small | cut -d' ' -f2)
    for source in oci:small oci-archive:small.tar oci-archive:hybrid.tar; do
        img-save -q -f -o again.tar "$source"
        [ "$(tar -xOf again.tar manifest.json | jq -c '.[].Layers')" = \
            "$(img_save "$SAMPLE" | tar -xO manifest.json | jq -c '.[].Layers')" ]
    done
}

# big FILE: a docker-archive of one image with a layer of three blocks of zstd.
big() {
    local diff config
    mkdir big
    (cd big && seq 3000000 | head -c 20000000 >numbers && tar --sort=name --mtime=@0 --owner=0 --group=0 -cf layer.tar numbers)
    diff=$(sha256sum <big/layer.tar | cut -d' ' -f1)
    printf '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
        "$diff" >big/config
    config=$(sha256sum <big/config | cut -d' ' -f1)
    mv big/config "big/$config.json"
    printf '[{"Config":"%s.json","RepoTags":["localhost/big:1"],"Layers":["layer.tar"]}]' "$config" >big/manifest.json
    tar -C big -cf "$1" manifest.json "$config.json" layer.tar
    printf '%s\n' "$diff" >big.diff
}

@test "the number of threads does not change zstd layers" {
    for jobs in 1 2 8; do
        img_save --format oci-archive --compression zstd --jobs $jobs -o $jobs.tar "$SAMPLE"
        img_save --format oci-dir --compression zstd --jobs $jobs -o $jobs.dir "$SAMPLE"
    done
    cmp 1.tar 2.tar
    cmp 1.tar 8.tar
    diff -r 1.dir 2.dir
    diff -r 1.dir 8.dir
}

@test "a layer of several blocks is the same for any number of threads" {
    big big.tar
    for jobs in 1 2 8; do
        img-save -q --format oci-dir --compression zstd --jobs $jobs -o $jobs docker-archive:big.tar
        expect 0 img-tar --verify $jobs
    done
    diff -r 1 2
    diff -r 1 8
    img-save -q --format oci-archive --compression zstd docker-archive:big.tar >pipe.tar
    img-save -q --format oci-archive --compression zstd -o file.tar docker-archive:big.tar
    cmp pipe.tar file.tar
    expect 0 img-tar --verify file.tar
    read -r _ digest < <(layers 1)
    [ "$(img-resolve oci:1 | jq -r '.layers[0].digest')" = "sha256:$(<big.diff)" ]
    if command -v zstd >/dev/null; then
        [ "$(zstd -dcq "1/blobs/sha256/$digest" | sha256sum | cut -d' ' -f1)" = "$(<big.diff)" ]
        # Blocks of 8 MiB are frames of their own.
        zstd -lv "1/blobs/sha256/$digest" 2>&1 | grep -E 'Frames: 3$'
    fi
    # Unpacked, and kept.
    img-save -q -o back.tar oci:1
    [ "$(tar -xOf back.tar "$(<big.diff).tar" | sha256sum | cut -d' ' -f1)" = "$(<big.diff)" ]
    img-save -q --format oci-dir -o kept oci:1
    diff -r 1 kept
}

@test "a damaged zstd layer is refused" {
    big big.tar
    img-save -q --format oci-dir --compression zstd -o good docker-archive:big.tar
    read -r _ digest < <(layers good)
    # A byte changed, and the end missing, as the digest shows.
    for change in flip cut; do
        cp -r good $change
        blob=$change/blobs/sha256/$digest
        case $change in
            flip) printf '\377' | dd of="$blob" bs=1 seek=5000 conv=notrunc status=none ;;
            cut) truncate -s -1 "$blob" ;;
        esac
        expect 65 img-tar --verify $change
        expect 65 img-save -q -o out.tar oci:$change
        [ ! -e out.tar ]
        expect 65 img-save -q --format oci-dir --compression keep -o out oci:$change
    done
    # The same with a manifest that describes the damaged layer.
    for change in flip cut; do
        blob=$change/blobs/sha256/$digest
        damaged=$(sha256sum <"$blob" | cut -d' ' -f1)
        mv "$blob" "$change/blobs/sha256/$damaged"
        manifest=$(jq -r '.manifests[0].digest[7:]' $change/index.json)
        jq -c --arg d "sha256:$damaged" --argjson s "$(stat -c %s "$change/blobs/sha256/$damaged")" \
            '.layers[0] |= (.digest = $d | .size = $s)' "$change/blobs/sha256/$manifest" >new
        jq -c --arg d "sha256:$(sha256sum <new | cut -d' ' -f1)" --argjson s "$(stat -c %s new)" \
            '.manifests[0] |= (.digest = $d | .size = $s)' $change/index.json >index
        mv index $change/index.json
        cp new "$change/blobs/sha256/$(sha256sum <new | cut -d' ' -f1)"
        expect 65 img-tar --verify $change
        expect 65 img-save -q -o out.tar oci:$change
        [ ! -e out.tar ]
    done
}

@test "zstd has levels 1 to 19, by default 3" {
    img_save --format oci-archive --compression zstd -o default.tar "$SAMPLE"
    for level in {1..19}; do
        img_save --format oci-archive --compression zstd --compression-level "$level" -o "$level.tar" "$SAMPLE"
        expect 0 img-tar --verify "$level.tar"
    done
    cmp default.tar 3.tar
    for level in 0 20 -1 3.0 ''; do
        expect 64 img_save --format oci-archive --compression zstd --compression-level "$level" -o out.tar "$SAMPLE"
        failed img-save "--compression-level: '$level' is not a number from 1 to 19"
    done
    expect 64 img_save --format oci-archive --compression-level 10 -o out.tar "$SAMPLE"
    failed img-save "--compression-level: '10' is not a number from 1 to 9 for gzip"
    [ ! -e out.tar ]
}

@test "zstd layers need an OCI manifest" {
    expect 64 img_save --compression zstd -o out "$SAMPLE"
    failed img-save "docker-archive layers are never compressed"
    expect 64 img_save --format docker-dir --compression zstd -o out "$SAMPLE"
    failed img-save "zstd layers need an OCI manifest"
    img_resolve "$SAMPLE" | img-manifest --to docker >records
    expect 64 img-tar --format hybrid --compression zstd -o out <records
    failed img-tar "$SAMPLE: zstd layers need an OCI manifest"
    expect 64 img-tar --compression zstd -o out <records
    failed img-tar "docker-archive layers are never compressed"
    [ ! -e out ]
}

@test "a build without zstd says so" {
    ! img-save --version | grep -q zstd || skip "this build has zstd"
    expect 69 img_save --format oci-archive --compression zstd -o out "$SAMPLE"
    failed img-save "--compression zstd: not supported by this build, which has no zstd"
    [ ! -e out ]
}

@test "zstd layers of a source and of a target are kept" {
    img_save --format oci-dir --compression zstd --compression-level 1 -o one "$SAMPLE"
    img-save -q --format oci-dir --compression zstd -o two oci:one
    diff -r one two
    cp -r one growing
    expect 0 img_save -q --format oci-dir --compression zstd -o growing "$SAMPLE"
    diff -r one/blobs growing/blobs
    # Another compression if asked for.
    img-save -q --format oci-dir --compression gzip -o three oci:one
    [ "$(layers three | cut -d' ' -f1 | sort -u)" = application/vnd.oci.image.layer.v1.tar+gzip ]
}
