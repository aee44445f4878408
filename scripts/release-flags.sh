# What host and packs are compiled with in release mode. Sourced by build-release.sh and profile-release.sh.
# shellcheck shell=bash disable=SC2034
release_flags=(
    # Whether two accesses to one variable overlap is checked at run time in debug builds, which the unit tests run.
    # In a release build it would be one instruction in twenty of a call.
    -Xswiftc -enforce-exclusivity=unchecked
    # The host is optimized once more as a whole, across its own modules and those that it is built on: one twentieth of
    # a call.
    --experimental-lto-mode thin
    # A profile knows functions that are local to a file by the file's name as well: without its folder, which is another
    # one in every clone.
    -Xcc -mllvm -Xcc -static-func-strip-dirname-prefix=99
    -Xswiftc -Xllvm -Xswiftc -static-func-strip-dirname-prefix=99
)
