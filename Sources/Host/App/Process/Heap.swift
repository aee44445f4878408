// What the host has freed goes back to the system.

import CGlibc
import Glibc

/// The allocator of the C library, which the host shares with what it was linked with.
enum Heap {
    /// What is large goes back when it is freed. By default glibc learns from the first large block, such as the bytes
    /// of a pack, to keep blocks of that size.
    static func giveBackLargeBlocks() {
        mallopt(M_MMAP_THRESHOLD, 1 << 20)
        mallopt(M_TRIM_THRESHOLD, 2 << 20)
    }

    /// All that is free by now goes back.
    static func giveBack() {
        malloc_trim(0)
    }
}
