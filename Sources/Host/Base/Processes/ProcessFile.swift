// Files of /proc say nothing of their size, and are gone with what they tell of.

import Glibc

public enum ProcessFile {
    /// What is in it, as far as it can be read.
    public static func text(_ path: String) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        try? DescriptorBytes.read(descriptor, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
