// The host's answer to system calls that the filter of a pack's process refuses.

import CGlibc
import Confinement
import Glibc
import HostBase

/// Answers the refused system calls of one process and of what it starts. Most are refused; those about a thread go on
/// where the thread is one of the process's own, and the modes, times and lengths of its own files are changed for it.
public final class RefusalDesk {
    /// Readable where somebody waits for an answer.
    public let descriptor: Int32
    private let process: Int32
    private let roots: [String]
    private let level: SandboxLevel

    /// Calls that are answered in a row.
    private static let longestRow = 16
    /// The longest path that is told, in bytes.
    private static let longestPath = 256

    /// - Parameters:
    ///   - descriptor: seccomp's (seccomp_unotify(2)).
    ///   - process: the one that was confined.
    ///   - roots: files and folders that are its own; absolute paths without links. No link is followed here: the
    ///     process before may have left it.
    ///   - level: what it is confined to.
    public init(owning descriptor: Int32, process: Int32, roots: [String], level: SandboxLevel) {
        self.descriptor = descriptor
        self.process = process
        self.roots = roots
        self.level = level
    }

    deinit {
        close(descriptor)
    }

    /// Answers what waits for it.
    ///
    /// - Returns: what was refused.
    public func answer() -> [SandboxRefusal] {
        var refusals: [SandboxRefusal] = []
        for _ in 0..<Self.longestRow {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            // The next step would wait.
            guard unsafe poll(&entry, 1, 0) == 1, entry.revents & Int16(POLLIN) != 0 else { break }
            var call = refused_call()
            guard unsafe next_refused_call(descriptor, &call) == 0 else { break }
            let name = unsafe withUnsafeBytes(of: call.name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            let arguments = unsafe withUnsafeBytes(of: call.arguments) { unsafe Array($0.bindMemory(to: UInt64.self)) }
            let isOwn = Self.target(of: name, arguments).map(isOwn) ?? false
            let isMade = OwnFileChange(name, arguments)?.isMade(for: call.thread, below: roots) ?? false
            if !isOwn && !isMade && SandboxRefusal.isWorthTelling(name, arguments) {
                let path = SandboxRefusal.pathArgument(of: name).flatMap {
                    ThreadMemory.text(at: arguments[$0], of: call.thread, limit: Self.longestPath)
                }
                refusals.append(SandboxRefusal(name, arguments, path: path.map(ForeignText.plain), at: level))
            }
            answer_refused_call(descriptor, call.id, isOwn ? 1 : 0, isMade ? 0 : EPERM)
        }
        return refusals
    }

    /// The process or thread that a system call is about, where that decides. Registers do not change until the answer,
    /// so what is looked at is what is done.
    static func target(of name: String, _ arguments: [UInt64]) -> Int32? {
        switch name {
        case "kill", "tkill", "rt_sigqueueinfo", "prlimit64", "sched_setaffinity", "sched_setparam",
            "sched_setscheduler", "sched_setattr", "move_pages", "migrate_pages":
            Int32(truncatingIfNeeded: arguments[0])
        case "tgkill", "rt_tgsigqueueinfo": Int32(truncatingIfNeeded: arguments[0])
        case "setpriority" where arguments[0] == UInt64(PRIO_PROCESS.rawValue): Int32(truncatingIfNeeded: arguments[1])
        // IOPRIO_WHO_PROCESS
        case "ioprio_set" where arguments[0] == 1: Int32(truncatingIfNeeded: arguments[1])
        default: nil
        }
    }

    /// Whether a number is that of one of the process's threads, or of a process that came from it.
    private func isOwn(_ number: Int32) -> Bool {
        guard number > 0 else { return false }
        if ProcessFile.threads(of: process).contains(number) { return true }
        var next = number
        // Its children, and theirs.
        for _ in 0..<64 {
            guard let parent = ProcessFile.parent(of: next), parent > 1 else { return false }
            if parent == process { return true }
            next = parent
        }
        return false
    }
}
