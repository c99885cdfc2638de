#!/usr/bin/env bats
# Help, versions and wrong command lines.

load helpers
setup_file() { prepare; }
tools=(img-resolve img-manifest img-tar img-save)

@test "--help and -h go to stdout" {
    for tool in "${tools[@]}"; do
        for option in --help -h; do
            expect 0 "$tool" "$option"
            [ -s stdout ]
            [ ! -s stderr ]
            grep -q "^USAGE: $tool" stdout
        done
    done
}

@test "--version names the tool, the suite, one version and the compression" {
    for tool in "${tools[@]}"; do
        expect 0 "$tool" --version
        [ ! -s stderr ]
        head -n 1 stdout | grep -Eqx "$tool \(img\) [0-9]+\.[0-9]+\.[0-9]+"
        sed 's/^[^ ]* (img)/img/' stdout >>versions
    done
    # All tools have the same version and the same compression engines.
    grep -Eqx 'compression: .*zlib .*' versions
    [ "$(sort -u versions | wc -l)" = 2 ]
}

@test "help that cannot be written is a failure" {
    for tool in "${tools[@]}"; do
        local status=0
        "$tool" --help >/dev/full 2>stderr || status=$?
        [ $status = 74 ]
        complained "$tool" "standard output: "
    done
}

@test "an unknown option is a usage error" {
    for tool in "${tools[@]}"; do
        case $tool in
            img-resolve | img-save) expect 64 "$tool" --no-such-option image ;;
            img-manifest) expect 64 "$tool" --to oci --no-such-option </dev/null ;;
            *) expect 64 "$tool" --no-such-option </dev/null ;;
        esac
        failed "$tool" no-such-option
    done
}

@test "options are not abbreviated" {
    expect 64 img_save --form docker-archive "$SAMPLE"
    failed img-save
    expect 64 img-resolve --roo "$STORE" "$SAMPLE"
    failed img-resolve
}

@test "no image is an error" {
    expect 64 img_resolve
    failed img-resolve
    # Without operands img-save expects records, and there are none.
    expect 65 img-save </dev/null
    failed img-save "no records"
}

@test "an invalid value: the message lists the valid ones" {
    expect 64 img_save --format zip "$SAMPLE"
    failed img-save zip
    [[ $(<stderr) == *docker-archive* ]]
    expect 64 img-manifest --to zip </dev/null
    failed img-manifest zip
}

@test "an option that cannot take effect is a usage error" {
    expect 64 img_save --force "$SAMPLE"
    failed img-save --force
    expect 64 img_save --sync "$SAMPLE"
    failed img-save --sync
    expect 64 img_save -o '' "$SAMPLE"
    failed img-save --output
    # Records name their store.
    img_resolve "$SAMPLE" >records
    for option in --store=docker --namespace=x --root=$STORE --runroot=/x --imagestore=/x --storage-driver=vfs --storage-opt=a=b --platform=linux/arm; do
        expect 64 img-save "$option" <records
        failed img-save "${option%%=*}"
    done
}

@test "-- ends the options" {
    expect 0 img_resolve -- "$SAMPLE"
    expect 64 img_resolve -- --root
    failed img-resolve 'parsing reference "--root"'
}

@test "options may follow names, unless POSIXLY_CORRECT is set" {
    expect 0 img_resolve "$SAMPLE" --pretty
    POSIXLY_CORRECT=1 expect 66 img_resolve "$SAMPLE" pretty
    POSIXLY_CORRECT=1 expect 64 img_resolve "$SAMPLE" --pretty
    failed img-resolve 'parsing reference "--pretty"'
}

@test "an unknown storage driver is not available" {
    local driver
    for driver in aufs devicemapper windowsfilter zfs; do
        expect 69 img_resolve --storage-driver $driver "$SAMPLE"
        failed img-resolve $driver
    done
    expect 64 img_resolve --storage-driver ovrelay "$SAMPLE"
    failed img-resolve "Did you mean 'overlay'?"
}

@test "an unknown option of the storage driver is a usage error" {
    expect 64 img_resolve --storage-opt overlay.imagstore=/x "$SAMPLE"
    failed img-resolve "--storage-opt: unknown option overlay.imagstore (did you mean imagestore?)"
    expect 64 img_resolve --storage-opt imagestore "$SAMPLE"
    failed img-resolve --storage-opt
    expect 0 img_resolve --storage-opt overlay.mountopt=nodev "$SAMPLE"
    # Unknown options in files and variables are ignored: they may be for other programs.
    STORAGE_OPTS=overlay.imagstore=/x expect 0 img_resolve "$SAMPLE"
}

@test "a store that does not exist is an error" {
    expect 69 img-resolve --root "$PWD/nothing" "$SAMPLE"
    failed img-resolve nothing
    expect 69 img_resolve --imagestore "$PWD/nothing" "$SAMPLE"
    failed img-resolve nothing
}

@test "a terminal is refused as output" {
    command -v script >/dev/null || skip "script is not installed"
    local status=0
    script -qec "img-save --root '$STORE' $SAMPLE 2>stderr" /dev/null </dev/null >stdout || status=$?
    [ $status = 64 ]
    failed img-save terminal
}

@test "a terminal is refused as input of records" {
    command -v script >/dev/null || skip "script is not installed"
    for command in "img-manifest --to docker" img-tar; do
        local status=0
        script -qec "$command >stdout 2>stderr" /dev/null </dev/null >transcript || status=$?
        [ $status = 64 ]
        failed "${command%% *}" terminal
    done
}
