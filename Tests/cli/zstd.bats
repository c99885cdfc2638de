#!/usr/bin/env bats
# Layers compressed with zstd: `--compression zstd`.

load helpers
setup_file() { prepare; }

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    img-save --version | grep -q zstd || skip "this build has no zstd"
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

@test "zstd has levels 1 to 19, by default 3" {
    img_save --format oci-archive --compression zstd -o default.tar "$SAMPLE"
    for level in 1 3 19; do
        img_save --format oci-archive --compression zstd --compression-level $level -o $level.tar "$SAMPLE"
        expect 0 img-tar --verify $level.tar
    done
    cmp default.tar 3.tar
    expect 64 img_save --format oci-archive --compression zstd --compression-level 20 -o out.tar "$SAMPLE"
    failed img-save "--compression-level: '20' is not a number from 1 to 19"
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
