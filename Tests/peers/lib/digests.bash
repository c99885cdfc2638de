# The digest of a registry's manifest, through a layout and img-save into other programs.
# shellcheck shell=bash disable=SC2034,SC2154

# The part of `sources` with a registry. Two images: a manifest with layers of gzip, and an index over it and one for
# another platform.
digests() {
    local layout=$work/registry image host=127.0.0.1:5055 wanted format reader daemon
    if ! skopeo_saves oci "$layout" localhost/zoo:1 localhost/arm64:1 >"$work/why" 2>&1 ||
        ! "$here/lib/registry" --index "$layout" many localhost/zoo:1 localhost/arm64:1 >"$work/why" 2>&1; then
        not_ok "the layout of the registry"
        return
    fi
    # Tags have no slash.
    sed -i 's|"localhost/zoo:1"|"one"|' "$layout/index.json"
    wanted=$(jq -r '.manifests[0].digest' "$layout/index.json")
    "$here/lib/registry" "$layout" "${host##*:}" >"$work/log" 2>&1 &
    daemon=$!
    answers skopeo inspect --tls-verify=false "docker://$host/acme/app:one" ||
        { cp "$work/log" "$work/why"; not_ok "the registry serves"; return; }
    for image in one many; do
        check "registry, $image: into a layout" pulled "$host/acme/app:$image" "$work/pulled.$image" || continue
        for format in oci-archive oci-dir hybrid; do
            check "registry, $image: $format has its digest" keeps "$image" "$format"
            for reader in podman docker_containerd containerd; do
                case $format:$reader in oci-dir:docker* | oci-dir:containerd) continue ;; esac
                if ! "${reader}_store_start" >"$work/reason" 2>&1; then
                    skip "registry, $image: $format, loaded by $reader" "$(tail -n 1 "$work/reason")"
                    continue
                fi
                check "registry, $image: $format, loaded by $reader" shows "$reader" "$image" "$format"
            done
        done
    done
    if ! installed crane >"$work/reason"; then
        skip "crane" "$(tail -n 1 "$work/reason")"
    else
        for format in tarball oci legacy; do check "crane pull --format=$format" crane_pulls "$format"; done
    fi
}

# pulled REFERENCE LAYOUT
pulled() {
    skopeo copy -q --all --src-tls-verify=false "docker://$1" "oci:$2:registry.example/acme/app:1" || return 1
    "$bin/img-tar" --verify "$2"
}

# keeps IMAGE FORMAT
keeps() {
    local path=$work/kept/$1.$2
    mkdir -p "$work/kept"
    "$bin/img-save" -q --format "$2" -o "$path" "oci:$work/pulled.$1" || return 1
    "$bin/img-tar" --verify "$path" || return 1
    case $2 in oci-dir) path=oci:$path ;; *) path=oci-archive:$path ;; esac
    digest=$("$bin/img-resolve" "$path:registry.example/acme/app:1" | jq -r .manifest.digest)
    [ "$digest" = "$wanted" ] || { echo "$digest, the registry has $wanted"; return 1; }
    digest=sha256:$(skopeo inspect --raw "$path:registry.example/acme/app:1" | sha256sum | cut -d' ' -f1)
    # A layout may have the index, with the manifest in it.
    [ "$digest" = "$wanted" ] ||
        skopeo inspect --raw "$path:registry.example/acme/app:1" | grep -q "$wanted" ||
        { echo "skopeo shows $digest, the registry has $wanted"; return 1; }
}

podman_store_start() { podman_start; }
# podman names the image of a layout after the path as given, which must be one for a name.
podman_store_get() (
    cd "${1%/*}" || exit
    case $1 in
        *.oci-dir) podman pull -q "oci:${1##*/}:registry.example/acme/app:1" ;;
        *) podman load -q -i "$1" ;;
    esac
)
podman_store_show() { podman images -a --no-trunc --digests --format '{{.Digest}}'; }
podman_store_clear() { podman_clear; }
docker_containerd_store_start() { docker_containerd_start; }
docker_containerd_store_get() { docker_start containerd && docker load -q -i "$1"; }
docker_containerd_store_show() { docker images -a --no-trunc --format '{{.ID}}'; }
docker_containerd_store_clear() { docker_clear; }
containerd_store_start() { containerd_start; }
containerd_store_get() { "${ctr[@]}" image import "$1"; }
containerd_store_show() { "${ctr[@]}" image ls | awk 'NR > 1 { print $3 }'; }
containerd_store_clear() { containerd_clear; }

# shows READER IMAGE FORMAT: the digest in its store
shows() {
    local found
    "$1_store_get" "$work/kept/$2.$3" || return 1
    found=$("$1_store_show" | sort -u)
    "$1_store_clear" >"$work/log" 2>&1 || return 1
    [ "$found" = "$wanted" ] || { echo "$1 shows $found, the registry has $wanted"; return 1; }
}

# crane_pulls FORMAT: read as by skopeo, and intact
crane_pulls() {
    local at transport=docker-archive path=$work/crane/$1/saved
    mkdir -p "${path%/*}"
    crane pull --insecure --platform=linux/amd64 --format="$1" "$host/acme/app:one" "$path" || return 1
    [ "$1" != oci ] || transport=oci
    at=$path
    listed $transport skopeo && verified -
}
