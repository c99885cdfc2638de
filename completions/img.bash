# Completion of img-resolve, img-manifest, img-tar and img-save for bash, with bash-completion or without it.
# shellcheck shell=bash

# Sets words, cword, cur, prev and quoted of the caller. readline splits words at `:` and `=`; this joins them again.
_img_words() {
    words=()
    cword=0
    local i last='' text=${COMP_LINE:0:COMP_POINT}
    for ((i = 0; i <= COMP_CWORD; i++)); do
        local word=${COMP_WORDS[i]}
        # Join `:` and the word after it, unless white space separates them.
        if ((i > 0)) && [[ -n $word && ($word == :* || $last == *:) && $text == *"$last$word"* ]]; then
            words[-1]+=$word
        else
            words+=("$word")
        fi
        last=${words[-1]}
    done
    cword=$((${#words[@]} - 1))
    cur=${words[cword]}
    prev=''
    ((cword > 0)) && prev=${words[cword - 1]}
    # readline passes --option=value as three words.
    if [[ $cur == = ]]; then
        cur=''
    elif [[ $prev == = ]] && ((cword > 1)); then
        prev=${words[cword - 2]}
    fi
    # readline keeps an opening quote and does not split the text after it.
    quoted=''
    if [[ $cur == [\"\']* ]]; then
        quoted=${cur:0:1}
        cur=${cur:1}
    fi
}

# Splits a group of short options whose last one takes a value, such as -fo and -o/path: sets prev to that option, and
# cur to its value. Sets attached to the part of the word before the value.
_img_group() {
    local flags=$1 values=$2 group
    attached=''
    group="^(-[$flags]*)([$values])(.*)\$"
    if [[ $cur =~ $group && -z $quoted && -n ${BASH_REMATCH[3]} ]]; then
        attached=${BASH_REMATCH[1]}${BASH_REMATCH[2]}
        cur=${BASH_REMATCH[3]}
        prev=-${BASH_REMATCH[2]}
    elif [[ $prev =~ $group && -z ${BASH_REMATCH[3]} ]]; then
        prev=-${BASH_REMATCH[2]}
    fi
}

# Sets REPLY to the value of a word: removes quotes, expands ~ or a variable at its start. Runs no command
# substitution.
_img_meaning() {
    REPLY=${1//[\\\'\"]/}
    local variable='^\$\{?([A-Za-z_][A-Za-z_0-9]*)\}?(.*)$' name
    if [[ $REPLY == \~ || $REPLY == \~/* ]]; then
        REPLY=$HOME${REPLY:1}
    elif [[ $REPLY =~ $variable ]]; then
        name=${BASH_REMATCH[1]}
        REPLY=${!name-}${BASH_REMATCH[2]}
    fi
}

# Prints the images that start with $1, of the store on the command line. Prints nothing on failure.
_img_images() {
    local options=() i REPLY
    for ((i = 1; i < cword; i++)); do
        case ${words[i]} in
            --imagestore | --namespace | --root | --runroot | --storage-driver | --storage-opt | --store)
                if [[ ${words[i + 1]} == = ]]; then
                    _img_meaning "${words[i + 2]}"
                else
                    _img_meaning "${words[i + 1]}"
                fi
                options+=("${words[i]}" "$REPLY")
                ;;
        esac
    done
    img-resolve "${options[@]}" --complete "$1" 2>/dev/null </dev/null
}

# Removes from the answers what readline already has: the part of the word up to the last `:`.
_img_trim_colon() {
    [[ -z $quoted && $1 == *:* && $COMP_WORDBREAKS == *:* ]] || return 0
    local prefix=${1%"${1##*:}"} i
    for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=${COMPREPLY[i]#"$prefix"}; done
}

_img() {
    local words cword cur prev quoted attached tool options i
    local store='--all-platforms --imagestore --namespace --platform --root --runroot --storage-driver --storage-opt --store'
    local output='--compress --compression --compression-level --dry-run --events --force --format --jobs --multi-image-archive --output'
    output+=' --progress --quiet --report --sync --uncompressed --verify'
    _img_words
    tool=${words[0]##*/}
    COMPREPLY=()
    case $tool in
        img-save) _img_group 0fhmqvV ot ;;
        img-tar) _img_group fhmqvV o ;;
    esac

    case $prev in
        --format)
            mapfile -t COMPREPLY < <(compgen -W 'docker-archive docker-dir hybrid oci-archive oci-dir' -- "$cur")
            return ;;
        --to)
            mapfile -t COMPREPLY < <(compgen -W 'docker oci' -- "$cur")
            return ;;
        --raw)
            mapfile -t COMPREPLY < <(compgen -W 'config manifest' -- "$cur")
            return ;;
        --storage-driver)
            mapfile -t COMPREPLY < <(compgen -W 'btrfs overlay vfs' -- "$cur")
            return ;;
        --store)
            mapfile -t COMPREPLY < <(compgen -W 'containerd docker podman' -- "$cur")
            return ;;
        --namespace)
            mapfile -t COMPREPLY < <(compgen -W 'default k8s.io moby' -- "$cur")
            return ;;
        --compression)
            mapfile -t COMPREPLY < <(compgen -W 'gzip keep none zstd' -- "$cur")
            return ;;
        --progress)
            mapfile -t COMPREPLY < <(compgen -W 'auto json none plain tty' -- "$cur")
            return ;;
        --compression-level)
            mapfile -t COMPREPLY < <(compgen -W '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19' -- "$cur")
            return ;;
        --imagestore | --root | --runroot)
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -d -- "$cur")
            return ;;
        -o | --output | --events | --from-file | --have | --report)
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$cur")
            if [[ -n $attached ]]; then
                # readline does not recognize a directory in -o/path.
                if [[ ${#COMPREPLY[@]} == 1 && -d ${COMPREPLY[0]} ]]; then
                    COMPREPLY[0]+=/
                    compopt -o nospace 2>/dev/null
                fi
                COMPREPLY=("${COMPREPLY[@]/#/$attached}")
            fi
            return ;;
        --platform)
            mapfile -t COMPREPLY < <(compgen -W 'linux/amd64 linux/arm/v7 linux/arm64 linux/ppc64le linux/riscv64 linux/s390x' \
                -- "$cur")
            return ;;
        --complete | --jobs | --storage-opt)
            return ;;
        -t | --tag)
            mapfile -t COMPREPLY < <(_img_images "$cur")
            COMPREPLY=("${COMPREPLY[@]/#/$attached}")
            _img_trim_colon "$attached$cur"
            return ;;
    esac

    if [[ $cur == -* && -z $quoted ]]; then
        for ((i = 1; i < cword; i++)); do [[ ${words[i]} != -- ]] || break; done
        if ((i == cword)); then
            options='-h --help -v --verbose -V --version'
            case $tool in
                img-resolve)
                    options+=" $store --all --all-tags --complete --content --from-file --keep-going --no-tags --null --pretty"
                    options+=' --quiet -0 -k -q' ;;
                img-manifest) options+=' --amend --have --raw --to' ;;
                img-tar) options+=" $output --deep --have -f -m -o -q" ;;
                img-save)
                    options+=" $output $store --all --all-tags --from-file --have --no-tags --null"
                    options+=' --tag -0 -f -m -o -q -t' ;;
            esac
            mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
            return
        fi
    fi

    case $tool in
        img-tar)
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
        img-resolve | img-save)
            mapfile -t COMPREPLY < <(_img_images "$cur")
            # A folder of an archive: the path goes on.
            if [[ $cur == *:* && ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == */ ]]; then compopt -o nospace 2>/dev/null; fi
            _img_trim_colon "$cur" ;;
    esac
}

complete -F _img img-resolve img-manifest img-tar img-save
