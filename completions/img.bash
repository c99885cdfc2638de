# Completion of img-resolve, img-manifest, img-tar and img-save for bash, with bash-completion or without it.
# shellcheck shell=bash

# The words of the command line, with `:` and `=` as parts of words. readline splits at them, so the words are put
# together again: sets words, cword, cur and prev of the caller.
_img_words() {
    words=()
    cword=0
    local i last='' text=${COMP_LINE:0:COMP_POINT}
    for ((i = 0; i <= COMP_CWORD; i++)); do
        local word=${COMP_WORDS[i]}
        # A word after `:` without white space between them goes on with it, and so does the `:` itself.
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
    # --option=value comes as three words.
    if [[ $cur == = ]]; then
        cur=''
    elif [[ $prev == = ]] && ((cword > 1)); then
        prev=${words[cword - 2]}
    fi
}

# Sets REPLY to what a word stands for: without quotes, with a home folder or a variable at its start in their places.
# Nothing is run for it, as the shell would run what is between $( and ).
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

# Images whose names begin with $1, from the store that the command line names. Nothing on any failure.
_img_images() {
    local options=() i REPLY
    for ((i = 1; i < cword; i++)); do
        case ${words[i]} in
            --imagestore | --root | --runroot | --storage-driver | --storage-opt)
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

# Drops from the answers what readline has already: everything up to the last `:` of the word.
_img_trim_colon() {
    [[ $1 == *:* && $COMP_WORDBREAKS == *:* ]] || return 0
    local prefix=${1%"${1##*:}"} i
    for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=${COMPREPLY[i]#"$prefix"}; done
}

_img() {
    local words cword cur prev tool options i
    local store='--imagestore --platform --root --runroot --storage-driver --storage-opt'
    local output='--compress --compression --compression-level --dry-run --events --force --format --jobs --output --progress'
    output+=' --quiet --report --sync --uncompressed'
    _img_words
    tool=${words[0]##*/}
    COMPREPLY=()

    case $prev in
        --format)
            mapfile -t COMPREPLY < <(compgen -W 'docker-archive docker-dir oci-archive oci-dir' -- "$cur")
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
        --compression)
            mapfile -t COMPREPLY < <(compgen -W 'gzip none' -- "$cur")
            return ;;
        --progress)
            mapfile -t COMPREPLY < <(compgen -W 'auto json none plain tty' -- "$cur")
            return ;;
        --compression-level)
            mapfile -t COMPREPLY < <(compgen -W '1 2 3 4 5 6 7 8 9' -- "$cur")
            return ;;
        --imagestore | --root | --runroot)
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -d -- "$cur")
            return ;;
        -o | --output | --events | --from-file | --report)
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$cur")
            return ;;
        --platform)
            mapfile -t COMPREPLY < <(compgen -W 'linux/amd64 linux/arm/v7 linux/arm64 linux/ppc64le linux/riscv64 linux/s390x' \
                -- "$cur")
            return ;;
        --complete | --jobs | --storage-opt)
            return ;;
        -t | --tag)
            mapfile -t COMPREPLY < <(_img_images "$cur")
            _img_trim_colon "$cur"
            return ;;
    esac

    if [[ $cur == -* ]]; then
        for ((i = 1; i < cword; i++)); do [[ ${words[i]} != -- ]] || break; done
        if ((i == cword)); then
            options='--help --verbose --version'
            case $tool in
                img-resolve)
                    options+=" $store --all --all-tags --complete --from-file --keep-going --no-tags --null --pretty"
                    options+=' --quiet' ;;
                img-manifest) options+=' --raw --to' ;;
                img-tar) options+=" $output" ;;
                img-save) options+=" $output $store --multi-image-archive --tag" ;;
            esac
            mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
            return
        fi
    fi

    case $tool in
        img-resolve | img-save)
            mapfile -t COMPREPLY < <(_img_images "$cur")
            _img_trim_colon "$cur" ;;
    esac
}

complete -F _img img-resolve img-manifest img-tar img-save
