#!/usr/bin/env bats
# Docker's and containerd's stores: --store, --namespace, docker-daemon: and containerd:.

load helpers

setup_file() {
    prepare
    local archive
    for archive in "$BATS_TEST_DIRNAME"/../Support/OtherStores/*.tar.gz; do
        tar -xzf "$archive" -C "$BATS_FILE_TMPDIR"
    done
    DOCKER=$BATS_FILE_TMPDIR/docker-20.10-overlay2
    MOBY=$BATS_FILE_TMPDIR/docker-28.5-containerd
    CONTAINERD=$BATS_FILE_TMPDIR/containerd-1.6
    C1=1f4dda29bd6b734023c9044724fa80012bbd9a557a8341327ab725969109bc84
    C2=2efbb8a5fc9373e8d3044038f45310bb7916198fc1044f9fad88db08c7bc4edf
    export DOCKER MOBY CONTAINERD C1 C2
}

docker_resolve() { img-resolve --store docker --root "$DOCKER" "$@"; }
containerd_resolve() { img-resolve --store containerd --root "$CONTAINERD" "$@"; }

# Whether the layers of an archive are those of its config.
is_right() {
    mkdir x && tar -xf "$1" -C x
    local config layer
    config=$(jq -r '.[0].Config' x/manifest.json)
    [ "$(sha256sum <"x/$config")" = "${config%.json}  -" ] || return 1
    jq -r '.[0].Layers[]' x/manifest.json | while read -r layer; do
        sha256sum <"x/$layer" | sed 's/  -$//; s/^/sha256:/'
    done >layers
    jq -r '.rootfs.diff_ids[]' "x/$config" | cmp - layers
}

@test "names, IDs and tags are those of docker" {
    expect 0 docker_resolve acme/app debian:latest 1f4d "$C2"
    [ "$(jq -r '.id' stdout | cut -c1-8 | paste -sd' ')" = '2efbb8a5 2efbb8a5 1f4dda29 2efbb8a5' ]
    [ "$(jq -r '.match' stdout | paste -sd' ')" = 'name name id-prefix id' ]
    [ "$(jq -c '.tags' stdout | paste -sd' ')" = '["docker.io/acme/app:latest"] ["docker.io/library/debian:latest"] [] []' ]
    expect 0 docker_resolve --all-tags acme/app:1
    [ "$(jq -c '.tags' stdout)" = '["docker.io/acme/app:1","127.0.0.1:5055/acme/app:multi","docker.io/acme/app:stable","localhost/tool:1"]' ]
    expect 66 docker_resolve tool:1
    failed img-resolve 'tool:1: image not known'
    expect 66 docker_resolve debain
    failed img-resolve 'did you mean debian:latest?'
}

@test "an archive from Docker's store has the layers of the image" {
    expect 0 img-save --store docker --root "$DOCKER" -o a.tar acme/app:2
    is_right a.tar
    [ "$(jq -c '.[0].RepoTags' x/manifest.json)" = '["docker.io/acme/app:2"]' ]
    docker_resolve acme/app:2 | img-manifest --to docker | img-tar >b.tar
    cmp a.tar b.tar
    img-save --store docker --root "$BATS_FILE_TMPDIR/docker-28.5-overlay2" acme/app:2 | cmp a.tar -
}

@test "--all saves the images that have names" {
    expect 0 img-save -q --store docker --root "$DOCKER" --all -o all.tar
    [ "$(tar -xOf all.tar manifest.json | jq length)" = 4 ]
    expect 0 img-resolve -k --store containerd --root "$CONTAINERD" --all
    [ "$(jq -s 'length' stdout)" = 7 ]
}

@test "Docker's images in containerd's store are found" {
    expect 0 img-resolve -v --store docker --root "$MOBY" debian
    [ "$(jq -r '.id, .storage.kind, .storage.namespace' stdout | paste -sd' ')" = "$C2 containerd moby" ]
    [[ $(<stderr) == *"Docker's images in containerd's store"* ]]
    expect 0 img-resolve --store containerd --namespace moby --root "$MOBY/containerd/daemon" debian
}

@test "names and IDs are those of ctr and crictl" {
    expect 0 containerd_resolve docker.io/acme/app:multi acme/app:multi f6440a 1f4dda2
    [ "$(jq -r '.id' stdout | sort -u)" = "$C1" ]
    [ "$(jq -r '.manifest.digest' stdout | cut -c1-15 | head -2 | sort -u)" = 'sha256:0093d9a6' ]
    [ "$(jq -r '.target.digest' stdout | sed -n 1p | cut -c1-15)" = 'sha256:f6440a12' ]
    expect 0 containerd_resolve --namespace k8s.io "sha256:$C1"
    [ "$(jq -c '[.name, .tags]' stdout)" = '[null,[]]' ]
    expect 0 containerd_resolve --platform linux/arm64 acme/app:multi
    [ "$(jq -r '.platform.architecture' stdout)" = arm64 ]
    expect 66 containerd_resolve --platform linux/s390x acme/app:multi
    failed img-resolve 'no image for linux/s390x; there is linux/amd64'
}

@test "an archive from containerd's store has the layers of the image" {
    for name in multi plain; do
        expect 0 img-save --store containerd --root "$CONTAINERD" -o "$name.tar" "acme/app:$name"
        is_right "$name.tar"
        rm -r x
    done
    expect 0 img-save --store containerd --root "$CONTAINERD" --format oci-archive -o oci.tar acme/app:multi
    [[ $(tar -xOf oci.tar index.json | jq -r '.manifests[0].digest') == sha256:* ]]
}

@test "other namespaces are named" {
    expect 66 containerd_resolve --namespace nope x
    failed img-resolve 'there is default, k8s.io: use --namespace'
    expect 66 img-resolve "containerd:[nope@$CONTAINERD]x"
}

@test "the transport names a store besides the chosen one" {
    expect 0 img-resolve --root "$STORE" "$SAMPLE" "containerd:[k8s.io@$CONTAINERD]127.0.0.1:5055/acme/app:multi"
    [ "$(jq -r '.storage.kind // "podman"' stdout | paste -sd' ')" = 'podman containerd' ]
    [ "$(jq -r '.input' stdout | tail -1)" = "containerd:[k8s.io@$CONTAINERD]127.0.0.1:5055/acme/app:multi" ]
    expect 0 img-save -q --root "$STORE" "$SAMPLE" "containerd:[@$CONTAINERD]acme/app:plain" -o two.tar
    [ "$(tar -xOf two.tar manifest.json | jq length)" = 2 ]
    expect 66 img-resolve "containerd:[@$CONTAINERD]acme/ap:plain"
    failed img-resolve "containerd:[@$CONTAINERD]acme/ap:plain: image not known (did you mean"
    expect 64 img-resolve --root "$STORE" "containerd:[@$CONTAINERD]acme/app:plain"
    failed img-resolve '--root: has no effect'
}

@test "options of one store are refused for another" {
    for option in --runroot=x --imagestore=x --storage-opt=a=b --namespace=x; do
        expect 64 docker_resolve "$option" debian
        failed img-resolve "${option%%=*}: has no effect with --store docker"
    done
    expect 64 containerd_resolve --storage-driver overlay2 acme/app
    failed img-resolve '--storage-driver: has no effect with --store containerd'
    expect 64 img-resolve --root "$STORE" --namespace x "$SAMPLE"
    failed img-resolve '--namespace: has no effect with --store podman'
    expect 64 img-resolve --store dokcer x
    failed img-resolve "Did you mean 'docker'?"
}

@test "what is no store is not available" {
    mkdir empty
    expect 69 img-resolve --store docker --root empty x
    failed img-resolve 'not a data root of Docker'
    expect 69 img-resolve --store docker --root missing x
    expect 69 img-resolve --store containerd --root missing x
    expect 69 img-resolve --store containerd --root empty x
    failed img-resolve 'there is no store of containerd'
    expect 69 img-resolve --store containerd --root "$MOBY" x
    failed img-resolve "did you mean --root $MOBY/containerd/daemon?"
    expect 69 docker_resolve --storage-driver zfs debian
}

@test "completion knows the names" {
    expect 0 img-resolve --store docker --root "$DOCKER" --complete deb
    [ "$(<stdout)" = debian:latest ]
    expect 0 img-resolve --store containerd --root "$CONTAINERD" --namespace k8s.io --complete 127
    [ "$(head -1 stdout)" = 127.0.0.1:5055/acme/app:multi ]
    expect 0 img-resolve --complete "containerd:[@$CONTAINERD]deb"
    [ "$(<stdout)" = "containerd:[@$CONTAINERD]debian:latest" ]
}

@test "an ordinary user reads a rootless Docker, and learns how to read root's" {
    share
    mkdir -p "$shared/data"
    cp -r "$DOCKER" "$shared/data/docker"
    chmod -R a+rX "$shared"
    expect 0 "${as[@]}" env XDG_DATA_HOME="$shared/data" XDG_CONFIG_HOME="$shared" \
        "$shared/img-save" --dry-run docker-daemon:acme/app:1
    expect 0 "${as[@]}" env XDG_DATA_HOME="$shared/data" XDG_CONFIG_HOME="$shared" \
        "$shared/img-save" --store docker -q debian
    [ "$(id -u)" = 0 ] || return 0
    chown -R root:root "$shared/data/docker"
    chmod 700 "$shared/data/docker/image"
    expect 77 "${as[@]}" "$shared/img-save" --store docker --root "$shared/data/docker" -q debian
    complained img-save "root's store: run with sudo"
}

@test "a text that may be a name of podman's store needs no other store" {
    # Status 69 would say that there is no store of Docker or containerd, which nobody asked for.
    expect 66 img-resolve --root "$STORE" docker-daemon:nothing
    failed img-resolve docker-daemon:nothing
    expect 66 img-resolve --root "$STORE" containerd:nothing
    failed img-resolve containerd:nothing
}
