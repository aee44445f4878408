// A pack that is loaded into this process: its table, and what was found in it.

import HostCalls
import HostEngines

/// One pack in this process. Lives until the process ends.
final class LoadedPack: Sendable {
    let described: DescribedPack
    let identity: PackIdentity
    let table: LoadedTable

    var file: PackFile { described.file }
    var policy: PackPolicy { described.policy }

    /// Loads a pack, and reads and judges its table.
    ///
    /// - Parameter expected: what it said of itself in a process of its own, where it was tried in one just now.
    /// - Throws: `PackRefusal` when nothing of the pack can be served.
    init(
        file: PackFile, policy: PackPolicy, reader: DescriptorReader, expected: PackDescription? = nil
    ) throws(PackRefusal) {
        let description: PackDescription
        (table, description) = try Self.read(file)
        if let expected, expected != description {
            throw PackRefusal(
                file: file.name,
                reason: "describes itself differently each time it is loaded, so nobody can rely on what it says: "
                    + "its descriptors have to be constants")
        }
        described = try DescribedPack(description, file: file, policy: policy, reader: reader)
        identity = described.identity
    }

    /// Everything that runs or reads what is the pack's own.
    static func read(_ file: PackFile) throws(PackRefusal) -> (LoadedTable, PackDescription) {
        // Its id is not known yet.
        let entry = unsafe CrashSubject(pack: file.name).enter()
        defer { entry.leave() }
        let table = try LoadedTable(path: file.copyPath, file: file.name)
        return (table, try PackDescription(of: table, file: file.name))
    }
}
