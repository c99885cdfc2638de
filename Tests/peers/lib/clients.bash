# The clients of `loaders`.
# shellcheck shell=bash

# ---- the clients ---------------------------------------------------------------------
#
# CLIENT_start    0 if the client can be used, else the reason on standard output
# CLIENT_load     HOW FORMAT PATH NAME...: loads it (a pipe: from standard input)
# CLIENT_list     the loaded images, in lines `ID NAME`
# CLIENT_clear    removes them
# CLIENT_tree     NAME ID FOLDER: the files of a loaded image, in FOLDER

installed() { command -v "$1" >/dev/null || { echo "$1 is not installed"; return 1; }; }

# version CLIENT: the name and the version of its program
version() {
    local debian
    case $1 in
        podman*) podman --version | awk '{ print "podman", $3 }' ;;
        buildah*) buildah --version | awk '{ print "buildah", $3 }' ;;
        skopeo*) skopeo --version | awk '{ print "skopeo", $3 }' ;;
        umoci*) umoci --version | awk 'NR == 1 { sub(/[+].*/, "", $3); print "umoci", $3 }' ;;
        docker*) docker version --format 'Docker {{.Server.Version}}' | sed 's/[+].*//' ;;
        ctr* | containerd* | kind*) containerd --version | awk '{ sub(/[+~].*/, "", $3); sub(/^v/, "", $3); print "containerd", $3 }' ;;
        crane*)
            # Debian's does not know its version.
            debian=$(crane version 2>/dev/null) || true
            [[ $debian =~ ^v?[0-9] ]] || debian=$(dpkg-query -W -f '${Version}' crane 2>/dev/null) || debian=unknown
            echo "crane ${debian%%[+-]*}"
            ;;
        apptainer*) apptainer --version | awk '{ print "apptainer", $3 }' ;;
    esac
}

# transport FORMAT PATH: as containers-transports(5)
transport() {
    case $1 in
        oci-dir) echo "oci:$2" ;;
        docker-dir) echo "dir:$2" ;;
        *) echo "$1:$2" ;;
    esac
}

podman_start() {
    installed podman || return 1
    podman images -q 2>&1 | tail -n 1
    [ "${PIPESTATUS[0]}" = 0 ]
}
# podman names an image loaded from a layout after the path as given.
podman_load() (
    suffix='' file=${3##*/}
    [ "$1" = pipe ] || cd "${3%/*}" || exit
    case $1 in
        pipe) podman load -q ;;
        pull)
            [ "$2" != oci-dir ] || suffix=:$4
            podman pull -q "$(transport "$2" "$file")$suffix"
            ;;
        *) podman load -q -i "$file" ;;
    esac
)
podman_list() { podman images -a --no-trunc --format '{{.ID}} {{.Repository}}:{{.Tag}}'; }
podman_clear() { podman rmi -a -f; }
podman_tree() {
    local mounted
    mounted=$(podman image mount "${2#sha256:}") || return 1
    mount --bind "$mounted" "$3"
}

buildah_start() { installed buildah; }
buildah_load() (cd "${3%/*}" && buildah pull -q "$(transport "$2" "${3##*/}")")
buildah_list() {
    buildah images -a --no-trunc --format '{{.ID}} {{.Name}}:{{.Tag}}'
}
buildah_clear() { buildah rmi -a -f; }

# diff_ids CONFIG: without jq, which rejects strings of some configs
diff_ids() {
    python3 -c '
import json, sys
with open(sys.argv[1], encoding="utf-8", errors="replace") as file:
    for diff_id in json.load(file)["rootfs"]["diff_ids"]:
        print(diff_id)
' "$1"
}
# skopeo has no store: it reads every image by its name and checks all digests in a copy.
skopeo_start() { installed skopeo; }
skopeo_load() {
    local format=$2 from name source id blob diff digest names copy
    from=$(transport "$2" "$3")
    skopeo_found=() skopeo_shown=()
    shift 3
    if [ "$format" = docker-archive ]; then
        mapfile -t names < <(skopeo list-tags "$from" | jq -r '.Tags[]')
        [ ${#names[@]} = 0 ] || set -- "${names[@]}"
    fi
    for name; do
        source=$from:$name
        case $format:$name in
            docker-dir:* | *:id:*) source=$from name='<none>:<none>' ;;
            *:@*) name='<none>:<none>' ;;    # the index in an archive
        esac
        id=$(skopeo inspect --config --raw "$source" | sha256sum) || return 1
        id=${id%% *}
        rm -rf "$work/copy"
        skopeo copy -q "$source" "dir:$work/copy" || return 1
        [ "$id" = "$(jq -r '.config.digest[7:]' "$work/copy/manifest.json")" ] || return 1
        copy=$work/copy
        if grep -q 'tar+zstd' "$copy/manifest.json"; then
            copy=$work/plain
            rm -rf "$copy"
            skopeo copy -q --dest-decompress "$source" "dir:$copy" || return 1
        fi
        for blob in $(jq -r '.layers[].digest[7:]' "$copy/manifest.json"); do
            diff=$(gzip -dcf "$copy/$blob" | sha256sum) || return 1
            echo "sha256:${diff%% *}"
        done >"$work/layers"
        diff_ids "$work/copy/$id" | diff - "$work/layers" || return 1
        skopeo_found+=("$id $name")
        digest=$(sha256sum <"$work/copy/manifest.json")
        skopeo_shown+=("$name sha256:$id sha256:${digest%% *}")
    done
}
skopeo_list() { printf '%s\n' "${skopeo_found[@]}"; }
skopeo_clear() { skopeo_found=(); }

umoci_start() { installed umoci; }
umoci_load() {
    local layout=$3 names name manifest id
    umoci_found=() umoci_shown=()
    names=$(umoci ls --layout "$layout") || return 1
    [ -n "$names" ] || { echo "umoci lists no name"; return 1; }
    while read -r name; do
        rm -rf "$work/bundle"
        umoci unpack --rootless --image "$layout:$name" "$work/bundle" || return 1
        manifest=$(jq -r '.from_descriptor_path.descriptor_walk[-1].digest[7:]' \
            "$work/bundle/umoci.json")
        id=$(jq -r '.config.digest[7:]' "$layout/blobs/sha256/$manifest")
        umoci_found+=("$id $name")
        umoci_shown+=("$name sha256:$id sha256:$manifest")
    done <<<"$names"
}
umoci_list() { printf '%s\n' "${umoci_found[@]}"; }
umoci_clear() { umoci_found=(); }
umoci_tree() {
    rm -rf "$work/bundle"
    umoci unpack --image "$path:$1" "$work/bundle" || return 1
    mount --bind "$work/bundle/rootfs" "$3"
}

# answers COMMAND...: waits until a daemon does
answers() {
    local try
    for ((try = 0; try < 200; try++)); do
        ! "$@" >/dev/null 2>&1 || return 0
        [ -d "/proc/$daemon" ] || return 1
        sleep 0.1
    done
    return 1
}
last_error() { grep -E 'level=(error|fatal)|failed' "$1" | tail -n 1 || tail -n 1 "$1"; }

# One containerd for both: Docker's own would create folders in /opt.
containerd_start() {
    local state=$work/containerd daemon
    installed containerd && installed ctr || return 1
    ctr=(ctr -a "$state/sock")
    [ ! -S "$state/sock" ] || return 0
    cat >"$state/config.toml" <<END
version = 2
root = "$state/root"
state = "$state/state"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
[grpc]
address = "$state/sock"
END
    containerd -c "$state/config.toml" >"$state/log" 2>&1 &
    daemon=$!
    answers "${ctr[@]}" version || { echo "containerd does not run: $(last_error "$state/log")"; return 1; }
}
containerd_load() {
    local how=$1 from=$3 more=()
    # By default a docker-archive for another platform is skipped, and an image without a name gets none.
    case $4 in
        */arm64:*) more+=(--all-platforms) ;;
        id:*) more+=(--digests --base-name img.example/none) ;;
    esac
    case $how in
        pipe) from=- ;;
        local) more+=(--local) ;;   # without the transfer service of containerd 2
    esac
    "${ctr[@]}" image import "${more[@]}" "$from"
}
containerd_list() {
    local name digest
    while read -r name _ digest _; do
        [ "$name" != REF ] || continue
        case $name in *@sha256:*) name='<none>:<none>' ;; esac
        echo "$("${ctr[@]}" content get "$digest" | jq -r '.config.digest[7:]') $name"
    done < <("${ctr[@]}" image ls)
}
containerd_clear() {
    "${ctr[@]}" image ls -q | xargs -r "${ctr[@]}" image rm --sync
}
containerd_tree() {
    # The mounted snapshot has the name of the folder, and stays.
    "${ctr[@]}" snapshot rm "$3" 2>/dev/null || true
    "${ctr[@]}" image mount "$1" "$3"
}

# docker_start [containerd]: with a graph driver, or with the image store of containerd
docker_start() {
    local store=${1-vfs} state daemon flags=(--storage-driver vfs)
    state=$work/docker/$store
    installed dockerd && installed docker && containerd_start || return 1
    export DOCKER_HOST=unix://$state/sock
    [ ! -S "$state/sock" ] || return 0
    mkdir -p "$state"
    echo '{}' >"$state/daemon.json"
    if [ "$store" = containerd ]; then
        echo '{"features": {"containerd-snapshotter": true}}' >"$state/daemon.json"
        flags=(--containerd-namespace images --containerd-plugins-namespace images.plugins)
    fi
    dockerd --config-file "$state/daemon.json" -H "$DOCKER_HOST" --containerd "$work/containerd/sock" \
        --pidfile "$state/pid" --data-root "$state/data" --exec-root "$state/exec" "${flags[@]}" \
        --iptables=false --ip6tables=false --bridge=none >"$state/log" 2>&1 &
    daemon=$!
    answers docker version || { echo "dockerd does not run: $(last_error "$state/log")"; return 1; }
}
docker_load() {
    case $1 in
        pipe) docker load -q ;;
        *) docker load -q -i "$3" ;;
    esac
}
docker_list() { docker images -a --no-trunc --format '{{.ID}} {{.Repository}}:{{.Tag}}'; }
docker_clear() {
    docker ps -aq | xargs -r docker rm -f
    docker images -aq | sort -u | xargs -r docker rmi -f
}
docker_tree() {
    mount -t tmpfs tmpfs "$3" || return 1
    docker create --name tree-of-image "$1" /none || return 1
    docker export tree-of-image >"$work/tree.tar" || return 1
    tar -xpf "$work/tree.tar" -C "$3" --numeric-owner --xattrs --xattrs-include='*'
}
