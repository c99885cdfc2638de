# What programs show for an archive or a directory: lines `NAME ID LAYERS`, the layers as diffIDs joined by commas.
# shellcheck shell=bash disable=SC2154

# READER_can_read   0 if it can be used, else the reason
# facts_READER      TRANSPORT PATH

facts_img() {
    "$bin/img-resolve" --all "$1:$2" 2>"$work/notes" | jq -r '
        (if .tags == [] then "<none>:<none>" else .tags[] end) as $name |
        "\($name) \(.id) \([.layers[].digest] | join(","))"'
}

# The references that img-resolve lists; the names that it shows must be those of skopeo.
skopeo_can_read() { installed skopeo; }
facts_skopeo() {
    local reference name raw
    "$bin/img-resolve" --all "$1:$2" 2>"$work/notes" >"$work/records" || return 1
    while read -r reference; do
        name=${reference#"$1:$2"} name=${name#:}
        case $name in */*) ;; *) name='<none>:<none>' ;; esac
        skopeo inspect --config --raw "$reference" >"$work/config" || return 1
        raw=$(sha256sum <"$work/config") || return 1
        echo "$name ${raw%% *} $(diff_ids "$work/config" | paste -sd,)"
        # The blobs, too; those of a docker-archive have no digests.
        [ "$1" != docker-archive ] || continue
        skopeo inspect --raw "$reference" | jq -r '.layers[].digest' >"$work/blobs" || return 1
        jq -r --arg input "$reference" 'select(.input == $input) | .layers[] | .blob.digest' "$work/records" |
            diff "$work/blobs" - || return 1
    done < <(jq -r '.input' "$work/records")
    if [ "$1" = docker-archive ]; then
        # A name that is missing in the records would not be seen above.
        diff <(skopeo list-tags "$1:$2" | jq -r '.Tags[] | select(startswith("@") | not)' | sort) <(jq -r '.tags[]' "$work/records" | sort) >&2 || return 1
        for name in $(jq -r '.tags[1:][]' "$work/records"); do
            skopeo inspect --config --raw "$1:$2:$name" >"$work/config" || return 1
            raw=$(sha256sum <"$work/config")
            echo "$name ${raw%% *} $(diff_ids "$work/config" | paste -sd,)"
        done
    fi
}

# of_inspect: the facts in the output of `image inspect` of podman and Docker
of_inspect() {
    jq -r '.[] | (if (.RepoTags // []) == [] then "<none>:<none>" else .RepoTags[] end) as $name |
        "\($name) \(.Id | ltrimstr("sha256:")) \(.RootFS.Layers // [] | join(","))"'
}

podman_can_read() { podman_start; }
facts_podman() {
    local status=0 ids
    podman load -q -i "$2" >"$work/log" 2>&1 || { cat "$work/log" >&2; return 1; }
    mapfile -t ids < <(podman images -aq --no-trunc | sort -u)
    podman image inspect "${ids[@]}" | of_inspect || status=1
    podman_clear >"$work/log" 2>&1 || return 1
    return $status
}

docker_can_read() { docker_start; }
facts_docker() {
    local status=0 ids
    docker_start || return 1
    docker load -q -i "$2" >"$work/log" 2>&1 || { cat "$work/log" >&2; return 1; }
    mapfile -t ids < <(docker images -aq --no-trunc | sort -u)
    docker image inspect "${ids[@]}" | of_inspect |
        awk '{ n = split($1, p, "/")
            if ($1 == "<none>:<none>") ;
            else if (n == 1) $1 = "docker.io/library/" $1
            else if (p[1] !~ /[.:]/ && p[1] != "localhost") $1 = "docker.io/" $1
            print }' || status=1
    docker_clear >"$work/log" 2>&1 || return 1
    return $status
}

containerd_can_read() { containerd_start; }
facts_containerd() {
    local status=0 name digest
    containerd_start || return 1
    "${ctr[@]}" image import "$2" >"$work/log" 2>&1 || { cat "$work/log" >&2; return 1; }
    while read -r name _ digest _; do
        [ "$name" != REF ] || continue
        "${ctr[@]}" content get "$digest" >"$work/manifest" || status=1
        digest=$(jq -r '.manifests[0].digest // empty' "$work/manifest")
        [ -z "$digest" ] || "${ctr[@]}" content get "$digest" >"$work/manifest" || status=1
        digest=$(jq -r '.config.digest' "$work/manifest")
        "${ctr[@]}" content get "$digest" >"$work/config" || status=1
        echo "$name ${digest#sha256:} $(diff_ids "$work/config" | paste -sd,)"
    done < <("${ctr[@]}" image ls)
    containerd_clear >"$work/log" 2>&1 || return 1
    return $status
}
