#!/usr/bin/env bats
# Completion: every option in every shell, and what bash, zsh and fish answer.

load helpers
setup_file() {
    prepare
    # A tool that knows images, whatever the real one does with --complete.
    mkdir "$BATS_FILE_TMPDIR/fake"
    # A home folder without the tester's own settings, and a variable that a command line may name.
    export HOME=$BATS_FILE_TMPDIR PLACE=/place COMPLETE_DUMP=$BATS_FILE_TMPDIR/zcompdump
    cat >"$BATS_FILE_TMPDIR/fake/img-resolve" <<'END'
#!/bin/sh
root=default
while [ $# -gt 1 ]; do
    case $1 in
        --root) root=$2; shift 2 ;;
        --root=*) root=${1#*=}; shift ;;
        --complete) break ;;
        *) shift ;;
    esac
done
[ "$1" = --complete ] || exit 64
for name in localhost/sample:1.0 localhost/sample:2.0 quay.io:443/acme/app:1 "in-$root:1"; do
    case $name in "$2"*) echo "$name" ;; esac
done
END
    chmod +x "$BATS_FILE_TMPDIR/fake/img-resolve"
}

# answers LINE: what bash completes at the end of the line, sorted.
answers() {
    PATH=$BATS_FILE_TMPDIR/fake:$PATH "$BATS_TEST_DIRNAME/complete-bash" "$TOP/completions/img.bash" "$1" | sort
}

@test "bash: every long option of --help, and no other" {
    for tool in "${tools[@]}"; do
        same "$(long_options "$tool")" "$(answers "$tool --")"
        same "$(long_options "$tool" | grep -- '^--ver')" "$(answers "$tool --ver")"
        same "$(options "$tool" | sort -u)" "$(answers "$tool -")"
    done
}

@test "zsh and fish: every option of --help" {
    for tool in "${tools[@]}"; do
        for option in $(long_options "$tool"); do
            grep -Eq -- "['{,)*]${option}=?['}[]" "$TOP/completions/_img" || { echo "zsh: $option"; false; }
            grep -Eq -- "-l ${option#--}( |\$)" "$TOP/completions/img.fish" || { echo "fish: $option"; false; }
        done
    done
}

# values TOOL OPTION: the values that --help lists for an option, sorted.
values() { listed "$1" "$2" | sed -E 's/.*\(values: //; s/, /\n/g' | sort; }
# valued TOOL: the options for which it lists values.
valued() { listed "$1" '--[a-z-]+' | cut -d' ' -f1; }
listed() { "$1" --help | tr -s ' \n' ' ' | grep -oE -- "$2 <[A-Z]+> [^()<]*\\(values: [^;)]*"; }

@test "bash: the values of options are those of --help" {
    same $'--compression\n--format\n--progress\n--store' "$(valued img-save | sort)"
    for tool in "${tools[@]}"; do
        for option in $(valued "$tool"); do
            same "$(values "$tool" "$option")" "$(answers "$tool $option ")"
        done
    done
    same "$(values img-save --format)" "$(answers 'img-save --format=')"
    same oci-dir "$(answers 'img-tar --format=oci-d')"
    same overlay "$(answers 'img-resolve --storage-driver o')"
    same "$(seq 19 | sort)" "$(answers 'img-tar --compression-level ')"
}

@test "bash: images, also with a colon in their names" {
    same $'localhost/sample:1.0\nlocalhost/sample:2.0' "$(answers 'img-save localhost/s')"
    # readline replaces only what follows the last colon.
    same $'1.0\n2.0' "$(answers 'img-save localhost/sample:')"
    same 1.0 "$(answers 'img-resolve localhost/sample:1')"
    same 443/acme/app:1 "$(answers 'img-save quay.io:')"
    same 1 "$(answers 'img-save quay.io:443/acme/app:')"
    same $'1.0\n2.0' "$(answers 'img-save -o out.tar a:1 localhost/sample:')"
    same "" "$(answers 'img-save nothing:')"
    same "" "$(answers 'img-tar l')"
}

@test "bash: images of the store that --root names" {
    same in-elsewhere:1 "$(answers 'img-save --root elsewhere in-')"
    same in-elsewhere:1 "$(answers 'img-save --root=elsewhere in-')"
}

@test "bash: a store whose folder is quoted, or below a home folder or a variable" {
    same "in-$HOME/my-store:1" "$(answers "img-save --root ~/my-store in-")"
    same "in-$PLACE/store:1" "$(answers "img-save --root=\$PLACE/store in-")"
    same "in-$PLACE/store:1" "$(answers "img-save --root \"\${PLACE}/store\" in-")"
    # Nothing is run.
    same "in-\$(touch:1" "$(answers "img-save --root \$(touch\ ran) in-")"
    [ ! -e ran ]
}

@test "bash: files for -o, directories for --root" {
    cd "$BATS_TEST_TMPDIR"
    mkdir folder
    touch file
    same $'file\nfolder' "$(answers 'img-save -o f')"
    same $'file\nfolder' "$(answers 'img-tar --output=f')"
    same folder "$(answers 'img-save --root f')"
}

@test "bash: no options after --" {
    same "" "$(answers 'img-save -- --ver')"
}

@test "zsh: the file is correct" {
    command -v zsh >/dev/null || skip "zsh is not installed"
    zsh -n "$TOP/completions/_img"
}

# asked_and_answered: what `ask LINE` has to answer in any shell.
asked_and_answered() {
    local tool option
    for tool in "${tools[@]}"; do
        same "$(long_options "$tool")" "$(ask "$tool --")"
    done
    for tool in img-manifest img-save; do
        for option in $(valued "$tool"); do
            same "$(values "$tool" "$option")" "$(ask "$tool $option ")"
        done
    done
    same oci-dir "$(ask 'img-tar --format oci-d')"
    same "$(seq 19 | sort)" "$(ask 'img-save --compression-level ')"
    same $'localhost/sample:1.0\nlocalhost/sample:2.0' "$(ask 'img-save localhost/s')"
    same $'localhost/sample:1.0\nlocalhost/sample:2.0' "$(ask 'img-save localhost/sample:')"
    same localhost/sample:1.0 "$(ask 'img-resolve localhost/sample:1')"
    same localhost/sample:1.0 "$(ask 'img-save -o out.tar -t localhost/sample:1')"
    same in-elsewhere:1 "$(ask 'img-save --root elsewhere in-')"
    same in-elsewhere:1 "$(ask 'img-save --root=elsewhere in-')"
    same "in-$PLACE/store:1" "$(ask "img-save --root \"\$PLACE/store\" in-")"
    same "in-$HOME/store:1" "$(ask 'img-save --root=~/store in-')"
    cd "$BATS_TEST_TMPDIR" || return
    touch out.tar
    local line
    for line in 'img-save -o ou' 'img-tar --report ou' 'img-save -fo ou' 'img-save -oou' 'img-tar -fqoou' \
        'img-tar --output=ou' 'img-save --output ou' "img-save -o 'ou" 'img-tar --output="ou'; do
        # Some shells repeat the option.
        same out.tar "$(ask "$line" | sed -E 's/^(-[fq]*o|--output=)//')"
    done
    # In an opening quote.
    for line in "img-save 'localhost/sample:1" 'img-save "localhost/sample:1' 'img-save -ft localhost/sample:1' \
        'img-save -tlocalhost/sample:1' 'img-save --tag=localhost/sample:1'; do
        same 1.0 "$(ask "$line" | sed -E 's/^(-t|--tag=)?(localhost.sample:)?//')"
    done
    # Short options.
    for tool in "${tools[@]}"; do
        same "$(options "$tool" | sort -u)" "$(ask "$tool -")"
    done
}

# shell NAME LINE: what a shell completes with the tools under test, sorted.
shell() {
    local file=$TOP/completions/img.$1
    [ "$1" != zsh ] || file=$TOP/completions
    timeout 20 "$BATS_TEST_DIRNAME/complete-$1" "$file" "$2" | sort -u
}

@test "bash, zsh and fish: names by their last components, as the lookup accepts them" {
    cd "$BATS_TEST_TMPDIR"
    make-sample-store store >/dev/null
    images=store/overlay-images/images.json
    jq -c '.[0].names += ["quay.io/acme/pydantic:1", "docker.io/acme/tools:3", "quay.io/deep/acme/app:1"]' $images >named.json
    mv named.json $images
    for shell in bash zsh fish; do
        command -v $shell >/dev/null || continue
        same pydantic:1 "$(shell $shell 'img-save --root store pyd')"
        same $'acme/app:1\nacme/pydantic:1\nacme/tools:3' "$(shell $shell 'img-resolve --root store acme/')"
        same acme/pydantic:1 "$(shell $shell 'img-save --root store "acme/p')"
        same deep/acme/app:1 "$(shell $shell 'img-save --root store de')"
        same "" "$(shell $shell 'img-save --root store cme')"
    done
    # What is completed is found.
    for prefix in pyd acme/ app tools deep quay.io/; do
        img-resolve --root store --complete $prefix >names
        [ -s names ]
        img-resolve --root store --quiet --from-file names
    done
    # A name comes once, in its longest form that starts so; without a prefix as before.
    same acme/tools:3 "$(img-resolve --root store --complete ac | grep tools)"
    same "" "$(img-resolve --root store --complete '' | grep '^pydantic')"
}

@test "zsh: options, values, images and files" {
    command -v zsh >/dev/null || skip "zsh is not installed"
    ask() {
        PATH=$BATS_FILE_TMPDIR/fake:$PATH timeout 20 \
            "$BATS_TEST_DIRNAME/complete-zsh" "$TOP/completions" "$1" | sort -u
    }
    asked_and_answered
}

@test "fish: options, values, images and files" {
    command -v fish >/dev/null || skip "fish is not installed"
    ask() {
        PATH=$BATS_FILE_TMPDIR/fake:$PATH \
            "$BATS_TEST_DIRNAME/complete-fish" "$TOP/completions/img.fish" "$1" | sort
    }
    asked_and_answered
}

# typed SETUP TEXT: the words of a line after a tab at its end, in a real bash on a terminal.
typed() { "$BATS_TEST_DIRNAME/bash-terminal" "$1" "$2" | paste -sd' '; }

@test "bash on a terminal: names of a real store, with bash-completion and without" {
    command -v python3 >/dev/null || skip "python3 is not installed"
    cd "$BATS_TEST_TMPDIR"
    make-sample-store store >/dev/null
    touch storage.tar 'a b.tar'
    mkdir folder
    local ours="source '$TOP/completions/img.bash'" library=/usr/share/bash-completion/bash_completion setup
    local setups=("$ours")
    [ ! -r "$library" ] || setups+=("source $library; $ours")
    for setup in "${setups[@]}"; do
        same 'img-save --root store localhost/sample:1.0' "$(typed "$setup" 'img-save --root store localhost/sam')"
        same 'img-save --root store sample:1.0' "$(typed "$setup" 'img-save --root store sample:1')"
        same 'img-save --root=store sample:latest' "$(typed "$setup" 'img-save --root=store sample:l')"
        same 'img-resolve --root store docker.io/library/sample:latest' \
            "$(typed "$setup" 'img-resolve --root store docker.io/library/sample:')"
        same 'img-save --format oci-dir' "$(typed "$setup" 'img-save --format oci-d')"
        same 'img-save --root store nothing:' "$(typed "$setup" 'img-save --root store nothing:')"
        # In an opening quote, which readline closes; and in the same word as an option.
        same 'img-save --root store localhost/sample:1.0' "$(typed "$setup" 'img-save --root store "localhost/sam')"
        same 'img-save --root store localhost/sample:1.0' "$(typed "$setup" "img-save --root store 'localhost/sample:1")"
        same 'img-save -fo storage.tar' "$(typed "$setup" 'img-save -fo storag')"
        same 'img-save -ostorage.tar' "$(typed "$setup" 'img-save -ostorag')"
        same 'img-save -fofolder/' "$(typed "$setup" 'img-save -fofol')"
        same 'img-save --output=storage.tar' "$(typed "$setup" 'img-save --output="storag')"
        same 'img-save -o a b.tar' "$(typed "$setup" "img-save -o 'a b")"
        same 'img-save --root store -tlocalhost/sample:1.0' "$(typed "$setup" 'img-save --root store -tlocalhost/sample:1')"
        id=$(img-resolve --root store sample | jq -r '.id[:12]')
        same "img-save --root store $id" "$(typed "$setup" "img-save --root store ${id:0:3}")"
    done
}

@test "bash-completion finds the file by the name of each tool" {
    command -v python3 >/dev/null || skip "python3 is not installed"
    library=/usr/share/bash-completion/bash_completion
    [ -r "$library" ] || skip "bash-completion is not installed"
    cd "$BATS_TEST_TMPDIR"
    make-sample-store store >/dev/null
    PREFIX=/usr DESTDIR=$PWD/stage "$TOP/scripts/install" "$IMG_BIN"
    setup="export XDG_DATA_DIRS=$PWD/stage/usr/share; source $library"
    same 'img-save --root store sample:1.0' "$(typed "$setup" 'img-save --root store sample:1')"
}

@test "names of 500 images come within 50 ms" {
    cd "$BATS_TEST_TMPDIR"
    make-sample-store store >/dev/null
    images=store/overlay-images/images.json
    jq -c '.[0] as $image | [range(500) | . as $n | $image | .names = ["quay.io/acme/app\($n):1"] |
        .id = (.id[:60] + ("0000\($n)"[-4:]))]' $images >many.json
    mv many.json $images
    [ "$(img-resolve --root store --complete quay | wc -l)" = 500 ]
    # Without optimisation it may take longer.
    limit=50000
    [[ $IMG_BIN != *debug* ]] || limit=250000
    for name in quay.io/acme/app499 app499; do
        best=1000000
        for _ in {1..7}; do
            start=${EPOCHREALTIME/./}
            img-resolve --root store --complete $name >answer
            taken=$((${EPOCHREALTIME/./} - start))
            ((taken >= best)) || best=$taken
        done
        echo "best: $best us"
        [ "$(<answer)" = $name:1 ]
        ((best < limit))
    done
    # From the tab to the word, in bash on a terminal.
    if command -v python3 >/dev/null; then
        for _ in {1..5}; do
            "$BATS_TEST_DIRNAME/bash-terminal" "source '$TOP/completions/img.bash'" \
                'img-save --root store quay.io/acme/app499' "${limit}e-6" >words && break
        done
        same 'img-save --root store quay.io/acme/app499:1' "$(paste -sd' ' words)"
    fi
}

@test "bash: a tool that does not know --complete is no trouble" {
    rm "$BATS_FILE_TMPDIR/fake/img-resolve"
    ln -s /bin/false "$BATS_FILE_TMPDIR/fake/img-resolve"
    same "" "$(answers 'img-save l' 2>&1)"
}
