// What the last line of the log says when a pack's crash ends the process: whose code a thread is in.

import CrashNote
import Glibc
import ToolABI

/// A pack or one of its tools, as a crash is put down to it. Never freed, like the pack.
///
/// `@unchecked Sendable`: written once in `init`, read-only afterwards.
@safe struct CrashSubject: @unchecked Sendable {
    private let subject: UnsafePointer<crash_subject>

    init(pack: String, tool: String = "") {
        let subject = UnsafeMutablePointer<crash_subject>.allocate(capacity: 1)
        unsafe subject.initialize(to: crash_subject(pack: .forever(pack), tool: .forever(tool)))
        unsafe self.subject = UnsafePointer(subject)
    }

    /// Before the calling thread enters the pack.
    ///
    /// - Parameter call: what it enters it for; must stay until the thread leaves.
    @unsafe @inline(__always)
    func enter(_ call: UnsafePointer<tool_call>? = nil) -> Entry {
        unsafe Entry(outer: crash_note_enter(subject, call))
    }

    /// Before a call of the pack goes on in code of the host that has nothing to do with the pack.
    @inline(__always)
    static func suspend() -> Entry {
        unsafe Entry(outer: crash_note_suspend())
    }

    /// From before a thread entered a pack, or left it for a while: to be left by the same thread. A pack may call the host, which enters another.
    @safe struct Entry {
        fileprivate let outer: crash_mark

        /// After the thread came back.
        @inline(__always)
        func leave() {
            unsafe crash_note_set(outer)
        }
    }
}

extension LineLogHandler {
    /// Has a line written, in the form of all others and after them, when the process ends by a fault or a pack calls
    /// `exit`. Once in a process, before packs are loaded.
    func noteCrashes() {
        crash_note_install(writesJSON ? 1 : 0, STDERR_FILENO) { LineOutput.standardError.end() }
    }
}
