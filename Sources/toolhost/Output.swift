// Standard output and standard error, written at once and to the end, or it is told.

import ArgumentParser
import Glibc
import HostBase

enum Output {
    /// Something could not be written to standard output (EX_IOERR of sysexits.h).
    static let unwritten = ExitCode(74)

    /// How long a host that has more to do waits for somebody to read its greeting.
    private static let patience = Duration.seconds(1)

    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Writes a command's answer, however long its reader takes.
    ///
    /// - Throws: ``unwritten``, after telling why.
    static func line(_ text: String) throws(ExitCode) {
        guard let reason = write(text, within: nil) else { return }
        error("toolhost: standard output cannot be written: \(reason); what is there of the answer is not all of it")
        throw unwritten
    }

    /// Writes what a host can do without.
    ///
    /// - Returns: why it is not written; `nil` where it is.
    static func greeting(_ text: String) -> String? {
        write(text, within: patience)
    }

    static func error(_ text: String) {
        StandardError.line(text)
    }

    private static func write(_ text: String, within patience: Duration?) -> String? {
        // What took its place swallows everything.
        guard !StandardDescriptors.missing.contains(STDOUT_FILENO) else { return "it is closed" }
        let end = DescriptorWriter(STDOUT_FILENO).write(Array((text + "\n").utf8)[...], within: patience)
        return end.error == 0 ? nil : end.reason
    }
}
