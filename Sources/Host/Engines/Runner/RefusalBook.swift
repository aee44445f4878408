// Which refused system calls of a pack have been told: the first of each kind, since a pack may be refused without end.

import HostSandbox

/// Of one pack, over all its processes; a value.
struct RefusalBook {
    /// The most kinds that are told.
    private static let most = 32

    private var kinds: Set<String> = []
    private var new: [SandboxRefusal] = []
    /// In the order in which they came.
    private(set) var told: [SandboxRefusal] = []

    mutating func add(_ refusals: [SandboxRefusal]) {
        for refusal in refusals where kinds.count < Self.most && kinds.insert(refusal.kind).inserted {
            new.append(refusal)
            told.append(refusal)
        }
    }

    /// Those that nobody was told of yet.
    mutating func takeNew() -> [SandboxRefusal] {
        defer { new = [] }
        return new
    }
}
