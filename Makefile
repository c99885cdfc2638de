# img: save images of the local containers-storage. `make help` lists the targets.

SHELL = /bin/bash
SWIFT ?= swift
CONFIGURATION ?= release
TRAITS ?= ISAL
SWIFT_FLAGS ?=
PREFIX ?= /usr/local
DESTDIR ?=

BUILD_PACKAGES = zlib1g-dev libssl-dev pkg-config $(if $(findstring ISAL,$(TRAITS)),libisal-dev)
# A link that the build makes: `sudo make install` needs no Swift in root's PATH.
BIN = .build/$(CONFIGURATION)

export SWIFT CONFIGURATION TRAITS SWIFT_FLAGS PREFIX DESTDIR

.PHONY: help build demo test stress fuzz sanitize lint install deb dist bench clean packages
.DEFAULT_GOAL := build

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## (.*)/make \1\t\2/' | expand -t 16
	@printf '\nvariables: IMAGE (demo), PREFIX DESTDIR (install), CONFIGURATION TRAITS SWIFT_FLAGS (build), FULL (test),\n'
	@printf '           TIME (fuzz), SCALE SECONDS_OF_WORK (stress), DEBFULLNAME DEBEMAIL (deb)\n'

packages:
	@scripts/packages $(BUILD_PACKAGES)

build: packages ## build the four tools; TRAITS= leaves out ISA-L
	@scripts/build

demo: build ## save an image: IMAGE=NAME of this machine's store, else one of a sample store
	@[ -n "$(IMAGE)" ] || scripts/build make-sample-store
	@IMAGE="$(IMAGE)" scripts/demo "$(BIN)"

test: packages ## install what the tests need, run them all
	@scripts/test

stress: packages ## the fault tests at length, beside a busy store: SECONDS_OF_WORK=300 (needs root)
	@scripts/packages python3 'strace?' 'buildah?' 'containers-storage?'
	@$(SWIFT) build
	@SCALE=$${SCALE:-4} SECONDS_OF_WORK=$${SECONDS_OF_WORK:-300} scripts/faults

fuzz: packages ## run each fuzz target for TIME=60 seconds
	@scripts/fuzz

sanitize: packages ## run the Swift tests under the address and the thread sanitizer
	@scripts/sanitize

lint: ## check style: Swift, scripts, man pages, length of files
	@scripts/lint

install: ## install tools, man pages and completions below DESTDIR/PREFIX; make build comes first
	@scripts/install "$(BIN)"

deb: build ## make a Debian package in dist; lintian checks it if it is installed; TRAITS= makes one without dependencies
	@scripts/packages dpkg-dev
	@scripts/deb "$(BIN)"

dist: ## make dist/img-VERSION.tar.gz of HEAD; the same commit gives the same bytes
	@scripts/dist

bench: build ## measure beside podman and skopeo (needs root)
	@scripts/packages podman skopeo buildah jq time python3-matplotlib
	bench/run --bin "$(BIN)"
	bench/names --bin "$(BIN)"
	bench/scale --bin "$(BIN)"
	bench/picture

clean: ## remove what was built
	rm -rf .build .build-asan .build-fuzz .build-isal .build-tsan dist bench/*.json bench/__pycache__
