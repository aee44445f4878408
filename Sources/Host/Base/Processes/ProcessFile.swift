// Files of /proc say nothing of their size, and are gone with what they tell of.

import Glibc

public enum ProcessFile {
    /// What is in it, as far as it can be read.
    public static func text(_ path: String) -> String { String(decoding: bytes(path), as: UTF8.self) }

    static func bytes(_ path: String) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        try? DescriptorBytes.read(descriptor, into: &bytes)
        return bytes
    }

    /// The process that one came from, or that took it over; `nil` where it is gone.
    public static func parent(of process: Int32) -> Int32? {
        ProcessStatus(of: process).numbers(["PPid"])[0].map(Int32.init)
    }

    /// The numbers of a process's threads; none where it is gone.
    public static func threads(of process: Int32) -> [Int32] {
        guard let folder = unsafe opendir("/proc/\(process)/task") else { return [] }
        defer { unsafe closedir(folder) }
        var threads: [Int32] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
            if let number = Int32(String(decoding: name, as: UTF8.self)) { threads.append(number) }
        }
        return threads
    }
}
