#!/usr/bin/env bats
# --report and --events: reports of a save, for programs.

load helpers
setup_file() { prepare; }

@test "a report has size and checksum of the archive, and the written image and layers" {
    expect 0 img_save --report report.json -o out.tar "$SAMPLE"
    [ ! -s stdout ]
    [ "$(wc -l <report.json)" = 1 ]
    [ "$(jq -r '"\(.size) \(.sha256) \(.path) \(.format) \(.schema)"' report.json)" = \
        "$(stat -c %s out.tar) $SAMPLE_SHA256 out.tar docker-archive img-report/1" ]
    [ "$(jq -c '.images[0] | [.id, .tags, (.layers | length)]' report.json)" = \
        "$(img_resolve "$SAMPLE" | jq -c '[.id, .tags, (.layers | length)]')" ]
    # On standard output, or any descriptor other than the archive's.
    expect 0 img_save --report - -o two.tar "$SAMPLE"
    [ "$(jq -r .sha256 stdout)" = "$SAMPLE_SHA256" ]
    img_save --report /dev/fd/3 "$SAMPLE" 3>third | cmp - out.tar
    [ "$(jq -r .sha256 third)" = "$SAMPLE_SHA256" ]
}

@test "a report of a directory names its blobs" {
    expect 0 img_save --report report.json --format oci-dir -o layout "$SAMPLE"
    jq -e '.size == null and .sha256 == null' report.json
    for digest in $(jq -r '.images[0] | .manifest.after, .layers[].after' report.json); do
        [ "$(sha256sum "layout/blobs/sha256/${digest#sha256:}" | cut -d' ' -f1)" = "${digest#sha256:}" ]
    done
}

@test "an event for each image is appended" {
    echo old >events
    expect 0 img_save --events events -o out.tar "$SAMPLE" sample
    [ "$(head -n 1 events)" = old ]
    [ "$(sed 1d events | jq -r '"\(.Type) \(.Status) \(.ID) \(.Name)"')" = \
        "$(img_resolve "$SAMPLE" sample | jq -r '"image save \(.id) out.tar"' | sort -u)" ]
}

@test "an unwritable report file is refused before anything is written" {
    mkdir target
    for option in --report --events; do
        expect 73 img_save $option nowhere/file -o target/out.tar "$SAMPLE"
        failed img-save "nowhere/file: No such file or directory"
        expect 73 img_save $option . -o target/out.tar "$SAMPLE"
        failed img-save "is a directory"
        only
    done
}

@test "a report never replaces the archive" {
    mkdir target
    cd target
    for option in --report --events; do
        for name in out.tar "$PWD/out.tar" ../target/out.tar; do
            expect 64 img_save $option "$name" -o out.tar "$SAMPLE" 2>/dev/null
            grep -q "^img-save: $option: .* is also the output" stderr
        done
    done
    img_save -o out.tar "$SAMPLE"
    ln out.tar other
    expect 64 img_save --force --report other -o out.tar "$SAMPLE"
    expect 64 img_save --dry-run --force --report other -o out.tar "$SAMPLE"
    is_sample out.tar
    # What is no regular file may be both.
    expect 0 img_save --report /dev/null -o /dev/null "$SAMPLE"
}

@test "a failed save writes no report" {
    expect 66 img_save --report report.json --events events -o out.tar nothing
    [ ! -e report.json ]
    [ ! -e events ]
}

# full OPTION NAME: saves to a pipe with a report or events NAME where no file can grow; a limit of the size acts as a full disk.
full() {
    bash -c 'ulimit -f 0; set -o pipefail; img-save --root "$0" "$1" "$2" "$3" | cat >/dev/null' \
        "$STORE" "$1" "$2" "$SAMPLE" 2>&1 | cat >stderr
    return "${PIPESTATUS[0]}"
}

@test "a report that does not fit leaves no file, and an old file as it was" {
    echo old | tee old.json >target.json
    ln -s target.json link.json
    ln -s absent.json dangling.json
    local name
    for name in new.json old.json link.json dangling.json; do
        expect 74 full --report "$name"
        complained img-save "File too large (the output is complete)"
    done
    expect 74 full --events events
    [ ! -e events ]
    [ ! -e new.json ]
    [ ! -e absent.json ]
    [ "$(cat old.json target.json)" = $'old\nold' ]
    expect 74 img_save --report /dev/full -o out.tar "$SAMPLE"
    failed img-save "/dev/full: No space left on device (the output is complete)"
    is_sample out.tar
}

@test "a report replaces a file in one step, and a link stays" {
    echo "an old report" >report.json
    ln report.json before.json
    img_save --report report.json "$SAMPLE" >out.tar
    [ "$(<before.json)" = "an old report" ]
    jq -e .size report.json
    seq 10000 >target.json
    ln -s target.json link.json
    img_save --report link.json "$SAMPLE" >out.tar
    [ -L link.json ]
    cmp target.json report.json
}
