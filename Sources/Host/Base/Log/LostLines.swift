// Lines of the log that nobody can read, kept as a number until the log can say so.

import Glibc
import Logging

/// How many lines are missing, and why.
struct LostLines: Sendable {
    private(set) var count = 0
    private var reason = ""

    /// Lines for which there was no room, since they came faster than they were read.
    mutating func add(dropped number: Int) {
        guard number > 0 else { return }
        count += number
        if reason.isEmpty { reason = "they came faster than they were read" }
    }

    /// Lines that were not written, or not to their end. Where only the end of the first of them is left, it is lost
    /// too: what was written of it can be seen, but not be read.
    mutating func add(unwritten lines: ArraySlice<UInt8>, by error: Int32) {
        count += lines.count { $0 == UInt8(ascii: "\n") }
        switch error {
        case ETIMEDOUT: reason = "nobody read them"
        case ECANCELED: reason = "the host ended before they were read"
        default: reason = DescriptorWriter.reason(of: error)
        }
    }

    /// The line that tells of them, as every other line of the log.
    func note(_ form: LogLine.Form, at time: Timestamp = .now) -> ArraySlice<UInt8> {
        var line = LogLine(form, .warning, "log lines dropped", at: time)
        line.add(.lines, count)
        line.add(.reason, reason)
        return line.finish()
    }
}
