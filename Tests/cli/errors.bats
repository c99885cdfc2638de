#!/usr/bin/env bats
# Failures: one line on stderr, the exit status of its class, and no file left.

load helpers
setup_file() { prepare; }

record() { img_resolve "$SAMPLE"; }

@test "an unknown image is not found" {
    expect 66 img_resolve no-such-image
    failed img-resolve no-such-image
    expect 66 img_save no-such-image
    failed img-save no-such-image
    expect 66 img_resolve "sha256:$(printf '0%.0s' {1..64})"
    failed img-resolve
}

@test "an invalid name is a usage error" {
    for name in 'Not/A Name' '' 'a:b:c' 'sha256:12'; do
        expect 64 img_resolve "$name"
        failed img-resolve
    done
}

@test "a failure for one image means no records" {
    expect 66 img_resolve "$SAMPLE" no-such-image
    failed img-resolve no-such-image
}

@test "a failure upstream leaves no archive" {
    mkdir target
    local status=0
    img_resolve "$SAMPLE" no-such-image 2>/dev/null | img-manifest --to docker 2>/dev/null |
        img-tar -o target/out.tar >stdout 2>stderr || status=$?
    [ $status = 65 ]
    failed img-tar "no records"
    only
}

@test "control characters in a message are escaped" {
    expect 64 img_resolve $'a\nb\e[31mc\u009b'
    failed img-resolve '\n'
    run ! grep -q $'\e' stderr
    run ! grep -q $'\u009b' stderr
}

@test "bad records are bad data" {
    record >good
    cases=(
        '' ' ' '{' '[' '1' '"text"' 'null' '{}' '{"schema":"img/2"}' '{"schema":1}'
        "$(head -c 500 good)"
        "$(<good)x"
        "$(jq -c '.id = "../../etc"' good)"
        "$(jq -c '.layers[0].storage.layer = "../../../etc/passwd"' good)"
        "$(jq -c '.layers[0].digest = "sha256:../../x"' good)"
        "$(jq -c '.layers[0].size = -1' good)"
        "$(jq -c '.layers[0].size = 1.5' good)"
        "$(jq -c '.layers = {}' good)"
        "$(jq -c '.storage.root = "relative"' good)"
        "$(jq -c 'del(.storage)' good)"
        "$(jq -c '.tags = ["UPPER"]' good)"
        "$(jq -c '.tags = [1]' good)"
        "$(jq -c '.manifest.data = "@@"' good)"
        "$(jq -c '.manifest.size += 1' good)"
        "$(jq -c '.config.digest = .manifest.digest' good)"
        "$(sed 's/"id":/"id":"","id":/' good)"
        "$(printf '\xff')"
    )
    for text in "${cases[@]}"; do
        echo "case: ${text:0:60}"
        if [[ $text != *UPPER* ]]; then     # img-manifest ignores tags
            expect 65 img-manifest --to docker <<<"$text"
            failed img-manifest
        fi
        expect 65 img-tar <<<"$text"
        failed img-tar
    done
}

@test "a record whose layers do not match its manifest is bad data" {
    record | jq -c '.layers |= reverse' >bad
    expect 65 img-manifest --to docker <bad
    failed img-manifest
    record | jq -c 'del(.layers[0])' >bad
    expect 65 img-manifest --to docker <bad
    failed img-manifest
    # The size is part of the converted manifest; reading the layer shows that it is wrong.
    record | img-manifest --to docker | jq -c '.layers[0].size += 512' >bad
    mkdir target
    expect 65 img-tar -o target/out.tar <bad
    failed img-tar
    only
}

@test "a record with the manifest of another format is bad data; the message has the remedy" {
    record >oci
    expect 65 img-tar <oci
    failed img-tar "img-manifest --to docker"
}

@test "an error object of an earlier tool is passed on as a failure" {
    echo '{"input":"x:1","error":{"code":"image-not-known","message":"image not known"}}' >object
    expect 65 img-manifest --to docker <object
    failed img-manifest x:1
    expect 65 img-tar <object
    failed img-tar x:1
}

@test "a full device is an I/O error" {
    for command in "img_resolve $SAMPLE" "img_save $SAMPLE" "img_save -o /dev/full $SAMPLE"; do
        local status=0
        $command >/dev/full 2>stderr || status=$?
        [ $status = 74 ]
        complained "$(sed 's/_/-/; s/ .*//' <<<"$command")" "No space left on device"
    done
    img_resolve "$SAMPLE" | img-manifest --to docker >docker
    local status=0
    img-manifest --to oci <docker >/dev/full 2>stderr || status=$?
    [ $status = 74 ]
    complained img-manifest "No space left on device"
    status=0
    img-tar <docker >/dev/full 2>stderr || status=$?
    [ $status = 74 ]
    complained img-tar "No space left on device"
}

@test "a closed stdout is an I/O error" {
    img_resolve "$SAMPLE" | img-manifest --to docker >docker
    for command in "img_resolve $SAMPLE" "img_save $SAMPLE" "img-manifest --to docker" img-tar; do
        local status=0
        $command <docker >&- 2>stderr || status=$?
        [ $status = 74 ]
        complained "$(sed 's/_/-/; s/ .*//' <<<"$command")" "standard output: "
    done
}

@test "a closed stdin is an I/O error" {
    for command in "img-manifest --to docker" img-tar; do
        # shellcheck disable=SC2086 # a list of words
        expect 74 $command <&-
        failed "${command%% *}" "standard input: "
    done
}

@test "a closed pipe ends the tool without a message" {
    local status
    # `|| :` would be a separate command and change PIPESTATUS.
    set +e
    env --default-signal=PIPE img-save --root "$STORE" "$SAMPLE" 2>stderr | head -c 1000 >/dev/null
    status=${PIPESTATUS[0]}
    set -e
    [ "$status" = 141 ]
    [ ! -s stderr ]
}

@test "an interrupted save is ended by the signal" {
    for signal in HUP INT TERM; do
        mkfifo "pipe-$signal"
        # A background shell ignores INT for its children; env restores the default.
        env --default-signal="$signal" img-save --root "$STORE" "$SAMPLE" >"pipe-$signal" 2>stderr &
        local pid=$! status=0
        exec 9<"pipe-$signal"
        # After the first byte nobody reads: the save waits on the full pipe.
        [ "$(head -c 1 <&9 | wc -c)" = 1 ]
        kill -s "$signal" "$pid"
        wait "$pid" || status=$?
        exec 9<&-
        [ "$status" = $((128 + $(kill -l "$signal"))) ]
        [ ! -s stderr ]
    done
}

@test "a damaged file is named, and no output is left" {
    cp -a "$STORE" damaged
    file=$(find damaged/overlay -type f -name hello.conf)
    printf X | dd of="$file" bs=1 conv=notrunc status=none
    mkdir target
    expect 65 img-save --root damaged -o target/out.tar "$SAMPLE"
    failed img-save hello.conf
    [[ $(<stderr) == *"$SAMPLE"* ]]
    [[ $(<stderr) == *"layer "* ]]
    only
    # A stream ends inside a member, so that its reader notices.
    local status=0
    img-save --root damaged "$SAMPLE" >partial.tar 2>stderr || status=$?
    [ $status = 65 ]
    tar -tf partial.tar >members 2>/dev/null || true
    grep -q 'tar$' members
    run ! grep -q manifest.json members
}

@test "a missing file, config or manifest is named, and no output is left" {
    mkdir target
    for name in libsample.so.1.0 '=c2hhMjU2*' manifest; do
        rm -rf damaged
        cp -a "$STORE" damaged
        find damaged -name "$name" -type f -delete
        local status=0
        img-save --root damaged -o target/out.tar "$SAMPLE" >stdout 2>stderr || status=$?
        echo "$name: $status $(<stderr)"
        [ $status = 65 ]
        # A note may come first.
        tail -n 1 stderr >last && mv last stderr
        failed img-save "$SAMPLE"
        only
    done
}

@test "without /proc a tool fails rather than misread its command line" {
    [ "$(id -u)" = 0 ] || skip "needs root to unmount it"
    unshare -m true 2>/dev/null || skip "cannot unmount"
    local status=0
    unshare -m sh -c "umount -l /proc && exec img-save -o out.tar $SAMPLE" 2>stderr </dev/null || status=$?
    [ $status = 69 ]
    failed img-save "/proc/self/cmdline: cannot be read; /proc must be mounted"
}

@test "too few descriptors are no damage of the store" {
    local status seen=
    for limit in {6..20}; do
        status=0
        (ulimit -n "$limit" && exec img-save --root "$STORE" --jobs 1 -o /dev/null "$SAMPLE") \
            >stdout 2>stderr 3>&- 4>&- || status=$?
        echo "$limit descriptors: $status $(<stderr)"
        seen+=" $status"
        [ $status = 0 ] || {
            [ $status = 75 ]
            failed img-save "Too many open files"
            grep -q "$STORE/" stderr
        }
    done
    [[ $seen == " 75"*" 0" ]]
}

@test "a file that cannot be read for now is worth another try" {
    mkdir target
    local status=0
    # One descriptor is missing when the files of the first layer are opened.
    for limit in {6..20}; do
        status=0
        (ulimit -n "$limit" && exec img-save --root "$STORE" --jobs 1 -o target/out.tar "$SAMPLE") \
            >stdout 2>stderr 3>&- 4>&- || status=$?
        ! grep -q "/diff/" stderr || break
    done
    [ $status = 75 ]
    failed img-save "$SAMPLE: $STORE/overlay/"
    only
}

@test "a writer that keeps its locks is waited for once, whatever is asked" {
    command -v perl || skip "needs perl"
    cp -a "$STORE" other
    # shellcheck disable=SC2016 # perl's variables
    timeout 60 perl -e 'use Fcntl; my $lock = pack("s s x4 q q i x4", F_WRLCK, 0, 0, 0, 0);
        my @files = map { open(my $f, "+<", $_) or die; fcntl($f, F_SETLK, $lock) or die; $f } @ARGV;
        open(my $l, ">", "locked"); close $l; sleep 50' \
        {"$STORE",other}/overlay-{layers/layers,images/images}.lock >/dev/null 2>&1 3>&- &
    local writer=$! status=0
    for _ in {1..100}; do [ -e locked ] || sleep 0.1; done
    [ -e locked ]
    SECONDS=0
    img_resolve --keep-going "$SAMPLE" nothing:1 nothing:2 "containers-storage:[overlay@$PWD/other]$SAMPLE" \
        >stdout 2>stderr || status=$?
    kill "$writer"
    echo "status $status, $SECONDS seconds"
    [ "$status" = 66 ]
    [ "$(jq -r .id stdout | grep -c '^[0-9a-f]\{64\}$')" = 2 ]
    [ "$SECONDS" -ge 9 ]
    [ "$(grep -c "waiting for a writer" stderr)" = 1 ]
    grep -q "layers.lock: waiting" stderr
}
