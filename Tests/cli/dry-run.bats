#!/usr/bin/env bats
# --dry-run: prints exactly what would be written, and writes nothing.

load helpers
setup_file() { prepare; }
setup() {
    cd "$BATS_TEST_TMPDIR" || return
    mkdir target
}

# planned OPTION...: compares the plan of a save with its output.
planned() {
    expect 0 img_save --dry-run --report - -o target/planned "$@" "$SAMPLE"
    only
    cp stdout plan.json
    expect 0 img_save --dry-run -o target/planned "$@" "$SAMPLE"
    [ ! -s stderr ]
    img_save -o target/planned "$@" "$SAMPLE"
}
sizes() { jq -r '.members[] | select(.link == null) | "\(.size) \(.name)"' plan.json | grep -v '/$' | sort; }

@test "a docker-archive is planned to the byte" {
    planned
    [ "$(jq .size plan.json)" = "$(stat -c %s target/planned)" ]
    [ "$(jq -r '.members[].name' plan.json)" = "$(tar -tf target/planned)" ]
    tail -n 1 stdout | grep -qxE "docker-archive to target/planned: 1\.0 MB \([0-9.]+ [kMGTPE]?B free\)"
    [ "$(jq '.free | type' plan.json)" = '"number"' ]
    grep -qx "image $(img_resolve "$SAMPLE" | jq -r '.id[:12]'): $SAMPLE, 3 layers" stdout
    jq -e ".images[0].tags == [\"$SAMPLE\"] and (.images[0].layers | length) == 3 and .refused == []" plan.json
}

@test "an uncompressed oci-archive is planned to the byte" {
    planned --format oci-archive --uncompressed
    [ "$(jq .size plan.json)" = "$(stat -c %s target/planned)" ]
    [ "$(jq -r '.members[].name' plan.json)" = "$(tar -tf target/planned)" ]
}

@test "directories of uncompressed layers are planned to the byte" {
    planned --format docker-dir
    [ "$(sizes)" = "$(find target/planned -type f -printf '%s %P\n' | sort)" ]
    [ "$(jq .size plan.json)" = "$(find target/planned -type f -printf '%s\n' | paste -sd+ | bc)" ] || ! command -v bc
    rm -r target/planned
    planned --format oci-dir --uncompressed
    [ "$(sizes)" = "$(find target/planned -type f -printf '%s %P\n' | sort)" ]
    # Again, into the layout that exists now.
    expect 0 img_save --dry-run --report - --format oci-dir --uncompressed -o target/planned sample
    cp stdout plan.json
    img_save --format oci-dir --uncompressed -o target/planned sample
    [ "$(jq '.members[] | select(.name == "index.json").size' plan.json)" = "$(stat -c %s target/planned/index.json)" ]
}

@test "sizes and names that depend on compression are reported as unknown" {
    planned --format oci-archive
    jq -e '.size == null and (.members | map(select(.layer and .size == null and .name == null)) | length) == 3' plan.json
    expect 0 img_save --dry-run --format oci-archive "$SAMPLE"
    grep -q 'temporary file: at most 824.3 kB' stdout
}

@test "two images, and img-tar" {
    expect 0 img_save --dry-run --report - "$SAMPLE" sample
    [ "$(jq -c '[.images[].tags | length]' stdout)" = '[2]' ]
    img_resolve "$SAMPLE" | img-manifest --to docker >record
    expect 0 img-tar --dry-run --report - <record
    [ "$(jq .size stdout)" = "$(img_save "$SAMPLE" | wc -c)" ]
}

# refused STATUS TEXT OPTION...: the plan and the save fail in the same way.
refused() {
    local status=$1 text=$2
    shift 2
    expect "$status" img_save --dry-run "$@" "$SAMPLE"
    complained img-save "$text"
    [ "$(grep -c fail stdout)" = 0 ]
    cp stderr planned
    expect "$status" img_save "$@" "$SAMPLE"
    cmp stderr planned
}

@test "a dry run prints what would fail and exits with the status of the save" {
    echo precious >target/old
    refused 73 "exists and is not empty" -o target/old
    refused 73 "is a directory" -o target
    refused 73 "No such file or directory" -o nowhere/out.tar
    refused 73 "exists and is not empty" --format docker-dir -o target
    refused 73 "is not a directory" --format docker-dir -o target/old
    expect 0 img_save --dry-run --force -o target/old "$SAMPLE"
    [ "$(<target/old)" = precious ]
    expect 64 img_save --dry-run --events events "$SAMPLE"
    failed img-save --events
}

@test "a dry run refuses descriptors and sockets that a save refuses" {
    : >empty
    refused 73 "is not open for writing" -o /dev/fd/9 9<empty
    refused 73 "is not an open descriptor" -o /proc/self/fd/77
    refused 73 "is not a directory" --format oci-dir -o /dev/fd/9 9>out
    refused 73 "No such file or directory" -o "/proc/$$/fd/77"
    command -v python3 >/dev/null || return 0
    python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
    refused 73 "is a socket" -o socket
}

@test "a dry run refuses existing empty targets that a save cannot write to" {
    [ "$(id -u)" = 0 ] || skip "needs root for a mount"
    mount -t tmpfs tmpfs target 2>/dev/null || skip "cannot mount"
    local result=0
    { img_save --format oci-dir -o target/layout "$SAMPLE" && mkdir target/empty && : >target/file &&
        echo old >target/old && mount -o remount,ro target &&
        refused 73 "Read-only file system" --format oci-dir -o target/empty &&
        refused 73 "Read-only file system" --format docker-dir -o target/empty &&
        refused 73 "Read-only file system" --format docker-dir --force -o target/layout &&
        refused 73 "Read-only file system" --format oci-dir -o target/layout &&
        refused 73 "Read-only file system" --force -o target/old &&
        refused 73 "Read-only file system" -o target/file; } || result=1
    umount target
    [ $result = 0 ]
}

@test "a dry run refuses a layout with a folder of others" {
    share
    [ ${#as[@]} != 0 ] || skip "needs root for another user"
    img_save --format oci-dir -o "$shared/layout" "$SAMPLE"
    chown 65534 "$shared/layout"
    for option in --dry-run --quiet; do
        expect 77 "${as[@]}" "$shared/img-save" --root "$shared/store" $option --format oci-dir -o "$shared/layout" sample
        complained img-save "$shared/layout/blobs"
    done
}

@test "notes are in the text and in the report" {
    mkdir target/empty
    expect 0 img_save --dry-run --report plan.json --format oci-dir -o target/empty "$SAMPLE"
    grep -qx 'note: target/empty: writes into the existing empty directory; empties it after a failure' stdout
    jq -e '.notes == ["target/empty: writes into the existing empty directory; empties it after a failure"]' plan.json
    expect 0 img_save --dry-run --report - -o /dev/null "$SAMPLE"
    jq -e '.notes == []' stdout
}

@test "a missing layer is reported" {
    cp -a "$STORE" broken
    rm broken/overlay-layers/*.tar-split.gz
    local status=0
    img-save --root broken --dry-run "$SAMPLE" >stdout 2>stderr || status=$?
    [ $status != 0 ]
    complained img-save
    run ! grep -qF "$(sed 's/^img-save: //' stderr)" stdout
    # Of several refusals, each is printed once.
    echo precious >target/old
    img-save --root broken --dry-run -o target/old "$SAMPLE" >stdout 2>stderr || status=$?
    [ "$status" = 73 ]
    complained img-save 'exists and is not empty'
    [ "$(grep -c 'would also fail' stdout)" = 1 ]
    img-save --root broken --dry-run --report - -o target/old "$SAMPLE" 2>/dev/null | jq -e '.refused | length > 1'
}

@test "long lists are folded, and complete with --verbose" {
    make-sample-store --many many
    img-save --root many --dry-run -o app.tar many:25 >stdout
    grep -qE '^ +[0-9.]+ MB  … 19 more layers …$' stdout
    grep -qE '^ +[0-9.]+ kB  … 69 more files …$' stdout
    [ "$(grep -cE '  [0-9a-f]{64}\.tar$' stdout)" = 6 ]
    grep -q 'manifest.json$' stdout
    [ "$(wc -l <stdout)" -lt 24 ]
    img-save --root many --dry-run --verbose -o app.tar many:25 >stdout 2>/dev/null
    [ "$(grep -cE '  [0-9a-f]{64}\.tar$' stdout)" = 25 ]
    run ! grep -q more stdout
}

@test "free space is compared with the size" {
    [ "$(id -u)" = 0 ] || skip "only root can mount"
    mkdir small
    mount -t tmpfs -o size=100k tmpfs small 2>/dev/null || skip "cannot mount"
    local status=0
    expect 0 img_save --dry-run -o small/out.tar "$SAMPLE" || status=1
    expect 0 img_save --dry-run --report plan.json -q -o small/out.tar "$SAMPLE" && [ ! -s stderr ] || status=1
    expect 0 img_save --dry-run -o small/out.tar "$SAMPLE" || status=1
    umount small
    [ $status = 0 ]
    complained img-save 'small/out.tar: needs 1.0 MB, 102.4 kB free'
    jq -e '.free == 102400 and .size > .free' plan.json
    # A stream has no free space.
    [ "$(img_save --dry-run --report - "$SAMPLE" | jq .free)" = null ]
}

@test "a name of a compressed archive gets a note" {
    local name program
    while read -r name program; do
        expect 0 img_save --dry-run -o "$name" "$SAMPLE"
        complained img-save "$name: the archive itself is not compressed (to compress it, pipe it to $program "
    done <<'END'
app.tar.gz gzip
app.TGZ gzip
app.tar.zst zstd
app.tzst zstd
app.tar.xz xz
app.txz xz
app.tar.bz2 bzip2
app.tbz2 bzip2
END
    expect 0 img_save --progress none -o app.tar.gz "$SAMPLE"
    complained img-save "pipe it to gzip"
    expect 0 img_save -q -o two.tar.gz "$SAMPLE"
    [ ! -s stderr ]
    expect 0 img_save --dry-run --format oci-dir -o layout.gz "$SAMPLE"
    [ ! -s stderr ]
}

@test "layers are not read" {
    cp -a "$STORE" damaged
    find damaged -name libsample.so.1.0 -type f -delete
    img-save --root damaged --dry-run "$SAMPLE"
}

@test "the layers that a layout has are counted, not listed" {
    img_save --format oci-dir -o target/layout "$SAMPLE"
    img_save --format oci-dir --dry-run -o target/layout "$SAMPLE" >stdout
    grep -qE '^there already: [0-9]+ layers, [0-9.]+ [kM]?B$' stdout
    run ! grep -q 'compressed)' stdout
}
