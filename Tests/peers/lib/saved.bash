# The rows of `sources`, and the programs that save.
# shellcheck shell=bash disable=SC2154

# ---- rows ------------------------------------------------------------------------
#
# One line each: PROGRAM TRANSPORT FAULT READERS WORD...
#   TRANSPORT  as in containers-transports(5)
#   FAULT      what img-tar --verify finds, - for nothing
#   READERS    who shows the same images; joined by commas
#   WORD       arguments: images and options; id: selects the ID of a name
rows() {
    cat <<'END'
podman   docker-archive  -  skopeo,podman         localhost/zoo:1
podman   docker-archive  -  skopeo,podman,docker  localhost/built-docker:1
podman   docker-archive  -  skopeo,podman         localhost/nolayers:1
podman   docker-archive  -  skopeo,podman         localhost/repeated:1
podman   docker-archive  -  skopeo,podman         id:localhost/tiny:1
podman   docker-archive  -  skopeo,podman,docker  docker.io/library/tiny:stable
podman   docker-archive  -  skopeo,podman         -m localhost/tiny:1 localhost/tiny:latest
podman   docker-archive  -  skopeo,podman,docker  -m localhost/tiny:1 quay.io/acme/tiny:v1 localhost/built-docker:1 quay.io/acme/shared-a:1 quay.io/acme/shared-b:1
podman   oci-archive     -  skopeo,podman         localhost/zoo:1
podman   oci-archive     -  skopeo,podman         localhost/built-docker:1
podman   oci-archive     -  skopeo,podman         localhost/deep:1
podman   oci-archive     -  podman                id:localhost/tiny:1
podman   oci-archive     -  skopeo,podman         --uncompressed localhost/zoo:1
podman   oci             -  skopeo                localhost/zoo:1
podman   dir             -  skopeo                localhost/zoo:1
podman   dir             -  skopeo                --compress localhost/built-docker:1
skopeo   docker-archive  -  skopeo,podman,docker  localhost/zoo:1
skopeo   docker-archive  -  skopeo,podman         localhost/zoo:1 --additional-tag=localhost/zoo:2
skopeo   oci-archive     -  skopeo,podman         localhost/zoo:1
skopeo   oci-archive     -  skopeo                --dest-compress-format=zstd localhost/zoo:1
skopeo   oci             -  skopeo                localhost/zoo:1 localhost/tiny:1 localhost/built-docker:1
skopeo   oci             -  skopeo                --dest-compress-format=zstd localhost/zoo:1
skopeo   dir             -  skopeo                localhost/zoo:1
skopeo   dir             -  skopeo                --dest-compress --dest-compress-format=zstd localhost/zoo:1
buildah  docker-archive  -  skopeo,podman         localhost/zoo:1
buildah  oci-archive     -  skopeo,podman         localhost/zoo:1
buildah  oci             -  skopeo                localhost/zoo:1
buildah  dir             -  skopeo                localhost/built:1
umoci    oci             -  skopeo                config
umoci    oci             -  skopeo                repack
docker   docker-archive  -  docker,podman  localhost/zoo:1
docker   docker-archive  -  docker,podman  localhost/repeated:1
docker   docker-archive  -  docker,podman  localhost/tiny:1 localhost/tiny:latest quay.io/acme/tiny:v1
docker   docker-archive  -  docker,podman  localhost/zoo:1 quay.io/acme/shared-a:1 quay.io/acme/shared-b:1
docker   docker-archive  -  docker         docker.io/library/tiny:stable localhost/built-docker:1
docker   docker-archive  -  docker,podman  id:localhost/zoo:1
docker   docker-archive  mismatch-manifests  docker  localhost/zoo:1 id:localhost/tiny:1
docker_containerd  docker-archive  -  containerd,docker  localhost/zoo:1
docker_containerd  oci-archive     -  containerd         localhost/zoo:1
docker_containerd  docker-archive  -  containerd,docker  localhost/tiny:1 localhost/tiny:latest quay.io/acme/tiny:v1
docker_containerd  oci-archive     -  containerd         localhost/zoo:1 quay.io/acme/shared-a:1 quay.io/acme/shared-b:1
containerd  docker-archive  -  containerd,docker  localhost/zoo:1
containerd  oci-archive     -  containerd         localhost/zoo:1
containerd  oci-archive     -  containerd         localhost/tiny:1 quay.io/acme/tiny:v1 localhost/built-docker:1
END
}

# ---- programs --------------------------------------------------------------------
#
# PROGRAM_can_save   0 if it can be used, else the reason
# PROGRAM_saves      TRANSPORT PATH WORD...

record() {
    jq -er --arg name "$1" '.[] | select(.names // [] | index($name)) | .id' "$root/overlay-images/images.json"
}
# words WORD...: sets `options`, the images as `images`, and `name`, the first one, empty for an ID
words() {
    local word
    options=() images=() name=''
    for word; do
        case $word in
            -*) options+=("$word") ;;
            id:*) images+=("$(record "${word#id:}")") ;;
            *) images+=("$word"); name=${name:-$word} ;;
        esac
    done
}

podman_can_save() { installed podman; }
podman_saves() {
    local format=$1 options images name
    words "${@:3}"
    case $1 in oci | dir) format=${1/#dir/docker}; format=${format/%docker/docker-dir}; format=${format/#oci/oci-dir} ;; esac
    podman "${source_store[@]}" save -q --format "$format" "${options[@]}" -o "$2" "${images[@]}"
}

skopeo_can_save() { installed skopeo; }
skopeo_saves() {
    local options images name image to
    words "${@:3}"
    for image in "${images[@]}"; do
        to=$1:$2
        [ "$1" = dir ] || to+=:$image
        skopeo copy -q "${options[@]}" "containers-storage:[overlay@$work/source/root+$work/source/run]$image" "$to" ||
            return 1
    done
}

buildah_can_save() { installed buildah; }
buildah_saves() {
    local to=$1:$2
    [ "$1" = dir ] || to+=:$3
    buildah "${source_store[@]}" push -q "$3" "$to"
}

umoci_can_save() { installed umoci; }
umoci_saves() {
    rm -rf "$work/bundle"
    skopeo_saves oci "$2" localhost/zoo:1 || return 1
    case $3 in
        config) umoci config --image "$2:localhost/zoo:1" --tag new --config.label of=umoci ;;
        repack)
            umoci unpack --rootless --image "$2:localhost/zoo:1" "$work/bundle" || return 1
            echo text >"$work/bundle/rootfs/file-of-umoci"
            umoci repack --image "$2:other" "$work/bundle"
            ;;
    esac
}

# all_images: an archive with everything that the daemons save
all_images() {
    reply=$work/all
    [ -e "$reply" ] || podman "${source_store[@]}" save -q --format docker-archive -m -o "$reply" localhost/zoo:1 \
        localhost/repeated:1 localhost/tiny:1 localhost/tiny:latest quay.io/acme/tiny:v1 docker.io/library/tiny:stable \
        quay.io/acme/shared-a:1 quay.io/acme/shared-b:1 localhost/built-docker:1
}
docker_can_save() { installed podman && docker_start; }
docker_saves() {
    local options images name reply
    docker_start && all_images && docker load -q -i "$reply" || return 1
    words "${@:3}"
    docker save -o "$2" "${images[@]}" && docker_clear
}
docker_containerd_can_save() { installed podman && docker_containerd_start; }
docker_containerd_start() {
    docker_start containerd || return 1
    [[ $(docker info --format '{{.DriverStatus}}') == *containerd.snapshotter* ]] ||
        { echo "this Docker has no image store of containerd"; return 1; }
}
docker_containerd_saves() {
    local options images name reply
    docker_containerd_start && all_images && docker load -q -i "$reply" || return 1
    words "${@:3}"
    docker save -o "$2" "${images[@]}" && docker_clear
}
containerd_can_save() { installed podman && containerd_start; }
containerd_saves() {
    local options images name reply local=()
    containerd_start && all_images && "${ctr[@]}" image import "$reply" || return 1
    words "${@:3}"
    # With the transfer service, ctr of containerd 2.1 can end before the file is complete.
    if [[ $(ctr image export --help) == *--local* ]]; then local=(--local); fi
    "${ctr[@]}" image export "${local[@]}" "$2" "${images[@]}" && containerd_clear
}
