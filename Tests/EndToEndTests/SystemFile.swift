// Files of /proc and /sys, which say nothing of their size and give a page at a time: Foundation takes the first page
// for all there is.

import Glibc

enum SystemFile {
    /// Everything that is in it; `nil` where it cannot be opened or is gone before its end.
    static func bytes(_ path: String) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var (all, piece) = ([UInt8](), [UInt8](repeating: 0, count: 65536))
        while true {
            let count = unsafe read(descriptor, &piece, piece.count)
            guard count >= 0 else { return nil }
            if count == 0 { return all }
            all += piece[..<count]
        }
    }

    /// Empty where there is none.
    static func text(_ path: String) -> String { String(decoding: bytes(path) ?? [], as: UTF8.self) }
}
