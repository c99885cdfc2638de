# img: save images of the local containers-storage. `make help` lists the targets.

SHELL = /bin/bash
SWIFT ?= swift
CONFIGURATION ?= release
# The Swift runtime goes into the tools, so that they run without a toolchain.
SWIFT_FLAGS ?= -Xswiftc -static-stdlib
PREFIX ?= /usr/local
DESTDIR ?=

TOOLS = img-resolve img-manifest img-tar img-save
BUILD_PACKAGES = zlib1g-dev libssl-dev
BUILD = $(SWIFT) build -c $(CONFIGURATION) $(SWIFT_FLAGS)

export PREFIX DESTDIR SWIFT

.PHONY: help build demo test lint install bench clean packages
.DEFAULT_GOAL := build

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## (.*)/make \1\t\2/' | expand -t 16
	@printf '\nvariables: IMAGE (demo), PREFIX DESTDIR (install), CONFIGURATION SWIFT_FLAGS (build), FULL=1 (test)\n'

packages:
	@scripts/packages $(BUILD_PACKAGES)

build: packages ## build the four tools (release, Swift runtime linked statically)
	$(BUILD)

demo: build ## save an image: IMAGE=NAME of this machine's store, else one of a sample store
	@scripts/demo "$$($(BUILD) --show-bin-path)"

test: packages ## install what the tests need, run them all
	@scripts/test

lint: ## check style: Swift, scripts, man pages, length of files
	@scripts/lint

install: ## install tools, man pages and completions below DESTDIR/PREFIX (build first)
	@scripts/install "$$($(BUILD) --show-bin-path)"

bench: build ## measure beside podman and skopeo (needs root and both)
	@scripts/packages podman skopeo buildah jq time
	bench/run --bin "$$($(BUILD) --show-bin-path)"

clean: ## remove what was built
	rm -rf .build dist bench/results.json
