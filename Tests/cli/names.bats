#!/usr/bin/env bats
# img-resolve: sources of names, forms of output, and unknown images.

load helpers
setup_file() { prepare; }

inputs() { jq -r .input stdout; }

@test "names are read from a file, from standard input, and among operands" {
    printf '%s\n\n%s\r\n' "$SAMPLE" sample:latest >list
    expect 0 img_resolve --from-file list
    [ "$(inputs)" = "$SAMPLE"$'\n'sample:latest ]
    expect 0 img_resolve --from-file - <list
    [ "$(inputs)" = "$SAMPLE"$'\n'sample:latest ]
    expect 0 img_resolve docker.io/library/sample - <list
    [ "$(inputs)" = docker.io/library/sample$'\n'"$SAMPLE"$'\n'sample:latest ]
    printf '%s\0%s\0' "$SAMPLE" sample:latest >zero
    expect 0 img_resolve -0 --from-file zero
    [ "$(inputs)" = "$SAMPLE"$'\n'sample:latest ]
    expect 0 img_resolve --null - <zero
    [ "$(inputs)" = "$SAMPLE"$'\n'sample:latest ]
}

@test "a list of names has comments, one separated by NUL has none" {
    printf '# first\n%s\n \t# more\nsample:latest\n' "$SAMPLE" >list
    expect 0 img_resolve --from-file list
    [ "$(inputs)" = "$SAMPLE"$'\n'sample:latest ]
    printf '%s\0#x\0' "$SAMPLE" >zero
    expect 64 img_resolve -0 --from-file zero
    failed img-resolve '#x'
    printf '%s\r\0' "$SAMPLE" >zero
    expect 64 img_resolve -0 --from-file zero
    failed img-resolve
    printf 'a\nb\0' >zero
    expect 64 img_resolve -0 --from-file zero
    failed img-resolve 'a\nb'
}

@test "names are read from a named pipe" {
    expect 0 img_resolve --from-file <(echo "$SAMPLE")
    [ "$(inputs)" = "$SAMPLE" ]
    expect 64 img_resolve --from-file /dev/null
    failed img-resolve "no names in the input"
}

@test "a named configuration need not be a regular file" {
    # Without search registries and aliases.
    CONTAINERS_REGISTRIES_CONF=/dev/null expect 0 img_resolve sample
    [ ! -s stderr ]
    CONTAINERS_REGISTRIES_CONF=<(printf '[aliases]\nother = "localhost/sample"\n') expect 0 img_resolve other:1.0
    [ ! -s stderr ]
    jq -e '.match == "alias"' stdout
    CONTAINERS_REGISTRIES_CONF=/dev/stdin expect 0 img_resolve other:1.0 <<<'aliases.other = "localhost/sample"'
    [ ! -s stderr ]
    conf() { printf '[storage]\ndriver = "overlay"\ngraphroot = "%s"\n' "$STORE"; }
    CONTAINERS_STORAGE_CONF=<(conf) expect 0 img-resolve "$SAMPLE"
    [ ! -s stderr ]
    CONTAINERS_STORAGE_CONF_OVERRIDE=<(conf) expect 0 img-save --dry-run -o out.tar "$SAMPLE"
    [ ! -s stderr ]
    mkfifo pipe
    conf >pipe &
    CONTAINERS_STORAGE_CONF=pipe expect 0 img-save -o out.tar "$SAMPLE"
    is_sample out.tar
    conf >file
    CONTAINERS_STORAGE_CONF=/dev/fd/9 expect 0 img-resolve "$SAMPLE" 9<file
}

@test "a named configuration that does not end is refused, and its fault is reported once" {
    CONTAINERS_STORAGE_CONF=/dev/zero expect 69 img-resolve "$SAMPLE"
    failed img-resolve "/dev/zero: longer than 1048576 bytes"
    for conf in /dev/zero nowhere .; do
        CONTAINERS_REGISTRIES_CONF=$conf expect 66 img_resolve -k one two:3
        [ "$(grep -c "^img-resolve: $conf: " stderr)" = 1 ]
        [ "$(wc -l <stderr)" = 3 ]
        CONTAINERS_REGISTRIES_CONF=$conf expect 66 img_save --dry-run -o out.tar one
        [ "$(grep -c "^img-save: $conf: " stderr)" = 1 ]
    done
}

@test "an unreadable file of names is named" {
    expect 66 img_resolve --from-file nowhere
    failed img-resolve "nowhere: No such file or directory"
    expect 74 img_resolve --from-file .
    failed img-resolve "Is a directory"
    printf 'a\xff\n' >list
    expect 65 img_resolve --from-file list
    failed img-resolve "not UTF-8"
}

@test "--all selects every image once" {
    expect 0 img_resolve --all
    [ "$(jq -r .id stdout | sort -u | wc -l)" = "$(jq length "$STORE/overlay-images/images.json")" ]
    [ "$(wc -l <stdout)" = "$(jq length "$STORE/overlay-images/images.json")" ]
    expect 64 img_resolve --all sample
    failed img-resolve --all
}

@test "--all-tags and --no-tags set the names in the archive" {
    names=$(img_resolve sample | jq -c '.names | sort')
    expect 0 img_resolve --all-tags sample
    [ "$(jq -c '.tags | sort' stdout)" = "$names" ]
    [ "$(jq -r '.tags[0]' stdout)" = docker.io/library/sample:latest ]
    expect 0 img_resolve --no-tags sample
    jq -e '.tags == [] and .name == null' stdout
    id=$(jq -r .id stdout)
    expect 0 img_resolve "$id"
    jq -e '.tags == [] and .name == null' stdout
    expect 0 img_resolve --all-tags "$id"
    [ "$(jq -c '.tags | sort' stdout)" = "$names" ]
    expect 64 img_resolve --all-tags --no-tags sample
    failed img-resolve --no-tags
}

@test "--keep-going writes an error object for a failed image, and exits with its status" {
    expect 66 img_resolve --keep-going nothing "$SAMPLE" 'BAD NAME'
    [ "$(jq -c '[.input, .error.code]' stdout)" = "[\"nothing\",\"image-not-known\"]
[\"$SAMPLE\",null]
[\"BAD NAME\",\"invalid-name\"]" ]
    # One line for each failure, and no other line.
    [ "$(wc -l <stderr)" = 2 ]
    [[ $(head -n 1 stderr) == 'img-resolve: nothing: image not known'* ]]
    img-manifest --to docker <stdout 2>stderr && false
    grep -q '^img-manifest: record 1: nothing: image not known' stderr
    expect 64 img_resolve -k 'BAD NAME' nothing
    expect 0 img_resolve -k "$SAMPLE"
    [ ! -s stderr ]
}

@test "--quiet reports only by the exit status whether an image is known" {
    expect 0 img_resolve -q "$SAMPLE" sample
    [ ! -s stdout ]
    [ ! -s stderr ]
    expect 66 img_resolve -q nothing
    failed img-resolve nothing
    expect 64 img_resolve -q --pretty sample
    failed img-resolve "--quiet: cannot be used with --pretty"
    expect 64 img_resolve -q -k sample
    failed img-resolve "--quiet: cannot be used with --keep-going"
}

@test "--pretty writes the same record" {
    expect 0 img_resolve --pretty sample
    [ "$(wc -l <stdout)" -gt 10 ]
    [ "$(jq -c . stdout)" = "$(img_resolve sample | jq -c .)" ]
}

@test "an ID is no name, with or without its algorithm" {
    id=$(img_resolve sample | jq -r .id)
    for text in "$id" "sha256:$id" "${id:0:12}"; do
        expect 0 img_resolve "$text"
        jq -e '.name == null and .tags == []' stdout
        img_save --format oci-archive -o named.tar -f "$text"
        tar -xOf named.tar index.json | jq -e '.manifests[0] | has("annotations") | not'
    done
    img_save --format oci-archive -o named.tar -f -t localhost/other:1 "sha256:$id"
    [ "$(tar -xOf named.tar index.json | jq -r '.manifests[].annotations[]')" = localhost/other:1 ]
}
