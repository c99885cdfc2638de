# Edits of records with jq between the tools, in `loaders`: what img-manifest --amend predicts is what loaders show.
# shellcheck shell=bash disable=SC2154

# One line each: NAME FILTER, the filter on records with content.
edit_rows() {
    cat <<'ROWS'
none         .
labels       .config.content.config |= (.Labels.team = "net <1> é" | .Env += ["A=1"])
entry-point  .config.content.config |= (.Entrypoint = ["/x"] | .Cmd = null)
zero-times   .config.content |= ((.created, .history[]?.created) = "1970-01-01T00:00:00Z")
no-history   del(.config.content.history)
platform     .config.content |= (.architecture = "arm64" | .variant = "v8")
annotations  .manifest.annotations = {"org.opencontainers.image.source": "https://img.example/<app>"}
ROWS
}
edit_sources=(localhost/zoo:1 localhost/built-docker:1 quay.io/acme/shared-a:1)
# LOADER FORMAT: docker-archive is for readers of manifest.json, the OCI formats keep the digest of the manifest.
edit_targets() {
    cat <<'ROWS'
podman-load             docker-archive
podman-load             hybrid
podman-load             oci-archive
docker-load             docker-archive
docker-load             hybrid
docker-containerd-load  hybrid
docker-containerd-load  oci-archive
ctr-import              hybrid
ctr-import              oci-archive
ROWS
}

# edited NAME FILTER SOURCE FORMAT: writes $path by the edit of the record in the source's own family, or in that of
# the format; sets $wanted_id, $wanted_digest and $wanted_name.
edited() {
    local folder=$work/edits/$1.${3//\//+}.$4 convert=() more=() content
    path=$folder/saved
    mkdir -p "$folder"
    # --to oci also describes the layers as they will be written, as far as the source has others. A hybrid keeps the
    # manifest of a Docker image.
    case $4:$3 in
        docker-archive:*) convert=(--to docker) ;;
        hybrid:*docker*) ;;
        *) convert=(--to oci) ;;
    esac
    "$bin/img-resolve" --root "$root" --storage-driver overlay --content "$3" >"$folder/content" || return 1
    jq -c "$2" <"$folder/content" | "$bin/img-manifest" --amend "${convert[@]}" >"$folder/record" || return 1
    wanted_id=$(jq -r .config.data "$folder/record" | base64 -d | sha256sum | cut -d' ' -f1)
    [ "sha256:$wanted_id" = "$(jq -r .config.digest "$folder/record")" ] ||
        { echo "the digest is not that of the config"; return 1; }
    # A conversion to OCI can change the config; the ID of the record is that before.
    case $4 in
        oci-archive) ;;
        *) [ "$wanted_id" = "$(jq -r .id "$folder/record")" ] || { echo "the ID is not that of the config"; return 1; } ;;
    esac
    wanted_name=$(jq -r '.tags[0]' "$folder/record")
    wanted_digest=sha256:$(jq -r .manifest.data "$folder/record" | base64 -d | sha256sum | cut -d' ' -f1)
    [ "$wanted_digest" = "$(jq -r .manifest.digest "$folder/record")" ] ||
        { echo "the digest is not that of the manifest"; return 1; }
    if [ "$1" != none ]; then
        content=$(jq -r '.converted.reasons[0]' "$folder/record")
        [ "$content" = amended ] || { echo "reason $content"; return 1; }
    fi
    # The digest is that of the record if the layers stay as it describes them.
    case $4 in docker-archive) ;; *) more=(--compression none) ;; esac
    "$bin/img-tar" -q --format "$4" "${more[@]}" -f -o "$path" <"$folder/record" || return 1
    "$bin/img-tar" --verify "$path"
}

# edit_shown LOADER NAME FILTER SOURCE FORMAT: the loader shows the ID and the digest of the record
edit_shown() {
    local path wanted_id wanted_digest wanted_name name=- id=- digest=-
    edited "${@:2}" || return 1
    case $1 in
        ctr-*) "${ctr[@]}" image import --all-platforms "$path" || return 1 ;;
        *) format=$5 "$1_get" "$wanted_name" || return 1 ;;
    esac
    read -r name id digest < <("$1_show") || true
    echo "shown: $name $id $digest; wanted: $wanted_name sha256:$wanted_id $wanted_digest"
    [ "$name" = "$wanted_name" ] || return 1
    case $1 in
        podman-load | docker-load) [ "$id" = "sha256:$wanted_id" ] || return 1 ;;
        docker-containerd-load) [ "$id" = "$wanted_digest" ] || return 1 ;;
    esac
    case $1:$5 in
        ctr-* | podman-load:oci-archive) [ "$digest" = "$wanted_digest" ] || return 1 ;;
    esac
}

# unedited SOURCE: a record with content stays as it is through this jq; a number that it rounds is an edit with a note
unedited() {
    local plain=$work/edits/plain content=$work/edits/content same=$work/edits/same notes=$work/edits/notes
    mkdir -p "$work/edits"
    "$bin/img-resolve" --root "$root" --storage-driver overlay "$1" >"$plain" || return 1
    "$bin/img-resolve" --root "$root" --storage-driver overlay --content "$1" >"$content" || return 1
    jq . "$content" | "$bin/img-manifest" --amend >"$same" 2>"$notes" || return 1
    if cmp "$plain" "$same" && [ ! -s "$notes" ]; then return 0; fi
    # jq 1.6 reads numbers as doubles.
    [ "$(jq -n '9007199254740993')" != 9007199254740993 ] && grep -q 'changed only beyond 2^53' "$notes"
}

edits() {
    local loader format name filter source version
    while read -r source; do
        check "$(jq --version), $source: unedited through jq" unedited "$source"
    done <"$dir/images"
    # What a loader has of one format is not there for the next: the store is cleared after each case.
    while read -r loader format; do
        if ! "${loader}_start" >"$work/reason"; then
            skip "$loader, $format, edits" "$(tail -n 1 "$work/reason")"
            continue
        fi
        version=$(version "$loader")
        while read -r name filter; do
            for source in "${edit_sources[@]}"; do
                # A Docker manifest has no annotations.
                case $name:$format:$source in
                    annotations:docker-archive:* | annotations:*:*docker*) continue ;;
                esac
                check "$version, $loader, $format: $name of $source" edit_shown "$loader" "$name" "$filter" "$source" \
                    "$format"
                "${loader}_clear" >"$work/log" 2>&1 ||
                    { cp "$work/log" "$work/why"; not_ok "$loader: its store is cleared"; }
            done
        done < <(edit_rows)
    done < <(edit_targets)
}
