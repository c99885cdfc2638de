# Prints TAP, and `N passed, N failed, N skipped` at its end; $title names the whole, $work is a folder.
# shellcheck shell=bash disable=SC2154

passed=0 failed=0 skipped=0
ok() { passed=$((passed + 1)); echo "ok $((passed + failed + skipped)) - $1"; }
not_ok() {
    failed=$((failed + 1))
    echo "not ok $((passed + failed + skipped)) - $1"
    if [ -s "$work/why" ]; then head -n 12 "$work/why" | cut -c 1-300 | sed 's/^/#   /'; fi
}
skip() { skipped=$((skipped + 1)); echo "ok $((passed + failed + skipped)) - $1 # SKIP $2"; }
summary() {
    echo "1..$((passed + failed + skipped))"
    if [ $skipped = 0 ]; then
        echo "$passed passed, $failed failed"
    else
        echo "$passed passed, $failed failed, $skipped skipped"
    fi
    [ $failed = 0 ]
}
skip_all() { skip "$title" "$1"; summary; exit; }
# check NAME COMMAND...: the case passes if the command does; its output is the reason.
# (As a condition, so `set -e` is off inside: functions used here return by hand.)
check() {
    local name=$1; shift
    if "$@" >"$work/why" 2>&1; then ok "$name"; else not_ok "$name"; fi
}
# result PROGRAM VERSION KIND CONTENTS CELL MESSAGE: a line of the results that lib/compatibility reads
result() {
    local IFS=$'\t'
    printf '%s\n' "${*//[$'\n\t']/ }" >>"$results"
}
# recorded PROGRAM VERSION KIND CONTENTS COMMAND...: runs the command; whether it succeeds is a result
recorded() {
    local cell=loads
    "${@:5}" || cell=differs
    result "${@:1:4}" $cell ''
    [ $cell = loads ]
}
