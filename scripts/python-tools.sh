#!/usr/bin/env bash
# Makes .build/venv with the Python tools that some tests compare with, and prints the path of its interpreter. With the
# name of another list it makes .build/venv-NAME from requirements-NAME.txt. Does nothing when it is there already.
# Usage: scripts/python-tools.sh [NAME]
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.build/venv${1:+-$1}
requirements=scripts/requirements${1:+-$1}.txt
if ! cmp --silent "$requirements" "$venv/requirements.txt"; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements" >&2
    cp "$requirements" "$venv/requirements.txt"
fi
echo "$PWD/$venv/bin/python"
