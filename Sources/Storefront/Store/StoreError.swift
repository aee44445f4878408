// What goes wrong in the store itself, as opposed to what the shop says no to.

package enum StoreError: Error, Hashable, CustomStringConvertible {
    /// Another connection held the lock until the time was up; nothing was changed.
    case busy
    /// A newer release made this database.
    case madeByNewerRelease(found: Int, known: Int)
    /// - Parameter cause: `nil` for what is a mistake of the shop's own.
    case sqlite(cause: Cause?, code: Int32, message: String, file: String)
    /// The file can be read, and what stands in it cannot be.
    case damaged(what: String)
    case folder(path: String, errno: Int32)

    /// What an operator can do something about.
    package enum Cause: Sendable, Hashable, CaseIterable {
        case noRoom, noMemory, disk, absent, readOnly, damaged, foreign
    }

    package var cause: Cause? {
        switch self {
        case .busy: nil
        case .madeByNewerRelease: .foreign
        case .sqlite(let cause, _, _, _): cause
        case .damaged: .damaged
        case .folder: .absent
        }
    }

    package var description: String {
        switch self {
        case .busy:
            "the store is locked by another connection"
        case .madeByNewerRelease(let found, let known):
            "the store has schema version \(found), and this release knows up to \(known): install the newer release again"
        case .sqlite(let cause, let code, let message, let file):
            "SQLite error \(code): \(message) (\(file))" + (cause.map { ": \($0.remedy)" } ?? "")
        case .damaged(let what):
            "\(what) cannot be read: \(Cause.damaged.remedy)"
        case .folder(let path, let errno):
            "cannot create files in \(path): error \(errno); check that it exists and may be written"
        }
    }
}

extension StoreError.Cause {
    /// The way out, for the operator.
    package var remedy: String {
        switch self {
        case .noRoom: "make room on its disk, and the shop goes on by itself"
        case .noMemory: "free memory on this machine, and the shop goes on by itself"
        case .disk: "`df` says whether its disk is full, `dmesg` whether it fails; the shop goes on once it works"
        case .absent:
            "put a backup in its place, which the host's user can write, with its folder; a restart makes a new store"
        case .readOnly: "let the host's user write it (`chown`, `chmod u+w`), its -wal, its -shm and their folder"
        case .damaged: "stop the host, put a backup in its place, delete its -wal and its -shm, and start the host"
        case .foreign:
            "it is no store of this release: put a backup in its place; of an empty file a restart makes a new store"
        }
    }
}
