// How much memory a process takes up, with each page that it shares counted in part: then processes add up.

/// Memory as `smaps_rollup` of proc(5) has it.
public enum ProcessMemory {
    /// The proportional set size, in bytes; `nil` where the process is gone or the system does not tell.
    ///
    /// - Parameter process: this one or another one of this user's. The system counts pages, which takes milliseconds
    ///   for a large one.
    public static func proportional(of process: Int32) -> Int? {
        proportional(in: ProcessFile.text("/proc/\(process)/smaps_rollup"))
    }

    static func proportional(in text: String) -> Int? {
        for line in text.split(separator: "\n") where line.hasPrefix("Pss:") {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard words.count == 3, words[2] == "kB", let kilobytes = Int(words[1]) else { return nil }
            return kilobytes.multipliedReportingOverflow(by: 1024).partialValue
        }
        return nil
    }
}
