#!/usr/bin/env bats
# What the tools give up once their command line is read. Builds for debugging open a file that a test names, as a bug
# might: IMG_PLANTED_READ and IMG_PLANTED_WRITE.

load helpers
setup_file() { prepare; }

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    img_save -v -o probe.tar "$SAMPLE" 2>err
    grep -q 'Landlock' err || skip "this kernel has no Landlock 2"
}

@test "--verbose says what confines" {
    grep -q 'confined by no new privileges, Landlock [0-9]*, a system call filter: writes go to the target only' err
    grep -q 'confined by .*: reads come from the source only' err
    img_resolve -v "$SAMPLE" 2>img-resolve.err | img-manifest -v --to oci 2>img-manifest.err |
        img-tar -v --format oci-archive -o a.tar 2>img-tar.err
    for tool in img-resolve img-manifest img-tar; do grep "^$tool: confined by" $tool.err; done
}

@test "a planted open outside is denied" {
    mkdir elsewhere target
    echo secret >elsewhere/file
    export IMG_PLANTED_READ=$PWD/elsewhere/file IMG_PLANTED_WRITE=$PWD/elsewhere/new
    img_save -o target/a.tar "$SAMPLE" 2>err
    grep -q "planted: .*elsewhere/new: Permission denied" err
    [ "$(tail -n 2 err | grep -c 'Permission denied')" = 2 ]    # once all sources are known
    img_resolve "$SAMPLE" >record 2>err
    grep -q "planted: .*elsewhere/new: Permission denied" err
    img-manifest --to oci <record >oci 2>err
    grep -q "planted: .*elsewhere/file: Permission denied" err
    img-tar --format oci-archive -o target/b.tar <oci 2>err
    [ "$(tail -n 2 err | grep -c 'Permission denied')" = 2 ]
    img-tar --verify target/b.tar 2>err
    [ "$(tail -n 2 err | grep -c 'Permission denied')" = 2 ]
    [ ! -e elsewhere/new ]
}

@test "reports, events and a layout that grows are within reach" {
    mkdir reports
    img_save --format oci-dir -o layout --report reports/r.json --events reports/events "$SAMPLE"
    img_save -m --format oci-dir -t localhost/again:1 -o layout --report reports/r.json --events reports/events "$SAMPLE"
    [ -s reports/r.json ]
    [ -s reports/events ]
    img-tar --verify layout
    ln -s ../there.tar reports/link.tar
    img_save -o reports/link.tar "$SAMPLE"
    img-tar --verify there.tar
}
