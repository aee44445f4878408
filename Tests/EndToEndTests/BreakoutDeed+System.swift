// Deeds by sockets and against the system as a whole, and what a process finds when it begins.

extension BreakoutDeed {
    static let sockets = [
        BreakoutDeed("Ask the control socket for the host's status, with the key in its folder", "command host", .any) {
            ["path": .text($0.controlSocket), "other": .text("\($0.state)/hosts/1/control.key")]
        },
        BreakoutDeed(
            "… with a guess", "command host", .refused(["forbidden"]), strict: .call, unconfined: .reaches("forbidden")
        ) {
            ["path": .text($0.controlSocket), "text": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
        },
        BreakoutDeed("Connect to a Unix socket in a folder", "connect to path", .done, strict: .call) {
            ["path": .text($0.unixSocket.path)]
        },
        BreakoutDeed(
            "Connect to an abstract Unix socket", "connect to abstract", .any, strict: .call, landlock: 6,
            isCoveredWhenStrict: true
        ) { ["text": .text($0.abstractSocket.name)] },
        BreakoutDeed("Connect to a port", "connect to port", .done, strict: .call) {
            ["number": .number($0.tcpSocket.port)]
        },
        BreakoutDeed("Listen at a port", "listen", .done, strict: .call),
        BreakoutDeed("Send a datagram", "send datagram", .done, strict: .call) {
            ["number": .number($0.tcpSocket.port)]
        },
        BreakoutDeed("… to a Unix socket in a folder", "send to path", .done, strict: .call) {
            ["path": .text($0.datagramSocket.path)]
        },
        BreakoutDeed("… by an end of a pair of its own", "send to path by pair", .done, strict: .call) {
            ["path": .text($0.datagramSocket.path)]
        },
        BreakoutDeed("A pair of sockets of its own (`socketpair`)", "socket pair", .done),
        family("News of the network's devices (`AF_NETLINK`)", 16, .done, strict: .call, .ifSystemLets),
        family("The machine that this one runs in (`AF_VSOCK`)", 40, .call, .ifSystemLets),
        family("The kernel's ciphers (`AF_ALG`)", 38, .call, .ifSystemLets),
        family("Packets as they are (`AF_PACKET`)", 17, .any, .byRoot),
    ]

    static let system = [
        BreakoutDeed("`io_uring`", "ring", .unknownCall, unconfined: .ifSystemLets),
        BreakoutDeed("… what came before it (`io_setup`)", "set up queue", .call, unconfined: .ifSystemLets),
        BreakoutDeed("Mount something", "mount", .any, unconfined: .byRoot) { ["path": .text($0.own)] },
        BreakoutDeed("Change its root (`chroot`)", "change root", .any, unconfined: .byRoot) { _ in ["path": "/"] },
        BreakoutDeed("Enter a namespace (`setns`)", "enter namespace", .any, unconfined: .byRoot),
        BreakoutDeed("Set the clock", "set clock", .any, unconfined: .byRoot),
        BreakoutDeed("… the machine's name", "set name", .any, unconfined: .byRoot),
        BreakoutDeed("Read the kernel's log", "kernel log", .any, unconfined: .byRoot),
        BreakoutDeed("Put a key into a keyring", "add key", .unknownCall, unconfined: .ifSystemLets),
        BreakoutDeed("… find its user's keyring", "find keyring", .unknownCall, unconfined: .ifSystemLets),
        BreakoutDeed("Programs in the kernel (`bpf`)", "load map", .unknownCall, unconfined: .ifSystemLetsRoot),
        BreakoutDeed("Measure (`perf_event_open`)", "count events", .unknownCall, unconfined: .ifSystemLets) { _ in
            ["pid": 0]
        },
        BreakoutDeed("… the host", "count events", .unknownCall, unconfined: .ifSystemLets),
        BreakoutDeed("Handle page faults (`userfaultfd`)", "handle faults", .unknownCall, unconfined: .ifSystemLets),
        BreakoutDeed("Memory of System V", "share memory", .any, unconfined: .ifSystemLets),
        BreakoutDeed("… that somebody else has made", "attach memory", .any, unconfined: .ifSystemLets) {
            ["number": .number($0.segment)]
        },
        BreakoutDeed("… a semaphore", "semaphore", .any, unconfined: .ifSystemLets),
        BreakoutDeed("… a queue", "queue", .any, unconfined: .ifSystemLets),
        BreakoutDeed("A queue of POSIX", "named queue", .any, unconfined: .ifSystemLets) {
            ["text": "/breakout-\($0.tcpSocket.port)"]
        },
        BreakoutDeed("Memory with a descriptor (`memfd_create`)", "memory file", .done),
        BreakoutDeed("Turn off how addresses are scattered (`personality`)", "personality", .call),
        BreakoutDeed("Type into a terminal (`TIOCSTI`)", "type into terminal", .any, unconfined: .ifSystemLetsRoot),
        BreakoutDeed("… (`ioctl` alone)", "control input", .call, unconfined: .reaches("ENOTTY")) { _ in
            ["number": 0x5412]
        },
        BreakoutDeed("… paste (`TIOCLINUX`)", "control input", .call, unconfined: .reaches("ENOTTY")) { _ in
            ["number": 0x541C]
        },
    ]

    static let surroundings = [
        BreakoutDeed("A secret in the environment", "find variable", .refused(["absent"])) { _ in
            ["text": .text(BreakoutWorld.secretName)]
        },
        BreakoutDeed("Capabilities", "capabilities", .refused(["none"]), unconfined: .byRoot),
        BreakoutDeed("New privileges (no `no_new_privs`)", "gain privileges", .refused(["no_new_privs"])),
        // A process with users of its own has no other one.
        BreakoutDeed("Become another user", "become other", .refused(["EPERM", "EINVAL"]), unconfined: .byRoot),
        BreakoutDeed(
            "Descriptors of the host's beside its own memory and pipes", "find descriptors",
            .refused(["none"]), unconfined: .reaches("none")),
    ]

    private static func family(
        _ name: String, _ number: Int, _ standard: Outcome, strict: Outcome? = nil, _ unconfined: Unconfined
    ) -> BreakoutDeed {
        BreakoutDeed(name, "socket", standard, strict: strict, unconfined: unconfined) { _ in
            ["number": .number(number)]
        }
    }
}
