# Manifest lists in `loaders`: from each source that has them into each loader.
# shellcheck shell=bash disable=SC2154

# Three images, one per platform, and their list in a store of their own; the list in a registry on this machine.
list_platforms=(linux/amd64 linux/arm64/v8 linux/s390x)
list_name=registry.example/acme/list:1
list_images() {
    local folder=$work/lists platform parts container registry=$work/lists/registry
    mkdir -p "$folder"
    list_store=(--root "$folder/root" --runroot "$folder/run" --storage-driver overlay)
    buildah "${list_store[@]}" manifest create "$list_name" || return
    for platform in "${list_platforms[@]}"; do
        IFS=/ read -r -a parts <<<"$platform"
        echo "for $platform" >"$folder/platform"
        container=$(buildah "${list_store[@]}" from scratch) || return
        buildah "${list_store[@]}" copy -q "$container" "$folder/platform" /srv/platform || return
        buildah "${list_store[@]}" config --os "${parts[0]}" --arch "${parts[1]}" --variant "${parts[2]-}" \
            --cmd /srv/platform "$container" || return
        buildah "${list_store[@]}" commit -q --timestamp 0 "$container" "localhost/part:${parts[1]}" || return
        buildah "${list_store[@]}" rm "$container" >/dev/null || return
        buildah "${list_store[@]}" manifest add "$list_name" \
            "containers-storage:localhost/part:${parts[1]}" || return
    done
    buildah "${list_store[@]}" manifest push -q --all "$list_name" "oci:$registry:many" || return
    # Podman has pulled what the name says.
    pulled_store=(--root "$folder/pulled" --runroot "$folder/pulled-run" --storage-driver overlay)
    "$here/lib/registry" "$registry" 5056 >"$work/log" 2>&1 &
    daemon=$!
    answers skopeo inspect --raw --tls-verify=false docker://127.0.0.1:5056/acme/list:many || return
    host_platform=linux/$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')
}
pull() { podman "${pulled_store[@]}" pull -q --tls-verify=false "$@" 127.0.0.1:5056/acme/list:many; }
pull_by_containerd() {
    containerd_start || return 1
    "${ctr[@]}" -n "$1" image pull --plain-http "${@:2}" 127.0.0.1:5056/acme/list:many || return
}

# list_save SOURCE ARGUMENT...: saves the list of a source
list_save() {
    local source=$1 from=() name=127.0.0.1:5056/acme/list:many
    shift
    case $source in
        built) from=(--root "$work/lists/root" --storage-driver overlay) name=$list_name ;;
        pulled*) from=(--root "$work/lists/pulled" --storage-driver overlay) ;;
        layout) from=(-t "$list_name") name=oci:$work/lists/registry:many ;;
        containerd-*) from=(--store containerd --root "$work/containerd/root" --namespace "lists-${source#*-}") ;;
    esac
    "$bin/img-save" --all-platforms "${from[@]}" "$@" "$name"
}
# The platforms that each source has of the list.
list_sources() {
    cat <<'END'
built           amd64 arm64 s390x
layout          amd64 arm64 s390x
pulled-one      host
pulled-two      host s390x
containerd-one  host
containerd-all  amd64 arm64 s390x
END
}
list_ready() {
    case $1 in
        built | layout) ;;
        pulled-one) pull ;;
        pulled-two) pull --platform linux/s390x ;;
        containerd-all) pull_by_containerd lists-all --all-platforms ;;
        containerd-one) pull_by_containerd lists-one --platform "$host_platform" ;;
    esac
}

# list_output SOURCE KIND ARCHITECTURE...: saves it into $path with $report, which has these platforms and no others
list_output() {
    local source=$1 kind=$2 listed
    shift 2
    path=$work/lists/out/$source.${kind// /}/saved report=$work/lists/out/$source.${kind// /}/report
    mkdir -p "${path%/*}"
    # shellcheck disable=SC2086  # a format with options
    list_save "$source" --report "$report" --format $kind -o "$path" || return 1
    listed=$(jq -r '.lists[0].platforms[] | split("/")[1]' "$report" | paste -sd' ')
    [ "$listed" = "${*/host/${host_platform#*/}}" ] || { echo "$listed instead of $*"; return 1; }
    [ "$(jq '.lists[0] | .platforms + .absentPlatforms | length' "$report")" = ${#list_platforms[@]} ] || return 1
    "$bin/img-tar" --verify "$path" || return 1
    # The list keeps its bytes if all of it goes along as it is.
    case $source:$kind in
        *zstd) ;;
        built:hybrid | layout:* | containerd-all:*)
            [ "$(jq -r '.lists[0].index | .before == .after' "$report")" = true ] || { jq -c .lists "$report"; return 1; }
            ;;
    esac
}

# list_reported LOADER: lines `NAME ID DIGEST` of the report, for the image of this machine
list_reported() {
    jq -r --arg loader "$1" --arg host "$host_platform" '
        [.lists[0] | .images as [$first] | .platforms | to_entries[] |
            select(.value | startswith($host)) | .key + $first][0] as $own |
        .images[$own] | .tags[] as $name | .loads[] | select(.loader == $loader) |
        "\($name) \(.id // "-") \(.digest // "-")"' "$report"
}

# kind imports so.
kind-import_start() { containerd_start; }
kind-import_get() { "${ctr[@]}" image import --all-platforms --digests "$path"; }
kind-import_show() { ctr-import_show | grep -v '^import-\|^<none>'; }
kind-import_clear() { containerd_clear; }
kind-import-local_start() { ctr-import-local_start; }
kind-import-local_get() { "${ctr[@]}" image import --local --all-platforms --digests "$path"; }
kind-import-local_show() { kind-import_show; }
kind-import-local_clear() { containerd_clear; }

# list_loads LOADER: the loader shows the list as reported
list_loads() {
    local predicted
    case $1 in
        podman-load) predicted=podman ;;
        docker-load) predicted=docker ;;
        docker-containerd-load) predicted=docker-containerd ;;
        *) predicted=containerd ;;
    esac
    list_reported $predicted | sort >"$work/wanted"
    [ -s "$work/wanted" ] || return 1
    "${1}_get" "$(jq -r '.lists[0].tags[0]' "$report")" >"$work/log" 2>&1 || { cat "$work/log"; return 1; }
    ! grep 'Error unpacking' "$work/log" || return 1
    "${1}_show" | sort >"$work/found"
    echo "wanted (<), found (>):"
    diff "$work/wanted" "$work/found"
}

# list_copies: skopeo copies the list as a whole, and it stays what it is
list_copies() {
    local copy=$work/lists/copy
    rm -rf "$copy"
    skopeo copy -q --all --preserve-digests "oci-archive:$path:$(jq -r '.lists[0].tags[0]' "$report")" "oci:$copy:x" || return 1
    [ "sha256:$(skopeo inspect --raw "oci:$copy:x" | sha256sum | cut -d' ' -f1)" = "$(jq -r '.lists[0].index.after' "$report")" ]
}

lists() {
    local source kind loader platforms daemon host_platform
    check "the list" list_images
    [ -d "$work/lists/registry" ] || return 0
    while read -r source platforms; do
        if ! list_ready "$source" >"$work/reason" 2>&1; then
            skip "$source" "$(tail -n 1 "$work/reason")"
            continue
        fi
        for kind in hybrid 'hybrid --compression gzip' oci-archive 'oci-archive --compression zstd'; do
            # Read by the loaders of the matrix.
            # shellcheck disable=SC2034
            format=${kind%% *}
            # shellcheck disable=SC2086  # words
            check "$source, $kind: saved" list_output "$source" "$kind" $platforms || true
            [ -e "$report" ] || continue
            check "$source, $kind: skopeo copy --all" recorded skopeo-copy-all "$(version skopeo)" "list $kind" "$source" list_copies
            for loader in podman-load docker-load docker-containerd-load ctr-import ctr-import-local kind-import kind-import-local; do
                case $loader:$kind in docker-load:oci-archive*) continue ;; esac
                if ! "${loader}_start" >"$work/reason"; then
                    skip "$source, $kind: $loader" "$(tail -n 1 "$work/reason")"
                    continue
                fi
                check "$source, $kind: $loader" recorded "$loader" "$(version "$loader")" "list $kind" "$source" list_loads "$loader"
                "${loader}_clear" >"$work/log" 2>&1 ||
                    { cp "$work/log" "$work/why"; not_ok "$loader: its store is cleared"; }
            done
        done
    done < <(list_sources)
    kill "$daemon" 2>/dev/null || true
}
