# The matrix of `loaders`: every format with every kind of contents, in every program that loads images.
# shellcheck shell=bash disable=SC2154

# A cell says what a loader makes of an output:
#
#   loads    it shows exactly the names, IDs and manifest digests of the report of img-save; where it unpacks, the
#            files of the first image are the source's
#   folder   the same, but it names the images after the folder
#   unnamed  the same, but it drops the names
#   refuses  it fails with the expected reason
#
# A loader is a client and a way to use it: LOADER_get loads $path, with the names of the set as arguments;
# LOADER_show prints lines `NAME ID DIGEST`, with - for what it does not show.

loaders=(podman-load podman-pull buildah-pull skopeo-copy skopeo-copy-docker umoci-unpack docker-load
    docker-containerd-load ctr-import ctr-import-local crane-validate apptainer-build)
kinds=(hybrid 'hybrid --compression gzip' 'hybrid --compression zstd' oci-archive 'oci-archive --compression zstd' oci-dir
    'oci-dir --compression zstd' docker-archive)
# NAME SOURCE...: the contents of an output. id: selects the ID of a name; -t=NAME is an additional tag.
sets() {
    cat <<'END'
one     localhost/zoo:1
two     quay.io/acme/shared-a:1 quay.io/acme/shared-b:1
names   localhost/tiny:1 localhost/tiny:latest
none    id:localhost/tiny:1
docker  localhost/built-docker:1
odd     id:localhost/tiny:1 -t=localhost/a__b:1
END
}

# ---- outputs ---------------------------------------------------------------------------

# report_of KIND SET
report_of() { echo "$work/matrix/${1// /}.$2/report"; }
# output KIND SET SOURCE...: saves the set with its report; sets $format, $path and $report. The last part of the
# path is `saved`, which podman makes the name of an image.
output() {
    local kind=$1 set=$2 word arguments=()
    shift 2
    format=${kind%% *}
    path=$work/matrix/${kind// /}.$set/saved
    report=$(report_of "$kind" "$set")
    [ ! -e "$path" ] || return 0
    mkdir -p "${path%/*}"
    # Also one image under one name, which has the names of podman's own archives.
    case $format in oci-* | docker-archive) arguments+=(-m) ;; esac
    for word in ${kind#"$format"} "$@"; do
        case $word in
            -t=*) arguments+=(-t "${word#-t=}") ;;
            id:*) arguments+=("$(record "${word#id:}")") ;;
            *) arguments+=("$word") ;;
        esac
    done
    "$bin/img-save" --root "$root" --storage-driver overlay -q --format "$format" "${arguments[@]}" \
        --report "$report" -o "$path"
}

# reported LOADER: lines `NAME ID DIGEST` of the report. Programs of containers/image that select a name in a
# layout read its manifest; so does umoci.
reported() {
    jq -r --arg loader "$1" '
        .images[] | [.tags[], if .tags == [] then "<none>:<none>" else empty end] as $names |
        (reduce .loads[] as $l ({}; .[$l.loader] = $l)) as $loads |
        (if $loader == "layout" then {id: $loads.podman.id, digest: ($loads.containerd // $loads.podman).digest}
         else $loads[$loader] end) as $seen |
        $names[] | "\(.) \($seen.id // "-") \($seen.digest // "-")"' "$report"
}

# ---- loaders ---------------------------------------------------------------------------

without_algorithm() { sed 's/ \([0-9a-f]\{64\}\)/ sha256:\1/g'; }
beside() { cd "${path%/*}" || exit; }

podman-load_start() { podman_start; }
podman-load_get() (beside && podman load -q -i saved)
podman-load_show() {
    podman images -a --no-trunc --digests --format '{{.Repository}}:{{.Tag}} {{.ID}} {{.Digest}}' |
        without_algorithm
}
podman-load_clear() { podman_clear; }
podman-load_tree() { podman_tree "$@"; }

# By name, from the layout of a hybrid.
podman-pull_start() { podman_start; }
podman-pull_get() (
    local name
    beside
    for name; do podman pull -q "$(by_name "$format")${name:+:$name}" || exit; done
)
by_name() {
    case $1 in
        hybrid) echo oci-archive:saved ;;
        *) transport "$1" saved ;;
    esac
}
podman-pull_show() { podman-load_show; }
podman-pull_clear() { podman_clear; }
podman-pull_tree() { podman_tree "$@"; }

buildah-pull_start() { buildah_start; }
buildah-pull_get() (beside && buildah pull -q "$(transport "${format/hybrid/docker-archive}" saved)")
buildah-pull_show() {
    buildah images -a --no-trunc --format '{{.Name}}:{{.Tag}} {{.ID}} {{.Digest}}' | tr -s ' ' | without_algorithm
}
buildah-pull_clear() { buildah_clear; }

skopeo-copy_start() { skopeo_start; }
skopeo-copy_get() {
    local kind=$format
    [ "$kind" != hybrid ] || kind=oci-archive
    [ -n "$1" ] || set -- id:
    skopeo_load file "$kind" "$path" "$@"
}
skopeo-copy_show() { printf '%s\n' "${skopeo_shown[@]}"; }
skopeo-copy_clear() { skopeo_clear; }

umoci-unpack_start() { umoci_start; }
umoci-unpack_get() {
    layout=$path
    if [ -f "$path" ]; then
        layout=$work/layout
        rm -rf "$layout"
        mkdir "$layout"
        tar -xf "$path" -C "$layout" || return
    fi
    umoci_load file oci-dir "$layout"
}
umoci-unpack_show() { printf '%s\n' "${umoci_shown[@]}"; }
umoci-unpack_clear() { umoci_clear; }
umoci-unpack_tree() { path=$layout umoci_tree "$@"; }

docker-load_start() { docker_start; }
docker-load_get() { docker load -q -i "$path"; }
docker-load_show() { docker images -a --no-trunc --format '{{.Repository}}:{{.Tag}} {{.ID}} -'; }
docker-load_clear() { docker_clear; }
docker-load_tree() { docker_tree "$2" "$2" "$3"; }

docker-containerd-load_start() {
    docker_start containerd || return 1
    [[ $(docker info --format '{{.DriverStatus}}') == *containerd.snapshotter* ]] ||
        { echo "$(version docker) has no image store of containerd"; return 1; }
}
docker-containerd-load_get() { docker-load_get; }
docker-containerd-load_show() { docker images -a --no-trunc --format '{{.Repository}}:{{.Tag}} {{.ID}} {{.ID}}'; }
docker-containerd-load_clear() { docker_clear; }
docker-containerd-load_tree() { docker-load_tree "$@"; }

ctr-import_start() { containerd_start; }
# Without more options, an image without a name is imported, but not listed.
ctr-import_get() { containerd_load file "$format" "$path" "${1:-id:}"; }
ctr-import_show() {
    "${ctr[@]}" image ls | awk 'NR > 1 { if ($1 ~ /@sha256:/) $1 = "<none>:<none>"; print $1, "-", $3 }'
}
ctr-import_clear() { containerd_clear; }
ctr-import_tree() {
    local name=$1
    [ "$name" != '<none>:<none>' ] || name=$("${ctr[@]}" image ls -q)
    containerd_tree "$name" "$2" "$3"
}

ctr-import-local_start() {
    containerd_start || return 1
    [[ $(ctr image import --help) == *--local* ]] ||
        { echo "$(version ctr) has no image import --local"; return 1; }
}
ctr-import-local_get() { containerd_load local "$format" "$path" "${1:-id:}"; }
ctr-import-local_show() { ctr-import_show; }
ctr-import-local_clear() { containerd_clear; }
ctr-import-local_tree() { ctr-import_tree "$@"; }

# The other part of a hybrid.
skopeo-copy-docker_start() { skopeo_start; }
skopeo-copy-docker_get() {
    [ -n "$1" ] || set -- id:
    skopeo_load file docker-archive "$path" "$@"
}
skopeo-copy-docker_show() { skopeo-copy_show; }
skopeo-copy-docker_clear() { skopeo_clear; }

# These two show no image: an output that they read loads.
crane-validate_start() { installed crane; }
crane-validate_get() { crane validate --tarball "$path"; }
crane-validate_clear() { :; }

apptainer-build_start() { installed apptainer; }
apptainer-build_get() {
    apptainer build --sandbox "$work/sandbox" "$(transport "${format/hybrid/docker-archive}" "$path")"
}
apptainer-build_tree() { mount --bind "$work/sandbox" "$3"; }
apptainer-build_clear() { rm -rf "$work/sandbox"; }

# ---- cells -----------------------------------------------------------------------------

# Not a way to load this: Docker, containerd and crane read archives only.
applies() {
    case $1:$2 in
        docker*:oci-dir* | ctr*:oci-dir* | crane*:oci-dir* | skopeo-copy-docker:*oci*) return 1 ;;
    esac
}
# Not a way to save this: a Docker manifest has no layers of zstd.
exists() {
    case $1:$2 in 'hybrid --compression zstd:docker') return 1 ;; esac
}

# The report of a hybrid is on its layout; containers/image makes the manifest of a docker-archive from manifest.json.
reads_manifest() {
    case $1:$2 in
        skopeo-copy-docker:* | buildah-pull:hybrid*) return 0 ;;
        *) return 1 ;;
    esac
}

# cell LOADER KIND SET SOURCE...: sets $cell and, for a refusal, $message.
cell() {
    local loader=$1 set=$3 names=() name id predicted source
    cell='' message=''
    shift
    if reads_manifest "$loader" "$1"; then output docker-archive "${@:2}" || return; fi
    output "$@" || return
    case $loader in
        podman-load | buildah-pull) predicted=podman ;;
        docker-load) predicted=docker ;;
        docker-containerd-load) predicted=docker-containerd ;;
        ctr-*) predicted=containerd ;;
        *) predicted=layout ;;
    esac
    case $loader:$format in ctr-*:* | docker*) ;; *:docker-archive) predicted=podman ;; esac
    if reads_manifest "$loader" "$1"; then report=$(report_of docker-archive "$set") predicted=podman; fi
    reported $predicted | sort >"$work/wanted"
    mapfile -t names < <(jq -r '.images[].tags[]' "$report")
    [ ${#names[@]} != 0 ] || names=('')
    if ! "${loader}_get" "${names[@]}" >"$work/log" 2>&1; then
        cell=refuses message=$(<"$work/log")
        # Docker leaves nothing of what it refuses.
        if [ "$loader" = docker-load ] && [ -n "$(docker-load_show)" ]; then cell=differs message=$(docker-load_show); fi
        return
    fi
    cell=loads
    if declare -F "${loader}_show" >/dev/null; then
        "${loader}_show" | sort >"$work/found"
    else
        cp "$work/wanted" "$work/found"
    fi
    case $predicted in docker*) sed -i 's|^docker.io/library/||' "$work/wanted" ;; esac
    if ! diff "$work/wanted" "$work/found" >"$work/difference"; then
        if [ "$(without_names "$work/wanted")" != "$(without_names "$work/found")" ]; then
            cell=differs message=$(<"$work/difference")
            return
        elif ! grep -qv '^<none>:<none> ' "$work/found"; then
            cell=unnamed
        elif ! grep -qvE '^(<none>:<none>|localhost/saved:latest) ' "$work/found"; then
            cell=folder
        else
            cell=differs message=$(<"$work/difference")
            return
        fi
    fi
    declare -F "${loader}_tree" >/dev/null || return 0
    source=${3#id:}
    read -r name id _ < <(reported $predicted)
    tree "$loader" "$name" "$id" "$source" >"$work/difference" 2>&1 || cell=differs message=$(<"$work/difference")
}
without_names() { cut -d' ' -f2- "$1" | sort -u; }

# older PROGRAM RELEASE: the version of a program is older. Measured with the releases of Debian 12 (podman 4.3, buildah
# 1.28, skopeo 1.9) and those of 2026 (5.8, 1.43, 1.22): a release between them may belong to the other side.
older() { [ "$(printf '%s\n' "${1##* }" "$2" | sort -V | head -n 1)" != "$2" ]; }
# expected LOADER VERSION FORMAT SET OPTIONS: the cell, and a pattern of the message of a refusal
expected() {
    local first
    case $1:$3:$5 in
        docker-load:hybrid:*zstd)
            if older "$2" 23; then echo 'refuses archive/tar: invalid tar header|ApplyLayer.*unexpected EOF'; return; fi
            ;;
        umoci-unpack:*:*zstd)
            if older "$2" 0.5; then echo 'refuses blob is not correct mediatype|umoci lists no name'; return; fi
            ;;
        crane-validate:hybrid:*zstd) echo 'refuses .'; return ;;
    esac
    case $1:$3:$4 in
        podman-load:oci-*:two | podman-load:oci-*:names | buildah-pull:oci-*:two | buildah-pull:oci-*:names)
            echo 'refuses more than one image in oci, choose an image'
            ;;
        buildah-pull:*:two) echo 'refuses expected 1 item, got 2' ;;
        podman-pull:hybrid:odd | podman-pull:oci-*:odd | skopeo-copy:hybrid:odd | skopeo-copy:oci-*:odd)
            echo 'refuses Invalid image localhost/a__b:1'
            ;;
        podman-pull:hybrid:docker | skopeo-copy:hybrid:docker)
            # Old releases select OCI manifests only by name.
            case $1 in podman-*) first=5 ;; *) first=1.10 ;; esac
            if older "$2" $first; then echo 'refuses no descriptor found for reference'; else echo loads; fi
            ;;
        podman-load:oci-dir:none) if older "$2" 5; then echo folder; else echo loads; fi ;;
        podman-load:oci-dir:*) if older "$2" 5; then echo folder; else echo unnamed; fi ;;
        podman-pull:oci-dir:*) if older "$2" 5; then echo folder; else echo loads; fi ;;
        buildah-pull:oci-dir:none) if older "$2" 1.29; then echo folder; else echo loads; fi ;;
        buildah-pull:oci-dir:*) if older "$2" 1.29; then echo folder; else echo unnamed; fi ;;
        umoci-unpack:docker-archive:*) echo 'refuses read oci-layout: invalid image detected' ;;
        umoci-unpack:*:none | umoci-unpack:*:odd) echo 'refuses umoci lists no name' ;;
        umoci-unpack:hybrid:docker) echo 'refuses descriptor does not point to ispec.MediaTypeImageManifest' ;;
        docker-load:oci-archive:*) echo 'refuses blobs/json: no such file or directory|does not contain a manifest.json' ;;
        crane-validate:oci-archive:*) echo 'refuses file manifest.json not found in tar' ;;
        crane-validate:*:two | apptainer-build:docker-archive:two)
            echo 'refuses tarball must contain only a single image'
            ;;
        apptainer-build:hybrid:two | apptainer-build:hybrid:names | apptainer-build:oci-*:two | apptainer-build:oci-*:names)
            echo 'refuses must specify a digest - layout contains multiple images'
            ;;
        *) echo loads ;;
    esac
}

# as_expected LOADER VERSION KIND SET SOURCE...: prints why not
as_expected() {
    local wanted pattern cell=broken message=
    read -r wanted pattern < <(expected "$1" "$2" "${3%% *}" "$4" "${3#* }")
    cell "$1" "${@:3}" || return
    result "$1" "$2" "$3" "$4" "$cell" "$message"
    if [ "$cell" != "$wanted" ]; then
        echo "$cell, expected $wanted"
        echo "$message"
        return 1
    fi
    [ -z "$pattern" ] || grep -qE -- "$pattern" <<<"$message" || { echo "expected $pattern: $message"; return 1; }
}

# ---- running ---------------------------------------------------------------------------

matrix() {
    local loader kind set words version
    for loader in "${loaders[@]}"; do
        if ! "${loader}_start" >"$work/reason"; then
            skip "$loader, all formats" "$(tail -n 1 "$work/reason")"
            continue
        fi
        version=$(version "$loader")
        for kind in "${kinds[@]}"; do
            applies "$loader" "$kind" || continue
            while read -r set words; do
                exists "$kind" "$set" || continue
                read -r -a words <<<"$words"
                check "$loader, $kind, $set: ${words[*]}" as_expected "$loader" "$version" "$kind" "$set" "${words[@]}"
                "${loader}_clear" >"$work/log" 2>&1 ||
                    { cp "$work/log" "$work/why"; not_ok "$loader: its store is cleared"; }
            done < <(sets)
        done
    done
}
