#!/usr/bin/env bash
# Fails when a Swift file is not formatted as .swift-format says, a comment is wider than 120 columns, or shellcheck has
# something to say of a shell script. Needs swift and shellcheck.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v shellcheck >/dev/null; then
    echo "format: shellcheck is missing; run: scripts/system-packages.sh test (or apt-get install shellcheck)" >&2
    exit 1
fi
mapfile -t shell < <(git ls-files '*.sh' .ci/run)
shellcheck "${shell[@]}"

swift format lint --strict --recursive --parallel Sources Plugins Tests Benchmarks Package.swift

# Prints the lines of FILES that begin as PATTERN says and are wider, and notes that there are any. A file that cannot
# be read may have some, so it ends the check. Usage: wide PATTERN FILES
found=
wide() {
    local status=0
    LC_ALL=C.UTF-8 grep --line-number --with-filename --perl-regexp "^(?=$1).{121,}\$" "${@:2}" || status=$?
    case $status in
    0) found=yes ;;
    1) ;;
    *) exit "$status" ;;
    esac
}
mapfile -t swift < <(git ls-files '*.swift')
mapfile -t c < <(git ls-files '*.[ch]')
mapfile -t scripts < <(git ls-files '*.sh' '*.py' .ci/run)
wide '\s*//' "${swift[@]}"
wide '\s*(/\*|\* |//)|   \w' "${c[@]}"
wide '\s*#(?!!)' "${scripts[@]}"
if [ -n "$found" ]; then
    echo "format: these comments are wider than 120 columns" >&2
    exit 1
fi
echo "format: clean"
