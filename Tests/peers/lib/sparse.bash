# The update of an image in `loaders`: only what the loader lacks is sent.
# shellcheck shell=bash disable=SC2154

# A base of $sparse_size MB in two layers, an update of it with a layer of 5 MB, and the update with other labels.
# They are in a store of their own; $root and $source_store, which `tree` uses, are set to it.
sparse_images() {
    local folder=$work/sparse number container mounted
    sparse_size=${SPARSE_SIZE:-400}
    mkdir -p "$folder/tree"
    root=$folder/root
    source_store=(--root "$root" --runroot "$folder/run" --storage-driver overlay)
    build=(buildah "${source_store[@]}")
    container=$("${build[@]}" from scratch) || return
    for number in 1 2; do
        mounted=$("${build[@]}" mount "$container") || return
        mkdir -p "$mounted/usr/share/part$number"
        for ((file = 0; file < 10; file++)); do
            openssl enc -aes-128-ctr -nosalt -pass "pass:$number.$file" -pbkdf2 </dev/zero 2>/dev/null |
                head -c $((sparse_size * 1000000 / 20)) >"$mounted/usr/share/part$number/$file"
        done
        ln -s "part$number" "$mounted/usr/share/link$number"
        "${build[@]}" umount "$container" >/dev/null || return
        "${build[@]}" commit -q "$container" "localhost/acme/base:$number" || return
        "${build[@]}" rm "$container" >/dev/null || return
        container=$("${build[@]}" from --pull-never "localhost/acme/base:$number") || return
    done
    mounted=$("${build[@]}" mount "$container") || return
    mkdir -p "$mounted/opt/app"
    openssl enc -aes-128-ctr -nosalt -pass pass:app -pbkdf2 </dev/zero 2>/dev/null | head -c 5000000 >"$mounted/opt/app/app"
    rm "$mounted/usr/share/part1/0"
    "${build[@]}" umount "$container" >/dev/null || return
    "${build[@]}" config --entrypoint '["/opt/app/app"]' "$container" || return
    "${build[@]}" commit -q "$container" localhost/acme/app:1 || return
    "${build[@]}" rm "$container" >/dev/null || return
    # No layer is new: only the config.
    container=$("${build[@]}" from --pull-never localhost/acme/app:1) || return
    "${build[@]}" config --label version=2 "$container" || return
    "${build[@]}" commit -q --omit-history "$container" localhost/acme/app:2 || return
    "${build[@]}" rm "$container" >/dev/null || return
}
sparse_save() { "$bin/img-save" --root "$root" --storage-driver overlay "$@"; }

# The far side, with nothing of img: sparse_list LOADER prints what it has, sparse_load LOADER loads from a pipe.
# shellcheck disable=SC2046  # lists of IDs
sparse_list() {
    case $1 in
        podman-load) podman image inspect $(podman images -q) ;;
        docker*) docker image inspect $(docker images -q) ;;
        ctr-*) "${ctr[@]}" snapshots ls ;;
    esac
}
sparse_load() {
    case $1 in
        podman-load) podman load -q ;;
        docker*) docker load -q ;;
        ctr-import) "${ctr[@]}" image import - ;;
        ctr-import-local) "${ctr[@]}" image import --local - ;;
    esac
}
sparse_predicted() {
    case $1 in
        podman-load) echo podman ;;
        docker-load) echo docker ;;
        docker-containerd-load) echo docker-containerd ;;
        ctr-*) echo containerd ;;
    esac
}

# sparse_shows LOADER NAME: the loader shows the image as the report says, and its files are those of the source
sparse_shows() {
    local id
    reported "$(sparse_predicted "$1")" >"$work/wanted"
    "${1}_show" | grep -F "$2 " >"$work/found"
    echo "wanted (<), found (>):"
    diff "$work/wanted" "$work/found" || return 1
    read -r _ id _ <"$work/wanted"
    # The container of the tree before has its name.
    case $1 in docker*) docker ps -aq | xargs -r docker rm -f >/dev/null || return 1 ;; esac
    tree "$1" "$2" "$id" "$2"
}

# update LOADER LIMIT NAME: sends what the loader lacks of an image, in at most LIMIT bytes
update() {
    local size start
    report=$work/sparse/report
    # podman may find a layer by what its cache knows, on this machine only.
    rm -rf /var/lib/containers/cache
    # Kept for --verify.
    sparse_list "$1" >"$work/sparse/list" || return 1
    start=$(date +%s%N)
    sparse_list "$1" | sparse_save -q --have - --report "$report" "$3" | tee "$work/sparse/sent" | sparse_load "$1" \
        >"$work/log" 2>&1 || { cat "$work/log"; return 1; }
    elapsed=$((($(date +%s%N) - start) / 1000000))
    ! grep 'Error unpacking' "$work/log" || return 1
    size=$(stat -c %s "$work/sparse/sent")
    echo "$size bytes, at most $2"
    [ "$size" -le "$2" ] || return 1
    [ "$size" = "$(jq .size "$report")" ] || return 1
    sparse_shows "$1" "$3" || return 1
    printf 'update\t%s\t%s\t%s\t%s\n' "$1" "$3" "$size" "$elapsed" >>"$work/sparse/figures"
}

# refused LOADER NAME: without the base, the loader says so, and keeps nothing that looks like the image
refused() {
    local status=0
    "${1}_show" | grep -F "$2 " && { echo "it has the image"; return 1; }
    sparse_load "$1" <"$work/sparse/update.tar" >"$work/log" 2>&1 || status=$?
    cat "$work/log"
    case $1 in
        docker-containerd-load)
            # Known, and in the manual: success with a message.
            [ $status = 0 ] && grep -q 'Error unpacking' "$work/log"
            return
            ;;
        podman-load) [ $status = 125 ] || return 1 ;;
        *) [ $status = 1 ] || return 1 ;;
    esac
    grep -q "$(jq -r '.layers[0].digest[7:]' "$work/sparse/app")" "$work/log" || return 1
    # The client of containerd keeps the name of an import that failed.
    case $1:$(version ctr) in ctr-import-local:* | ctr-import:*' '1.*) return 0 ;; esac
    ! "${1}_show" | grep -F "$2 "
}

# whole LOADER: the time to load the whole image from podman
whole() {
    local start
    start=$(date +%s%N)
    podman "${source_store[@]}" save -q localhost/acme/app:1 | sparse_load "$1" >"$work/log" 2>&1 || { cat "$work/log"; return 1; }
    elapsed=$((($(date +%s%N) - start) / 1000000))
    printf 'whole\t%s\tlocalhost/acme/app:1\t\t%s\n' "$1" "$elapsed" >>"$work/sparse/figures"
}

sparse() {
    local loader layer name=localhost/acme/app
    check "the images of the update" sparse_images
    [ -e "$root/overlay-images" ] || return 0
    "$bin/img-resolve" --root "$root" --storage-driver overlay "$name:1" >"$work/sparse/app"
    layer=$(jq '.layers[-1].size' "$work/sparse/app")
    sparse_save -q -o "$work/sparse/base.tar" localhost/acme/base:2
    sparse_save -q --have "$work/sparse/base.tar" -o "$work/sparse/update.tar" "$name:1"
    for loader in podman-load docker-load docker-containerd-load ctr-import ctr-import-local; do
        if ! "${loader}_start" >"$work/reason"; then
            skip "$loader" "$(tail -n 1 "$work/reason")"
            continue
        fi
        check "$loader: without the base, the update is refused" refused "$loader" "$name:1"
        sparse_clear "$loader"
        check "$loader: the base" sparse_base "$loader"
        check "$loader: the update, in the size of its layer" update "$loader" $((layer + 65536)) "$name:1"
        check "$loader: other labels, in 64 KiB" update "$loader" 65536 "$name:2"
        check "$loader: verify what it took" "$bin/img-tar" --verify --have "$work/sparse/list" "$work/sparse/sent"
        sparse_clear "$loader"
        check "$loader: the whole image by podman save" whole "$loader"
        sparse_clear "$loader"
    done
    sed 's/^/# /' "$work/sparse/figures"
}
sparse_clear() {
    # The snapshot that was mounted keeps those below it.
    case $1 in ctr-*) "${ctr[@]}" snapshot rm "$work/mnt" >/dev/null 2>&1 || true ;; esac
    "${1}_clear" >"$work/log" 2>&1 || { cp "$work/log" "$work/why"; not_ok "$1: its store is cleared"; }
}
sparse_base() { sparse_load "$1" <"$work/sparse/base.tar"; }
