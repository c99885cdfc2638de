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
