# A place where clients of all kinds can run: private namespaces, stores and daemons, without network.
# shellcheck shell=bash disable=SC2034,SC2154

# in_private ARGUMENT...: runs this script with `--inside WORK ARGUMENT...` in there, and exits. WORK is a temporary
# folder. All daemons and mounts end with the script.
in_private() {
    [ "$(id -u)" = 0 ] || skip_all "needs root"
    for tool in unshare jq python3 skopeo; do
        command -v "$tool" >/dev/null || skip_all "$tool is not installed"
    done
    separate=(unshare --mount --net --pid --fork --kill-child --mount-proc)
    "${separate[@]}" mount -t tmpfs tmpfs /run 2>/dev/null || skip_all "no namespaces here"
    work=$(mktemp -d "${TMPDIR:-/var/tmp}/img-${0##*/}.XXXXXX")
    child=
    # shellcheck disable=SC2317  # called by the trap
    finish() {
        # unshare ignores other signals; all processes in it die with it.
        if [ -n "$child" ]; then kill -KILL "$child" || true; wait "$child" || true; sleep 1; fi
        rm -rf --one-file-system "$work"
    }
    trap finish EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    # In the background, so that a signal is handled before it ends.
    "${separate[@]}" "$0" --inside "$work" "$@" &
    child=$!
    status=0
    wait "$child" || status=$?
    child=
    exit $status
}

# in_memory FOLDER: mounts a file system in memory that can hold stores, if there is enough. The programs synchronize
# most of what they write; on a disk they wait for that more than they work.
in_memory() {
    [ "$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo)" -ge 4000000 ] || return 0
    mount -t tmpfs tmpfs "$1" || return 0
    # Before Linux 6.6 it has no attributes for users.
    python3 -c 'import os, sys; os.setxattr(sys.argv[1], "user.img", b"1")' "$1" 2>/dev/null || umount "$1"
}

# prepare_private ROOT: makes the folders in $work and the configuration of the clients; sets `source_store`, the options
# for a copy of a store.
prepare_private() {
    local folder root=$1
    in_memory "$work"
    mkdir "$work"/{home,mnt,out,source,store,tmp,tree,containerd,docker}
    for folder in /etc/docker /run /var/lib/containerd /var/lib/containers /var/lib/docker; do
        if [ -d "$folder" ]; then mount -t tmpfs tmpfs "$folder"; fi
    done
    export HOME=$work/home TMPDIR=$work/tmp
    unset CONTAINER_HOST DOCKER_CONTEXT DOCKER_CONFIG STORAGE_DRIVER STORAGE_OPTS XDG_RUNTIME_DIR
    mkdir -p "$HOME/.config/containers"
    echo '{"default": [{"type": "insecureAcceptAnything"}]}' >"$HOME/.config/containers/policy.json"
    cat >"$work/storage.conf" <<END
[storage]
driver = "overlay"
graphroot = "$work/store/root"
runroot = "$work/store/run"
END
    printf '[engine]\nimage_copy_tmp_dir = "%s"\n' "$TMPDIR" >"$work/containers.conf"
    export CONTAINERS_STORAGE_CONF=$work/storage.conf CONTAINERS_CONF=$work/containers.conf
    # The peers use a copy of the source store: they write lock files.
    cp -a "$root" "$work/source/root"
    rm -rf "$work/source/root"/{libpod,defaultNetworkBackend,db.sql*}    # of another path and version
    source_store=(--root "$work/source/root" --runroot "$work/source/run" --storage-driver overlay)
}
