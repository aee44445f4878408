#!/usr/bin/env bash
# Builds host and packs in release mode, then leaves STAMP, older than anything that was edited meanwhile.
# Usage: scripts/build-release.sh STAMP
set -euo pipefail
cd "$(dirname "$0")/.."

stamp=${1:?usage: scripts/build-release.sh STAMP}
version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+)\.([0-9]+).*/\1 \2/p')
read -r major minor <<<"${version:-0 0}"
if ((major < 6 || (major == 6 && minor < 3))); then
    echo "Swift 6.3 or later is needed; this is $(swift --version 2>/dev/null | head -1)." >&2
    exit 1
fi

mkdir -p "$(dirname "$stamp")"
touch "$stamp.begun"
flags=(
    # Whether two accesses to one variable overlap is checked at run time in debug builds, which the unit tests run.
    # In a release build it would be one instruction in twenty of a call.
    -Xswiftc -enforce-exclusivity=unchecked
    # The host is optimized once more as a whole, across its own modules and those that it is built on: one twentieth of
    # a call. What has not changed is not compiled to machine code again.
    --experimental-lto-mode thin -Xlinker --thinlto-cache-dir=.build/thinlto
)
swift build --configuration release "${flags[@]}"
mv "$stamp.begun" "$stamp"
