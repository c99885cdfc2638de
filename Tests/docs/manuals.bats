#!/usr/bin/env bats
# The manual pages say what the tools have: every option there and back.

load helpers
setup_file() { prepare; }

# paged TOOL: the options that the page lists in OPTIONS.
paged() {
    sed -n '/^\.Sh OPTIONS/,/^\.Sh [^O]/p' "$TOP/man/$1.1" | grep '^\.It Fl ' |
        grep -oE 'Fl [^ ,|]+' | sed 's/^Fl /-/; s/\\//g' | sort -u
}

@test "every option of --help is in the page, and back" {
    for tool in "${tools[@]}"; do
        same "$(options "$tool" | sort -u)" "$(paged "$tool")"
    done
}

@test "options have the groups and the order of --help, in all tools the same" {
    local groups=(OUTPUT IMAGES RECORDS COMPRESSION VERIFICATION REPORTS STORE GENERAL)
    for tool in "${tools[@]}"; do
        "$tool" --help >"$BATS_TEST_TMPDIR/help"
        sed -nE 's/^([A-Z]+):$/\1/p; s/^  (-[A-Za-z0-9], )?(--[a-z-]+).*/\2/p' "$BATS_TEST_TMPDIR/help" |
            grep -vxE 'ARGUMENTS|EXAMPLE' >"$BATS_TEST_TMPDIR/order"
        same "$(<"$BATS_TEST_TMPDIR/order")" "$(sed -n '/^\.Sh OPTIONS/,/^\.Sh [^O]/p' "$TOP/man/$tool.1" | sed 's:[\\]::g' |
            sed -nE 's/^\.Ss (.*)/\U\1/p; s/^\.It Fl ([A-Za-z0-9] , Fl )?(-[a-z-]+).*/-\2/p')"
        grep -v -- - "$BATS_TEST_TMPDIR/order" >"$BATS_TEST_TMPDIR/groups"
        same "$(printf '%s\n' "${groups[@]}" | grep -xFf "$BATS_TEST_TMPDIR/groups")" "$(<"$BATS_TEST_TMPDIR/groups")"
        run ! grep -E '.{80}' "$BATS_TEST_TMPDIR/help"
    done
}

@test "--help ends in an example and the page" {
    for tool in "${tools[@]}"; do
        "$tool" --help | tail -n 4 >"$BATS_TEST_TMPDIR/end"
        same "EXAMPLE:" "$(sed -n 1p "$BATS_TEST_TMPDIR/end")"
        grep -q "^  \$ .*$tool" "$BATS_TEST_TMPDIR/end"
        same "See man $tool." "$(sed -n 4p "$BATS_TEST_TMPDIR/end")"
    done
    # Those that use the output of another tool, or that write, name the most used option first.
    for tool in img-tar img-save; do
        same --output "$(options $tool | grep -m 1 -- '^--')"
    done
}

@test "every option is in the synopsis" {
    for tool in "${tools[@]}"; do
        synopsis=$(sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESC/p' "$TOP/man/$tool.1" | sed 's/[\\]//g')
        # Clusters such as `Fl fq` stand for -f and -q.
        letters=$(grep -oE '(Fl|\|) [A-Za-z0-9]+( |$)' <<<"$synopsis" | sed 's/^[^ ]* //' | tr -d ' \n')
        while read -r short long; do
            if [ -n "$long" ]; then
                [[ $letters == *"${short#-}"* ]] || { echo "$tool: $short"; false; }
            else
                grep -Eq -- "(Fl|\|) ${short#-}( |\$)" <<<"$synopsis" || { echo "$tool: $short"; false; }
            fi
        done < <("$tool" --help | sed -nE 's/^  (-.*)/\1/p' | grep -oE '^(-[A-Za-z0-9], )?--[a-z-]+' | tr -d ,)
    done
}

@test "every page has every section, in order" {
    for page in "$TOP"/man/*.[157]; do
        wanted='NAME SYNOPSIS DESCRIPTION OPTIONS ENVIRONMENT FILES EXIT STATUS EXAMPLES COMPATIBILITY SEE ALSO'
        case $page in
            *.5) wanted='NAME DESCRIPTION FILES EXAMPLES SEE ALSO' ;;
            *.7) wanted='NAME DESCRIPTION ENVIRONMENT FILES EXAMPLES COMPATIBILITY SEE ALSO' ;;
        esac
        same "$wanted" "$(sed -n 's/^\.Sh //p' "$page" | paste -sd' ')"
    done
}

@test "every exit status of the sources is in img(7), and those of the tools' pages are" {
    seven=$(sed -n '/^\.Ss Exit status/,/^\.Ss Stab/p' "$TOP/man/img.7" | sed -nE 's/^\.It ([0-9]+)$/\1/p')
    sources=$(sed -nE 's/^ *case [a-zA-Z]+ = ([0-9]+)$/\1/p' "$TOP/Sources/Base/Diagnostics/Failure.swift")
    same "$(printf '0\n%s' "$sources")" "$seven"
    for tool in "${tools[@]}"; do
        sed -n '/^\.Sh EXIT/,/^\.Sh EXA/p' "$TOP/man/$tool.1" | sed -nE 's/^\.It ([0-9]+)$/\1/p' >"$BATS_TEST_TMPDIR/its"
        run ! grep -vxF "$seven" "$BATS_TEST_TMPDIR/its"
    done
}

@test "every variable that the sources read is in the pages of the tools that read it" {
    for variable in $(grep -rhoE '"(_?[A-Z]+(_[A-Z]+)+|HOME|TERM|TMPDIR)"' "$TOP/Sources" --include='*.swift' | tr -d '"'); do
        # Only builds for debugging read these.
        case $variable in IMG_PLANTED_*) continue ;; esac
        grep -Eq "^\.It Ev (.* )?$variable( |\$)" "$TOP/man/img-save.1" || { echo "$variable"; false; }
        # Of the store and its configuration, img-resolve reads the same.
        grep -rqF "\"$variable\"" "$TOP/Sources/Stores/ContainersConfiguration" && [ "$variable" != TMPDIR ] || continue
        grep -Eq "^\.It Ev (.* )?$variable( |\$)" "$TOP/man/img-resolve.1" || { echo "$variable"; false; }
    done
}

@test "every page that is referred to is there" {
    for page in "$TOP"/man/*.[157]; do
        grep -ohE '^\.Xr img[a-z-]* [157]' "$page" | sort -u | while read -r _ name section; do
            [ -f "$TOP/man/$name.$section" ] || { echo "${page##*/}: $name($section)"; false; }
        done
    done
}
