#!/usr/bin/env bats
# Every example of the manual pages and the README runs as it stands there.

load helpers
setup_file() {
    prepare
    command -v python3 >/dev/null || skip "python3 is not installed"
    STORE=$BATS_FILE_TMPDIR/store
    make-sample-store "$STORE" >/dev/null
    "$BATS_TEST_DIRNAME/name-store" "$STORE"
    # The examples name no store: theirs is the machine's.
    unset STORAGE_DRIVER STORAGE_OPTS CONTAINERS_STORAGE_CONF_OVERRIDE SOURCE_DATE_EPOCH "${!XDG_@}"
    printf '[storage]\ndriver = "overlay"\ngraphroot = "%s"\nrunroot = "%s/run"\n' \
        "$STORE" "$BATS_FILE_TMPDIR" >"$BATS_FILE_TMPDIR/storage.conf"
    export CONTAINERS_STORAGE_CONF=$BATS_FILE_TMPDIR/storage.conf HOME=$BATS_FILE_TMPDIR
    # What stands for the other machine and its podman and docker, which have the first layer of an image: whole archives
    # only, and names that an index has.
    mkdir "$BATS_FILE_TMPDIR/bin"
    PATH=$BATS_FILE_TMPDIR/bin:$PATH
    # shellcheck disable=SC2016 # for the shell that runs it
    printf '#!/bin/sh\n[ "$1" = far ] || exit 1\nshift\nexec sh -c "$*"\n' >"$BATS_FILE_TMPDIR/bin/ssh"
    cat >"$BATS_FILE_TMPDIR/bin/podman" <<'END'
#!/bin/sh
case $1 in
    unshare) shift; exec "$@" ;;
    load) tar -xO manifest.json >/dev/null ;;
    images) echo 71be434420e8 ;;
    image) img-resolve acme/app:2 | jq '[{RootFS: {Type: "layers", Layers: [.layers[0].digest]}}]' ;;
    pull)
        archive=${2#oci-archive:}
        tar -xOf "${archive%%:*}" index.json | grep -qF ".ref.name\":\"${archive#*:}\"" ;;
    *) exit 1 ;;
esac
END
    # shellcheck disable=SC2016 # for the shell that runs it
    printf '#!/bin/sh\n[ "$1 $2" = "load image-archive" ] && tar -xOf "$3" index.json >/dev/null\n' >"$BATS_FILE_TMPDIR/bin/kind"
    chmod +x "$BATS_FILE_TMPDIR/bin/ssh" "$BATS_FILE_TMPDIR/bin/podman" "$BATS_FILE_TMPDIR/bin/kind"
    cp "$BATS_FILE_TMPDIR/bin/podman" "$BATS_FILE_TMPDIR/bin/docker"
    if ! command -v zstd >/dev/null; then
        printf '#!/bin/sh\nexec cat\n' >"$BATS_FILE_TMPDIR/bin/zstd"
        chmod +x "$BATS_FILE_TMPDIR/bin/zstd"
    fi
    if ! command -v column >/dev/null; then
        printf '#!/bin/sh\nexec tr "\\t" " "\n' >"$BATS_FILE_TMPDIR/bin/column"
        chmod +x "$BATS_FILE_TMPDIR/bin/column"
    fi
}

# run_block TEXT: runs it in an empty folder; any failure in it is one of the test.
run_block() {
    local folder
    folder=$(mktemp -d "$BATS_TEST_TMPDIR/example.XXXXXX")
    (cd "$folder" && bash -euo pipefail -c "$1" </dev/null)
}
# run_all FILE: all of its examples, in order in one empty folder, so that none needs or meets the file of another;
# changes to that folder.
run_all() {
    local block count=0
    mkdir "$BATS_TEST_TMPDIR/all"
    cd "$BATS_TEST_TMPDIR/all" || return
    while IFS= read -r -d '' block; do
        printf '%s\n' "$block"
        bash -euo pipefail -c "$block" </dev/null || return
        count=$((count + 1))
    done < <("$BATS_TEST_DIRNAME/examples" "$TOP/$1")
    [ "$count" -gt 0 ] || return
    named
}

# tags ARCHIVE: the names of each image in a docker-archive, one image a line.
tags() { tar -xOf "$1" manifest.json | jq -r '.[] | .RepoTags + [] | join(" ")'; }

# named: every docker-archive of this folder has a name for each image, and no file name has a colon.
named() {
    local file
    for file in *.tar; do
        [ -f "$file" ] || continue
        case $file in *:*) echo "a colon: $file"; return 1 ;; esac
        tar -tf "$file" | grep -qx manifest.json || continue
        ! tags "$file" | grep -qx '' || { echo "an image without a name: $file"; return 1; }
    done
}

# names INDEX: the names of an index, in order.
names() { jq -r '.manifests[].annotations["org.opencontainers.image.ref.name"] // empty' "$1" | paste -sd' '; }

# grown: the example of a backup, once more in this folder, writes no layer; the layout has all images.
grown() {
    same "$every" "$(names backup/index.json | sed 's/ quay/\nquay/')"
    same 5 "$(jq '[.manifests[].digest] | unique | length' backup/index.json)"
    find backup/blobs -type f -printf 'sha256:%f %i\n' | sort >before
    img-resolve --all --all-tags | img-manifest --to oci | img-tar -m --format oci-dir -o backup --report - >again
    same true "$(jq '[.images[].layers[].present] | all' again)"
    find backup/blobs -type f -printf 'sha256:%f %i\n' | sort >after
    jq -r '.images[].layers[].after' again | sort -u >layers
    same 3 "$(wc -l <layers)"
    diff <(grep -F -f layers before) <(grep -F -f layers after)
    rm before after again layers
}

debian='docker.io/library/debian:bookworm' app='localhost/acme/app:2' tools='localhost/acme/tools:2'
every="$debian $app $tools
quay.io/team/app:2 registry.example/team/app:stable"

@test "img-save(1)" {
    run_all man/img-save.1
    same "$app $tools" "$(tags both.tar)"
    same "$debian $app $tools" "$(tags net.tar)"
    same "$every" "$(tags all.tar)"
    same $app "$(tags hybrid.tar)"
    same "$app quay.io/team/app:2" "$(names <(tar -xOf oci.tar index.json))"
}
@test "img-resolve(1)" {
    run_all man/img-resolve.1
    same "$debian $app $tools" "$(tags net.tar)"
}
@test "img-manifest(1)" { run_all man/img-manifest.1; }
@test "img-tar(1)" {
    run_all man/img-tar.1
    same "$debian $app $tools" "$(tags net.tar)"
    grown
}
@test "img-json(5)" {
    run_all man/img-json.5
    same registry.example/app:2 "$(tags renamed.tar)"
}
@test "img(7)" {
    run_all man/img.7
    cmp one.tar three.tar
    same "$every" "$(tags all.tar)"
    same "$debian $app $tools" "$(tags net.tar)"
    same "$debian $app $tools" "$(tags by-id.tar)"
    same registry.example/app:1 "$(tags renamed.tar)"
    same "$debian $app $tools" "$(tags docker.io+library+debian@bookworm.tar)"
    same "quay.io/team/app:2 registry.example/team/app:stable" "$(tags quay.io+team+app@2.tar)"
    # Two images, and no archive of one without names.
    [ "$(find . -name '*@*' | wc -l)" = 2 ]
    cmp <(img-save acme/app:2) parts.tar
}
@test "img-output(7)" {
    run_all man/img-output.7
    same "$app $debian" "$(names <(tar -xOf both.tar index.json))"
    same $'podman\ndocker\ndocker-containerd\ncontainerd' "$(jq -r '.images[].loads[].loader' hybrid.json)"
    grown
}

@test "the recipes of the README" {
    run_all README.md
    same "$every" "$(tags all.tar)"
    same "$debian $app $tools" "$(tags net.tar)"
    same "$debian $app $tools" "$(tags net-hybrid.tar)"
    same "$debian $app $tools" "$(names <(tar -xOf net-oci.tar index.json))"
    same $app "$(tags hybrid.tar)"
    grown
    same "registry.example/app:stable $app" "$(tags both-names.tar)"
    same registry.example/app:stable "$(tags renamed.tar)"
    same "$debian $app $tools" "$(tags docker.io+library+debian@bookworm.tar)"
    same "quay.io/team/app:2 registry.example/team/app:stable" "$(tags quay.io+team+app@2.tar)"
    [ "$(find . -name '*@*' | wc -l)" = 2 ]
    cmp <(img-save acme/app:2) parts.tar
}

@test "the table of the README lists each name, and images without a name" {
    local block
    while IFS= read -r -d '' block; do
        [[ $block == *@tsv* ]] || continue
        run_block "$block" >"$BATS_TEST_TMPDIR/table"
    done < <("$BATS_TEST_DIRNAME/examples" "$TOP/README.md")
    cat "$BATS_TEST_TMPDIR/table"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/table")" = 8 ]
    [ "$(grep -c '^<none> ' "$BATS_TEST_TMPDIR/table")" = 2 ]
    grep -Eqx "$app +71be434420e8 +1.1 MB +2024-02-29" "$BATS_TEST_TMPDIR/table"
}

@test "the status of a pipeline is as img(7) says" {
    cd "$BATS_TEST_TMPDIR"
    bash -c 'img-save nothing:1 | cat >out'
    run -66 bash -o pipefail -c 'img-save nothing:1 | cat >out'
    same "66 65 65" "$(bash -c 'img-resolve nothing:1 | img-manifest --to docker | img-tar -o x.tar; echo "${PIPESTATUS[*]}"' 2>err)"
    same "img-resolve: nothing:1: image not known" "$(head -n 1 err | sed 's/ (.*//')"
    [ ! -e x.tar ]
    run -141 bash -o pipefail -c 'img-save acme/app:2 | head -c 1 >out'
}

@test "a colon in a file name does to other programs what img-output(7) says" {
    cd "$BATS_TEST_TMPDIR"
    img-save -o app:2.tar acme/app:2
    run ! tar --rsh-command=/bin/false -tf app:2.tar
    tar -tf ./app:2.tar >out
    tar --force-local -tf app:2.tar >out
    command -v skopeo >/dev/null || return 0
    run ! skopeo inspect docker-archive:app:2.tar
    mv app:2.tar app@2.tar
    skopeo inspect docker-archive:app@2.tar >out
}

@test "an edit by jq does what img-json(5) says" {
    cd "$BATS_TEST_TMPDIR"
    img-resolve acme/app:2 >record
    img-save -o whole.tar <record
    members=$(sed -n '/^Edits of/,/^do not change/p' "$TOP/man/img-json.5" | sed -nE 's/^\.Cm ([a-z]+).*/\1/p')
    for member in $members; do
        jq ".$member = null" record | img-save -o "$member.tar"
        cmp whole.tar "$member.tar"
    done
    # Every member is on one of the lists; only records of manifest lists have an index.
    edits=$(sed -n '/^\.Ss Editing/,/^\.Ss Errors/p' "$TOP/man/img-json.5" | sed -nE 's/^\.It Cm //p' | sed 's/ , /\n/')
    same "$({ jq -r 'keys[]' record | grep -vx schema; echo index; } | sort)" "$(printf '%s\n' "$edits" "$members" | sort)"
    jq '.tags = ["localhost/new:1"]' record | img-save -o new.tar
    same localhost/new:1 "$(tags new.tar)"
    same "$(tar -xOf whole.tar manifest.json | jq '.[].Config, .[].Layers')" \
        "$(tar -xOf new.tar manifest.json | jq '.[].Config, .[].Layers')"
    for edit in '.tags = ["new"]' '.layers |= reverse' 'del(.layers[0])' '.layers[0].digest = .layers[1].digest' \
        '.layers[0].size = 1' '.layers[0].storage = .layers[1].storage' '.config.data = "e30="' '.manifest.data = "e30="' \
        '.config |= {mediaType, data: "e30=", size: 2, digest: "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"}'; do
        echo "$edit"
        jq -c "$edit" record >edited
        run -65 img-save -o bad.tar <edited
        [ ! -e bad.tar ]
    done
}

@test "what the examples of podman load get is an archive" {
    run_block 'img-save acme/app:2 | podman load'
    run ! run_block 'echo nothing | podman load'
}

# shown: lines of output, without times and sorted.
shown() { sed -E 's/ in [0-9]+m?s( +[0-9.]+ .B.s)?$/ in TIME/' | sort; }

@test "what the README shows at its start is what the tools print" {
    local folder=$BATS_TEST_TMPDIR command line count=0
    cd "$folder"
    compare() {
        [ -n "$command" ] || return 0
        count=$((count + 1))
        echo "\$ $command"
        if shown <expected | grep -q ' in TIME$'; then
            # Progress is for terminals; of what is drawn, the last lines count.
            TERM=xterm NO_COLOR=1 "$TOP/Tests/cli/terminal" 400 50 -- bash -c "$command" >out || true
            sed -E $'s/\e\\[[0-9]*[A-Za-z]//g; s/\r//g' terminal.log | grep -v ' of .*%' >>out || true
        else
            bash -c "$command" >out 2>&1 || true
        fi
        diff <(shown <expected) <(shown <out)
    }
    command=''
    while IFS= read -r line; do
        if [[ $line != '    '* || $line == '    $ '* ]]; then
            compare
            command=''
            : >expected
        fi
        case $line in
            '    $ '*) command=${line#'    $ '} ;;
            '    '*) [ -z "$command" ] || printf '%s\n' "${line#    }" >>expected ;;
        esac
    done < <(sed '/^## Install/q' "$TOP/README.md")
    [ "$count" -ge 4 ]
}
