// What goes wrong in the store itself, as opposed to what the shop says no to.

package enum StoreError: Error, Hashable, CustomStringConvertible {
    /// Another connection held the lock until the time was up; nothing was changed.
    case busy
    /// A newer release made this database.
    case madeByNewerRelease(found: Int, known: Int)
    case sqlite(code: Int32, message: String)
    case folder(path: String, errno: Int32)

    package var description: String {
        switch self {
        case .busy:
            "the store is locked by another connection"
        case .madeByNewerRelease(let found, let known):
            "the store has schema version \(found), and this release knows up to \(known): install the newer release again"
        case .sqlite(let code, let message):
            "SQLite error \(code): \(message)"
        case .folder(let path, let errno):
            "cannot create files in \(path): error \(errno); check that it exists and may be written"
        }
    }
}
