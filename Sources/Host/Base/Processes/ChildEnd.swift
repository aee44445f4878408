// Waiting for one child process: by its descriptor where the system has those, by its number elsewhere.

import CGlibc
import Glibc

/// A child that was started and is to be waited for.
public struct ChildEnd: Sendable {
    public enum End: Sendable, Equatable {
        case exited(Int32)
        case signalled(Int32)
        /// Whoever started the host has it ignore the ends of children (SIGCHLD), so nobody knows how this one was.
        case unknown
    }

    public let process: pid_t
    /// Readable once the child has ended; -1 where the system has no such descriptors or allows none.
    public let descriptor: Int32

    public init(_ process: pid_t, usesDescriptor: Bool = true) {
        self.process = process
        let descriptor = usesDescriptor ? open_process(process) : -1
        // The first systems that had them could not be asked how the process ended.
        if descriptor >= 0, waitid(Self.byDescriptor, id_t(descriptor), nil, Self.glance) < 0, errno == EINVAL {
            close(descriptor)
            self.descriptor = -1
        } else {
            self.descriptor = descriptor
        }
    }

    /// `P_PIDFD`, which only newer headers have.
    private static let byDescriptor = idtype_t(3)
    private static let glance = WEXITED | WNOHANG | WNOWAIT
    /// `__WALL` of wait(2), for _GNU_SOURCE only: threads are none of those that are meant without it.
    private static let ofAnyKind: Int32 = 0x4000_0000

    /// How it ended, once it has; `nil` before.
    ///
    /// - Parameter keeps: whether its number remains its own: nobody else gets that before it is waited for.
    public func look(keeps: Bool) -> End? {
        var info = unsafe siginfo_t()
        let options = keeps ? Self.glance : WEXITED | WNOHANG
        let (kind, id) = descriptor >= 0 ? (Self.byDescriptor, id_t(descriptor)) : (P_PID, id_t(process))
        let result = repeatingInterrupted { unsafe waitid(kind, id, &info, options) }
        guard result == 0 else { return .unknown }
        let child = unsafe info._sifields._sigchld
        guard child.si_pid != 0 else { return nil }
        switch unsafe Int(info.si_code) {
        case Int(CLD_EXITED): return .exited(child.si_status)
        case Int(CLD_KILLED), Int(CLD_DUMPED): return .signalled(child.si_status)
        // It stands still for this process, which it has asked to trace it (PTRACE_TRACEME of ptrace(2)).
        default: return nil
        }
    }

    /// Waits for the threads of it that this process traces because they have asked for that: nobody else does, and a
    /// process has not ended before all of them have.
    public func reapTracedThreads() {
        for thread in ProcessFile.threads(of: process) where thread != process {
            var info = unsafe siginfo_t()
            _ = unsafe waitid(P_PID, id_t(thread), &info, WEXITED | WNOHANG | Self.ofAnyKind)
        }
    }

    /// Whether it has ended but for being waited for (`Z` of proc(5)).
    public var isZombie: Bool {
        let status = ProcessFile.text("/proc/\(process)/stat")
        guard let end = status.lastIndex(of: ")") else { return false }
        return status[end...].dropFirst(2).first == "Z"
    }

    /// Whether a signal has stopped it, and it was not told to go on since.
    public var isStopped: Bool {
        var info = unsafe siginfo_t()
        let (kind, id) = descriptor >= 0 ? (Self.byDescriptor, id_t(descriptor)) : (P_PID, id_t(process))
        let result = repeatingInterrupted { unsafe waitid(kind, id, &info, WSTOPPED | WNOHANG | WNOWAIT) }
        let number = unsafe info._sifields._sigchld.si_pid
        return unsafe result == 0 && number != 0 && info.si_code == Int32(CLD_STOPPED)
    }

    /// Ends the child and all of its process group, and waits for it; not for ever, since a process that waits for a
    /// disk may not end.
    public func end() {
        switch look(keeps: true) {
        case nil:
            // By its own number, too: it may have left the group.
            kill(process, SIGKILL)
            kill(-process, SIGKILL)
        case .unknown: break
        case .exited, .signalled: kill(-process, SIGKILL)
        }
        var moments = 0
        while look(keeps: false) == nil, moments < 500 {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            unsafe poll(&entry, descriptor >= 0 ? 1 : 0, 10)
            moments += 1
        }
        OwnChildren.forget(process)
        if descriptor >= 0 { close(descriptor) }
    }
}
