// Deeds against the host and other packs as processes, and processes of a pack's own.

extension BreakoutDeed {
    static let otherProcesses = [
        BreakoutDeed("Read the host's environment in `/proc`", "open to read", .any) { _ in
            ["path": "/proc/host/environ"]
        },
        BreakoutDeed("… its memory", "open to read", .any) { _ in ["path": "/proc/host/mem"] },
        BreakoutDeed("… write to it", "open to write", .any) { _ in ["path": "/proc/host/mem"] },
        BreakoutDeed("… the map of its memory", "read", .any) { _ in ["path": "/proc/host/maps"] },
        BreakoutDeed("… that of another pack", "read", .any) { ["path": "/proc/\(try $0.otherPack())/maps"] },
        BreakoutDeed("… its environment", "read", .any) { ["path": "/proc/\(try $0.otherPack())/environ"] },
        BreakoutDeed("Read the host's command line and its counts in `/proc`", "read", .done) { _ in
            ["path": "/proc/host/status"]
        },
        BreakoutDeed("Have the kernel rather end the host when memory is short", "open to write", .any) { _ in
            ["path": "/proc/host/oom_score_adj"]
        },
        BreakoutDeed("Read the host's memory by a call (`process_vm_readv`)", "read memory", .any) {
            ["number": .number(try $0.hostAddress())]
        },
        BreakoutDeed("… write to it", "write memory", .any, unconfined: .reaches("EFAULT")) {
            ["number": .number(try $0.hostAddress())]
        },
        signal("Send the host a signal (`kill`)", "signal"), signal("… all of its group", "signal group"),
        signal("… a thread of it (`tgkill`)", "signal thread"), signal("… (`tkill`)", "signal any thread"),
        signal("… with a word (`rt_sigqueueinfo`)", "signal with word"),
        signal("… (`rt_tgsigqueueinfo`)", "signal thread with word"),
        signal("… by a descriptor (`pidfd_send_signal`)", "signal by descriptor"),
        signal("… as the owner of a pipe (`F_SETOWN`)", "signal as owner"),
        BreakoutDeed("… end another pack", "signal", .any) { ["pid": .number(try $0.otherPack()), "number": 0] },
        BreakoutDeed(
            "… all processes of its user (`kill(-1)`)", "signal all", notSignalled, unconfined: .byUser,
            isSeenByHost: true
        ) { try $0.requireUserOfItsOwn() },
        BreakoutDeed("Signal itself and its threads", "signal itself", .done),
        BreakoutDeed("Take a descriptor of the host's (`pidfd_getfd`)", "take descriptor", .any),
        BreakoutDeed("Trace the host (`ptrace`)", "trace", .any),
        BreakoutDeed("Compare itself with the host (`kcmp`)", "compare process", .any),
        BreakoutDeed("Change the host's limits (`prlimit`)", "change limit", .any),
        BreakoutDeed("… its priority", "change priority", .any),
        BreakoutDeed("… its processors", "change processors", .any),
        BreakoutDeed("… how it is scheduled", "change scheduler", .any),
        BreakoutDeed("… its priority for disks", "change io priority", .any),
    ]

    static let ownProcesses = [
        BreakoutDeed("Start threads", "threads", .done),
        BreakoutDeed("… with descriptors beyond those of the process (`close_range`)", "own descriptors", .call),
        BreakoutDeed("Start a process (`fork`)", "fork", .call), BreakoutDeed("… (`vfork`)", "vfork", .call),
        BreakoutDeed("… (`clone3`)", "clone newly", .unknownCall),
        BreakoutDeed(
            "… by the calls of 32-bit programs", "fork by other way", .unknownCall, unconfined: .ifSystemLets),
        BreakoutDeed("… a program", "run", .any) { _ in ["path": "/bin/true"] },
        BreakoutDeed("… from memory", "run from memory", .any) { _ in ["path": "/bin/true"] },
        BreakoutDeed("… one that makes its user root (set-user-ID)", "run", .any, unconfined: .byUser) {
            ["path": .text(try $0.rootProgram()), "text": "euid=0"]
        },
        BreakoutDeed(
            "Become root of a user namespace of its own", "leave namespace", .call, unconfined: .ifSystemLets),
        BreakoutDeed("… (`unshare` with threads)", "unshare", .call, unconfined: .reaches("EINVAL")),
        BreakoutDeed("… (`clone`)", "clone into namespace", .call, unconfined: .ifSystemLets),
        BreakoutDeed("Raise its own limit of core dumps", "raise limit", .call, unconfined: .ifSystemLets) { _ in
            ["number": 4]
        },
        BreakoutDeed("Run before everything else (`SCHED_FIFO`)", "run in real time", .call, unconfined: .byRoot),
        BreakoutDeed("Hide its memory from the host (`PR_SET_DUMPABLE`)", "hide memory", .call),
        BreakoutDeed("Live on when the host is gone", "outlive host", .call),
        // It stays so: the last of the deeds that others could notice.
        BreakoutDeed("Make the host its tracer (`PTRACE_TRACEME`)", "be traced", .any),
    ]

    /// Some calls say nothing of whom they have not reached.
    private static let notSignalled = Outcome.refused(["EPERM", "EACCES", "not delivered"])

    private static func signal(_ name: String, _ what: String) -> BreakoutDeed {
        BreakoutDeed(name, what, notSignalled, isSeenByHost: true)
    }
}
