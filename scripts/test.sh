#!/usr/bin/env bash
# Everything that must hold, the cheap parts first. `make test` calls it once the release build is there, because the
# end-to-end tests drive that build; the unit tests need a debug build of their own (@testable).
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$*"; }

step Format and header
scripts/check-format.sh
scripts/check-header.sh

step Symbols and sizes of the packs
scripts/check-symbols.sh plugins.d/{catalog,cart,checkout,deals}.so

step Fixtures
scripts/build-fixtures.sh .build/fixtures

step Python tools
export TOOLHOST_PYTHON
TOOLHOST_PYTHON=$(scripts/python-tools.sh)

step Debug build with import checks
swift build --build-tests --explicit-target-dependency-import-check error

step Tests
export TOOLHOST_BIN=$PWD/.build/release/toolhost
export TOOLHOST_PACKS=$PWD/plugins.d
export TOOLHOST_FIXTURES=$PWD/.build/fixtures
export TOOLHOST_ROOT=$PWD
swift test --skip-build --disable-xctest
