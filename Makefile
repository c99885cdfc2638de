# img: save images of the local containers-storage. `make help` lists the targets.

SHELL = /bin/bash
SWIFT ?= swift
CONFIGURATION ?= release
TRAITS ?= ISAL,ZSTD
SWIFT_FLAGS ?=
PREFIX ?= /usr/local
DESTDIR ?=

BUILD_PACKAGES = g++ zlib1g-dev libssl-dev pkg-config $(if $(findstring ISAL,$(TRAITS)),libisal-dev) \
	$(if $(findstring ZSTD,$(TRAITS)),libzstd-dev)
# A link that the build creates, so that `sudo make install` needs no Swift in the PATH of root.
BIN = .build/$(CONFIGURATION)

export SWIFT CONFIGURATION TRAITS SWIFT_FLAGS PREFIX DESTDIR

.PHONY: help build demo test compat stress fuzz sanitize lint install uninstall deb dist bench clean packages
.DEFAULT_GOAL := build

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## (.*)/make \1\t\2/' | expand -t 16
	@printf '\nvariables: IMAGE (demo), PREFIX DESTDIR (install), CONFIGURATION TRAITS SWIFT_FLAGS (build), FULL (test),\n'
	@printf '           TIME (fuzz), SCALE SECONDS_OF_WORK (stress), DEBFULLNAME DEBEMAIL (deb)\n'

packages:
	@scripts/toolchain
	@scripts/packages $(BUILD_PACKAGES)

build: packages ## build the four tools; TRAITS= builds without ISA-L and zstd
	@scripts/build

demo: packages ## save a sample image and check it; IMAGE=NAME saves one of your images
	@scripts/build img-save $(if $(IMAGE),,make-sample-store)
	@IMAGE="$(IMAGE)" scripts/demo "$(BIN)"

test: packages ## install what the tests need and run all tests
	@scripts/test

compat: build ## compare with this machine's programs and the newest, write docs/compatibility.md (needs root, 2.5 GB)
	@scripts/packages buildah containerd debootstrap docker.io jq podman python3 skopeo umoci util-linux
	@scripts/compat "$(BIN)"

stress: packages ## run the long fault tests, with a busy store for SECONDS_OF_WORK=300 (needs root)
	@scripts/packages python3 'strace?' 'buildah?' 'containers-storage?'
	@$(SWIFT) build
	@SCALE=$${SCALE:-4} SECONDS_OF_WORK=$${SECONDS_OF_WORK:-300} scripts/faults

fuzz: packages ## run each fuzz target for TIME=60 seconds
	@scripts/fuzz

sanitize: packages ## run the Swift tests under the address and the thread sanitizer
	@scripts/sanitize

lint: ## check the style of Swift, scripts and man pages
	@scripts/lint

install: ## install tools, man pages and completions to DESTDIR/PREFIX; run make build first
	@scripts/install "$(BIN)"

uninstall: ## remove what make install installed, with the same PREFIX and DESTDIR
	@scripts/install --remove

deb: build ## build a Debian package in dist; TRAITS=ZSTD builds one without dependencies
	@scripts/packages dpkg-dev
	@scripts/deb "$(BIN)"

dist: ## write HEAD to dist/img-VERSION.tar.gz, reproducibly
	@scripts/dist

bench: build ## compare the speed with podman, skopeo, and the newest programs of make compat (needs root)
	@scripts/packages podman skopeo buildah jq time python3-matplotlib
	@scripts/bench "$(BIN)"

clean: ## remove build products
	rm -rf .build .build-asan .build-fuzz .build-tsan dist bench/*.json bench/__pycache__
