// The program that this process runs, to be run once more: in this very build, whatever lies where it was started from.

import Glibc

/// The host's own program.
public struct OwnProgram: Sendable, Equatable {
    /// What to run. `/proc/self/exe` is the same file even if another one was put in its place meanwhile, as by an
    /// upgrade, or if it was removed.
    public let executable: String

    private static let link = "/proc/self/exe"

    /// `nil` where the system does not tell which file this process runs.
    public static var current: OwnProgram? {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink(link, &path, path.count)
        guard count > 0, count < path.count else { return nil }
        let name = String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // A program that runs programs, such as valgrind, says whose part it plays; behind the link it is itself.
        let plays = identity(of: name).map { $0 != identity } ?? false
        return OwnProgram(executable: plays && !name.hasSuffix(" (deleted)") ? name : link)
    }

    /// The file that this process runs, as numbers of the file system; empty where the system does not tell.
    public static var identity: String { identity(of: link) ?? "" }

    private static func identity(of path: String) -> String? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return "\(status.st_dev):\(status.st_ino)"
    }
}
