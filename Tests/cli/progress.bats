#!/usr/bin/env bats
# Progress on stderr: when, in which form, and never on stdout.

load helpers
setup_file() { prepare; }
setup() {
    cd "$BATS_TEST_TMPDIR" || return
    export TERM=xterm
    unset NO_COLOR
}

# on_terminal COMMAND...: runs it with stderr on a terminal; terminal.log receives the output.
on_terminal() {
    python3 -c 'import pty' 2>/dev/null || skip "python3 is not installed"
    "$BATS_TEST_DIRNAME/terminal" -- "$@" >stdout
}
# text FILE: its text without escapes.
text() { sed $'s/\e\\[[0-9]*[A-Za-z]//g' "$1" | tr -d '\r'; }
# layers FILE: the short digests of the layers in it, sorted.
layers() { text "$1" | grep -oE '\b[0-9a-f]{12}\b' | sort -u; }
expected() { img_resolve "$SAMPLE" | jq -r '.layers[].digest[7:19]' | sort; }

@test "on a terminal each layer gets a line" {
    on_terminal img-save --root "$STORE" -o out.tar "$SAMPLE"
    is_sample out.tar
    [ ! -s stdout ]
    [ "$(layers terminal.log)" = "$(expected)" ]
    grep -qaE '824.3 kB in [0-9]+m?s' terminal.log
    grep -qa $'\e\[32m' terminal.log
}

@test "the archive on stdout stays clean while the terminal shows progress" {
    on_terminal img-save --root "$STORE" "$SAMPLE"
    is_sample stdout
    [ "$(layers terminal.log)" = "$(expected)" ]
}

@test "NO_COLOR disables colours, TERM=dumb all escapes" {
    NO_COLOR=1 on_terminal img-save --root "$STORE" -o one.tar "$SAMPLE"
    run ! grep -qa $'\e\[[0-9]*m' terminal.log
    [ "$(layers terminal.log)" = "$(expected)" ]
    for term in dumb ''; do
        TERM=$term on_terminal img-save --root "$STORE" -f -o two.tar "$SAMPLE"
        run ! grep -qa $'\e' terminal.log
        grep -qa '^img-save: layer ' terminal.log
    done
}

@test "a slow layer shows bytes, rate and time left, in redrawn lines" {
    command -v pv >/dev/null || command -v python3 >/dev/null || skip "nothing slows a pipe down"
    mkfifo pipe
    # A slow reader: the layer takes a second.
    python3 -c '
import sys, time
with open("pipe", "rb", buffering=0) as pipe:
    while pipe.read(65536): time.sleep(0.08)
' &
    on_terminal img-save --root "$STORE" -o pipe "$SAMPLE"
    wait
    text terminal.log | grep -qE '^[0-9a-f]{12} +[0-9.]+ kB of 824.3 kB +[0-9]+% +[0-9.]+ [kMG]B/s +[0-9]+s left'
    text terminal.log | grep -qE '^layer [1-3] of 3 +[0-9.]+ kB of   1.0 MB +[0-9]+% +[0-9.]+ [kMG]B/s +[0-9]+s left'
    grep -qaE $'\e\\[[23]A\r\e\\[J' terminal.log
}

@test "the last line has path, size and time" {
    on_terminal img-save --root "$STORE" -o out.tar "$SAMPLE"
    text terminal.log | tail -n 1 | grep -qE '^out\.tar: 1\.0 MB in [0-9]+m?s$'
    on_terminal img-save --root "$STORE" --format oci-dir -o layout "$SAMPLE"
    text terminal.log | tail -n 1 | grep -qE '^layout: [0-9.]+ kB in [0-9]+m?s$'
    on_terminal img-save --root "$STORE" "$SAMPLE"
    text terminal.log | tail -n 1 | grep -qE '^standard output: 1\.0 MB in [0-9]+m?s$'
}

@test "narrow terminals get fewer fields, each of them whole" {
    python3 -c 'import pty' 2>/dev/null || skip "python3 is not installed"
    local columns
    for columns in 8 20 40 60 80; do
        "$BATS_TEST_DIRNAME/terminal" "$columns" 10 -- img-save --root "$STORE" -o "$columns.tar" "$SAMPLE"
        # The last line is not redrawn, so it may wrap.
        text terminal.log | sed '$d' >lines
        awk -v columns="$columns" 'length >= columns { exit 1 }' lines
        run ! grep -vxE '([0-9a-f]{12}|layer [0-9] of [0-9])?( +[0-9.]+ k?M?B)?( of +[0-9.]+ [kM]?B)?( in [0-9]+m?s)?( *[0-9]+%)?( +[0-9.]+ [kMG]?B/s)?( +[0-9]+s left)?' lines
    done
    [ "$(layers terminal.log)" = "$(expected)" ]
}

# in_job COMMAND...: runs it as a job of an interactive shell (monitor mode) on a terminal of 80 columns.
in_job() {
    python3 -c 'import pty' 2>/dev/null || skip "python3 is not installed"
    "$BATS_TEST_DIRNAME/job" "$@"
}

@test "a save in the background draws nothing" {
    in_job background img-save --root "$STORE" -o out.tar "$SAMPLE"
    is_sample out.tar
    [ ! -s terminal.log ]
    in_job foreground img-save --root "$STORE" -o two.tar "$SAMPLE"
    [ "$(layers terminal.log)" = "$(expected)" ]
}

# slow_job HOW: saves an image of 25 layers, in two seconds.
slow_job() {
    [ -e many ] || make-sample-store --many many
    mkfifo pipe
    python3 -c '
import time
with open("pipe", "rb", buffering=0) as pipe:
    while pipe.read(65536): time.sleep(0.02)
' &
    in_job "$1" img-save --root many -o pipe many:25
    wait
    text terminal.log | tail -n 1 | grep -qE '^pipe: 6\.5 MB in [0-9]+s$'
}

@test "back in the foreground the lines are drawn again, below those of the shell" {
    slow_job stopped
    sed '1,/shell/d' terminal.log >later
    # The first drawing does not move up, the next ones do.
    [ "$(head -n 1 later | grep -caE $'\e\\[[0-9]+A')" = 0 ]
    text later | grep -qE '^layer [0-9]+ of 25 '
    grep -qaE $'\e\\[[23]A\r\e\\[J' later
}

@test "after a resize no old rows remain" {
    slow_job resized
    # Once, the lines drawn before (in the log those that are not green) take two rows each.
    awk -v escape=$'\e' '
        match($0, escape "\\[[0-9]+A") {
            rows = substr($0, RSTART + 2, RLENGTH - 3)
            if (rows == 2 * lines) wrapped++
            lines = 0
        }
        !index($0, escape "[32m") { lines++ }
        END { exit wrapped != 1 }' terminal.log
    # Later lines take one.
    tail -n 1 terminal.log | grep -qaE $'\e\\[[12]A\r\e\\[J'
}

@test "after a failure the message has a line of its own" {
    cp -a "$STORE" damaged
    find damaged -name libsample.so.1.0 -type f -delete
    local status=0
    on_terminal img-save --root damaged -o out.tar "$SAMPLE" || status=$?
    [ $status = 65 ]
    text terminal.log | grep -q '^img-save: '
}

@test "without a terminal there is no progress, unless requested" {
    expect 0 img_save -o one.tar "$SAMPLE"
    [ ! -s stderr ]
    expect 0 img_save --progress plain -o two.tar "$SAMPLE"
    [ "$(wc -l <stderr)" = 3 ]
    [ "$(layers stderr)" = "$(expected)" ]
    grep -qE '^img-save: layer [0-9a-f]{12}: [0-9.]+ k?B in [0-9]+m?s' stderr
    run ! grep -q $'\r' stderr
    expect 0 img_save --progress none -o three.tar "$SAMPLE"
    [ ! -s stderr ]
}

@test "--progress json writes one object per line" {
    for format in docker-archive oci-dir docker-dir oci-archive; do
        expect 0 img_save --progress json --format $format -o "$format" "$SAMPLE"
        [ "$(jq -r 'select(.event == "started").layer[7:19]' stderr | sort)" = "$(expected)" ]
        [ "$(jq -r 'select(.event == "finished" and .done == .size).layer[7:19]' stderr | sort)" = "$(expected)" ]
    done
    img_resolve "$SAMPLE" | img-manifest --to docker >record
    expect 0 img-tar --progress json -o tar.tar <record
    jq -e . stderr
}

@test "-q is quiet on a terminal, too" {
    on_terminal img-save -q --root "$STORE" -o out.tar "$SAMPLE"
    [ ! -s terminal.log ]
    on_terminal img-save --progress none --root "$STORE" -o two.tar "$SAMPLE"
    [ ! -s terminal.log ]
}

@test "contradictory options are a usage error" {
    expect 64 img_save -q --progress plain -o out.tar "$SAMPLE"
    failed img-save --quiet
    expect 64 img_save -q --verbose -o out.tar "$SAMPLE"
    failed img-save --quiet
    expect 64 img_save --dry-run --progress json -o out.tar "$SAMPLE"
    failed img-save --progress
}
