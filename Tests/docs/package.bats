#!/usr/bin/env bats
# What is installed and packed.

load helpers
setup_file() { prepare; }

@test "packages have the version of the tools" {
    for tool in "${tools[@]}"; do
        same "$tool (img) $("$TOP/scripts/version")" "$("$tool" --version | head -n 1)"
    done
    grep -q "^## $("$TOP/scripts/version")" "$TOP/CHANGELOG.md"
}

@test "make install puts tools, pages and completions where they are looked for" {
    cd "$BATS_TEST_TMPDIR"
    PREFIX=/usr DESTDIR=$PWD/stage "$TOP/scripts/install" "$IMG_BIN"
    for tool in "${tools[@]}"; do
        "stage/usr/bin/$tool" --version
        [ -f "stage/usr/share/man/man1/$tool.1" ]
        [ -f "stage/usr/share/bash-completion/completions/$tool" ]
        [ -f "stage/usr/share/fish/vendor_completions.d/$tool.fish" ]
    done
    [ -f stage/usr/share/zsh/vendor-completions/_img ]
    [ -f stage/usr/share/man/man7/img.7 ]
    [ -f stage/usr/share/man/man7/img-output.7 ]
    # The page has the path of each schema.
    sed -n 's/^\.It Pa \(.*schema.json\)$/\1/p' stage/usr/share/man/man5/img-json.5 | sort >schemas
    same "$(cd stage && find usr -name '*.schema.json' | sed 's:^:/:' | sort)" "$(<schemas)"
    same "$(cd "$TOP/schema" && printf '%s\n' *)" "$(sed 's:.*/::' schemas)"
}

@test "make uninstall removes what make install installed, and nothing else" {
    cd "$BATS_TEST_TMPDIR"
    for prefix in /usr /usr/local "/home/a user/.local"; do
        mkdir -p "stage$prefix/bin" "stage$prefix/share/man/man1"
        touch "stage$prefix/bin/other" "stage$prefix/share/man/man1/img.1"
        find "stage$prefix" ! -type d | sort >before
        PREFIX=$prefix DESTDIR=$PWD/stage "$TOP/scripts/install" "$IMG_BIN"
        [ "$(find "stage$prefix" ! -type d | wc -l)" -gt 20 ]
        make -sC "$TOP" uninstall PREFIX="$prefix" DESTDIR="$PWD/stage"
        same "$(<before)" "$(find "stage$prefix" ! -type d | sort)"
        [ ! -e "stage$prefix/share/doc/img" ]
        # A second time there is nothing to remove.
        make -sC "$TOP" uninstall PREFIX="$prefix" DESTDIR="$PWD/stage"
        rm -r stage
    done
}

@test "installed documents link only to installed files" {
    cd "$BATS_TEST_TMPDIR"
    PREFIX=/usr DESTDIR=$PWD/stage "$TOP/scripts/install" "$IMG_BIN"
    cd stage/usr/share/doc/img
    grep -q 'CONTRIBUTING.md describes development' README.md
    grep -oE '\]\([^)]*\)' -- *.md | sed -E 's/.*\]\(//; s/\)$//; s/#.*//' >links || true
    while read -r link; do
        case $link in https://* | '') ;; *) [ -e "$link" ] || { echo "$link"; false; } ;; esac
    done <links
    # Of the picture, nothing is left.
    run ! grep -E '!\[|^Measured by' README.md
    same "$(grep '^## ' "$TOP/README.md")" "$(grep '^## ' README.md)"
}

@test "make install needs what make build makes, and no Swift" {
    cd "$TOP"
    run -2 make install SWIFT=/bin/false CONFIGURATION=none DESTDIR="$BATS_TEST_TMPDIR"
    [[ $output == *"run make build first"* ]]
    # The tools under test are those of a link that `swift build` makes.
    [ "$IMG_BIN" = "$(realpath .build/debug)" ] || skip "the tools under test are others"
    make install SWIFT=/bin/false CONFIGURATION=debug DESTDIR="$BATS_TEST_TMPDIR" PREFIX=/opt/img
    "$BATS_TEST_TMPDIR/opt/img/bin/img-save" --version
}

@test "the picture of the modules has those of Package.swift" {
    same "$(tr -d '\n ' <"$TOP/Package.swift" | grep -oE 'module\("[A-Za-z0-9]+"' | cut -d'"' -f2 | sort)" \
        "$(sed -n '/^## How it works/,/^One pass/p' "$TOP/README.md" | grep '^  ' | cut -c 15- | sed -E 's/   +[a-z].*//' |
            grep -oE '\b[A-Z][A-Za-z0-9]+\b' | sort)"
}

@test "a package holds only tools that need no library besides those of packages" {
    command -v dpkg-shlibdeps >/dev/null || skip "dpkg-dev is not installed"
    ldd "$IMG_BIN/img-save" 2>/dev/null | grep -q libswiftCore || skip "the tools under test need no Swift"
    run -65 "$TOP/scripts/deb" "$IMG_BIN"
    [[ $output == *"in no Debian package"* ]]
}
