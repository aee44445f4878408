#!/usr/bin/env bash
# Fails when a Swift file is not formatted as .swift-format says, a comment is wider than 120 columns, or a shell script
# does not parse.
set -euo pipefail
cd "$(dirname "$0")/.."

swift format lint --strict --recursive --parallel Sources Plugins Tests Benchmarks Package.swift
for script in scripts/*.sh Benchmarks/*.sh .ci/run test-chatgpt-endpoints.sh; do
    bash -n "$script"
done

# Prints the lines of FILES that begin as PATTERN says and are wider. Usage: wide PATTERN FILES
wide() {
    LC_ALL=C.UTF-8 grep --line-number --with-filename --perl-regexp "^(?=$1).{121,}\$" "${@:2}"
}
mapfile -t swift < <(git ls-files '*.swift')
mapfile -t c < <(git ls-files '*.[ch]')
mapfile -t scripts < <(git ls-files '*.sh' '*.py' .ci/run)
if wide '\s*//' "${swift[@]}" || wide '\s*(/\*|\* |//)|   \w' "${c[@]}" || wide '\s*#(?!!)' "${scripts[@]}"; then
    echo "format: these comments are wider than 120 columns" >&2
    exit 1
fi
echo "format: clean"
