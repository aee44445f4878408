// What the log says of a system call that a confined pack was refused.

import Glibc

/// One refused system call, in the words of whoever has to decide whether to allow it.
public struct SandboxRefusal: Sendable, Equatable, Hashable {
    /// Its name, such as `execve`.
    public var operation: String
    /// What it was about, such as a path, a family of sockets or a process; empty where that is not known.
    public var object: String
    /// The line for the pack's YAML file that allows it.
    public var allow: String

    /// What is no kind of its own: of each the first is told.
    public var kind: String { operation == "socket" ? "socket \(object)" : operation }

    /// Whether anybody has to be told. Libraries write to the system's log of themselves (syslog(3)), and go on
    /// without.
    static func isWorthTelling(_ name: String, _ arguments: [UInt64]) -> Bool {
        let type = Int32(truncatingIfNeeded: arguments[1]) & 0xF
        return
            !(name == "socket" && Int32(truncatingIfNeeded: arguments[0]) == AF_UNIX
            && type == Int32(SOCK_DGRAM.rawValue))
    }

    /// - Parameters:
    ///   - name: of the system call.
    ///   - arguments: as the kernel has them.
    ///   - path: what a path of an argument says; `nil` where there is none, or it cannot be read.
    ///   - level: what the pack is confined to, and goes on to be.
    init(_ name: String, _ arguments: [UInt64], path: String?, at level: SandboxLevel) {
        operation = name.isEmpty ? "a system call" : name
        object = ""
        allow = "sandbox: off"
        switch name {
        case "socket":
            let family = Int32(truncatingIfNeeded: arguments[0])
            object = Self.family(family)
            switch family {
            case AF_UNIX: allow = Self.line(level, "network: unix")
            case AF_INET, AF_INET6, AF_NETLINK: allow = Self.line(level, "network: any")
            default: break
            }
        case "fork", "vfork", "clone":
            object = "a new process"
            if arguments[0] & Self.namespaces == 0 { allow = Self.line(level, "processes: true") }
        case "execve", "execveat":
            object = path ?? "a program"
            allow = Self.line(level, "processes: true")
        case "kill", "tgkill", "tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "prlimit64", "sched_setaffinity",
            "sched_setparam", "sched_setscheduler", "sched_setattr", "move_pages", "migrate_pages", "process_vm_readv",
            "process_vm_writev":
            object = "process \(Int32(truncatingIfNeeded: arguments[0]))"
        case "ptrace": object = "process \(Int32(truncatingIfNeeded: arguments[1]))"
        case "chmod", "fchmodat", "utimensat", "truncate":
            object = path ?? ""
            // Of what it may write to the host changes them for it.
            if object.hasPrefix("/") { allow = Self.line(level, "write: [\(object)]") }
        default: object = path ?? ""
        }
    }

    /// The same level with more: a line that left it out would have the deployment's.
    private static func line(_ level: SandboxLevel, _ more: String) -> String {
        "sandbox: {level: \(level.rawValue), \(more)}"
    }

    /// Flags of clone(2) beyond those of processes and threads.
    private static let namespaces: UInt64 = 0x7E02_8000

    private static func family(_ number: Int32) -> String {
        switch number {
        case AF_UNIX: "AF_UNIX"
        case AF_INET: "AF_INET"
        case AF_INET6: "AF_INET6"
        case AF_NETLINK: "AF_NETLINK"
        case AF_PACKET: "AF_PACKET"
        default: "family \(number)"
        }
    }

    /// Which argument is a path, by the name of a system call.
    static func pathArgument(of name: String) -> Int? {
        switch name {
        case "execve", "chmod", "chown", "lchown", "setxattr", "lsetxattr", "removexattr", "lremovexattr", "utime",
            "utimes", "truncate", "open", "chroot", "umount2", "mq_open":
            0
        case "execveat", "fchmodat", "fchownat", "futimesat", "utimensat", "openat", "mount": 1
        default: nil
        }
    }
}
