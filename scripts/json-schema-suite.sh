#!/bin/sh
# Puts the official JSON Schema test suite into a folder, for the tests to read through JSON_SCHEMA_SUITE.
# It comes with the source distribution of the Python package "jsonschema" and is not part of this repository.
set -eu

version=4.26.0
sha256=0c26707e2efad8aa1bfc5b7ce170f3fccc2e4918ff85989ba9ffa9facb2be326

if [ $# -ne 1 ]; then
    echo "usage: $0 DIRECTORY" >&2
    exit 2
fi
target=$1
if [ -d "$target/tests/draft2020-12" ] && [ -d "$target/remotes" ]; then
    exit 0
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: \
    --dest "$scratch" "jsonschema==$version"
echo "$sha256  $scratch/jsonschema-$version.tar.gz" | sha256sum --check --quiet
tar -xzf "$scratch/jsonschema-$version.tar.gz" -C "$scratch"
mkdir -p "$target"
cp -R "$scratch/jsonschema-$version/json/tests" "$scratch/jsonschema-$version/json/remotes" "$target/"
