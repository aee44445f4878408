// How often a process watches descriptors by epoll(7): the kernel bounds that for all processes of a user together, so
// that whoever takes all leaves none to the host.

import Glibc

extension ProcessFile {
    /// Counts what the epoll instances among a process's descriptors watch.
    ///
    /// Not seen: instances that are on the way between sockets, and those that a thread waits by and whose number was
    /// closed meanwhile.
    ///
    /// - Parameter limit: beyond which nothing more is counted.
    /// - Returns: 0 where the process is gone.
    public static func watches(of process: Int32, limit: Int) -> Int {
        var count = 0
        // The first thread has none any more once it has ended, while the others go on.
        for thread in [process] + threads(of: process) {
            let folder = "/proc/\(process)/task/\(thread)"
            guard let names = try? FileStatus.names(in: folder + "/fd"), !names.isEmpty else { continue }
            for name in names.lazy.compactMap({ $0.text }) where isInstance(folder + "/fd/" + name) {
                count += lines(of: folder + "/fdinfo/" + name, limit: limit - count)
                if count > limit { break }
            }
            break
        }
        return count
    }

    private static func isInstance(_ path: String) -> Bool {
        var target = [UInt8](repeating: 0, count: 64)
        let size = unsafe readlink(path, &target, target.count)
        return size > 0 && target[..<size].elementsEqual("anon_inode:[eventpoll]".utf8)
    }

    /// - Returns: how many lines say what is watched: `tfd: …`.
    private static func lines(of path: String, limit: Int) -> Int {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        var count = 0
        var isStart = true
        while count <= limit {
            let size = repeatingInterrupted { unsafe read(descriptor, &piece, piece.count) }
            guard size > 0 else { break }
            for byte in piece[..<size] {
                if isStart, byte == UInt8(ascii: "t") { count += 1 }
                isStart = byte == UInt8(ascii: "\n")
            }
        }
        return count
    }
}
