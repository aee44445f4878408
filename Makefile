# The commands of the project. `make help` lists them; the work is done by scripts/.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

packs := catalog cart checkout deals
# Folders count too: their time tells that a file was added or removed.
inputs := Package.swift scripts/build-release.sh scripts/release-flags.sh Benchmarks/release.profdata $(shell find Sources Plugins ! -name '.*')
built := .build/stamps/release
staged := $(packs:%=plugins.d/%.so)

.PHONY: help run build test test-long bench profile check fuzz format clean

help: ## List the commands
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

run: ## Install what is missing, build, and serve on 127.0.0.1:3001
	@scripts/system-packages.sh run
	@$(MAKE) --no-print-directory build
	@exec .build/release/toolhost serve --welcome

build: $(staged) ## Leave .build/release/toolhost and the packs in plugins.d/

test: ## Everything that must hold: format, imports, symbols, unit, pack and end-to-end tests
	@scripts/system-packages.sh test
	@$(MAKE) --no-print-directory build
	@scripts/test.sh

test-long: ## What takes too long for every change: `make test` with larger counts, sanitizers, kills, fuzzing
	@scripts/system-packages.sh test
	@$(MAKE) --no-print-directory build
	@scripts/test-long.sh

bench: build ## Measure the host beside nginx, Go, Node, FastAPI and FastMCP; ARGS='--only start' for a part
	@Benchmarks/bench.py $(ARGS)

profile: ## Find out anew what release builds are optimized for; to be committed
	@scripts/profile-release.sh

check: ## The part of `make test` that takes seconds and needs no build
	@scripts/check-format.sh
	@scripts/check-header.sh

seconds ?= 60
fuzz: ## Look for tokens that pass, and for what a pack could write to bring the host down: make fuzz seconds=600
	@scripts/system-packages.sh run
	@scripts/fuzz.sh $(seconds)

format: ## Rewrite the Swift files as `make check` wants them
	@swift format --in-place --recursive --parallel Sources Plugins Tests Benchmarks Package.swift

clean: ## Remove what was built; keys, carts and orders under var/ stay
	@rm -rf .build/stamps .build/profile .build/profiles .build/thinlto plugins.d/*.so
	@swift package clean

$(built): $(inputs)
	@scripts/build-release.sh $@

$(staged): plugins.d/%.so: $(built)
	@scripts/stage-pack.sh $*
