#!/usr/bin/env bats
# Only what is missing: --have.

load helpers
setup_file() { prepare; }

# inspect FILE: the image of a record as `docker image inspect` prints it.
inspect() { jq -s '[.[] | {Id: .id, RepoTags: .tags, RootFS: {Type: "layers", Layers: [.layers[].digest]}}]' "$1"; }
# first NUMBER: the first layers of the sample as a list in order.
first() { jq -c "{RootFS: {Layers: [.layers[:$1][].digest]}}" record; }
sample() { img_resolve "$SAMPLE" >record; }
blobs() { tar -tf "$1" | grep -c '^blobs/sha256/.'; }

@test "a list on standard input: the archive has what is missing" {
    sample
    first 2 | img_save --have - "$SAMPLE" >sparse.tar 2>err
    img_save --format hybrid "$SAMPLE" >full.tar
    [ "$(blobs full.tar)" = 5 ]
    [ "$(blobs sparse.tar)" = 3 ]
    # All but the layers is the same.
    for file in index.json manifest.json oci-layout; do
        cmp <(tar -xOf full.tar "$file") <(tar -xOf sparse.tar "$file")
    done
    grep -q 'Error unpacking' err
    run ! img-tar --verify sparse.tar
    first 2 >list
    img-tar --verify --have list --report report sparse.tar
    [ "$(jq -c '.images[0].layers | map(.absent // false)' report)" = '[true,true,false]' ]
    first 1 >list
    expect 65 img-tar --verify --have list sparse.tar
    complained img-tar "layer 2 "
    # Several lists together.
    first 2 >both
    expect 0 img-tar --verify --have list --have both sparse.tar
}

@test "an archive that was sent before, whole, compressed or unpacked" {
    img_save -o before.tar "$SAMPLE"
    img_save -q --have before.tar -o now.tar "$SAMPLE"
    [ "$(blobs now.tar)" = 2 ]
    gzip -c before.tar >before.tar.gz
    mkdir before
    tar -xf before.tar -C before
    img_save --format oci-dir -o layout "$SAMPLE"
    img_save --format docker-dir -o dir "$SAMPLE"
    for list in before.tar.gz before layout dir now.tar; do
        img_save -q --have "$list" "$SAMPLE" | cmp - now.tar
    done
    img_save -q --have - "$SAMPLE" <before.tar | cmp - now.tar
    gzip -c before.tar | img_save -q --have - "$SAMPLE" | cmp - now.tar
}

@test "the pipeline marks, and leaves out" {
    sample
    first 2 >list
    img-manifest --have list <record >marked
    [ "$(jq -c '.layers | map(.absent // false)' marked)" = '[true,true,false]' ]
    img-tar -q <marked >pipeline.tar
    img_save -q --have list "$SAMPLE" | cmp - pipeline.tar
    # Marks are kept, whatever follows.
    img-manifest --to oci <marked | img-tar -q --format oci-archive --uncompressed >layout.tar
    img_save -q --have list --format oci-archive --uncompressed "$SAMPLE" | cmp - layout.tar
    for format in docker-archive docker-dir; do
        expect 64 img-tar --format $format -o out <marked
        failed img-tar "cannot leave layers out; use --format hybrid"
        expect 64 img_save --have list --format $format -o out "$SAMPLE"
        failed img-save "cannot leave layers out; use --format hybrid"
    done
    [ ! -e out ]
}

@test "compressed layers of an archive: those that are left out are plain in the manifest" {
    sample
    first 2 >list
    img_save --format oci-archive -o gzip.tar "$SAMPLE"
    img-save -q --have list --report report -o sparse.tar oci-archive:gzip.tar
    [ "$(jq -c '.images[0].layers | map(.before == .after)' report)" = '[true,true,false]' ]
    img-tar --verify --have list sparse.tar
    manifest=$(tar -xOf sparse.tar index.json | jq -r '.manifests[0].digest[7:]')
    tar -xOf sparse.tar "blobs/sha256/$manifest" >manifest
    [ "$(jq -c '.layers | map(.mediaType | test("gzip"))' manifest)" = '[false,false,true]' ]
    [ "$(jq -c '[.layers[:2][].size]' manifest)" = "$(jq -c '[.layers[:2][].size]' record)" ]
    # So does a pipe.
    img-save -q --have list oci-archive:- <gzip.tar | cmp - sparse.tar
}

@test "a list from a process substitution, and a compressed one" {
    sample
    first 2 >list
    img_save -q --have list -o a.tar "$SAMPLE"
    img_save -q --have <(cat list) "$SAMPLE" | cmp - a.tar
    gzip -c list >list.gz
    img_save -q --have list.gz "$SAMPLE" | cmp - a.tar
}

@test "lists add up, and their order does not matter" {
    sample
    first 1 >one
    first 3 >three
    jq -r '.layers[].digest' record >flat
    img_save -q --have one --have three "$SAMPLE" >a.tar
    img_save -q --have three --have one "$SAMPLE" | cmp - a.tar
    inspect record >all
    img_save -q --have all "$SAMPLE" | cmp - a.tar
    img_save --have flat "$SAMPLE" 2>err | cmp - a.tar
    grep -q 'the list has no order: docker may lack the chain' err
    tac flat | img_save -q --have - "$SAMPLE" | cmp - a.tar
}

@test "a layer on top of another is sent" {
    sample
    jq -c '{RootFS: {Layers: [.layers[1].digest, .layers[2].digest]}}' record >side
    img_save --have side "$SAMPLE" >sent.tar 2>err
    img_save --format hybrid "$SAMPLE" | cmp - sent.tar
    grep -q 'nothing to leave out' err
    img_save -q --have side "$SAMPLE" 2>err >sent.tar
    [ ! -s err ]
}

@test "plan and report say what is absent, what is needed, and what it saves" {
    sample
    first 2 >list
    saved=$(jq '[.layers[:2][].size] | add' record)
    chain=sha256:$(jq -j '.layers[:2] | map(.digest) | join(" ")' record | sha256sum | cut -d' ' -f1)
    img_save --have list --dry-run --report plan -o out.tar "$SAMPLE" >text
    img_save -q --have list --report report -o out.tar "$SAMPLE"
    for file in plan report; do
        [ "$(jq .saved $file)" = "$saved" ]
        [ "$(jq -r '.images[0].needs' $file)" = "$chain" ]
        [ "$(jq -c '.images[0].layers | map(.absent // false)' $file)" = '[true,true,false]' ]
        [ "$(jq .size $file)" = "$(stat -c %s out.tar)" ]
    done
    grep -q '^left out: 2 layers, ' text
    img_save -q --format hybrid --report report -o full.tar "$SAMPLE"
    [ "$(jq -c '[.saved, .images[0].needs]' report)" = '[null,null]' ]
}

@test "progress counts what is sent" {
    sample
    first 2 >list
    img_save --have list --progress json -o out.tar "$SAMPLE" 2>events
    [ "$(grep -c "$(jq -r '.layers[2].digest[7:19]' record)" events)" -gt 0 ]
    for number in 0 1; do run ! grep "$(jq -r ".layers[$number].digest[7:]" record)" events; done
}

@test "several names: podman needs another command" {
    sample
    first 1 >list
    img_save --have list -t localhost/other:1 "$SAMPLE" 2>err >/dev/null
    grep -q 'podman pull oci-archive:FILE:NAME' err
}

@test "lists that name no layers are refused with the command that does" {
    printf 'REPOSITORY   TAG   IMAGE ID   CREATED   SIZE\na   1   fd45878f6ec6   2 years ago   1kB\n' >images
    expect 65 img_save --have images "$SAMPLE"
    # shellcheck disable=SC2016 # the command that the message names
    failed img-save 'docker image inspect $(docker images -q)'
    : >empty
    expect 65 img_save --have empty "$SAMPLE"
    failed img-save
    echo '[{"RootFS":' >truncated
    expect 65 img_save --have truncated "$SAMPLE"
    failed img-save 'malformed JSON'
    expect 66 img_save --have missing "$SAMPLE"
    failed img-save missing
}

@test "what a list does not say is noted by every tool" {
    sample
    { echo '{"a":1}'; first 1; } >list
    expect 0 img-manifest --have list <record
    complained img-manifest "--have: 1 JSON value names no layers"
    expect 0 img_save --dry-run --have list -o out.tar "$SAMPLE"
    grep -qx "img-save: --have: 1 JSON value names no layers" stderr
    img_save --format hybrid -o whole.tar "$SAMPLE"
    expect 0 img-tar --verify --have list whole.tar
    complained img-tar "--have: 1 JSON value names no layers"
    expect 0 img-tar --verify -q --have list whole.tar
    [ ! -s stderr ]
    # Of two images, the one without an order counts.
    jq -r '.layers[].digest' record >flat
    { cat record; jq -c '.layers |= .[:1]' record; } >two
    expect 0 img-manifest --have flat <two
    complained img-manifest "the list has no order"
}

@test "standard input is read once" {
    sample
    expect 64 img-manifest --have - <record
    failed img-manifest 'standard input'
    expect 64 img-save --have - <record
    failed img-save 'standard input'
    expect 64 img_save --have - --have - "$SAMPLE" </dev/null
    failed img-save 'standard input'
    expect 64 img_save --have - - </dev/null
    failed img-save 'standard input'
    expect 64 img_save --have - --from-file - </dev/null
    failed img-save 'standard input'
    expect 64 img-save --have - oci-archive:- </dev/null
    failed img-save 'standard input'
    expect 64 img-tar --verify --have - - </dev/null
    failed img-tar 'standard input'
    expect 64 img-tar --have record <record
    failed img-tar '--verify'
    expect 64 img_save --verify --have record "$SAMPLE"
    failed img-save '--have'
}
