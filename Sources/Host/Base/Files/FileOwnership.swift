// Whose a file is and who may write to it, as plain numbers that a rule can be held against.

/// Owner, group and permissions of a file or a folder.
struct FileOwnership: Sendable, Equatable {
    var owner: UInt32
    var group: UInt32
    /// The permissions, with the sticky bit.
    var mode: UInt32
    /// Whether it is seen through a mount that lets nobody write.
    var isReadOnly = false
    /// Whether something is mounted at this very place.
    var isMountRoot = false

    /// Whose owner the system does not tell: one that has no number in this user namespace (user_namespaces(7)).
    var isOwnerUnknown: Bool { owner == Self.unknownOwner }

    private static let unknownOwner: UInt32? = {
        let map = ProcessFile.text("/proc/self/uid_map").split(whereSeparator: \.isWhitespace)
        // All there are: this is no namespace of its own, or one in which everybody has a number.
        if map.isEmpty || (map.count == 3 && map[0] == "0" && map[2] == "4294967295") { return nil }
        return UInt32(ProcessFile.text("/proc/sys/kernel/overflowuid").trimmed) ?? 65534
    }()

    var belongsToRoot: Bool { owner == 0 }
    /// Whether this is a folder whose entries only their owners and its own may remove or rename.
    var isSticky: Bool { mode & 0o1000 != 0 }
    var isWritableByGroup: Bool { mode & 0o020 != 0 }
    var isWritableByOthers: Bool { mode & 0o002 != 0 }
}
