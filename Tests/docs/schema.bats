#!/usr/bin/env bats
# The schemas of records, reports and plans, img-json(5) and the tools agree.

load helpers
setup_file() {
    prepare
    STORE=$BATS_FILE_TMPDIR/store
    export STORE
    make-sample-store "$STORE" >/dev/null
}

# schema KIND: the schema of a kind of JSON: img, img-report, img-plan or img-verify.
schema() { printf '%s\n' "$TOP/schema/$1-1.schema.json"; }
# validate FILE [KIND]: each line is a record, or of another kind, by its schema.
validate() {
    local python
    for python in python3 /usr/bin/python3; do
        "$python" -c 'import jsonschema' 2>/dev/null || continue
        "$python" - "$(schema "${2:-img}")" "$1" <<'END'
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
# names KIND: every member that the schema knows.
names() { jq -r '.. | objects | .properties? // empty | keys[]' "$(schema "$1")" | sort -u; }
# save OPTION...: an img-save of two images that share their layers, the first with two names, and their records.
save() {
    [ -f records ] || img-resolve --root "$STORE" --all-tags sample | jq -c '., (.id |= (.[1:] + "0") | .tags = [])' >records
    img-save --quiet "$@" <records
}
# outputs RUN: runs RUN with the options of every kind of output, and the name of a target.
outputs() {
    "$1" a.tar
    "$1" hybrid.tar --format hybrid
    "$1" gzip.tar --format hybrid --compress
    "$1" - --format hybrid
    "$1" oci.tar -m --format oci-archive
    "$1" oci -m --format oci-dir
    # Layers that the receiver has.
    jq -c '{RootFS: {Layers: [.layers[0].digest]}}' records >have
    "$1" sparse.tar --have have
    # Layers that the layout has.
    "$1" oci -m --format oci-dir
    head -n 1 records >one
    mv one records
    "$1" one.tar --format oci-archive --uncompressed
    "$1" docker --format docker-dir
    # A manifest list.
    make-sample-store --lists "$BATS_TEST_TMPDIR/lists"
    mv records one
    img-resolve --root "$BATS_TEST_TMPDIR/lists" --all-platforms registry.example/acme/pulled:1 >records
    "$1" list.tar --format hybrid
    mv one records
}

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

@test "records, plans and reports of lists are as the schemas say" {
    local kind unknown
    cd "$BATS_TEST_TMPDIR"
    make-sample-store --lists lists
    img-resolve --root lists --all-platforms --content registry.example/acme/pulled:1 |
        jq -c '.config.content.variant = "v9"' | img-manifest --amend >records
    [ "$(jq -c .index.platform.variant records)" = $'"v9"\n"v9"' ]
    validate records
    img-tar -q --format hybrid -o a.tar --dry-run --report img-plan <records
    img-tar -q --format hybrid -o a.tar --report img-report <records
    for kind in img-plan img-report; do
        validate $kind $kind
        [ "$(jq '.lists | length' $kind)" = 1 ]
        jq -r '.. | objects | keys[]' $kind | sort -u >used
        unknown=$(names $kind | comm -13 - used)
        [ -z "$unknown" ] || { echo "not in the schema: $unknown"; false; }
    done
    jq -r '.index | .. | objects | keys[]' records | sort -u >used
    [ -z "$(names img | comm -13 - used)" ]
    for change in 'del(.index.instance)' '.index.digest = "x"' '.index.platform = {}' '.index = "x"' 'del(.index.data)'; do
        jq -c "$change" records >bad
        run ! validate bad
        run -65 img-manifest --to oci <bad
    done
}

@test "every member of a record is in the schema" {
    img-resolve --root "$STORE" sample | img-manifest --to docker | jq -r 'del(.labels[]) | .. | objects | keys[]' | sort -u >"$BATS_TEST_TMPDIR/used"
    unknown=$(names img | comm -13 - "$BATS_TEST_TMPDIR/used")
    [ -z "$unknown" ] || { echo "not in the schema: $unknown"; false; }
}

@test "reports are as the schema says, and have only members of the schema" {
    cd "$BATS_TEST_TMPDIR"
    report() {
        echo "$@"
        save -o "$@" --report report >out
        validate report img-report
        cat report >>reports
    }
    outputs report
    same "$(names img-report)" "$(jq -r '.. | objects | keys[]' reports | sort -u)"
    same $'docker-archive\ndocker-dir\nhybrid\noci-archive\noci-dir' "$(jq -r .format reports | sort -u)"
    same "$(sed -n '/^The loaders are/,/^A value/p' "$TOP/man/img-json.5" | sed -nE 's/^\.Ql ([a-z-]+).*/\1/p' | sort)" \
        "$(jq -r '.images[].loads[].loader' reports | sort -u)"
    # The second save into the layout writes no layer again.
    same $'false\ntrue' "$(jq -r 'select(.format == "oci-dir") | [.images[].layers[].present] | all' reports)"
}

@test "plans are as the schema says, and have only members of the schema" {
    cd "$BATS_TEST_TMPDIR"
    plan() {
        echo "$@"
        save -o "$@" --dry-run --report plan
        validate plan img-plan
        cat plan >>plans
        save -o "$@" >out
    }
    outputs plan
    # A plan with refusals.
    save -o oci --format docker-dir --dry-run --report plan && return 1
    validate plan img-plan
    cat plan >>plans
    same "$(names img-plan)" "$(jq -r '.. | objects | keys[]' plans | sort -u)"
    same $'docker-archive\ndocker-dir\nhybrid\noci-archive\noci-dir' "$(jq -r .format plans | sort -u)"
}

@test "the schemas of reports and plans refuse what the tools do not write" {
    cd "$BATS_TEST_TMPDIR"
    save --format hybrid -o a.tar --report report
    save --format hybrid -o b.tar --dry-run --report plan
    for change in 'del(.schema)' '.schema = "img-report/2"' 'del(.images)' 'del(.sha256)' '.size = -1' '.images = []' \
        'del(.images[0].loads)' '.images[0].loads[0].id = .images[0].id' 'del(.images[0].loads[0].digest)' \
        '.images[0].loads[0].loader = 1' '.images[0].layers[0].present = "yes"' '.images[0].manifest.after = ""'; do
        echo "$change"
        jq -c "$change" report >bad
        run ! validate bad img-report
    done
    for change in 'del(.schema)' '.schema = "img-report/1"' 'del(.free)' '.size = "1"' '.images[0].id = "x"' \
        'del(.members[0].size)' '.members[0].layer = "x"' '.notes = null' '.refused = [{status: 0, message: "x"}]'; do
        echo "$change"
        jq -c "$change" plan >bad
        run ! validate bad img-plan
    done
}

@test "every member of a schema has a description and is in img-json(5)" {
    for kind in img img-report img-plan; do
        same "" "$(jq -r 'del(.. | .allOf?) | .. | objects | .properties? // empty | to_entries[] |
            select(.value.description == null) | .key' "$(schema $kind)")"
        for name in $(names $kind); do
            grep -Eq "^\.(It )?Cm $name( |\$)" "$TOP/man/img-json.5" || { echo "not in img-json(5): $name"; false; }
        done
    done
}

@test "verdicts of --verify are as their schema says; codes are in the schema and in img-tar(1)" {
    cd "$BATS_TEST_TMPDIR"
    img-save --root "$STORE" --format hybrid -o good.tar sample
    head -c 100000 good.tar >cut.tar
    img-tar --verify --report paths good.tar cut.tar || [ $? = 65 ]
    img-save --root "$STORE" --verify --report images sample
    cat paths images >reports
    validate reports img-verify
    [ "$(wc -l <reports)" = 3 ]
    codes=$(sed -nE 's/^    case [a-zA-Z]+ = "([a-z-]+)"$/\1/p; s/^    case ([a-z]+)$/\1/p' "$TOP/Sources/Saving/Verification/Fault.swift" | sort)
    same "$codes" "$(jq -r '.["$defs"].finding.properties.code.enum[]' "$TOP/schema/img-verify-1.schema.json" | sort)"
    same "$codes" "$(sed -nE 's/^\.It Ql ([a-z-]+)$/\1/p' "$TOP/man/img-tar.1" | sort)"
}
