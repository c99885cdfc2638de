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
    # What stands for the other machine and its podman: whole archives only.
    mkdir "$BATS_FILE_TMPDIR/bin"
    PATH=$BATS_FILE_TMPDIR/bin:$PATH
    # shellcheck disable=SC2016 # for the shell that runs it
    printf '#!/bin/sh\n[ "$1" = far ] || exit 1\nshift\nexec sh -c "$*"\n' >"$BATS_FILE_TMPDIR/bin/ssh"
    # shellcheck disable=SC2016
    printf '#!/bin/sh\ncase $1 in\nunshare) shift; exec "$@" ;;\nload) tar -xO manifest.json >/dev/null ;;\n*) exit 1 ;;\nesac\n' \
        >"$BATS_FILE_TMPDIR/bin/podman"
    chmod +x "$BATS_FILE_TMPDIR/bin/ssh" "$BATS_FILE_TMPDIR/bin/podman"
    if ! command -v zstd >/dev/null; then
        printf '#!/bin/sh\nexec cat\n' >"$BATS_FILE_TMPDIR/bin/zstd"
        chmod +x "$BATS_FILE_TMPDIR/bin/zstd"
    fi
}

# run_block TEXT: runs it in an empty folder; any failure in it is one of the test.
run_block() {
    local folder
    folder=$(mktemp -d "$BATS_TEST_TMPDIR/example.XXXXXX")
    printf '%s\n' "$1"
    (cd "$folder" && bash -euo pipefail -c "$1" </dev/null)
}
# run_page PAGE: all of its examples.
run_page() {
    local block count=0
    while IFS= read -r -d '' block; do
        run_block "$block" || return
        count=$((count + 1))
    done < <("$BATS_TEST_DIRNAME/examples" "$TOP/man/$1")
    [ "$count" -gt 0 ]
}

@test "img-save(1)" { run_page img-save.1; }
@test "img-resolve(1)" { run_page img-resolve.1; }
@test "img-manifest(1)" { run_page img-manifest.1; }
@test "img-tar(1)" { run_page img-tar.1; }
@test "img-json(5)" { run_page img-json.5; }
@test "img(7)" { run_page img.7; }
@test "img-output(7)" { run_page img-output.7; }

@test "the recipes of the README" {
    local block count=0
    while IFS= read -r -d '' block; do
        run_block "$block"
        count=$((count + 1))
    done < <(sed -n '/^## Recipes/,/^## [^R]/p' "$TOP/README.md" | awk '
        /^    / { text = text substr($0, 5) "\n"; next }
        text != "" { printf "%s%c", text, 0; text = "" }')
    [ "$count" -ge 6 ]
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
