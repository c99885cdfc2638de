#!/usr/bin/env bats
# --verify: checks of archives, directories and images, which write nothing.

load helpers
setup_file() { prepare; }

# flip FILE OFFSET: inverts the lowest bit of a byte.
flip() {
    local byte
    byte=$(od -An -tu1 -j "$2" -N 1 "$1")
    printf '%b' "\\0$(printf %03o $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

@test "what img-save writes is intact, in every format, in files and on standard input" {
    for format in docker-archive oci-archive hybrid; do
        img_save --format $format -o $format.tar "$SAMPLE"
        expect 0 img-tar --verify $format.tar
        [ ! -s stdout ] && [ ! -s stderr ]
        expect 0 img-tar --verify - <$format.tar
        expect 0 img-tar --verify - < <(cat $format.tar)
        expect 0 img-tar --verify --deep - < <(gzip -c $format.tar)
    done
    for format in oci-dir docker-dir; do
        img_save --format $format -o $format "$SAMPLE"
        expect 0 img-tar --verify $format
        [ ! -s stdout ] && [ ! -s stderr ]
    done
    expect 0 img-tar --verify docker-archive.tar oci-archive.tar hybrid.tar oci-dir docker-dir
    if command -v zstd >/dev/null && [ "$(img-tar --verify - < <(zstd -qc hybrid.tar) 2>&1)" = '' ]; then
        expect 0 img-tar --verify --report report.json - < <(zstd -qc hybrid.tar)
        [ "$(jq -r .kind report.json)" = hybrid ]
    fi
}

@test "a flipped bit is found, with image and layer" {
    img_save --format hybrid -o good.tar "$SAMPLE"
    cp good.tar bad.tar
    offset=$(grep -abo -m 1 "hello" bad.tar | head -n 1 | cut -d: -f1)
    flip bad.tar "${offset:-100000}"
    expect 65 img-tar --verify bad.tar
    [ ! -s stdout ]
    grep -q '^img-tar: bad\.tar: ' stderr
    cp stderr file
    expect 65 img-tar --verify - <bad.tar
    same=$(sed 's/^img-tar: standard input: /img-tar: bad.tar: /' stderr)
    [ "$same" = "$(<file)" ]
    # One faulty archive of several.
    expect 65 img-tar --verify good.tar bad.tar good.tar
    run ! grep -q good stderr
}

@test "a cut archive is found" {
    img_save -o good.tar "$SAMPLE"
    head -c 100000 good.tar >cut.tar
    expect 65 img-tar --verify cut.tar
    grep -q 'unexpected end' stderr
    gzip -c good.tar | head -c 10000 >cut.tar.gz
    expect 65 img-tar --verify cut.tar.gz
}

@test "a report has a line for each archive" {
    img_save --format hybrid -o good.tar "$SAMPLE"
    head -c 100000 good.tar >cut.tar
    expect 65 img-tar --verify --report report.json good.tar cut.tar
    [ "$(jq -r '"\(.schema) \(.path) \(.kind) \(.faults | length == 0)"' report.json | head -n 1)" = \
        'img-verify/1 good.tar hybrid true' ]
    [ "$(jq -r .sha256 report.json)" = "$(sha256sum good.tar cut.tar | cut -d' ' -f1)" ]
    [ "$(jq -r '.images[0].tags[0]' report.json | head -n 1)" = "$SAMPLE" ]
    jq -es '.[1].faults | map(.code) | index("no-trailer")' report.json
    expect 65 img-tar --verify --report - cut.tar
    [ "$(jq -r .path stdout)" = cut.tar ]
}

@test "images of a store are intact, or the damaged file is named" {
    cp -a "$STORE" store
    expect 0 img-save --root "$PWD/store" --verify --all
    [ ! -s stdout ] && [ ! -s stderr ]
    img-resolve --root "$PWD/store" "$SAMPLE" >record
    expect 0 img-tar --verify <record
    expect 0 img-save --verify <record
    file=$(find store -path '*diff/usr/bin/hello' | head -n 1)
    flip "$file" 1000
    expect 65 img-save --root "$PWD/store" --verify "$SAMPLE"
    failed img-save 'damaged file "usr/bin/hello"'
    expect 65 img-tar --verify --report report.json <record
    failed img-tar "$SAMPLE: layer "
    [ "$(jq -r '"\(.kind) \(.faults[0].code) \(.faults[0].image)"' report.json)" = "records diff-id $SAMPLE" ]
}

@test "notes are printed only with --verbose" {
    img_save -o good.tar "$SAMPLE"
    mkdir more
    echo text >more/stray
    tar -rf good.tar -C more stray
    expect 0 img-tar --verify good.tar
    [ ! -s stderr ]
    expect 0 img-tar --verify --verbose good.tar
    grep -q 'stray: belongs to no image' stderr
}

@test "what cannot be read is no fault" {
    expect 66 img-tar --verify missing.tar
    failed img-tar 'missing.tar: No such file'
    expect 69 img-tar --verify - < <(printf '\xfd7zXZ\0more')
    failed img-tar 'xz, not supported'
    if [ "$(id -u)" != 0 ]; then
        touch closed
        chmod 0 closed
        expect 77 img-tar --verify closed
    fi
}

@test "options without effect are refused" {
    touch a
    for options in '-o x' -f '--format oci-dir' '--jobs 2' --sync '--compression none' --dry-run '--events x' \
        '--progress plain' -m; do
        # shellcheck disable=SC2086 # a list of words
        expect 64 img-tar --verify $options a
        failed img-tar 'has no effect with --verify of archives'
    done
    for options in '-o x' -f '--format oci-dir' --sync --dry-run '-t x' --all-tags; do
        # shellcheck disable=SC2086 # a list of words
        expect 64 img_save --verify $options "$SAMPLE"
        failed img-save 'has no effect with --verify'
    done
    expect 0 img_save --verify --jobs 1 -q "$SAMPLE"
    expect 64 img-tar --deep
    failed img-tar --deep
    expect 64 img-tar a
    failed img-tar "Unexpected argument 'a'"
    expect 64 img-tar --verify - - <a
    failed img-tar 'only once'
}

@test "an archive of more than 100000 members is refused" {
    touch empty
    tar --format=ustar -cf one.tar empty
    head -c 512 one.tar >headers
    for _ in {1..17}; do
        cat headers headers >twice
        mv twice headers
    done
    { head -c $((512 * 100001)) headers; head -c 1024 /dev/zero; } >many.tar
    expect 65 img-tar --verify many.tar
    grep -q 'more than 100000 members' stderr
    expect 65 img_save --have many.tar "$SAMPLE"
    failed img-save 'many.tar: too many members, more than 100000'
    { head -c $((512 * 100000)) headers; head -c 1024 /dev/zero; } >many.tar
    expect 65 img_save --have many.tar "$SAMPLE"
    failed img-save 'many.tar: no images in it whose config is there'
}
