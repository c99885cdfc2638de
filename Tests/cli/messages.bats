#!/usr/bin/env bats
# Messages beyond the failure: suggestions, allowed values, and reasons with --verbose.

load helpers
setup_file() { prepare; }

@test "a misspelt option: the message suggests the right one" {
    expect 64 img_save --fromat oci-dir "$SAMPLE"
    failed img-save "Did you mean '--format'?"
    expect 64 img-manifest --tto oci </dev/null
    failed img-manifest "Did you mean '--to'?"
}

@test "a misspelt value: the message suggests the right one and lists all" {
    expect 64 img_save --format oci-archiv "$SAMPLE"
    failed img-save "Did you mean 'oci-archive'?"
    [[ $(<stderr) == *"docker-dir"* ]]
    expect 64 img_save --format zip "$SAMPLE"
    failed img-save --format
    run ! grep -q 'Did you mean' stderr
}

@test "an invalid or missing value: the message describes a valid one" {
    expect 64 img_save --compression-level high "$SAMPLE"
    failed img-save "--compression-level: 'high' is not a number from 1 to 19"
    expect 64 img_save --jobs
    failed img-save "--jobs: needs a number from 1 to 64"
    expect 64 img_save --format oci-archive --compression-level 11 "$SAMPLE"
    failed img-save "--compression-level: '11' is not a number from 1 to 9"
    # The same for the short option.
    expect 64 img_save -o
    failed img-save "-o: needs a PATH"
}

@test "an unknown image: the message suggests similar names, on the same line" {
    expect 66 img_save sampel
    failed img-save "sampel: image not known (did you mean sample:latest, sample:1.0?)"
    expect 66 img_resolve sample:9
    failed img-resolve "did you mean sample:1.0, sample:latest?"
    expect 66 img_resolve docker.io/library/smaple:latest
    failed img-resolve "did you mean sample:latest?"
    expect 66 img_resolve xyz
    failed img-resolve
    [ "$(<stderr)" = "img-resolve: xyz: image not known" ]
}

@test "an image of another platform is unknown for the requested one" {
    expect 66 img_save --platform linux/arm64 "$SAMPLE"
    failed img-save "$SAMPLE: image not known for platform linux/arm64"
    expect 64 img_save --platform arm64/ "$SAMPLE"
    failed img-save "--platform: "
}

@test "at most three names are listed" {
    cp -a "$STORE" store
    jq -c '.[0].names += ["localhost/sample:a", "localhost/sample:b", "localhost/sample:c"]' \
        "$STORE/overlay-images/images.json" >store/overlay-images/images.json
    expect 66 img-resolve --root store sample:z
    failed img-resolve "did you mean"
    [ "$(grep -o 'sample:[a-z0-9.]*[,?]' stderr | wc -l)" = 3 ]
}

@test "--verbose shows the store and why an image was found" {
    expect 0 img_save --verbose --jobs 2 -o out.tar sample
    is_line() { grep -qF -- "$1" stderr || { cat stderr; return 1; }; }
    is_line "img-save: graph root $STORE (from --root)"
    is_line "img-save: saving sample"
    is_line 'img-save: trying "localhost/sample:latest" (localhost)'
    is_line 'as "docker.io/library/sample:latest" by the rule docker.io'
    is_line 'img-save: format docker-archive, layers uncompressed, 2 threads, to out.tar'
    is_line '824320 bytes'
    is_line 'vnd.oci.image.manifest.v1+json, becomes sha256:'
    [ ! -s stdout ]
    expect 0 img_resolve --verbose "$(img_resolve sample | jq -r .id)"
    is_line '(id)'
    expect 0 img_resolve --verbose "$(img_resolve sample | jq -r '.id[:12]')"
    is_line '(raw-name)'
    expect 0 img_resolve --verbose "$SAMPLE"
    jq -e . stdout
    is_line 'img-resolve: found image'
    printf '[storage]\ndriver = "overlay"\ngraphroot = "%s"\n' "$STORE" >storage.conf
    CONTAINERS_STORAGE_CONF=$PWD/storage.conf expect 0 img-resolve -v "$SAMPLE"
    is_line "graph root $STORE (from $PWD/storage.conf)"
    img_resolve "$SAMPLE" >record
    expect 0 img-manifest -v --to docker <record
    is_line ' becomes sha256:'
    cp stdout docker
    expect 0 img-tar -v -o piped.tar <docker
    is_line 'img-tar: wrote layer sha256:'
}

@test "keys of storage.conf without effect: podman's warnings, and the right table" {
    printf '[storage]\ndriver = "overlay"\ngraphroot = "%s"\ndrivr = "vfs"\n' "$STORE" >storage.conf
    printf 'runroot = "/x"\n' >override.conf
    export CONTAINERS_STORAGE_CONF=$PWD/storage.conf
    img_resolve "$SAMPLE" >record 2>/dev/null
    misspelt="$PWD/storage.conf: storage.drivr: no such key, ignored (did you mean storage.driver?)"
    expect 0 img-resolve sample "$SAMPLE" sample
    complained img-resolve "img-resolve: $misspelt"
    expect 0 img-resolve "$SAMPLE"
    cmp record stdout
    for options in --sync --dry-run; do
        expect 0 img-save --force -o out.tar "$options" "$SAMPLE"
        complained img-save "img-save: $misspelt"
    done
    # Podman does not warn of the other files.
    export CONTAINERS_STORAGE_CONF_OVERRIDE=$PWD/override.conf
    expect 0 img-resolve "$SAMPLE"
    complained img-resolve "$misspelt"
    expect 0 img-resolve --verbose "$SAMPLE"
    grep -qxF "img-resolve: $misspelt" stderr
    grep -qxF "img-resolve: $PWD/override.conf: runroot: no such key, ignored (belongs in [storage])" stderr
    [ "$(grep -c 'no such key' stderr)" = 2 ]
    # Quiet tools print no notes.
    expect 0 img-resolve -q "$SAMPLE"
    [ ! -s stderr ]
    expect 0 img-save -q -o quiet.tar "$SAMPLE"
    [ ! -s stderr ]
    expect 0 img-resolve --complete sam
    [ ! -s stderr ]
}

@test "a file at its default place: the note is the same, and its length is limited" {
    mkdir -p home/.config/containers
    printf 'graphroot = "%s"\n' "$STORE" >home/.config/containers/storage.conf
    HOME=$PWD/home XDG_CONFIG_HOME=$PWD/home/.config expect 0 img_resolve "$SAMPLE"
    complained img-resolve "$PWD/home/.config/containers/storage.conf: graphroot: no such key, ignored (belongs in [storage])"
    seq -f 'key%g = 1' 30000 >home/.config/containers/storage.conf
    HOME=$PWD/home XDG_CONFIG_HOME=$PWD/home/.config expect 0 img_resolve "$SAMPLE"
    [ "$(wc -l <stderr)" = 21 ]
    [[ $(tail -n 1 stderr) == *"storage.conf: 29980 more such keys" ]]
}

@test "missing permission: the message has the remedy" {
    share
    save() { "${as[@]}" "$shared/img-save" --root "$shared/store" "$SAMPLE" >stdout 2>stderr; }
    # A file without permissions, as another user of a rootless store can make it.
    find "$shared/store" -name libsample.so.1.0 -type f -exec chmod 0 {} +
    local status=0
    save || status=$?
    [ $status = 77 ]
    complained img-save "run under \`podman unshare\`"
    chmod 0 "$shared/store/overlay-images/images.json"
    status=0
    save || status=$?
    [ $status = 77 ]
    failed img-save "another user's store: run as that user, or with sudo for root's"
}
