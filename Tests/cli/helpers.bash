# Shared by the command line tests. The tools come from IMG_BIN (.build/debug); the store is the sample store.
# shellcheck shell=bash

bats_require_minimum_version 1.5.0

# Once per file: the tools on the PATH and a sample store.
prepare() {
    local bin=${IMG_BIN:-$BATS_TEST_DIRNAME/../../.build/debug}
    IMG_BIN=$(realpath "$bin")
    STORE=$BATS_FILE_TMPDIR/store
    SAMPLE=localhost/sample:1.0
    PATH=$IMG_BIN:$PATH
    # Ignore the configuration of the user.
    unset STORAGE_DRIVER STORAGE_OPTS CONTAINERS_STORAGE_CONF CONTAINERS_STORAGE_CONF_OVERRIDE
    unset CONTAINERS_REGISTRIES_CONF SOURCE_DATE_EPOCH "${!XDG_@}"
    HOME=$BATS_FILE_TMPDIR/home
    mkdir "$HOME"
    export IMG_BIN STORE SAMPLE PATH HOME LC_ALL=C.UTF-8
    make-sample-store "$STORE" >"$BATS_FILE_TMPDIR/archives"
    read -r SAMPLE_SHA256 _ <"$BATS_FILE_TMPDIR/archives"
    export SAMPLE_SHA256
}

setup() { cd "$BATS_TEST_TMPDIR" || return; }

img_save() { img-save --root "$STORE" "$@"; }
img_resolve() { img-resolve --root "$STORE" "$@"; }

# expect STATUS COMMAND...: runs it with its output in the files stdout and stderr, and compares the status.
expect() {
    local want=$1 got=0
    shift
    "$@" >stdout 2>stderr || got=$?
    [ "$got" = "$want" ] || { echo "status $got instead of $want: $*"; cat stderr; return 1; }
}

# failed TOOL [TEXT]: the last command wrote nothing to stdout and one line of TOOL with TEXT to stderr.
failed() {
    [ ! -s stdout ] || { echo "something on stdout"; return 1; }
    complained "$@"
}
complained() {
    [ "$(wc -l <stderr)" = 1 ] || { echo "not one line:"; cat stderr; return 1; }
    [[ $(<stderr) == "$1: "* ]] || { echo "not from $1:"; cat stderr; return 1; }
    [[ $(<stderr) == *"${2:-}"* ]] || { echo "does not say '$2':"; cat stderr; return 1; }
}

# is_sample FILE: the file equals the output of podman save for the sample.
is_sample() { sha256sum -c --quiet - <<<"$SAMPLE_SHA256  $1"; }

# only NAME...: the folder `target` contains these files and no others, hidden or not.
only() {
    local have
    have=$(ls -A target)
    [ "$have" = "$(printf '%s\n' "$@" | sort)" ] || { echo "in the target's folder: $have"; return 1; }
}

# share: sets `shared` to a folder that any user can access, with copies of the store and of img-save, and `as`
# to a command prefix that runs a command as a user other than root. The folder is removed after the test.
share() {
    as=()
    if [ "$(id -u)" = 0 ]; then
        shared=$(mktemp -d /tmp/img-cli.XXXXXX)
        as=(setpriv --reuid 65534 --regid 65534 --clear-groups env HOME="$shared")
    else
        shared=$(mktemp -d "$BATS_TEST_TMPDIR/img-cli.XXXXXX")
    fi
    chmod 755 "$shared"
    cp -a "$STORE" "$shared/store"
    cp "$IMG_BIN/img-save" "$shared"
    chmod -R a+rX "$shared"
    "${as[@]}" "$shared/img-save" --version >/dev/null || skip "others cannot run the tool"
}
teardown() {
    [ -n "${shared:-}" ] || return 0
    chmod -R u+rwX "$shared"
    rm -rf "$shared"
}
