// A pack's process was found beyond one of its bounds.

import HostBase

/// Which bound, and what was seen.
public struct PackOverrun: Sendable, Equatable {
    public enum Limit: String, Sendable {
        case memory, threads
        /// Of epoll(7); bounded by the open files.
        case watches

        /// By which it is bounded: in the YAML beside a pack, and for the deployment.
        public var names: (property: String, key: String) {
            switch self {
            case .memory: ("memory", "PACK_MEMORY")
            case .threads: ("threads", "PACK_THREADS")
            case .watches: ("open_files", "PACK_OPEN_FILES")
            }
        }
    }

    public var limit: Limit
    public var bound: Int
    public var seen: Int
    /// The YAML file that would allow the pack more.
    public var policyFile: String

    public init(_ limit: Limit, bound: Int, seen: Int, policyFile: String) {
        self.limit = limit
        self.bound = bound
        self.seen = seen
        self.policyFile = policyFile
    }

    /// What it did, to follow "it", and what allows it to.
    public var text: String {
        let raised = bound > Int.max / 2 ? bound : 2 * bound
        return switch limit {
        case .memory:
            "held \(ByteCount(seen).rounded) of memory and may hold \(ByteCount(bound).text); "
                + advice(ByteCount(raised).text)
        case .threads:
            "had \(seen) threads and may have \(bound); " + advice("\(raised)")
        case .watches:
            "watched descriptors more than \(bound) times (epoll), which is \(PackLimits.watchesAFile) for each that "
                + "it may have; "
                + advice("\(raised / PackLimits.watchesAFile)")
        }
    }

    private func advice(_ value: String) -> String {
        "`\(limit.names.property): \(value)` in \(policyFile), or \(limit.names.key), allows it more"
    }
}
