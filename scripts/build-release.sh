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

# Both parts of a build have to know the profile and each other's code: no compiler but Swift's own.
unset CC CXX
mkdir -p "$(dirname "$stamp")"
touch "$stamp.begun"
. scripts/release-flags.sh
# What `make profile` saw: which functions are hot, and which way branches go, one fifth of a call's time. Functions
# that have changed since are compiled without, which is nothing to warn of. The copy is named by its content, because
# only other arguments make the compiler run again.
digest=$(sha256sum Benchmarks/release.profdata)
profile=$PWD/.build/profiles/${digest:0:16}.profdata
mkdir -p "$(dirname "$profile")"
cp Benchmarks/release.profdata "$profile.$$"
mv "$profile.$$" "$profile"
# Swift takes a profile that it cannot read for none, and says no more than a line.
reader=$(dirname "$(readlink -f "$(command -v swiftc)")")/llvm-profdata
[ ! -x "$reader" ] || "$reader" show "$profile" >/dev/null
swift build --configuration release "${release_flags[@]}" \
    -Xswiftc -Xfrontend -Xswiftc -ir-profile-use="$profile" \
    -Xcc -fprofile-use="$profile" -Xcc -Wno-backend-plugin \
    -Xlinker --thinlto-cache-dir=.build/thinlto # what has not changed is not compiled to machine code again
mv "$stamp.begun" "$stamp"
