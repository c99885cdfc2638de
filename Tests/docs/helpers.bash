# What the tests of documents share. The tools come from IMG_BIN (.build/debug).
# shellcheck shell=bash disable=SC2034

bats_require_minimum_version 1.5.0
tools=(img-resolve img-manifest img-tar img-save)

prepare() {
    local bin=${IMG_BIN:-$BATS_TEST_DIRNAME/../../.build/debug}
    IMG_BIN=$(realpath "$bin")
    TOP=$(realpath "$BATS_TEST_DIRNAME/../..")
    PATH=$IMG_BIN:$PATH
    export IMG_BIN TOP PATH LC_ALL=C.UTF-8
}

# options TOOL: the options that its --help lists, one a line.
options() { "$1" --help | sed -nE 's/^  (-.*)/\1/p' | grep -oE '^(-[A-Za-z0-9], )?--[a-z-]+' | tr -d , | tr ' ' '\n'; }
# long_options TOOL: the long ones, sorted.
long_options() { options "$1" | grep -- '^--' | sort -u; }

# same TEXT TEXT: equal, or the difference is shown.
same() { diff <(printf '%s\n' "$1") <(printf '%s\n' "$2"); }
