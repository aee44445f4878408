// Deeds by the names of files. `BreakoutWorld` makes what each is done to, so that one leaves nothing to the next.

extension BreakoutDeed {
    static let hostFiles = [
        file("Read a file of `auth/`", "read") { "\($0.state)/auth/client.json" },
        file("List `auth/`", "list") { "\($0.state)/auth" },
        file("Read `.env.local`", "read") { "\($0.scratch.path)/.env.local" },
        file("List the state folder", "list") { $0.state },
        file("Make a file in the state folder", "create") { try $0.vacant("\($0.state)") },
        file("… a folder", "create folder") { try $0.vacant($0.state) },
        file("… a link", "create link") { try $0.vacant($0.state) },
        file("… a pipe", "create pipe") { try $0.vacant($0.state) },
        file("Read another pack's folder", "read") { try $0.victim("\($0.state)/data/good") },
        file("… list it", "list") { "\($0.state)/data/good" },
        file("… write to a file in it", "append") { try $0.victim("\($0.state)/data/good") },
        file("… make a file in it", "create") { try $0.vacant("\($0.state)/data/good") },
        file("Read a pack's copy in `packs/`", "read") { try $0.copy() },
        file("… write to it", "append") { try $0.victim("\($0.state)/packs") },
        file("… remove one", "remove") { try $0.victim("\($0.state)/packs") },
        file("… put one there", "create") { try $0.vacant("\($0.state)/packs") },
        file("Put a pack into the plugins folder", "create") { try $0.vacant("\($0.scratch.path)/plugins.d") },
        file("… change one there, or its YAML", "append") { "\($0.scratch.path)/plugins.d/good.yaml" },
        file("… read another pack's YAML", "read") { "\($0.scratch.path)/plugins.d/good.yaml" },
        file("List the host's own folder", "list") { "\($0.state)/hosts/1" },
        file("… read the key of its control socket", "read") { "\($0.state)/hosts/1/control.key" },
        file("… take its lock, which the host has", "lock", .file, .reaches("EAGAIN")) { "\($0.state)/hosts/1/lock" },
        file("… write to its lock", "append") { "\($0.state)/hosts/1/lock" },
        file("… make a file there", "create") { try $0.vacant("\($0.state)/hosts/1") },
        file("… list the last words of packs", "list") { try $0.folder("\($0.state)/hosts/1/last-words") },
    ]

    static let waysAround = [
        BreakoutDeed("Read a host's file by a link in its own folder", "read by link", .file) { world in
            ["path": .text("\(world.state)/auth/client.json"), "other": .text(try world.vacant(world.own))]
        },
        file("… by a link to the state folder that lies beside it", "read") {
            "\($0.scratch.path)/way/auth/client.json"
        },
        BreakoutDeed("… from inside its folder", "read from inside", .file) {
            ["path": .text("\($0.state)/auth"), "other": "client.json"]
        },
        file("… by a descriptor that only stands for it", "read by place") { "\($0.state)/auth/client.json" },
        BreakoutDeed("… by its number (`open_by_handle_at`)", "read by handle", .any, unconfined: .ifSystemLetsRoot) {
            ["path": .text(try $0.victim($0.state)), "other": .text($0.own)]
        },
        BreakoutDeed("… by the host's root in `/proc`", "list", .file) { _ in
            ["path": "/proc/host/root/"]
        },
        BreakoutDeed("… by the host's working folder there", "list", .file) { _ in ["path": "/proc/host/cwd/"] },
        BreakoutDeed("… by the host's descriptors there", "open to read", .file) { _ in ["path": "/proc/host/fd/2"] },
        BreakoutDeed("… count them", "list", .done) { _ in ["path": "/proc/host/fd"] },
        BreakoutDeed("Link a host's file into its own folder", "link", .any) {
            ["path": .text(try $0.victim($0.state)), "other": .text(try $0.vacant($0.own))]
        },
        BreakoutDeed("… move one there", "rename", .any) {
            ["path": .text(try $0.victim($0.state)), "other": .text(try $0.vacant($0.own))]
        },
        BreakoutDeed("… put one of its own in the place of one", "rename", .any) {
            ["path": .text(try $0.victim($0.own)), "other": .text(try $0.victim($0.state))]
        },
        BreakoutDeed("… exchange both", "exchange", .any) {
            ["path": .text(try $0.victim($0.own)), "other": .text(try $0.victim($0.state))]
        },
        file("Empty a host's file (`truncate`)", "truncate", .any) { try $0.victim($0.state) },
        file("… by opening it to read (`O_TRUNC`)", "open and truncate", .any) { try $0.victim($0.state) },
        file("… remove one", "remove") { try $0.victim($0.state) },
        file("Change the mode of a host's file", "change mode", .any) { try $0.victim($0.state) },
        file("… by the newer call (`fchmodat2`)", "change mode newly", .refused(["EPERM", "ENOSYS"]), .ifSystemLets) {
            try $0.victim($0.state)
        },
        file("… its owner", "change owner", .any) { try $0.victim($0.state) },
        file("… its times", "change times", .any) { try $0.victim($0.state) },
        file("… its attributes", "change attribute", .any, .ifSystemLets) { try $0.victim($0.state) },
    ]

    static let otherFiles = [
        file("Read a file of the host's user that is not the host's", "read", .done, strict: .file) {
            try $0.victim($0.outside)
        },
        file("… write to it", "append") { try $0.victim($0.outside) },
        file("… remove it", "remove") { try $0.victim($0.outside) },
        file("… empty it", "truncate", .any) { try $0.victim($0.outside) },
        file("… change its mode", "change mode", .any) { try $0.victim($0.outside) },
        file("… by a descriptor that may read", "change mode by reader", .any) { try $0.victim($0.outside) },
        file("… its owner, so", "change owner by reader", .any) { try $0.victim($0.outside) },
        file("… its times, so", "change times by reader", .any) { try $0.victim($0.outside) },
        file("… its attributes, so", "change attribute by reader", .any, .ifSystemLets) { try $0.victim($0.outside) },
        file("… its flags, so", "change flags by reader", .any, .ifSystemLets) { try $0.victim($0.outside) },
        file("… lock it (`flock`)", "lock", .done, strict: .file) { try $0.victim($0.outside) },
        file("… have whoever opens it wait (`F_SETLEASE`)", "take lease", .any, .ifSystemLets) {
            try $0.victim($0.outside)
        },
        file("… make one beside it", "create") { try $0.vacant($0.outside) },
        file("… a snapshot there (Btrfs; `ioctl` alone)", "ask Btrfs", .any, .reaches("ENOTTY")) { $0.outside },
        file("Make a file in `/tmp`", "create") { try $0.vacant("/tmp") },
        file("… in `/dev/shm`", "create", .file, .ifSystemLets) { try $0.vacant("/dev/shm") },
        file("Read `/etc/shadow`", "read", .done, strict: .file, .byRoot) { _ in "/etc/shadow" },
        file("Read what only root's privileges open", "read", .file, .byRoot) { try $0.sealed() },
        file("Read a block device", "open to read", .any, .byRoot) { try $0.blockDevice() },
        BreakoutDeed("… by a node of its own", "make device", .any, unconfined: .byRoot) {
            ["path": .text(try $0.blockDevice()), "other": .text(try $0.vacant($0.own))]
        },
        file("Read the kernel's log (`/dev/kmsg`)", "open to read", .any, .byRoot) { _ in "/dev/kmsg" },
        file("Open `/proc/sys` to write", "open to write", .any, .byRoot) { _ in "/proc/sys/kernel/core_pattern" },
        file("Look at a host's file (`stat`): that it is there, its size and its times", "look", .done) {
            "\($0.state)/auth/client.json"
        },
        file("Watch a host's folder (`inotify`)", "watch", .done, .ifSystemLets) { "\($0.state)/auth" },
    ]

    static let ownThings = [
        file("Files in its own folder: write, lock, map, rename, link, remove", "keep files", .done) { $0.own },
        file("… empty one (`truncate`)", "truncate", .done) { try $0.victim($0.own) },
        file("… change the mode of one", "change mode", .done) { try $0.victim($0.own) },
        file("… its mode, by a descriptor", "change mode by reader", .done) { try $0.victim($0.own) },
        file("… its times", "change times", .done) { try $0.victim($0.own) },
        file("… its owner", "change owner", .call) { try $0.victim($0.own) },
        file("… its attributes", "change attribute", .call, .ifSystemLets) { try $0.victim($0.own) },
        file("… make one that runs as its owner (set-user-ID)", "make program", .call) { try $0.vacant($0.own) },
        file("… as its group", "make program of group", .call) { try $0.vacant($0.own) },
        file("… a node so (`mknod`)", "make node", .call) { try $0.vacant($0.own) },
        file("… in a folder that `x-path: read-write` names", "keep files", .done) { $0.bench },
        file("Read a file in a folder that `x-path: read` names", "read", .done) { try $0.victim($0.shelf) },
        file("… write to it", "append") { try $0.victim($0.shelf) },
        file("Read `/usr` and the rest of the system", "read", .done) { _ in "/usr/bin/env" },
        file("… `/etc/resolv.conf` and its like", "read", .done) { _ in "/etc/nsswitch.conf" },
        file("… `/dev/urandom`", "read", .done) { _ in "/dev/urandom" },
        file("Write to `/dev/null`", "append", .done) { _ in "/dev/null" },
    ]

    /// - Parameter strict: by default the same as under `standard`.
    private static func file(
        _ name: String, _ what: String, _ standard: Outcome = .file, strict: Outcome? = nil,
        _ unconfined: Unconfined = .done, _ path: @escaping @Sendable (BreakoutWorld) throws -> String
    ) -> BreakoutDeed {
        BreakoutDeed(name, what, standard, strict: strict, unconfined: unconfined) { ["path": .text(try path($0))] }
    }
}
