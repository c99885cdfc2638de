# Manifest lists: --all-platforms, and --platform for several platforms.

load helpers

BUILT=localhost/built:1
PULLED=registry.example/acme/pulled:1

setup_file() {
    prepare
    LISTS=$BATS_FILE_TMPDIR/lists
    make-sample-store --lists "$LISTS"
    mkdir "$BATS_FILE_TMPDIR/from"
    tar -xJf "$BATS_TEST_DIRNAME/../Stores/ImageFilesTests/Fixtures/archives.tar.xz" -C "$BATS_FILE_TMPDIR/from"
    tar -xzf "$BATS_TEST_DIRNAME/../Support/OtherStores/containerd-1.6.tar.gz" -C "$BATS_FILE_TMPDIR"
    tar -xzf "$BATS_TEST_DIRNAME/../Support/OtherStores/docker-28.5-containerd.tar.gz" -C "$BATS_FILE_TMPDIR"
    tar -xzf "$BATS_TEST_DIRNAME/../Support/OtherStores/docker-20.10-overlay2.tar.gz" -C "$BATS_FILE_TMPDIR"
    export LISTS
}
setup() {
    cd "$BATS_TEST_TMPDIR" || return
    mkdir target
    ln -s "$BATS_FILE_TMPDIR/from" from
}

save() { img-save --root "$LISTS" "$@"; }
resolve() { img-resolve --root "$LISTS" "$@"; }
# listed ARCHIVE: the list of the only entry of the index
listed() {
    local digest
    digest=$(tar -xOf "$1" index.json | jq -er '.manifests | if length == 1 then .[0].digest[7:] else error end') || return
    tar -xOf "$1" "blobs/sha256/$digest" >list
    [ "$(sha256sum <list)" = "$digest  -" ] || return
    cat list
}
platforms() { jq -r '.manifests[].platform | .os + "/" + .architecture + (.variant // "" | sub("^(?=.)"; "/"))'; }

@test "a list of a layout becomes one entry, trimmed to what is there" {
    expect 0 img-save --all-platforms --format oci-archive --compression none -o a.tar \
        oci-archive:from/lists/list-amd64-only.tar
    complained img-save "localhost/acme/list:1: left out of its list: linux/arm64/v8, linux/s390x"
    local name
    # The members are those of an archive that kind and all others load.
    [ "$(tar -tf a.tar | sort)" = "$(tar -tf from/lists/list-trimmed.tar | sort)" ]
    for name in $(tar -tf a.tar | grep -v '/$'); do
        cmp <(tar -xOf a.tar "$name") <(tar -xOf from/lists/list-trimmed.tar "$name")
    done
    img-tar --verify a.tar
}

@test "a list whose images are all there keeps its bytes" {
    expect 0 save --all-platforms --format hybrid -o a.tar "$BUILT"
    [ ! -s stderr ]
    cmp <(listed a.tar) <(resolve --all-platforms "$BUILT" | head -n 1 | jq -r .index.data | base64 -d)
    img-tar --verify a.tar
    expect 0 img-save -q --all-platforms --format oci-archive -o b.tar oci:from/o-nested
    cmp <(listed b.tar) "from/o-nested/blobs/sha256/348b77bba7072a550041eae36648e28cfa35f3c1dcbfc0d79400fff758feea29"
    # Other manifests, another list.
    expect 0 save --all-platforms --format oci-archive -o c.tar "$BUILT"
    [ "$(listed c.tar | platforms)" = $'linux/amd64\nlinux/arm64/v8\nlinux/s390x' ]
    img-tar --verify c.tar
}

@test "a list that was pulled in part" {
    expect 0 save --all-platforms --format hybrid -o a.tar --report report "$PULLED"
    complained img-save "$PULLED: left out of its list: linux/s390x, attestations"
    [ "$(listed a.tar | platforms)" = $'linux/amd64\nlinux/arm64/v8' ]
    [ "$(jq -c '.lists[].absentPlatforms' report)" = '["linux/s390x"]' ]
    [ "$(jq -r '.lists[0].index.after' report)" = "sha256:$(sha256sum <list | cut -d' ' -f1)" ]
    [ "$(tar -xOf a.tar manifest.json | jq -c '[length, .[0].RepoTags]')" = "[1,[\"$PULLED\"]]" ]
    img-tar --verify a.tar
    expect 0 save --all-platforms -q --format hybrid -o b.tar "$PULLED"
    [ ! -s stderr ]
    cmp a.tar b.tar
}

@test "several platforms" {
    expect 0 save -q --platform linux/s390x --platform linux/arm64 --format oci-archive -o a.tar "$BUILT"
    [ "$(listed a.tar | platforms)" = $'linux/arm64/v8\nlinux/s390x' ]
    # None is this machine's: what reads manifest.json gets the first one.
    expect 0 save -q --platform linux/s390x --platform linux/arm64 --format hybrid -o b.tar "$BUILT"
    [ "$(tar -xOf b.tar "$(tar -xOf b.tar manifest.json | jq -r '.[].Config')" | jq -r .architecture)" = arm64 ]
    expect 66 save --platform linux/amd64 --platform linux/ppc64le --format oci-archive -o target/a.tar "$BUILT"
    failed img-save "$BUILT: no image for linux/ppc64le; its list has linux/amd64, linux/arm64/v8, linux/s390x"
    expect 66 save --platform linux/amd64 --platform linux/s390x --format hybrid -o target/a.tar "$PULLED"
    failed img-save "the image for linux/s390x is listed, but not there; there is linux/amd64"
    expect 66 save --all-platforms --platform linux/s390x --format hybrid -o target/a.tar "$PULLED"
    expect 0 save -q --all-platforms --platform linux/arm64 --format hybrid -o a.tar -f "$PULLED"
    [ "$(listed a.tar | platforms)" = $'linux/amd64\nlinux/arm64/v8' ]
    only
}

@test "one platform is an image alone" {
    expect 0 save -q --platform linux/arm64 --format oci-archive -o a.tar "$BUILT"
    [ "$(listed a.tar | jq -r .config.mediaType)" = application/vnd.oci.image.config.v1+json ]
    expect 0 save -q --platform linux/arm64 --platform linux/aarch64 --format oci-archive -o b.tar "$BUILT"
    cmp a.tar b.tar
    expect 0 resolve --platform linux/arm64 "$BUILT"
    [ "$(jq 'has("index")' stdout)" = false ]
}

@test "an image that is no list" {
    expect 0 save -q --format hybrid -o a.tar localhost/built:arm64
    expect 0 save -q --all-platforms --format hybrid -o b.tar localhost/built:arm64
    expect 0 save -q --all-platforms --platform linux/arm64 --format hybrid -o c.tar localhost/built:arm64
    cmp a.tar b.tar && cmp a.tar c.tar
    expect 66 save --all-platforms --platform linux/amd64 --format hybrid -o target/a.tar localhost/built:arm64
    expect 66 img-save --platform linux/amd64 --platform linux/arm64 --format hybrid -o target/a.tar oci:from/o-one
    only
}

@test "the pipeline gives the same bytes as img-save" {
    local name
    for name in "$BUILT" "$PULLED" localhost/partial:1; do
        expect 0 save -q --all-platforms --format hybrid -o a.tar -f "$name"
        resolve --all-platforms "$name" 2>resolved | img-tar -q --format hybrid -o b.tar -f
        cmp a.tar b.tar
        expect 0 save -q --all-platforms --format oci-archive --jobs 1 -o a.tar -f "$name"
        resolve -q --all-platforms "$name"
        resolve --all-platforms "$name" 2>/dev/null | img-manifest --to oci | img-tar -q --format oci-archive -o b.tar -f
        cmp a.tar b.tar
    done
    [[ $(<resolved) = *": left out of its list: linux/riscv64" ]]
}

@test "records of lists" {
    resolve --all-platforms "$BUILT" >records
    [ "$(jq -r '.platform.architecture' records)" = $'amd64\narm64\ns390x' ]
    [ "$(jq -r '.index.instance == .manifest.digest' records | sort -u)" = true ]
    # Some of them; converted; edited; apart.
    jq -c 'select(.platform.architecture != "arm64")' records | img-tar -q --format hybrid -o a.tar
    [ "$(listed a.tar | platforms)" = $'linux/amd64\nlinux/s390x' ]
    img-manifest --to docker <records | img-tar -q --format hybrid -o a.tar -f
    [ "$(listed a.tar | jq -r '.manifests[].mediaType' | sort -u)" = application/vnd.docker.distribution.manifest.v2+json ]
    img-tar --verify a.tar
    resolve --content --all-platforms "$BUILT" |
        jq -c 'if .platform.variant then .config.content.variant = "v9" else . end' |
        img-manifest --amend | img-tar -q --format hybrid -o a.tar -f
    [ "$(listed a.tar | platforms)" = $'linux/amd64\nlinux/arm64/v9\nlinux/s390x' ]
    img-tar --verify a.tar
    jq -c 'del(.index) | .tags[0] += "-" + .platform.architecture' records | img-manifest --to docker |
        img-tar -q -o a.tar -f
    [ "$(tar -xOf a.tar manifest.json | jq -c '[.[].RepoTags[]]')" = \
        '["localhost/built:1-amd64","localhost/built:1-arm64","localhost/built:1-s390x"]' ]
    # A list that does not have the image is refused.
    jq -c '.index.instance = "sha256:" + ("0" * 64)' records >changed
    expect 65 img-tar --format hybrid -o target/a.tar <changed
    failed img-tar "record 1: index: instance: the list does not have sha256:000"
    jq -c '.index.data = "e30="' records >changed
    expect 65 img-tar --format hybrid -o target/a.tar <changed
    only
}

@test "formats without lists" {
    local format
    for format in docker-archive docker-dir; do
        expect 64 save --all-platforms --format $format -o target/a "$BUILT"
        failed img-save "--all-platforms: $format holds one platform; use --format hybrid or oci-archive"
        expect 64 save --platform linux/amd64 --platform linux/arm64 --format $format -o target/a "$BUILT"
        failed img-save "--platform: $format holds one platform"
        resolve --all-platforms "$BUILT" >records
        expect 64 img-tar --format $format -o target/a <records
        failed img-tar "$BUILT: $format holds one platform"
    done
    expect 64 img-save --all-platforms --format hybrid -o target/a </dev/null
    failed img-save "--all-platforms: has no effect without images"
    only
}

@test "the rules for names and several images" {
    expect 64 save --all-platforms --format oci-archive -o target/a.tar "$BUILT" localhost/partial:1
    expect 0 save -q -m --all-platforms --format oci-archive -o a.tar "$BUILT" localhost/partial:1 localhost/built:arm64
    [ "$(tar -xOf a.tar index.json | jq -r '.manifests[] | .annotations["io.containerd.image.name"] + " " + (.mediaType | split(".")[3])')" = \
        "$BUILT index
localhost/partial:1 index
localhost/built:arm64 manifest" ]
    img-tar --verify a.tar
    expect 0 save -q -t other:1 --all-platforms --format oci-archive -o a.tar -f "$BUILT"
    [ "$(tar -xOf a.tar index.json | jq -c '[.manifests[].annotations["org.opencontainers.image.ref.name"]]')" = \
        "[\"localhost/other:1\",\"$BUILT\"]" ]
    expect 0 save -q --no-tags --all-platforms --format oci-archive -o a.tar -f "$BUILT"
    [ "$(tar -xOf a.tar index.json | jq -c '.manifests[0].annotations')" = null ]
    expect 0 save -q --all --all-platforms --format hybrid -o a.tar -f
    [ "$(tar -xOf a.tar index.json | jq '.manifests | length')" = 6 ]
    img-tar --verify a.tar
    only
}

@test "a layout grows by a list" {
    expect 0 save -q --platform linux/amd64 --platform linux/arm64 --format oci-dir -o layout "$BUILT"
    expect 0 save -q --all-platforms --format oci-dir -o layout --report report "$BUILT"
    [ "$(jq -r '[.images[].layers[] | select(.present)] | length' report)" -ge 3 ]
    img-tar --verify layout
    expect 0 img-resolve --all-platforms "oci:layout:$BUILT"
    [ "$(jq -s length stdout)" = 3 ]
}

@test "the plan names what is left out" {
    expect 0 save --all-platforms --dry-run --format hybrid -o target/a.tar --report - "$PULLED"
    [ "$(jq -c '.lists[] | [.tags, .images, .platforms, .absentPlatforms, .index.after]' stdout)" = \
        "[[\"$PULLED\"],[0,1],[\"linux/amd64\",\"linux/arm64/v8\"],[\"linux/s390x\"],null]" ]
    expect 0 save --all-platforms --dry-run --format hybrid -o target/a.tar "$PULLED"
    grep -qxF "list of $PULLED: linux/amd64, linux/arm64/v8; without linux/s390x" stdout
    grep -qxF "note: $PULLED: left out of its list: linux/s390x, attestations" stdout
    only
}

@test "lists of containerd and of Docker with its store" {
    local root
    for root in "--store containerd --root $BATS_FILE_TMPDIR/containerd-1.6" "--store docker --root $BATS_FILE_TMPDIR/docker-28.5-containerd"; do
        # shellcheck disable=SC2086
        expect 0 img-save $root --all-platforms --format hybrid -o a.tar -f --report report acme/app:multi
        jq -c .lists report
        img-tar --verify a.tar
    done
    # Another platform was not pulled, or its layers were discarded.
    cp -a "$BATS_FILE_TMPDIR/containerd-1.6" part
    local blobs=part/io.containerd.content.v1.content/blobs/sha256 layer
    layer=$(jq -r '.layers[0].digest[7:]' "$blobs"/9f6ab826*)
    for layer in "$blobs/$layer" "$blobs"/9f6ab826*; do
        rm "$layer"
        expect 0 img-save --store containerd --root part --all-platforms --format hybrid -o b.tar -f acme/app:multi
        complained img-save "docker.io/acme/app:multi: left out of its list: linux/arm64/v8"
        [ "$(listed b.tar | platforms)" = linux/amd64 ]
        img-tar --verify b.tar
        expect 66 img-save --store containerd --root part --platform linux/amd64 --platform linux/arm64 \
            --format hybrid -o target/b.tar acme/app:multi
        failed img-save "acme/app:multi: the image for linux/arm64/v8 is listed, but not there; there is linux/amd64"
    done
    # Docker's own store has no lists.
    expect 0 img-save -q --store docker --root "$BATS_FILE_TMPDIR/docker-20.10-overlay2" --all-platforms --format hybrid \
        -o c.tar acme/app:1
    [ "$(listed c.tar | jq 'has("manifests")')" = false ]
    only
}

@test "an update of a list without the layers that are there" {
    expect 0 save -q -o base.tar localhost/built:amd64
    expect 0 save -q --all-platforms --have base.tar -o a.tar "$BUILT"
    [ "$(listed a.tar | platforms)" = $'linux/amd64\nlinux/arm64/v8\nlinux/s390x' ]
    img-tar --verify --have base.tar a.tar
}

@test "img-tar --verify compares the names of a list with manifest.json" {
    expect 0 save -q --all-platforms --format hybrid -o a.tar "$BUILT" localhost/built:arm64
    img-tar --verify a.tar
    mkdir x
    tar -xf a.tar -C x
    cp x/manifest.json whole.json
    changed() { jq -c "$1" whole.json >x/manifest.json && tar -cf b.tar -C x --sort=name .; }
    changed '.[0].RepoTags = ["localhost/other:1"]'
    expect 65 img-tar --verify b.tar
    grep -q 'manifest.json has other names than index.json: localhost/other:1' stderr
    changed '.[0].RepoTags = []'
    expect 65 img-tar --verify b.tar
    complained img-tar "manifest.json lacks the name of a list of index.json: $BUILT"
    # Another image of the list may have its name.
    changed '.[0].RepoTags = [] | .[1].RepoTags += ["localhost/built:1"]'
    expect 0 img-tar --verify b.tar
    # Two images with one name.
    changed '.[1].RepoTags += ["localhost/built:1"]'
    expect 65 img-tar --verify b.tar
    changed '.[1].RepoTags = []'
    expect 65 img-tar --verify b.tar
}
