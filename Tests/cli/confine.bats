#!/usr/bin/env bats
# What the tools give up once their command line is read. Builds for debugging open a file that a test names, as a bug
# might: IMG_PLANTED_READ and IMG_PLANTED_WRITE.

load helpers
setup_file() { prepare; }

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    # Temporary files may be written, so they need a folder of their own.
    mkdir tmp
    export TMPDIR=$PWD/tmp
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

# The system calls of a confined run, by their names on x86-64, on arm64 and in newer C libraries.
calls='brk clone3 close exit exit_group faccessat2 fallocate fcntl flock fstat fsync futex getcwd getdents64 geteuid
getrandom gettid ioctl landlock_add_rule landlock_create_ruleset landlock_restrict_self linkat lseek madvise mkdir mkdirat
mmap mprotect munmap newfstatat openat openat2 pipe2 pread64 preadv2 pwrite64 read readlink readlinkat rename renameat
rseq rt_sigaction rt_sigprocmask sched_getaffinity set_robust_list statfs statx write'

# traced TOOL ARGUMENT...: runs it; prints the calls after the filter is in force that are denied or none of these.
traced() {
    strace -f -qq -o trace "$@" || return
    awk -v known="$calls" '
        BEGIN { split(known, names); for (n in names) is_known[names[n]] }
        confined && (/ = -1 E(ACCES|PERM|NOSYS) / || match($2, /^[a-z0-9_]+\(/) && !(substr($2, 1, RLENGTH - 1) in is_known)) {
            print
            bad = 1
        }
        /prctl\(PR_SET_SECCOMP,.* = 0$/ { confined = 1 }
        END { exit !confined || bad }
    ' trace
}

@test "a confined run makes only the calls that it needs, and none of them is denied" {
    strace -f -o trace true || skip "needs strace and the right to trace"
    local file source format from=$BATS_TEST_DIRNAME/../Stores/ImageFilesTests/Fixtures/archives.tar.xz
    for file in "$from" "$BATS_TEST_DIRNAME"/../Support/OtherStores/*.tar.gz; do tar -xf "$file"; done
    make-sample-store --lists lists
    make-sample-store --vfs vfs >archives
    while read -r source; do
        # Its layers are compressed with zstd, which a build may lack.
        case $source in *containerd-1.6*) img-save --version | grep -q zstd || continue ;; esac
        for format in docker-archive oci-archive hybrid oci-dir docker-dir; do
            echo "$source $format"
            rm -rf out
            # shellcheck disable=SC2086
            traced img-save -q --format $format -o out $source
        done
        # shellcheck disable=SC2086
        traced img-resolve $source >record
        traced img-manifest --to oci <record >oci
        traced img-tar -q --format oci-archive -o out.tar -f <oci
        traced img-tar --verify out.tar
    done <<END
--root $STORE $SAMPLE
--root vfs $SAMPLE
--store docker --root docker-20.10-overlay2 acme/app:2
--store docker --root docker-28.5-containerd acme/app:2
--store containerd --root containerd-1.6 acme/app:2
docker-archive:plain.tar
docker-archive:plain.tar.gz
oci-archive:o-one.tar
oci:o-one
dir:d1
END
    traced img-save -q --root lists --all-platforms --format oci-dir -o layout localhost/built:1
    traced img-save -q -m --format oci-dir -o layout --report report --events events docker-archive:- <plain.tar
    traced img-save -q --compress --format hybrid --have out.tar --root "$STORE" "$SAMPLE" >sparse
    traced img-save -q --dry-run --root "$STORE" "$SAMPLE" >plan
    traced img-save -q --verify --root "$STORE" "$SAMPLE"
    # The test sees a call that is denied.
    mkdir elsewhere target
    IMG_PLANTED_WRITE=$PWD/elsewhere/new run traced img-save -q -o target/a.tar --root "$STORE" "$SAMPLE"
    echo "$output"
    [[ $status = 1 && $output = *'elsewhere/new", O_WRONLY|O_CREAT'*EACCES* ]]
}

@test "what a rule cannot be made for is not found denied later" {
    strace -o trace true || skip "needs strace and the right to trace"
    mkdir target
    local save call error wanted number count=0
    save=(img-save -q -o target/a.tar --root "$STORE" "$SAMPLE")
    while read -r call error wanted; do
        strace -qq -e "trace=$call" -o trace "${save[@]}"
        # The uses of the call for rules; places are opened for them with O_PATH alone.
        grep -n 'O_CLOEXEC|O_PATH)\|^landlock' trace | cut -d : -f 1 >numbers
        while read -r number; do
            rm -f target/a.tar
            run strace -qq -o trace -e "trace=$call" -e "inject=$call:error=$error:when=$number" "${save[@]}"
            echo "$number: $status $output"
            grep INJECTED trace
            [ "$status" = "$wanted" ]
            [[ $output = "img-save: confinement: "*": "* && ! -e target/a.tar ]]
            count=$((count + 1))
        done <numbers
    done <<END
openat ENOSPC 74
openat EMFILE 75
landlock_add_rule ENOMEM 75
END
    [ $count -ge 20 ]
}
