// One event loop as the watchdog sees it: asked for a sign of life, and looked at where none comes.

import CrashNote
import Glibc
import HostBase
import NIOCore
import Synchronization
import ToolABI

/// Asks one event loop for signs, and knows what its thread is in.
final class LoopPulse: Sendable {
    /// What a loop is in that does not move.
    struct Whereabouts: Equatable {
        var pack: String?
        var tool: String?
        var requestID: String?
    }

    private let loop: any EventLoop
    private let asked = Atomic<UInt64>(0)
    private let answered = Atomic<UInt64>(0)
    /// The address of its thread's own state, known from the loop's first sign on: the thread lives as long as the
    /// process.
    private let thread = Mutex<UInt>(0)

    init(_ loop: any EventLoop) {
        self.loop = loop
        loop.execute {
            let state = unsafe UInt(bitPattern: crash_note_prepare_loop())
            self.thread.withLock { $0 = state }
        }
    }

    /// Whether the loop has given the sign that it was asked for; asks for the next one then.
    func hasMoved() -> Bool {
        let number = asked.load(ordering: .relaxed)
        guard answered.load(ordering: .acquiring) == number else { return false }
        asked.store(number + 1, ordering: .relaxed)
        loop.execute { self.answered.store(number + 1, ordering: .releasing) }
        return true
    }

    /// How the system treats its thread; `nil` where that is not known.
    var progress: ThreadProgress? {
        unsafe known.flatMap { unsafe ThreadProgress.ofThread($0.pointee.loop_id) }
    }

    private var known: UnsafePointer<crash_thread>? {
        unsafe UnsafePointer(bitPattern: thread.withLock { $0 })
    }

    /// Whose code it is in. Nobody's where it moved meanwhile.
    var place: Whereabouts {
        guard let state = unsafe known else { return Whereabouts() }
        var sight = unsafe crash_sight()
        guard unsafe crash_note_look(state, &sight) != 0, let subject = unsafe sight.subject else {
            return Whereabouts()
        }
        let requestID = unsafe withUnsafeBytes(of: &sight.request_id) { bytes in
            unsafe String(decoding: bytes.prefix(Int(sight.request_id_size)), as: UTF8.self)
        }
        return unsafe Whereabouts(
            pack: subject.pointee.pack.text, tool: subject.pointee.tool.text,
            requestID: requestID.isEmpty ? nil : requestID)
    }
}
