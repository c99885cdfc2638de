#!/usr/bin/env bats
# What is no store, is out of reach, or is gone; and the hints about the store for unknown images.

load helpers
setup_file() { prepare; }

# share_all: share, with all tools.
share_all() {
    share
    cp "$IMG_BIN"/img-{resolve,manifest,tar} "$shared"
    cd "$shared" || return
    run_as() { "${as[@]}" PATH="$shared:$PATH" "$@"; }
    [ ${#as[@]} != 0 ] || run_as() { PATH="$shared:$PATH" HOME="$shared" "$@"; }
    expect() {
        local want=$1 got=0
        shift
        run_as "$@" >"$BATS_TEST_TMPDIR/stdout" 2>"$BATS_TEST_TMPDIR/stderr" </dev/null || got=$?
        cp "$BATS_TEST_TMPDIR"/std{out,err} . 2>/dev/null || :
        [ "$got" = "$want" ] || { echo "status $got instead of $want: $*"; cat stderr; return 1; }
    }
}

@test "a store out of reach is missing permission, not a missing directory" {
    share_all
    mkdir -p closed/storage
    cp -a store/. closed/storage
    chmod 0 closed
    expect 77 img-resolve --root "$PWD/closed/storage" "$SAMPLE"
    failed img-resolve "$PWD/closed/storage: Permission denied (another user's store: run as that user, or with sudo"
    [ ${#as[@]} = 0 ] || grep -q "this one is root's)$" stderr
    expect 77 img-save --root store --imagestore "$PWD/closed/storage" "$SAMPLE"
    failed img-save "$PWD/closed/storage: Permission denied"
    [ ${#as[@]} != 0 ] || { chmod 700 closed; skip "needs root for another user's store: the rest"; }
    # The directory above it can be read.
    chmod 755 closed
    chmod 700 closed/storage
    expect 69 img-resolve --root closed "$SAMPLE"
    failed img-resolve "(did you mean closed/storage?)"
    chmod 0 closed
    # Of another user than root.
    chown 12345 closed
    expect 77 img-resolve --root closed/storage "$SAMPLE"
    failed img-resolve "this one is user 12345's)"
}

@test "a reference to a store out of reach is missing permission" {
    share_all
    mkdir -p closed/storage
    cp -a store/. closed/storage
    chmod 0 closed
    expect 77 img-resolve --root store "containers-storage:[overlay@$PWD/closed/storage+$PWD/run]$SAMPLE"
    failed img-resolve "Permission denied (another user's store"
    chmod 700 closed
}

@test "a record of a store out of reach is missing permission" {
    share_all
    mkdir -p closed/storage
    cp -a store/. closed/storage
    img-resolve --root "$PWD/closed/storage" "$SAMPLE" | img-manifest --to docker >record
    chmod 0 closed
    chmod 644 record
    expect 77 sh -c 'img-tar <record'
    failed img-tar "$PWD/closed/storage: Permission denied (another user's store"
    chmod 700 closed
}

@test "a directory that is no store is refused" {
    mkdir empty other
    touch other/file
    for command in "img-resolve --all" "img-resolve $SAMPLE" "img-save --dry-run -o out.tar $SAMPLE"; do
        # shellcheck disable=SC2086 # lists of words
        for root in empty other; do
            expect 69 $command --root $root
            failed "${command%% *}" "$root: not a store"
        done
        # shellcheck disable=SC2086
        expect 69 $command --root "$STORE" --imagestore other
        failed "${command%% *}" "other: not a store"
        # shellcheck disable=SC2086
        expect 69 $command --root nowhere
        failed "${command%% *}" "nowhere: no such directory"
        # shellcheck disable=SC2086
        expect 69 $command --root other/file
        failed "${command%% *}" "other/file: not a directory"
        # shellcheck disable=SC2086
        expect 69 $command --root other/file/storage
        failed "${command%% *}" "other/file/storage: no such directory"
    done
    expect 69 img-resolve --root /etc --all
    failed img-resolve "/etc: not a store"
}

@test "a store below a directory is named" {
    mkdir containers
    cp -a "$STORE" containers/storage
    expect 69 img-resolve --root containers "$SAMPLE"
    failed img-resolve "containers: not a store: no storage.lock, overlay-images or the like (did you mean containers/storage?)"
    printf '[storage]\ndriver = "overlay"\ngraphroot = "%s"\n' "$PWD/containers" >conf
    CONTAINERS_STORAGE_CONF=$PWD/conf expect 69 img-resolve --all
    failed img-resolve "$PWD/containers: not a store: "
    [[ $(<stderr) == *"(from $PWD/conf; did you mean $PWD/containers/storage?)" ]]
}

@test "a store without images is no failure" {
    for content in storage.lock/ overlay/l/ vfs/dir/ libpod/ overlay-images/ vfs-layers/ btrfs/ overlay-containers/; do
        rm -rf new
        mkdir -p "new/$content"
        [ "$content" != storage.lock/ ] || { rmdir new/storage.lock; touch new/storage.lock; }
        expect 0 img-resolve --root new --all
        [ ! -s stdout ]
        [ ! -s stderr ]
        expect 66 img-resolve --root new py
        failed img-resolve
        [ "$(<stderr)" = "img-resolve: py: image not known" ]
    done
}

@test "an unknown image where there is no store: the message says so" {
    user=$BATS_TEST_TMPDIR/user
    conf() { printf '[storage]\ndriver = "overlay"\ngraphroot = "%s"\n' "$user/storage" >conf; }
    conf
    export CONTAINERS_STORAGE_CONF=$PWD/conf
    for state in missing empty; do
        expect 66 img-resolve py
        failed img-resolve
        [[ $(<stderr) == "img-resolve: py: image not known (there is no store in $user/storage"* ]]
        expect 66 img-save -o out.tar py
        failed img-save
        [[ $(<stderr) == "img-save: py: image not known (there is no store in $user/storage"* ]]
        [ ! -e out.tar ]
        expect 0 img-resolve --all
        failed img-resolve "no images: there is no store in $user/storage"
        expect 0 img-resolve --all --quiet
        [ ! -s stderr ]
        mkdir -p "$user/storage"
        echo "$state"
    done
}

# in_machine COMMAND...: runs a command as a user, where /var/lib has a store of root only, closed to others; or with
# another mode, or with another folder in it.
in_machine() {
    mode=${mode:-700} content=${content:-overlay-images} unshare -m sh -c '
        mount -t tmpfs -o mode=755 none /var/lib && mkdir -p "/var/lib/containers/storage/$content" &&
        chmod "$mode" /var/lib/containers && { [ ! -e /etc/containers ] || mount -t tmpfs none /etc/containers; } &&
        { [ ! -e /usr/share/containers ] || mount -t tmpfs none /usr/share/containers; } && exec "$@"' sh \
        "${as[@]}" PATH="$shared:$PATH" "$@"
}

@test "a forgotten sudo: the message names root's store and sudo" {
    [ "$(id -u)" = 0 ] || skip "needs root to make a store of root in a mount namespace"
    unshare -m true 2>/dev/null || skip "cannot unshare the mount namespace"
    share_all
    local root="perhaps it is in root's store, /var/lib/containers/storage: use sudo"
    local own=$shared/.local/share/containers/storage
    check() {
        local want=$1 got=0
        shift
        in_machine "$@" >stdout 2>stderr || got=$?
        [ "$got" = "$want" ] || { echo "status $got instead of $want: $*"; cat stderr; return 1; }
    }
    check 66 img-resolve py
    failed img-resolve
    [ "$(<stderr)" = "img-resolve: py: image not known (there is no store in $own; $root)" ]
    check 66 img-save py
    failed img-save
    [ "$(<stderr)" = "img-save: py: image not known (there is no store in $own; $root)" ]
    check 0 img-resolve --all
    failed img-resolve
    [ "$(<stderr)" = "img-resolve: no images: there is no store in $own; $root" ]
    # An open one is named if it is a store.
    mode=755 check 66 img-resolve py
    [ "$(<stderr)" = "img-resolve: py: image not known (there is no store in $own; $root)" ]
    mode=755 content=other check 66 img-resolve py
    [ "$(<stderr)" = "img-resolve: py: image not known (there is no store in $own)" ]
    # With a store of the user.
    mkdir -p "$own"
    cp -a store/. "$own"
    check 66 img-resolve py
    [ "$(<stderr)" = "img-resolve: py: image not known ($root)" ]
    check 66 img-resolve sampel
    [ "$(<stderr)" = "img-resolve: sampel: image not known (did you mean sample:latest, sample:1.0?)" ]
    check 0 img-resolve "$SAMPLE"
    # A given store is what the user means.
    check 66 img-resolve --root store py
    [ "$(<stderr)" = "img-resolve: py: image not known" ]
    check 77 img-resolve --root /var/lib/containers/storage py
    failed img-resolve "/var/lib/containers/storage: Permission denied"
    [[ $(<stderr) == *"sudo for root's; this one is root's)" ]]
}

@test "a record whose store is gone is an unusable store, not damage" {
    cp -a "$STORE" gone
    img-resolve --root gone "$SAMPLE" >resolved
    img-manifest --to docker <resolved >record
    rm -rf gone
    expect 69 img-tar -o out.tar <record
    failed img-tar "$PWD/gone: no such directory"
    expect 69 img-tar --dry-run -o out.tar <record
    failed img-tar "$PWD/gone: no such directory"
    expect 69 img-save -o out.tar <resolved
    failed img-save "$PWD/gone: no such directory"
    [ ! -e out.tar ]
    mkdir gone
    expect 69 img-tar -o out.tar <record
    failed img-tar "$PWD/gone: not a store"
    # The store without the layer is damaged, as before.
    mkdir gone/overlay-layers
    expect 65 img-tar -o out.tar <record
}

@test "another platform: the message names the image's own, not the image as similar" {
    expect 66 img_resolve --platform linux/arm64 "$SAMPLE"
    failed img-resolve
    [ "$(<stderr)" = "img-resolve: $SAMPLE: image not known for platform linux/arm64 ($SAMPLE is for linux/amd64, not linux/arm64)" ]
    expect 66 img_save --platform linux/arm/v7 sample
    failed img-save "image not known for platform linux/arm/v7 (sample is for linux/amd64, not linux/arm/v7)"
    expect 66 img_resolve --platform linux/arm64 sampel
    failed img-resolve "sampel: image not known for platform linux/arm64 (did you mean sample:latest, sample:1.0?)"
}

@test "all unknown names are reported, and nothing is written" {
    local text="img-resolve: nothing: image not known
img-resolve: void: image not known"
    expect 66 img_resolve nothing "$SAMPLE" void nothing
    [ ! -s stdout ]
    [ "$(<stderr)" = "$text" ]
    # The status of the first.
    expect 66 img_resolve nothing 'BAD NAME'
    [ "$(wc -l <stderr)" = 2 ]
    expect 64 img_resolve 'BAD NAME' "$SAMPLE" nothing
    [ "$(wc -l <stderr)" = 2 ]
    expect 66 img_resolve -q nothing void
    [ "$(<stderr)" = "$text" ]
    mkdir target
    expect 66 img_save -o target/out.tar nothing "$SAMPLE" void
    [ ! -s stdout ]
    [ "$(<stderr)" = "${text//img-resolve/img-save}" ]
    only
    expect 66 img_save nothing "$SAMPLE" void
    [ ! -s stdout ]
}

@test "a target directory that cannot be searched is missing permission" {
    [ "$(id -u)" = 0 ] || skip "needs root for another user"
    share_all
    img-save --root store --format oci-dir -o layout "$SAMPLE"
    # Others can list it, but not look at its files.
    chmod 744 layout
    expect 77 img-save --root store --format oci-dir -o layout "$SAMPLE"
    failed img-save "layout/oci-layout: Permission denied"
}
