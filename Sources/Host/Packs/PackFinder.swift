// From a folder of files to packs: each file's policy, its private copy and its turn, and whose name is taken.

import HostBase
import HostCalls
import HostEngines
import HostTools

/// What there is, in the order of file names.
public struct PackFindings<Found: Sendable> {
    public var packs: [Found] = []
    public var refusals: [PackRefusal] = []
    public var disabled: [PackRefusal] = []
    /// What the operator should look at in the folders, though nothing is refused for it.
    public var warnings: [String] = []
}

/// Finds the packs of the plugins folder, in the order of file names.
struct PackFinder {
    let settings: PackSettings
    /// What earlier starts of this host left behind.
    let notes: StartNotes

    /// What became of one file.
    private struct Attempt<Found: Sendable> {
        /// `nil` when the operator turned the whole pack off.
        var found: Result<Found?, PackRefusal>
        var remarks: [FileTrust.Remark] = []
    }

    /// Looks at every pack of the folder.
    ///
    /// - Parameters:
    ///   - described: what a pack that was made says of itself.
    ///   - drop: told of a pack that was made and is refused after all.
    ///   - make: makes a pack of its private copy; runs on several threads, one for each file.
    func find<Found: Sendable>(
        _ described: (Found) -> DescribedPack, drop: (Found) -> Void = { _ in },
        _ make: @escaping @Sendable (PackFile, PackPolicy) throws(PackRefusal) -> Found
    ) -> PackFindings<Found> {
        var findings = PackFindings<Found>()
        let folder: PackFolder
        do {
            folder = try PackFolder(path: settings.directory, trust: settings.trust)
        } catch {
            findings.refusals.append(error)
            return findings
        }
        let state = Result { () throws(FileFault) in
            try StateFolder(path: settings.stateDirectory, trust: settings.trust)
        }
        findings.refusals = folder.names.refusals
        var remarks = folder.folder.remarks + ((try? state.get().remarks) ?? [])
        let names = folder.names.packs
        var packIDs: [String: String] = [:]
        var toolNames: [String: String] = [:]
        let attempts = ParallelMap.run(count: names.count) { attempt(names[$0], in: folder, state, make) }
        for (name, attempt) in zip(names, attempts) {
            remarks += attempt.remarks
            do throws(PackRefusal) {
                guard let found = try attempt.found.get() else {
                    findings.disabled.append(
                        PackRefusal(file: name, reason: "\(PackNames.policy(of: name)) says enabled: false"))
                    continue
                }
                let pack = described(found)
                var isKept = false
                defer { if !isKept { drop(found) } }
                if let first = packIDs[pack.identity.id] {
                    throw PackRefusal(
                        file: name, reason: "its id \"\(pack.identity.id)\" is taken by \(first), which comes first")
                }
                if let (tool, first) = pack.tools.lazy.compactMap({ item in
                    toolNames[item.tool.descriptor.name].map { (item.tool.descriptor.name, $0) }
                }).first {
                    throw PackRefusal(
                        file: name, reason: "its tool \"\(tool)\" is already served by \(first), which comes first")
                }
                packIDs[pack.identity.id] = name
                for item in pack.tools { toolNames[item.tool.descriptor.name] = name }
                isKept = true
                findings.packs.append(found)
                findings.refusals += pack.refusals
            } catch {
                findings.refusals.append(error)
            }
        }
        findings.warnings = folder.names.warnings
        for remark in remarks where !findings.warnings.contains(remark.warning) {
            findings.warnings.append(remark.warning)
        }
        return findings
    }

    private func attempt<Found: Sendable>(
        _ name: String, in folder: PackFolder, _ state: Result<StateFolder, FileFault>,
        _ make: (PackFile, PackPolicy) throws(PackRefusal) -> Found
    ) -> Attempt<Found> {
        var remarks: [FileTrust.Remark] = []
        do throws(PackRefusal) {
            if HostSignals.isStopAsked { throw PackRefusal(file: name, reason: "the host was asked to stop") }
            let (policy, yaml) = try folder.policy(of: name, secrets: settings.secretNames)
            remarks += yaml?.remarks ?? []
            guard policy.isEnabled else { return Attempt(found: .success(nil), remarks: remarks) }
            let file = try copy(name, folder, state)
            remarks += file.remarks
            try notes.check(StartNote.Subject(file, policy, configuration: nil))
            return Attempt(found: .success(try make(file, policy)), remarks: remarks)
        } catch {
            return Attempt(found: .failure(error), remarks: remarks)
        }
    }

    /// The file's private copy.
    private func copy(
        _ name: String, _ folder: PackFolder, _ state: Result<StateFolder, FileFault>
    ) throws(PackRefusal) -> PackFile {
        let original = try folder.pack(name)
        let copies: DecidingFolder
        do {
            copies = try state.get().copies
        } catch {
            throw PackRefusal(file: name, reason: "cannot be copied to the state folder: \(error)")
        }
        return try PackFile(name: name, file: original, copies: copies)
    }
}
