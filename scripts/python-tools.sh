#!/usr/bin/env bash
# Makes .build/venv with the Python tools that some tests compare with, as pinned in requirements.txt, and prints the
# path of its interpreter. Does nothing when it is there already.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.build/venv
if ! cmp --silent scripts/requirements.txt "$venv/requirements.txt"; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement scripts/requirements.txt >&2
    cp scripts/requirements.txt "$venv/requirements.txt"
fi
echo "$PWD/$venv/bin/python"
