#!/usr/bin/env bats
# What a new user of the command line meets: repeated options, names from a terminal, messages that name the remedy.

load helpers
setup_file() { prepare; }
tools=(img-resolve img-manifest img-tar img-save)

@test "--uncompressed and --compression none ask a docker format for what it does anyway" {
    expect 0 img_save --uncompressed -o one.tar "$SAMPLE"
    is_sample one.tar
    expect 0 img_save --compression none -o two.tar "$SAMPLE"
    is_sample two.tar
    expect 0 img_save --uncompressed --compression none -o three.tar "$SAMPLE"
    is_sample three.tar
    img_resolve "$SAMPLE" | img-manifest --to docker | img-tar --uncompressed >four.tar
    is_sample four.tar
    expect 0 img_save --format docker-dir --uncompressed -o plain "$SAMPLE"
    expect 0 img_save --format docker-dir -o default "$SAMPLE"
    diff -r plain default
    expect 64 img_save --format docker-dir --compress --uncompressed -o out "$SAMPLE"
    failed img-save "--compress: cannot be used with --uncompressed"
}

@test "a compression of docker-archive layers is refused, with the alternatives" {
    local options
    for options in '--compression gzip' '--compression-level 9' '--uncompressed --compression-level 9'; do
        # shellcheck disable=SC2086 # a list of words
        expect 64 img_save $options -o out.tar "$SAMPLE"
        failed img-save "docker-archive layers are never compressed; use --format oci-archive, or pipe to gzip"
        [ ! -e out.tar ]
    done
    expect 64 img_save --format oci-archive --uncompressed --compression-level 9 -o out.tar "$SAMPLE"
    failed img-save "--compression-level: has no effect on uncompressed layers"
}

# valued TOOL: its options with values, by their long names; `repeatable` are those of which the help says so.
valued() { "$1" --help | grep -oE -- '--[a-z-]+ <' | cut -d' ' -f1 | sort -u; }
repeatable='--from-file --storage-opt --have --platform --tag'

@test "an option with one value may be given only once, in all tools" {
    local tool option count=0
    img_resolve "$SAMPLE" >record
    for tool in "${tools[@]}"; do
        for option in $(valued "$tool"); do
            [[ " $repeatable " != *" $option "* ]] || continue
            local value=x
            case $option in
                --format) value=oci-dir ;;
                --to) value=oci ;;
                --raw) value=config ;;
                --store) value=docker ;;
                --compression) value=gzip ;;
                --compression-level | --jobs) value=2 ;;
                --progress) value=none ;;
            esac
            expect 64 "$tool" "$option" "$value" "$option=$value" <record
            failed "$tool" "$option: may be given only once"
            count=$((count + 1))
        done
    done
    [ $count -gt 25 ]
    expect 64 img_save -o a -o b "$SAMPLE"
    failed img-save "-o: may be given only once"
    expect 64 img_save -o a --output b "$SAMPLE"
    failed img-save "--output: may be given only once"
    [ ! -e a ]
    [ ! -e b ]
}

@test "options that are lists, and flags, may be repeated" {
    expect 0 img_save -f -f -t one -t two --tag three -o out.tar "$SAMPLE"
    [ "$(tar -xOf out.tar manifest.json | jq -c '.[0].RepoTags[:3]')" = \
        '["localhost/one:latest","localhost/two:latest","localhost/three:latest"]' ]
    echo "$SAMPLE" >list
    expect 0 img_resolve --from-file list --from-file=list --storage-opt overlay.mountopt=nodev \
        --storage-opt overlay.mountopt=nodev
    [ "$(wc -l <stdout)" = 2 ]
}

# typed TEXT COMMAND...: runs a command with a terminal as standard input, in which a person types a text and ^D.
typed() {
    local text=$1 status=0
    shift
    command -v script >/dev/null || skip "script is not installed"
    printf '%s' "$text" | script -qec "$(printf '%q ' "$@") >stdout 2>stderr" /dev/null >transcript || status=$?
    return $status
}

@test "- reads names from a terminal up to its end, as cat does" {
    typed "$SAMPLE"$'\nsample:latest\n' img-resolve --root "$STORE" -
    [ "$(jq -r .input stdout)" = "$SAMPLE"$'\nsample:latest' ]
    [ ! -s stderr ]
    typed "$SAMPLE"$'\n' img-resolve --root "$STORE" --from-file -
    [ "$(jq -r .input stdout)" = "$SAMPLE" ]
    typed "$SAMPLE"$'\n' img-save --root "$STORE" -q -o out.tar -
    is_sample out.tar
}

@test "standard input can be read only once" {
    local options
    for options in '- -' '- --from-file -' '--from-file - --from-file=-'; do
        # shellcheck disable=SC2086 # a list of words
        expect 64 img_resolve $options <<<"$SAMPLE"
        failed img-resolve "-: standard input can be read only once"
    done
}

@test "img-save reads names as img-resolve does" {
    printf '%s\nsample:latest\n' "$SAMPLE" >list
    img_save -o wanted.tar "$SAMPLE" sample:latest
    expect 0 img_save --from-file list -o one.tar
    cmp one.tar wanted.tar
    expect 0 img_save -o two.tar - <list
    cmp two.tar wanted.tar
    tr '\n' '\0' <list >zero
    expect 0 img_save -0 -o three.tar - <zero
    cmp three.tar wanted.tar
    expect 0 img_save --from-file <(echo sample:latest) -o four.tar "$SAMPLE"
    cmp four.tar wanted.tar
    expect 64 img_save --from-file /dev/null -o out.tar
    failed img-save "no names in the input"
    expect 66 img_save --from-file nowhere -o out.tar
    failed img-save "nowhere: No such file or directory"
    expect 64 img_save -0 -o out.tar "$SAMPLE"
    failed img-save --null
    expect 64 img-save -0 -o out.tar <zero
    failed img-save --null
    [ ! -e out.tar ]
}

@test "img-save --all-tags and --no-tags select the names in the archive" {
    names=$(img_resolve sample | jq -c '.names | sort')
    expect 0 img_save --all-tags -o all.tar sample
    [ "$(tar -xOf all.tar manifest.json | jq -c '.[0].RepoTags | sort')" = "$names" ]
    img_resolve --all-tags sample | img-save -o piped.tar
    cmp all.tar piped.tar
    expect 0 img_save --no-tags -t new:1 -o new.tar sample
    [ "$(tar -xOf new.tar manifest.json | jq -c '.[0].RepoTags')" = '["localhost/new:1"]' ]
    expect 64 img_save --all-tags --no-tags -o out.tar sample
    failed img-save --no-tags
    # Records have their tags.
    img_resolve sample >record
    expect 64 img-save --all-tags -o out.tar <record
    failed img-save --all-tags
    [ ! -e out.tar ]
}

# A store in the folder `many` of images with several names, with one name, with a name by digest only, and with none.
many() {
    cp -a "$STORE" many
    local images=many/overlay-images/images.json id
    id=$(jq -r '.[0].id' $images)
    for n in 1 2 3; do
        cp -a "many/overlay-images/$id" "many/overlay-images/${id:0:63}$n"
    done
    jq -c '.[0] as $image | ($image.id[:63]) as $start |
        [$image, ($image | .id = $start + "1" | .names = ["localhost/other:1"]),
        ($image | .id = $start + "2" | .names = ["localhost/by-digest@" + $image.digest]),
        ($image | .id = $start + "3" | .names = [])]' $images >new.json
    mv new.json $images
}

@test "img-save --all saves every image that has a name, and no other" {
    many
    expect 0 img-save --root many --all -o all.tar
    [ ! -s stderr ]
    img-resolve --root many --all | jq -c 'select(.names != [])' | img-save -o piped.tar
    cmp all.tar piped.tar
    # Equal configs share an entry of the archive; the images are those of the messages.
    expect 0 img-save --root many --all -v -f -o all.tar
    [ "$(sed -nE 's/^img-save: image [0-9a-f]{63}(.), tags: (.*)/\1 \2/p' stderr)" = \
        $'9 docker.io/library/sample:latest\n1 localhost/other:1\n2 none' ]
    # With all names.
    expect 0 img-save --root many --all --all-tags -o tags.tar
    [ "$(tar -xOf tags.tar manifest.json | jq -c '[.[].RepoTags[]?] | sort')" = \
        '["docker.io/library/sample:latest","localhost/other:1","localhost/sample:1.0"]' ]
    expect 64 img-save --root many --all -o out.tar other:1
    failed img-save "--all: takes no names"
    expect 64 img-save --root many --all --format oci-archive -o out.tar
    failed img-save "only docker-archive"
    jq -c '[.[3]]' many/overlay-images/images.json >new.json
    mv new.json many/overlay-images/images.json
    expect 66 img-save --root many --all -o out.tar
    failed img-save "--all: no image of the store has a name"
    [ ! -e out.tar ]
}

# refused TEXT: the tools that read records refuse the file `input` with one line that contains the text.
refused() {
    local command
    for command in 'img-manifest --to docker' 'img-tar -o out.tar' 'img-save -o out.tar'; do
        # shellcheck disable=SC2086 # a list of words
        expect 65 $command <input
        failed "${command%% *}" "$1"
        [ ! -e out.tar ]
    done
}

@test "names in place of records: the message names img-resolve" {
    local hint='standard input: these look like names, not records; put "img-resolve - |" in front'
    local names
    for names in "$SAMPLE" $'app:1\napp:2' app $'\n  app  ' quay.io:443/acme/app@sha256:0123 71be434420e8 123456789012 \
        2 true-fact; do
        printf '%s\n' "$names" >input
        refused "$hint"
    done
    printf 'app:1\0app:2\0' >input
    refused "$hint"
    img_resolve "$SAMPLE" | jq .name >input
    refused 'record 1: a string, not a record; if it is a name, use jq -r and put "img-resolve - |" in front'
    # Other texts are not names.
    for names in 'Error: no such image' '{"schema":' null '<html>' 'a b'; do
        printf '%s\n' "$names" >input
        refused 'record 1: '
    done
}

@test "an array in place of records: the message names jq" {
    img_resolve "$SAMPLE" sample | jq -s . >input
    refused "record 1: an array, not a record; put \"jq -c '.[]' |\" in front"
    jq -c '.[]' input | img-save -o out.tar
    [ -s out.tar ]
}

@test "no records: the message names the command before" {
    : >input
    refused "standard input: no records; the command before it may have failed"
    printf ' \n' >input
    refused "standard input: no records; the command before it may have failed"
}

@test "an empty name: the message asks for the variable" {
    expect 64 img_resolve ""
    failed img-resolve "the name is empty; is the variable set?"
    expect 64 img_save "" -o out.tar
    failed img-save "the name is empty; is the variable set?"
    [ ! -e out.tar ]
    expect 64 img_resolve -k "" "$SAMPLE"
    complained img-resolve "the name is empty"
    [ "$(jq -c '[.input, .error.code]' stdout)" = "[\"\",\"invalid-name\"]
[\"$SAMPLE\",null]" ]
}

@test "docker:// is refused with the remedy" {
    for name in docker://localhost/sample:1.0 docker://quay.io/nothing:1; do
        expect 64 img_resolve "$name"
        failed img-resolve "$name: not in the local store; give the name without docker://"
        expect 64 img_save -o out.tar "$name"
        failed img-save "$name: not in the local store; give the name without docker://"
    done
}

@test "lists of names may have comments, except with -0" {
    printf '# images of the team\n%s\n  # indented\n\t#tab\n#\nsample:latest\n' "$SAMPLE" >list
    expect 0 img_resolve --from-file list
    [ "$(jq -r .input stdout)" = "$SAMPLE"$'\nsample:latest' ]
    expect 0 img_resolve - <list
    [ "$(jq -r .input stdout)" = "$SAMPLE"$'\nsample:latest' ]
    expect 0 img_save --from-file list -o out.tar
    printf '# only a comment\n' >list
    expect 64 img_resolve --from-file list
    failed img-resolve "no names in the input"
    # With NUL, every byte counts.
    printf '#a\0' >zero
    expect 64 img_resolve -0 --from-file zero
    failed img-resolve '"#a"'
}

# shown COMMAND...: runs it with a terminal as standard output; its output is in the file transcript.
shown() {
    command -v script >/dev/null || skip "script is not installed"
    local status=0
    script -qec "$(printf '%q ' "$@") 2>stderr" /dev/null </dev/null | tr -d '\r' >transcript || status=$?
    return $status
}

@test "on a terminal img-resolve shortens manifest and config, and says so" {
    img_resolve "$SAMPLE" >whole
    shown img-resolve --root "$STORE" "$SAMPLE"
    [ "$(<stderr)" = "img-resolve: long members are shortened on a terminal; pipe to see all" ]
    [ "$(jq -c '[.manifest.data, .config.data | length]' transcript)" = '[43,43]' ]
    [ "$(jq -c 'del(.manifest.data, .config.data)' transcript)" = "$(jq -c 'del(.manifest.data, .config.data)' whole)" ]
    jq -e '.manifest.data[:40] as $start | .manifest.data | endswith("...")' transcript
    shown img-resolve --root "$STORE" --pretty "$SAMPLE"
    [ "$(jq -c . transcript)" = "$(jq -c '(.manifest, .config).data |= .[:40] + "..."' whole)" ]
    # Without a record there is nothing to say.
    shown img-resolve --root "$STORE" -q "$SAMPLE"
    [ ! -s stderr ]
    # A shortened record is not read as a whole one.
    expect 65 img-save -o out.tar <transcript
    # A pipe and a file get all.
    expect 0 img_resolve "$SAMPLE"
    cmp stdout whole
    [ ! -s stderr ]
    img_resolve "$SAMPLE" | cmp - whole
}

@test "names piped into img-save with --root: the message names the operand that reads them" {
    run bash -c 'printf "%s\n" "$1" | img-save --root "$STORE" -o out.tar 2>&1' - "$SAMPLE"
    [ "$status" = 64 ]
    [[ $output == *"names on it need the operand -"* ]]
    printf '%s\n' "$SAMPLE" | img-save --root "$STORE" -q -o out.tar -
    [ -s out.tar ]
}
