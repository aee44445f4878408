// What was read of programs and packs only to start them need not stay in memory.

import Glibc

/// The code and the constants of everything that is loaded.
enum LoadedText {
    /// Takes pages that the start touched out of the process's memory. The files stay in the system's cache; what is
    /// needed again is mapped again when it is touched.
    static func release() {
        for range in unwritten(smaps: read("/proc/self/smaps")) {
            unsafe madvise(UnsafeMutableRawPointer(bitPattern: range.lowerBound), Int(range.count), MADV_DONTNEED)
        }
    }

    /// The mappings of files that nobody may write and of which every page is still the file's (proc_pid_smaps(5)).
    /// Dropping these loses nothing. A page that was changed, by relocation, by a program that unpacks itself or by a
    /// debugger, is anonymous and keeps its whole mapping.
    static func unwritten(smaps: String) -> [Range<UInt>] {
        var ranges: [Range<UInt>] = []
        var mapping: Range<UInt>?
        for line in smaps.utf8.split(separator: UInt8(ascii: "\n")) {
            let words = line.split(separator: UInt8(ascii: " "), maxSplits: 5).map { Substring($0) }
            guard let first = words.first else { continue }
            if first == "Anonymous:" {
                if let mapping, words.dropFirst().first == "0" { ranges.append(mapping) }
            } else if !first.hasSuffix(":") {
                mapping = Self.mapping(words)
            }
        }
        return ranges
    }

    /// Of a line such as `7f52c4000000-7f52c4021000 r-xp 00001000 fe:00 1234 /usr/lib/libc.so.6`.
    private static func mapping(_ words: [Substring]) -> Range<UInt>? {
        guard words.count >= 5, words[1].hasPrefix("r-"), words[1].hasSuffix("p"), words[4] != "0" else { return nil }
        let ends = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        return ends.count == 2 && ends[0] < ends[1] ? ends[0]..<ends[1] : nil
    }

    /// Files of the system say nothing of their size.
    private static func read(_ path: String) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}
