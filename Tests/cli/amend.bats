#!/usr/bin/env bats
# Edits of records with jq between the tools.

load helpers
setup_file() { prepare; }
setup() {
    command -v jq >/dev/null || skip "no jq"
    cd "$BATS_TEST_TMPDIR" || return
}

# amend FILTER: writes the edited record of the sample to the file record, and checks its digests and its archive.
amend() {
    img_resolve "$SAMPLE" | jq -c "$1" | img-manifest --amend >record
    jq -r '.config.data | @base64d' record | tr -d '\n' >config
    [ "$(jq -r .id record)" = "$(sha256sum <config | cut -d' ' -f1)" ]
    [ "$(jq -r '.manifest.data | @base64d | fromjson | .config.digest' record)" = "$(jq -r .config.digest record)" ]
    img-manifest --to docker <record | img-tar -o image.tar
    img-tar --verify image.tar
    [ "$(tar -xOf image.tar manifest.json | jq -r '.[0].Config')" = "$(jq -r .id record).json" ]
}
edit() { amend ".config.content=(.config.data|@base64d|fromjson|$1)"; }
refused() {
    img_resolve --content "$SAMPLE" | jq -c "$1" >edited
    expect 65 img-manifest --amend <edited
    failed img-manifest "$2"
}

@test "an unedited record keeps its bytes through jq" {
    img_resolve --content "$SAMPLE" | jq . | img-manifest --amend | img-manifest --to docker | img-tar >same.tar
    is_sample same.tar
    img_resolve --content "$SAMPLE" | jq -S . | img-manifest --amend --to docker | img-tar >sorted.tar
    is_sample sorted.tar
}

# Each jq that is there under a name such as jq-1.7, also.
@test "other versions of jq keep the bytes, too" {
    img_resolve --content "$SAMPLE" >content
    img_resolve "$SAMPLE" >plain
    img-manifest --to docker <plain >docker
    local jq count=0 ids
    for jq in $(compgen -c jq | grep -xE 'jq(-[0-9.]+)?' | sort -u); do
        for filter in . 'to_entries | from_entries' 'walk(.)'; do
            "$jq" -c "$filter" content | img-manifest --amend | cmp - plain
        done
        ids=$("$jq" '.config.content.config.Labels.team="é <1>"' content | img-manifest --amend | jq -r '.id, .manifest.digest')
        [ -n "$ids" ]
        [ "${all:=$ids}" = "$ids" ]
        count=$((count + 1))
    done
    [ $count -gt 0 ]
}

@test "a number that jq rounded is an edit, with a note" {
    img_resolve --content "$SAMPLE" | jq '.config.content.config.StopTimeout="N"' |
        sed 's/"N"/9007199254740993/' | img-manifest --amend | jq -c 'del(.converted)' >exact
    # What jq 1.6 does with it; a computation in newer versions also.
    jq -r '.config.data|@base64d' exact | sed 's/740993/740992/' >rounded
    head -c 100000 exact | sed "s/^\(.*\"config\":{\)/\1\"content\":$(sed 's/[&/\\]/\\&/g' rounded),/" >edited
    img-manifest --amend <edited >record 2>stderr
    grep -qF 'config.content.config.StopTimeout: changed only beyond 2^53; a program may have rounded it' stderr
    jq -r '.config.data|@base64d' record | tr -d '\n' | cmp - <(tr -d '\n' <rounded)
    # The exact number again is no edit.
    sed 's/740992/740993/' edited | img-manifest --amend 2>stderr | cmp - exact
    [ ! -s stderr ]
}

@test "integers that jq 1.6 writes with an exponent get digits" {
    img_resolve --content "$SAMPLE" | jq -c '.config.content.config.StopTimeout="N"' |
        sed 's/"N"/1e+16/' | img-manifest --amend | jq -r '.config.data|@base64d' | grep -qF '"StopTimeout":10000000000000000'
}

@test "labels and environment" {
    edit '.config.Labels.team="net" | .config.Env+=["A=1"]'
    [ "$(jq -r '.labels.team' record)" = net ]
    [ "$(jq -r '.converted.reasons[0]' record)" = amended ]
}

@test "another entry point" { edit '.config.Entrypoint=["/x"] | .config.Cmd=null'; }

@test "times to zero" {
    edit '.created="1970-01-01T00:00:00Z" | .history[]?.created="1970-01-01T00:00:00Z"'
    [ "$(jq -r .created record)" = 1970-01-01T00:00:00Z ]
}

@test "no history" { edit 'del(.history)'; }

@test "another platform" {
    edit '.architecture="arm64" | .variant="v8"'
    [ "$(jq -r .platform.variant record)" = v8 ]
}

@test "annotations of an OCI manifest change the manifest, not the ID" {
    img_resolve "$SAMPLE" | img-manifest --to oci >plain
    jq -c '.manifest.annotations={"a.b":"<c>"}' plain | img-manifest --amend >record
    [ "$(jq -r .id record)" = "$(jq -r .id plain)" ]
    [ "$(jq -r .manifest.digest record)" != "$(jq -r .manifest.digest plain)" ]
    jq -r '.manifest.data | @base64d' record | grep -qF '"annotations":{"a.b":"\u003cc\u003e"}'
    jq -c '.manifest.annotations=null' record | img-manifest --amend --raw manifest >restored
    img-manifest --raw manifest <plain | cmp - restored
    img_resolve "$SAMPLE" | img-manifest --to docker | jq -c '.manifest.annotations={"a":"b"}' >docker
    expect 65 img-manifest --amend <docker
    failed img-manifest "a Docker manifest has no annotations"
}

@test "annotations of what becomes another format" {
    # The edit comes first: the manifest is of Docker, and has no annotations.
    img_resolve "$SAMPLE" | img-manifest --to docker | jq -c '.manifest.annotations={"a":"b"}' >docker
    expect 65 img-manifest --amend --to oci <docker
    failed img-manifest "manifest.annotations: a Docker manifest has no annotations"
    # The conversion drops what the edit added.
    img_resolve "$SAMPLE" | img-manifest --to oci >oci
    jq -c '.manifest.annotations={"a":"b"}' oci | img-manifest --amend --to docker --raw manifest >raw
    img-manifest --to docker --raw manifest <oci | cmp - raw
}

@test "--to comes after the edit, which Docker's members survive only in their format" {
    img_resolve "$SAMPLE" | img-manifest --to docker |
        jq -c '.config.content=(.config.data|@base64d|fromjson|.config.Healthcheck={"Test":["NONE"]})' >edited
    img-manifest --amend <edited | jq -r '.config.data|@base64d' | grep -qF '"Healthcheck":{"Test":["NONE"]}'
    img-manifest --amend --to oci <edited >converted
    img-manifest --amend <edited | img-manifest --to oci | cmp - converted
    jq -r '.config.data|@base64d' converted >config
    expect 1 grep Healthcheck config
}

@test "edits are refused without --amend" {
    img_resolve --content "$SAMPLE" >edited
    for tool in "img-manifest --to docker" img-tar "img-save -o x.tar"; do
        # shellcheck disable=SC2086 # a list of words
        expect 65 $tool <edited
        failed "${tool%% *}" "config.content: use img-manifest --amend"
    done
}

@test "what would be no image is refused with the path of the member" {
    refused '.config.content.rootfs.diff_ids|=.[1:]' config.content.rootfs.diff_ids
    refused '.config.content.history=[{"created":"yesterday"}]' 'config.content.history[0].created'
    refused '.config.content.config.Env=["A"]' 'config.content.config.Env[0]'
    refused '.config.content.os=""' config.content.os
    refused '.config.content=null' config.content
    refused '.manifest.content.schemaVersion=3' manifest.content
}

@test "the reasons of an edit and of a conversion are both kept" {
    img_resolve --content "$SAMPLE" | jq '.config.content.config.Labels.team = "net"' |
        img-manifest --amend --to docker >record
    before=$(img_resolve "$SAMPLE" | jq -r .manifest.digest)
    jq -e --arg before "$before" '.converted | .manifest == $before and .reasons[0] == "amended" and (.reasons | length) > 1' record
}
