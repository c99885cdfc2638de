#!/usr/bin/env bats
# The four formats: their contents, their options, and other programs that read them.

load helpers
setup_file() { prepare; }

# content DIR: one line for each file in the folder, with its checksum.
content() { (cd "$1" && find . -type f -exec sha256sum {} + | sort -k2); }

# is_layout FOLDER: an OCI layout whose blobs are named by their digests.
is_layout() {
    [ "$(jq -r .imageLayoutVersion "$1/oci-layout")" = 1.0.0 ]
    jq -e '.schemaVersion == 2 and (.manifests | length) > 0' "$1/index.json" >/dev/null
    (cd "$1/blobs/sha256" && sha256sum -- * | awk '$1 != $2 { print "wrong name: " $2; bad = 1 } END { exit bad }')
}

@test "oci-archive and oci-dir hold the same layout" {
    img_save --format oci-archive "$SAMPLE" >out.tar
    img_save --format oci-dir -o layout "$SAMPLE"
    mkdir unpacked
    tar -xf out.tar -C unpacked
    is_layout layout
    is_layout unpacked
    diff <(content layout) <(content unpacked)
    [ "$(jq -r '.manifests[0].annotations["org.opencontainers.image.ref.name"]' layout/index.json)" = "$SAMPLE" ]
}

@test "layers of OCI formats are the same tar, compressed or not" {
    img_save --format oci-dir -o gzip "$SAMPLE"
    img_save --format oci-dir --uncompressed -o plain "$SAMPLE"
    layers() {
        local manifest
        manifest=$(jq -r '.manifests[0].digest | ltrimstr("sha256:")' "$1/index.json")
        jq -r '.layers[] | .mediaType + " " + (.digest | ltrimstr("sha256:"))' "$1/blobs/sha256/$manifest"
    }
    while read -r type digest; do
        [[ $type == *tar+gzip ]]
        gzip -dc "gzip/blobs/sha256/$digest" | sha256sum | cut -d' ' -f1
    done < <(layers gzip) >one
    while read -r type digest; do
        [[ $type == *tar ]]
        echo "$digest"
    done < <(layers plain) >two
    cmp one two
    [ -s one ]
}

@test "docker-dir holds manifest, version and blobs" {
    img_save --format docker-dir -o folder "$SAMPLE"
    [ "$(jq -r .mediaType folder/manifest.json)" = application/vnd.docker.distribution.manifest.v2+json ]
    [ "$(<folder/version)" = "Directory Transport Version: 1.1" ]
    for digest in $(jq -r '.config.digest, .layers[].digest | ltrimstr("sha256:")' folder/manifest.json); do
        [ "$(sha256sum <"folder/$digest" | cut -d' ' -f1)" = "$digest" ]
    done
    img_save --format docker-dir --compress -o small "$SAMPLE"
    jq -e 'all(.layers[]; .mediaType | endswith("gzip"))' small/manifest.json
}

@test "every format is the same through the pipeline" {
    for format in oci-archive oci-dir docker-dir; do
        family=oci
        [ $format != docker-dir ] || family=docker
        img_save --format $format -o one-$format "$SAMPLE"
        img_resolve "$SAMPLE" | img-manifest --to $family | img-tar --format $format -o two-$format
        diff -r one-$format two-$format
    done
}

@test "two runs write the same bytes in different environments" {
    formats=(docker-archive oci-archive oci-dir "docker-dir --compress")
    for format in "${formats[@]}"; do
        # shellcheck disable=SC2086  # a format with options
        (umask 022 && img_save --format $format --jobs 1 -o "one-${format% *}" "$SAMPLE")
    done
    sleep 1.1
    for format in "${formats[@]}"; do
        # shellcheck disable=SC2086
        (umask 077 && TZ=Asia/Tokyo img_save --format $format --jobs 2 -o "two-${format% *}" "$SAMPLE")
        diff -r "one-${format% *}" "two-${format% *}"
    done
    # The stream and the file have the same bytes.
    img_save --format oci-archive "$SAMPLE" | cat | cmp - one-oci-archive
}

@test "--jobs is the number of threads, in every format" {
    command -v strace >/dev/null || skip "strace is not installed"
    for format in docker-archive docker-dir oci-archive oci-dir; do
        for jobs in 1 4; do
            strace -f -qq -o calls-$jobs -e trace=clone,clone3 \
                img-save --root "$STORE" --format $format --jobs $jobs -o out "$SAMPLE" || skip "strace cannot trace here"
            rm -r out
        done
        # A directory needs one more thread, which waits for signals.
        [ "$(grep -cE 'clone3?\(' calls-1)" -le 1 ]
        [ $(($(grep -cE 'clone3?\(' calls-4) - $(grep -cE 'clone3?\(' calls-1))) = 3 ]
    done
}

@test "SOURCE_DATE_EPOCH is the time of an oci-archive's members" {
    SOURCE_DATE_EPOCH=86400 img_save --format oci-archive -o out.tar "$SAMPLE"
    [ "$(TZ=UTC tar -tvf out.tar | awk '{print $4}' | sort -u)" = 1970-01-02 ]
    expect 64 env SOURCE_DATE_EPOCH=soon img-save --root "$STORE" --format oci-archive "$SAMPLE"
    failed img-save SOURCE_DATE_EPOCH
}

@test "an archive has no times, owners or modes of this machine" {
    for format in docker-archive oci-archive; do
        img_save --format $format -o $format.tar "$SAMPLE"
        [ "$(TZ=UTC tar --numeric-owner -tvf $format.tar | awk '{print $2, $4, $5}' | sort -u)" = "0/0 1970-01-01 00:00" ]
    done
}

@test "an option that cannot take effect in a format is a usage error" {
    while read -r options; do
        # shellcheck disable=SC2086 # a list of words
        expect 64 img_save $options -o out "$SAMPLE"
        failed img-save
        [ ! -e out ]
    done <<'END'
--compress
--format oci-dir --compress
--compression gzip
--format oci-dir --compression none --compression-level 3
--format oci-dir --compression-level 10
--format oci-dir --jobs 0
--jobs 65
--format oci-dir --uncompressed --compression gzip
END
    for format in oci-dir docker-dir; do
        expect 64 img_save --format $format "$SAMPLE"
        failed img-save "needs -o"
    done
    expect 64 img_save --format docker-dir -t other:1 -o out "$SAMPLE"
    failed img-save "--tag: has no effect on format docker-dir, which stores no names"
    [ ! -e out ]
}

@test "an image is added to an OCI layout" {
    img_save --format oci-dir -o layout "$SAMPLE"
    img_save --format oci-dir -o layout sample
    is_layout layout
    [ "$(jq -r '.manifests[].annotations["org.opencontainers.image.ref.name"]' layout/index.json | sort)" = \
        $'docker.io/library/sample:latest\nlocalhost/sample:1.0' ]
}

@test "a folder with other contents is refused and not changed" {
    for format in oci-dir docker-dir; do
        mkdir $format
        echo precious >$format/file
        expect 73 img_save --format $format -o $format "$SAMPLE"
        failed img-save $format
        [ "$(ls -A $format)" = file ]
    done
}

@test "--force replaces a folder" {
    for format in oci-dir docker-dir; do
        mkdir $format
        echo old >$format/file
        expect 0 img_save --format $format --force -o $format "$SAMPLE"
        [ ! -e $format/file ]
        [ -e $format/index.json ] || [ -e $format/manifest.json ]
    done
    [ -z "$(find . -maxdepth 1 -name '.*img*')" ]
}

@test "a damaged layer leaves no folder" {
    cp -a "$STORE" damaged
    file=$(find damaged/overlay -type f -name hello.conf)
    printf X | dd of="$file" bs=1 conv=notrunc status=none
    mkdir target
    for format in oci-archive oci-dir docker-dir; do
        local status=0
        img-save --root damaged --format $format -o target/out "$SAMPLE" >stdout 2>stderr || status=$?
        [ $status = 65 ]
        failed img-save hello.conf
        only
    done
    img_save --format oci-dir -o target/layout "$SAMPLE"
    cp -a target/layout before
    status=0
    img-save --root damaged --format oci-dir --uncompressed -o target/layout sample 2>stderr || status=$?
    [ $status = 65 ]
    diff -r target/layout before
    # The layout has these layers: they are not read again.
    img-save --root damaged --format oci-dir -o target/layout "$SAMPLE"
    diff -r target/layout before
}

@test "skopeo reads every format" {
    command -v skopeo >/dev/null || skip "skopeo is not installed"
    img_save -o docker.tar "$SAMPLE"
    img_save --format oci-archive -o oci.tar "$SAMPLE"
    img_save --format oci-dir -o oci "$SAMPLE"
    img_save --format docker-dir -o dir "$SAMPLE"
    id=$(img_resolve "$SAMPLE" | jq -r .id)
    for source in docker-archive:docker.tar "docker-archive:docker.tar:$SAMPLE" oci-archive:oci.tar "oci:oci:$SAMPLE" dir:dir; do
        [ "$(skopeo inspect --config --raw "$source" | sha256sum | cut -d' ' -f1)" = "$id" ] || { echo "$source"; false; }
    done
}

@test "umoci reads an OCI layout" {
    command -v umoci >/dev/null || skip "umoci is not installed"
    img_save --format oci-dir -o layout "$SAMPLE"
    umoci ls --layout layout
}

# altered FILTER: the record of the sample in Docker format, with its config changed by jq.
altered() {
    img_resolve "$SAMPLE" | img-manifest --to docker >record
    jq -r .config.data record | base64 -d | jq -cj "$1" >config
    local digest size
    digest=sha256:$(sha256sum <config | cut -d' ' -f1)
    size=$(stat -c %s config)
    jq -r .manifest.data record | base64 -d |
        jq -cj --arg digest "$digest" --argjson size "$size" '.config += {digest: $digest, size: $size}' >manifest
    jq -c --rawfile config <(base64 -w0 config) --rawfile manifest <(base64 -w0 manifest) \
        --arg digest "$digest" --argjson size "$size" \
        --arg manifest_digest "sha256:$(sha256sum <manifest | cut -d' ' -f1)" \
        --argjson manifest_size "$(stat -c %s manifest)" \
        '.config += {data: $config, digest: $digest, size: $size}
         | .manifest += {data: $manifest, digest: $manifest_digest, size: $manifest_size}' record
}

@test "a docker-archive is refused if no program could load it" {
    mkdir target
    for filter in 'del(.rootfs)' '.rootfs = null' 'del(.rootfs.diff_ids)'; do
        altered "$filter" >bad
        for option in --dry-run --jobs=2; do
            expect 65 img-tar "$option" -o target/out.tar <bad
            failed img-tar "$SAMPLE: config without rootfs.diff_ids"
            [ ! -e target/out.tar ]
        done
        expect 0 img-tar --format docker-dir -o "target/$filter" <bad
    done
    altered '.rootfs.diff_ids |= reverse' >bad
    expect 65 img-tar -o target/out.tar <bad
    failed img-tar "layers do not match rootfs.diff_ids"
}
