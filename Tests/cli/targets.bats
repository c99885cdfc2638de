#!/usr/bin/env bats
# Targets: files, links, FIFOs, folders; which are refused, and what is left.

load helpers
setup_file() { prepare; }
setup() {
    cd "$BATS_TEST_TMPDIR" || return
    mkdir target
}

@test "a new target is written and nothing else" {
    expect 0 img_save -o target/out.tar "$SAMPLE"
    [ ! -s stdout ]
    [ ! -s stderr ]
    is_sample target/out.tar
    only out.tar
}

@test "-o - is standard output" {
    expect 0 img_save -o - "$SAMPLE"
    is_sample stdout
    [ ! -e - ]
}

@test "an existing target is refused and not changed" {
    echo precious >target/out.tar
    touch -d 2001-01-01 target/out.tar
    expect 73 img_save -o target/out.tar "$SAMPLE"
    failed img-save target/out.tar
    [ "$(<target/out.tar)" = precious ]
    [ "$(stat -c %Y target/out.tar)" = "$(date -d 2001-01-01 +%s)" ]
    only out.tar
    expect 73 img-tar -o target/out.tar < <(img_resolve "$SAMPLE" | img-manifest --to docker)
    failed img-tar target/out.tar
    [ "$(<target/out.tar)" = precious ]
}

@test "an empty file keeps its mode, its owner and its names" {
    install -m 600 /dev/null target/out.tar
    expect 0 img_save -o target/out.tar "$SAMPLE"
    is_sample target/out.tar
    [ "$(stat -c %a target/out.tar)" = 600 ]
    : >target/out.tar
    ln target/out.tar target/second
    expect 0 img_save --dry-run -o target/out.tar "$SAMPLE"
    grep -q '^note: target/out.tar: writes into the existing empty file' stdout
    expect 0 img_save -o target/out.tar "$SAMPLE"
    is_sample target/second
    only out.tar second
}

@test "an empty file that is written in place is empty again after a failure" {
    : >target/out.tar
    ln target/out.tar target/second
    cp -a "$STORE" damaged
    find damaged -name libsample.so.1.0 -type f -delete
    for format in docker-archive oci-archive; do
        expect 65 img-save --root damaged --format "$format" -o target/out.tar "$SAMPLE"
        [ -e target/out.tar ] && [ ! -s target/out.tar ]
    done
    only out.tar second
}

@test "an empty folder is filled in place, and is empty again after a failure" {
    cp -a "$STORE" damaged
    find damaged -name libsample.so.1.0 -type f -delete
    for format in oci-dir docker-dir; do
        mkdir -m 2710 target/$format
        local inode
        inode=$(stat -c %i target/$format)
        expect 0 img_save --dry-run --format $format -o target/$format "$SAMPLE"
        grep -q "^note: target/$format: writes into the existing empty directory" stdout
        expect 65 img-save --root damaged --format $format -o target/$format "$SAMPLE"
        [ -z "$(ls -A target/$format)" ]
        expect 0 img_save --force --format $format -o target/$format "$SAMPLE"
        [ "$(stat -c '%a %i' target/$format)" = "2710 $inode" ]
        img_save --format $format -o "new-$format" "$SAMPLE"
        diff -r "new-$format" target/$format
    done
    only docker-dir oci-dir
}

@test "a folder whose parent is closed is filled; . is, too" {
    share
    mkdir -p "$shared/closed/mine"
    if [ "$(id -u)" = 0 ]; then
        chown 65534:65534 "$shared/closed/mine"
    else
        chmod 555 "$shared/closed"
    fi
    expect 0 "${as[@]}" "$shared/img-save" --dry-run --root "$shared/store" --format oci-dir \
        -o "$shared/closed/mine" "$SAMPLE"
    expect 0 "${as[@]}" "$shared/img-save" --root "$shared/store" --format oci-dir -o "$shared/closed/mine" "$SAMPLE"
    [ -f "$shared/closed/mine/index.json" ]
    expect 0 "${as[@]}" "$shared/img-save" --root "$shared/store" --force --format docker-dir \
        -o "$shared/closed/mine" "$SAMPLE"
    [ -f "$shared/closed/mine/manifest.json" ] && [ ! -e "$shared/closed/mine/index.json" ]
    [ "$(ls -A "$shared/closed")" = mine ]
    mkdir target/here
    (cd target/here && img_save --format oci-dir -o . "$SAMPLE")
    [ -f target/here/index.json ]
    only here
}

@test "a mount point is filled, and its contents are replaced" {
    [ "$(id -u)" = 0 ] || skip "needs root for a mount"
    mkdir target/volume
    mount -t tmpfs tmpfs target/volume 2>/dev/null || skip "cannot mount"
    local result=0
    { expect 0 img_save --format oci-dir -o target/volume "$SAMPLE" && [ -f target/volume/index.json ] &&
        expect 0 img_save --dry-run --force --format docker-dir -o target/volume "$SAMPLE" &&
        grep -q '^note: target/volume: cannot be renamed' stdout &&
        expect 0 img_save --force --format docker-dir -o target/volume "$SAMPLE" &&
        [ -f target/volume/manifest.json ] && [ ! -e target/volume/index.json ] &&
        mountpoint -q target/volume && only volume &&
        mkdir target/volume/inner && mount -t tmpfs tmpfs target/volume/inner &&
        expect 73 img_save --dry-run --force --format docker-dir -o target/volume "$SAMPLE" &&
        expect 73 img_save --force --format docker-dir -o target/volume "$SAMPLE" &&
        failed img-save "contains a mount point" && [ -f target/volume/manifest.json ]; } || result=1
    umount -R target/volume
    [ $result = 0 ]
}

@test "a file that is a mount point is written in place" {
    [ "$(id -u)" = 0 ] || skip "needs root for a mount"
    : >below
    : >target/out.tar
    mount --bind below target/out.tar 2>/dev/null || skip "cannot mount"
    local result=0
    { expect 0 img_save -o target/out.tar "$SAMPLE" && is_sample below &&
        expect 73 img_save --dry-run --force -o target/out.tar "$SAMPLE" &&
        expect 73 img_save --force -o target/out.tar "$SAMPLE" && failed img-save "is a mount point" &&
        is_sample below; } || result=1
    umount target/out.tar
    [ $result = 0 ]
}

@test "a file system without unnamed files and flags of renames" {
    command -v bindfs >/dev/null || skip "bindfs is not installed"
    mkdir below target/fuse
    bindfs below target/fuse 2>/dev/null || skip "cannot mount FUSE"
    local result=0
    {
        expect 0 img_save --dry-run -o target/fuse/out.tar "$SAMPLE" && grep -q '^note: FUSE: ' stdout &&
            expect 0 img_save -o target/fuse/out.tar "$SAMPLE" && is_sample below/out.tar &&
            expect 0 img_save --force --sync -o target/fuse/out.tar "$SAMPLE" && is_sample below/out.tar
        for format in oci-dir docker-dir; do
            expect 0 img_save --format $format -o target/fuse/$format "$SAMPLE" &&
                expect 0 img_save --force --sync --format $format -o target/fuse/$format "$SAMPLE" || result=1
        done
        [ "$(ls -A below)" = $'docker-dir\noci-dir\nout.tar' ]
    } || result=1
    umount target/fuse
    [ $result = 0 ]
}

@test "a refused unnamed file and refused flags of renames have substitutes" {
    command -v strace >/dev/null || skip "strace is not installed"
    strace -o /dev/null true || skip "strace cannot trace"
    local inject=(strace -qqf -o /dev/null -e inject=renameat2:error=EINVAL -e inject=linkat:error=EXDEV)
    expect 0 "${inject[@]}" img-save --root "$STORE" --format oci-dir -o target/new "$SAMPLE" || {
        # The type of this file system promises that unnamed files can be linked.
        only
        inject=(strace -qqf -o /dev/null -e inject=renameat2:error=EINVAL)
        expect 0 "${inject[@]}" img-save --root "$STORE" --format oci-dir -o target/new "$SAMPLE"
    }
    expect 0 "${inject[@]}" img-save --root "$STORE" --force --sync --format oci-dir -o target/new "$SAMPLE"
    [ -f target/new/index.json ]
    only new
}

# unflushed FOLDER WHEN OPTION...: saves with --sync where the flushes of a folder fail, from one of them on.
unflushed() {
    local folder=$1 when=$2
    shift 2
    expect 74 strace -qqf -o /dev/null -P "$PWD/$folder" -e trace=fsync -e inject=fsync:error=EIO:when="$when+" \
        img-save --root "$STORE" --sync "$@" "$SAMPLE"
    failed img-save "Input/output error"
}

@test "a name that cannot be flushed is given back" {
    command -v strace >/dev/null || skip "strace is not installed"
    strace -o /dev/null true || skip "strace cannot trace"
    unflushed target 1 -o target/out.tar
    only
    echo precious >target/out.tar
    unflushed target 1 --force -o target/out.tar
    [ "$(<target/out.tar)" = precious ]
    rm target/out.tar
    unflushed target 1 --format oci-dir -o target/layout
    only
    img_save --format oci-dir -o target/layout sample
    cp -a target/layout before
    # A new layout in its place, and one that grows: before its last file is named, and after.
    unflushed target 1 --force --format docker-dir -o target/layout
    diff -r before target/layout
    for when in 1 2; do
        unflushed target/layout $when --format oci-dir -o target/layout
        diff -r before target/layout
    done
    only layout
}

@test "without a place for temporary files, compressed layers cannot go into a stream" {
    TMPDIR=$PWD/nowhere expect 74 img_save --format oci-archive "$SAMPLE"
    complained img-save "$PWD/nowhere: cannot spool a compressed layer: No such file or directory"
    TMPDIR=$PWD/nowhere expect 0 img_save --format oci-archive -o target/out.tar "$SAMPLE"
    TMPDIR=$PWD/nowhere expect 0 img_save --format oci-archive --uncompressed "$SAMPLE"
}

@test "in a sticky folder, the file of another user is written in place" {
    share
    [ ${#as[@]} != 0 ] || skip "needs root for another user"
    mkdir -m 1777 "$shared/sticky"
    install -m 666 /dev/null "$shared/sticky/out.tar"
    save=("${as[@]}" "$shared/img-save" --root "$shared/store" -o "$shared/sticky/out.tar")
    expect 0 "${save[@]}" --dry-run "$SAMPLE"
    grep -q '^note: .*: writes into the existing empty file' stdout
    expect 0 "${save[@]}" "$SAMPLE"
    is_sample "$shared/sticky/out.tar"
    for option in --dry-run --quiet; do
        expect 77 "${save[@]}" --force $option "$SAMPLE"
        complained img-save "$shared/sticky/out.tar: Operation not permitted"
    done
    is_sample "$shared/sticky/out.tar"
}

@test "a path that names a descriptor is the descriptor" {
    for path in /dev/fd/9 /proc/self/fd/9 /proc/thread-self/fd/9 link; do
        ln -sf /dev/fd/9 link
        exec 9<>target/file
        rm target/file
        expect 0 img_save -o $path "$SAMPLE"
        [ "$(sha256sum </proc/self/fd/9)" = "$SAMPLE_SHA256  -" ]
        exec 9>&-
        only
    done
    printf 'before ' >appended
    expect 0 img_save -o /dev/fd/9 "$SAMPLE" 9>>appended
    [ "$(tail -c +8 appended | sha256sum)" = "$SAMPLE_SHA256  -" ]
    img_save -o /dev/stderr "$SAMPLE" 2>errors
    is_sample errors
    img_save -o /dev/stdout "$SAMPLE" >output
    is_sample output
    img_save -o /dev/fd/9 "$SAMPLE" 9>&1 >other | sha256sum >sum
    [ "$(cut -d' ' -f1 sum)" = "$SAMPLE_SHA256" ]
    expect 0 img_save --report report -o /dev/fd/9 "$SAMPLE" 9>target/file
    [ "$(jq -r .sha256 report)" = "$SAMPLE_SHA256" ]
}

@test "a descriptor that is not open for writing is refused at the start" {
    : >readable
    for option in --quiet --dry-run; do
        expect 73 img_save $option -o /dev/fd/9 "$SAMPLE" 9<readable
        complained img-save "/dev/fd/9: is not open for writing"
        expect 73 img_save $option -o /dev/fd/7 "$SAMPLE" 7>&-
        complained img-save "/dev/fd/7: is not an open descriptor"
        expect 73 img_save $option --format oci-dir -o /dev/fd/9 "$SAMPLE" 9>out
        complained img-save "is not a directory"
    done
    only
}

# add NUMBER LAYOUT: adds the sample under a name of its own.
add() {
    img_resolve "$SAMPLE" | img-manifest --to oci | jq -c ".tags = [\"localhost/sample:$1\"]" |
        img-tar --format oci-dir -o "$2"
}

@test "every image that processes add to one layout at the same time is in its index" {
    for ((round = 0; round < ${ROUNDS:-5}; round++)); do
        rm -rf target/layout
        mkdir target/layout
        add 0 target/layout
        local pids=()
        for number in {1..8}; do
            add "$number" target/layout 2>"err.$number" &
            pids+=($!)
        done
        for pid in "${pids[@]}"; do wait "$pid" || { cat err.*; return 1; }; done
        [ "$(jq -r '.manifests[].annotations["org.opencontainers.image.ref.name"]' target/layout/index.json |
            grep -cx 'localhost/sample:[0-8]')" = 9 ]
        [ "$(ls -A target/layout)" = $'blobs\nindex.json\noci-layout' ]
    done
    if command -v umoci >/dev/null; then
        [ "$(umoci ls --layout target/layout | grep -c ':[1-8]$')" = 8 ]
    fi
    if command -v skopeo >/dev/null; then
        for number in {1..8}; do
            skopeo copy -q --insecure-policy "oci:target/layout:localhost/sample:$number" "dir:copy.$number"
        done
    fi
}

@test "processes that fill one empty folder lose no image" {
    for _ in {1..5}; do
        rm -rf target/layout
        mkdir target/layout
        for number in {1..4}; do
            { add "$number" target/layout 2>"err.$number" && touch "ok.$number"; } &
        done
        wait
        # A folder in which another process has started is not empty; no other error is right.
        for number in {1..4}; do
            if [ -e "ok.$number" ]; then
                grep -qF "localhost/sample:$number\"" target/layout/index.json
            else
                grep -qF "exists and is not empty" "err.$number"
            fi
        done
        [ -e target/layout/oci-layout ]
        rm -f ok.*
    done
}

@test "a layout that another process holds is an error that may pass" {
    command -v flock >/dev/null || skip "flock is not installed"
    img_save --format oci-dir -o target/layout "$SAMPLE"
    cp -a target/layout before
    expect 75 flock target/layout "$IMG_BIN/img-save" --root "$STORE" --format oci-dir -o target/layout sample
    failed img-save "is locked by another process"
    diff -r before target/layout
}

@test "an empty target is used" {
    : >target/out.tar
    expect 0 img_save -o target/out.tar "$SAMPLE"
    is_sample target/out.tar
    only out.tar
}

@test "--force replaces an existing target" {
    echo old >target/out.tar
    ln target/out.tar other-name
    expect 0 img_save --force -o target/out.tar "$SAMPLE"
    is_sample target/out.tar
    [ "$(<other-name)" = old ]
    only out.tar
}

@test "--force keeps the old target when the save fails" {
    echo precious >target/out.tar
    cp -a "$STORE" damaged
    find damaged -name libsample.so.1.0 -type f -delete
    local status=0
    img-save --root damaged --force -o target/out.tar "$SAMPLE" >stdout 2>stderr || status=$?
    [ $status = 65 ]
    [ "$(<target/out.tar)" = precious ]
    only out.tar
}

@test "--sync writes the same" {
    expect 0 img_save --sync -o target/out.tar "$SAMPLE"
    is_sample target/out.tar
    only out.tar
}

@test "a missing parent folder is refused" {
    expect 73 img_save -o target/none/out.tar "$SAMPLE"
    failed img-save target/none/out.tar
    only
}

@test "a folder is refused as an archive" {
    mkdir target/folder
    expect 73 img_save -o target/folder "$SAMPLE"
    failed img-save target/folder
    expect 73 img_save --force -o target/folder "$SAMPLE"
    failed img-save target/folder
    only folder
}

@test "a folder without permission is refused" {
    [ "$(id -u)" != 0 ] || skip "root may write everywhere"
    chmod a-w target
    expect 77 img_save -o target/out.tar "$SAMPLE"
    failed img-save target/out.tar
    only
}

@test "a FIFO is written in place" {
    mkfifo target/pipe
    sha256sum <target/pipe >sum &
    expect 0 img_save -o target/pipe "$SAMPLE"
    wait
    [ "$(cut -d' ' -f1 sum)" = "$SAMPLE_SHA256" ]
    [ -p target/pipe ]
}

@test "/dev/stdout and /dev/null are written in place" {
    img_save -o /dev/stdout "$SAMPLE" | sha256sum >sum
    [ "$(cut -d' ' -f1 sum)" = "$SAMPLE_SHA256" ]
    expect 0 img_save -o /dev/null "$SAMPLE"
    [ -c /dev/null ]
}

@test "a symbolic link is followed" {
    mkdir elsewhere
    ln -s ../elsewhere/real.tar target/link.tar
    expect 0 img_save -o target/link.tar "$SAMPLE"
    [ -L target/link.tar ]
    is_sample elsewhere/real.tar
    [ "$(ls -A elsewhere)" = real.tar ]
    expect 73 img_save -o target/link.tar "$SAMPLE"
    expect 0 img_save --force -o target/link.tar "$SAMPLE"
    [ -L target/link.tar ]
    is_sample elsewhere/real.tar
    only link.tar
}

@test "a loop of symbolic links is refused" {
    ln -s b target/a
    ln -s a target/b
    expect 73 img_save -o target/a "$SAMPLE"
    failed img-save
    only a b
}

@test "a name with a colon, a space or a leading dash is a name" {
    expect 0 img_save -o 'target/a:b c.tar' "$SAMPLE"
    is_sample 'target/a:b c.tar'
    expect 0 img_save --output=-x.tar "$SAMPLE"
    is_sample ./-x.tar
}

@test "a long name is written or refused cleanly" {
    name=$(printf 'n%.0s' {1..255})
    expect 0 img_save -o "target/$name" "$SAMPLE"
    is_sample "target/$name"
    only "$name"
    expect 73 img_save -o "target/${name}n" "$SAMPLE"
    failed img-save
    only "$name"
}

@test "the umask affects the file's mode, not its bytes" {
    (umask 077 && img_save -o target/077.tar "$SAMPLE")
    (umask 022 && img_save -o target/022.tar "$SAMPLE")
    cmp target/077.tar target/022.tar
    [ "$(stat -c %a target/077.tar)" = 600 ]
    [ "$(stat -c %a target/022.tar)" = 644 ]
}

@test "a full file system is an I/O error that leaves nothing" {
    [ "$(id -u)" = 0 ] || skip "needs root for a small file system"
    mkdir small
    mount -t tmpfs -o size=256k tmpfs small 2>/dev/null || skip "cannot mount"
    local result=0
    { expect 74 img_save -o small/out.tar "$SAMPLE" && failed img-save "No space left on device" &&
        [ -z "$(ls -A small)" ]; } || result=1
    umount small
    [ $result = 0 ]
}

@test "a replaced folder that cannot be removed is named" {
    [ "$(id -u)" = 0 ] || skip "needs root for a mount"
    mkdir -p target/layout/busy
    mount -t tmpfs tmpfs target/layout/busy 2>/dev/null || skip "cannot mount"
    local result=0
    expect 74 img_save --force --format oci-dir -o target/layout "$SAMPLE" &&
        failed img-save 'left as target/.layout.img-' && [ -e target/layout/index.json ] || result=1
    umount target/.layout.img-*/busy
    [ $result = 0 ]
}

@test "a read-only file system is reported, in every format" {
    [ "$(id -u)" = 0 ] || skip "needs root for a mount"
    mount -t tmpfs -o ro tmpfs target 2>/dev/null || skip "cannot mount"
    local result=0
    for format in docker-archive oci-archive oci-dir docker-dir; do
        expect 73 img_save --format "$format" -o target/out "$SAMPLE" && failed img-save "Read-only file system" ||
            result=1
    done
    umount target
    [ $result = 0 ]
}

@test "a path with a line feed gives a message of one line" {
    expect 73 img_save -o $'target/no\nsuch/out.tar' "$SAMPLE"
    failed img-save 'target/no\nsuch/out.tar: No such file or directory'
    expect 0 img_save -o $'target/out\n.tar' "$SAMPLE"
    mv $'target/out\n.tar' target/out.tar
    is_sample target/out.tar
}

@test "a target's name may contain any bytes" {
    local name=$'odd\xff.tar'
    expect 0 img_save -o "$name" --report=$'report\xfe' "$SAMPLE"
    [ -f "$name" ]
    [ -s $'report\xfe' ]
    [ "$(sha256sum <"$name")" = "$SAMPLE_SHA256  -" ]
}
