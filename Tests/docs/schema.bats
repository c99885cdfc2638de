#!/usr/bin/env bats
# The schema of records, img-json(5) and the tools agree.

load helpers
setup_file() {
    prepare
    SCHEMA=$TOP/schema/img-1.schema.json
    STORE=$BATS_FILE_TMPDIR/store
    export SCHEMA STORE
    make-sample-store "$STORE" >/dev/null
}

# validate FILE: each line is a record by the schema.
validate() {
    local python
    for python in python3 /usr/bin/python3; do
        "$python" -c 'import jsonschema' 2>/dev/null || continue
        "$python" - "$SCHEMA" "$1" <<'END'
import json, sys
import jsonschema
with open(sys.argv[1]) as file:
    schema = json.load(file)
validator = jsonschema.validators.validator_for(schema)
validator.check_schema(schema)
with open(sys.argv[2]) as file:
    for line in file:
        validator(schema).validate(json.loads(line))
END
        return
    done
    skip "python3-jsonschema is not installed"
}
# names: every member that the schema knows.
names() { jq -r '.. | objects | .properties? // empty | keys[]' "$SCHEMA" | sort -u; }

@test "records of img-resolve are as the schema says" {
    img-resolve --root "$STORE" localhost/sample:1.0 sample "$(img-resolve --root "$STORE" sample | jq -r .id)" \
        >"$BATS_TEST_TMPDIR/records"
    validate "$BATS_TEST_TMPDIR/records"
}

@test "records of img-manifest are as the schema says" {
    for format in docker oci; do
        img-resolve --root "$STORE" sample | img-manifest --to $format >"$BATS_TEST_TMPDIR/records"
        validate "$BATS_TEST_TMPDIR/records"
    done
}

@test "what the schema refuses, the tools refuse" {
    img-resolve --root "$STORE" sample >"$BATS_TEST_TMPDIR/good"
    validate "$BATS_TEST_TMPDIR/good"
    for change in 'del(.schema)' '.schema = "img/2"' '.id = "x"' '.id |= ascii_upcase' '.tags = "x"' 'del(.layers)' \
        '.layers[0].digest = "sha512:0"' '.layers[0].size = -1' '.layers[0].storage.layer = "../x"' \
        'del(.manifest.data)' '.manifest = null' '.config = 1' '.storage.root = "x"' 'del(.storage.driver)' \
        '.name = 1' '.input = {}' '.storage.kind = 1' '.storage.kind = "layout"' '.storage.kind = "containerd"' \
        '.layers[0].storage = {}' '.storage = {kind: "archive", path: "/x"}' '.layers[0].absent = "yes"' \
        '.layers[0].blob = {}' 'del(.layers[0].size)'; do
        echo "$change"
        jq -c "$change" "$BATS_TEST_TMPDIR/good" >"$BATS_TEST_TMPDIR/bad"
        run ! validate "$BATS_TEST_TMPDIR/bad"
        run -65 img-manifest --to docker <"$BATS_TEST_TMPDIR/bad"
    done
}

@test "records of other sources are as the schema says, and img-manifest passes them on" {
    img-resolve --root "$STORE" sample >"$BATS_TEST_TMPDIR/good"
    for change in '.storage = {kind: "layout", path: "/srv/app"}' '.storage.kind = "docker"' \
        '.storage = {kind: "archive", path: "/a.tar"} | .layers[].storage = {offset: 512, size: 9}' \
        '.storage = {kind: "containerd", root: "/c", namespace: "k8s.io"}' '.storage.kind = "unheard-of"' \
        '.layers[0] += {absent: true, blob: {mediaType: "x/y", digest: .layers[1].digest, size: 7}}'; do
        echo "$change"
        jq -c "$change" "$BATS_TEST_TMPDIR/good" >"$BATS_TEST_TMPDIR/changed"
        validate "$BATS_TEST_TMPDIR/changed"
        img-manifest --to docker <"$BATS_TEST_TMPDIR/changed" >"$BATS_TEST_TMPDIR/passed"
        validate "$BATS_TEST_TMPDIR/passed"
        [ "$(jq -cS '[.storage, (.layers[] | del(.mediaType))]' "$BATS_TEST_TMPDIR/passed")" = \
            "$(jq -cS '[.storage, (.layers[] | del(.mediaType))]' "$BATS_TEST_TMPDIR/changed")" ]
    done
    jq -c '.layers[0].size = null' "$BATS_TEST_TMPDIR/good" >"$BATS_TEST_TMPDIR/changed"
    validate "$BATS_TEST_TMPDIR/changed"
    img-manifest --raw config <"$BATS_TEST_TMPDIR/changed" >"$BATS_TEST_TMPDIR/config"
}

@test "every member of a record is in the schema" {
    img-resolve --root "$STORE" sample | jq -r 'del(.labels[]) | .. | objects | keys[]' | sort -u >"$BATS_TEST_TMPDIR/used"
    unknown=$(names | comm -13 - "$BATS_TEST_TMPDIR/used")
    [ -z "$unknown" ] || { echo "not in the schema: $unknown"; false; }
}

@test "every member of the schema has a description and is in img-json(5)" {
    [ -z "$(jq -r 'del(.. | .allOf?) | .. | objects | .properties? // empty | to_entries[] | select(.value.description == null) | .key' \
        "$SCHEMA")" ]
    for name in $(names); do
        grep -Eq "^\.(It )?Cm $name( |\$)" "$TOP/man/img-json.5" || { echo "not in img-json(5): $name"; false; }
    done
}
