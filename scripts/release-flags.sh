# What host and packs are compiled with in release mode. Sourced by build-release.sh and profile-release.sh.
# shellcheck shell=bash disable=SC2034
release_flags=(
    # Whether two accesses to one variable overlap is checked at run time in debug builds, which the unit tests run.
    # In a release build it would be one instruction in twenty of a call.
    -Xswiftc -enforce-exclusivity=unchecked
    # The host is optimized once more as a whole, across its own modules and those that it is built on: one twentieth of
    # a call.
    --experimental-lto-mode thin
    # Every object file names the libraries that it wants. The linker maps each of them for each file, thousands of
    # times, until the system gives it no further mapping (vm.max_map_count). So it is told once.
    -Xlinker --no-dependent-libraries
    -Xlinker -lFoundationEssentials -Xlinker -l_FoundationCShims -Xlinker -l_FoundationCollections
    -Xlinker -lswiftSynchronization -Xlinker -lswift_Concurrency -Xlinker -lswift_StringProcessing
    -Xlinker -lswift_RegexParser -Xlinker -lswiftDispatch -Xlinker -lswiftGlibc
    # A profile knows functions that are local to a file by the file's name as well: without its folder, which is
    # another one in every clone.
    -Xcc -mllvm -Xcc -static-func-strip-dirname-prefix=99
    -Xswiftc -Xllvm -Xswiftc -static-func-strip-dirname-prefix=99
)
