// What the last line of the log says when a pack's crash ends the process: whose code a thread is in.

import CrashNote
import Glibc
import HostBase
import NIOCore
import ToolABI

/// A pack or one of its tools, as a crash is put down to it. Never freed, like the pack.
///
/// `@unchecked Sendable`: written once in `init`, read-only afterwards.
@safe public struct CrashSubject: @unchecked Sendable {
    private let subject: UnsafePointer<crash_subject>

    /// - Parameter judge: of how long its buffers take to be released on threads that read the network.
    public init(pack: String, tool: String = "", judge: InlineJudge? = nil) {
        let subject = UnsafeMutablePointer<crash_subject>.allocate(capacity: 1)
        let judge = unsafe judge.map { unsafe UnsafeRawPointer(Unmanaged.passRetained($0).toOpaque()) }
        unsafe subject.initialize(to: crash_subject(pack: .forever(pack), tool: .forever(tool), judge: judge))
        unsafe self.subject = UnsafePointer(subject)
    }

    /// Runs `body`, and has it judged, one time in sixteen and always once it is under suspicion, where this thread
    /// reads the network.
    @unsafe @inline(__always)
    func judge(_ body: () -> Void) {
        guard crash_note_is_loop() != 0, let judge = unsafe subject.pointee.judge else { return body() }
        unsafe Unmanaged<InlineJudge>.fromOpaque(judge)._withUnsafeGuaranteedRef { judge in
            // Two readings of the clock would cost more than everything else here.
            guard judge.isSuspicious || crash_note_is_sample() != 0 else { return body() }
            let usage = judge.isSuspicious ? ThreadUsage.now : nil
            let started = NIODeadline.now()
            body()
            judge.record(from: started, to: .now(), usage.map { ThreadUsage.now - $0 })
        }
    }

    /// Before the calling thread enters the pack.
    ///
    /// - Parameter call: what it enters it for; must stay until the thread leaves.
    @unsafe @inline(__always)
    public func enter(_ call: UnsafePointer<tool_call>? = nil) -> Entry {
        unsafe Entry(outer: crash_note_enter(subject, call))
    }

    /// Before a call of the pack goes on in code of the host that has nothing to do with the pack.
    @inline(__always)
    public static func suspend() -> Entry {
        unsafe Entry(outer: crash_note_suspend())
    }

    /// From before a thread entered a pack, or left it for a while: to be left by the same thread. A pack may call the
    /// host, which enters another.
    @safe public struct Entry {
        fileprivate let outer: crash_mark

        /// After the thread came back.
        @inline(__always)
        public func leave() {
            unsafe crash_note_set(outer)
        }
    }
}

extension LineLogHandler {
    /// Has a line written, in the form of all others and after them, when the process ends by a fault or a pack calls
    /// `exit`. Once in a process, before packs are loaded.
    public func noteCrashes() {
        crash_note_install(writesJSON ? 1 : 0, STDERR_FILENO) { LineOutput.standardError.end() }
    }
}
