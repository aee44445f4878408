// What was read of the program only to start it need not stay in memory.

import ProgramPages

/// The code and the constants of the host's own program, of which serving needs a part.
enum StartPages {
    /// Takes them out of the process's memory. They stay in the system's cache of files, and are mapped again, without
    /// a disk, when they are touched.
    ///
    /// Only pages of the program: its segments are never unmapped, nobody writes to those that are not writable, and so
    /// a page of theirs is always the file's. Nothing of that is known of what packs have mapped, whose addresses may
    /// belong to somebody else a moment after they were looked up. With four packs, 45 MB idle become 35. Paging out
    /// instead, also what packs have mapped, made that 17, and every later start 25 ms slower, since it empties the
    /// cache, too.
    static func giveBack() {
        program_pages_drop()
    }
}
