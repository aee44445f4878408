// From a folder of files to a snapshot: each step may refuse a pack, none may stop the others.

import HostBase
import HostCalls
import HostEngines
import HostOutbound
import HostTools
import JSON
import Logging
import NIOCore

/// Loads, configures and starts the packs of the plugins folder.
package struct PackLoader {
    let settings: PackSettings
    let limits: CallSettings
    let calls: CallTable
    let pool: WorkerPool
    /// How packs reach other services; `nil` where none is started.
    var outbound: Outbound?
    let logger: Logger
    /// Tries a pack in a process of its own first; `nil` loads it at once.
    var probe: PackProbe?
    /// What every tool has to pass besides.
    let checks: [ToolCheck]
    /// What earlier starts of this host left behind.
    let notes: StartNotes
    /// Values by name of key, for properties of a pack's configuration that say `x-env`.
    let environment: @Sendable (String) -> String?

    package init(
        settings: PackSettings, limits: CallSettings, checks: [ToolCheck], notes: StartNotes,
        environment: @escaping @Sendable (String) -> String?, calls: CallTable, pool: WorkerPool, outbound: Outbound?,
        logger: Logger, probe: PackProbe?
    ) {
        self.settings = settings
        self.limits = limits
        self.checks = checks
        self.notes = notes
        self.environment = environment
        self.calls = calls
        self.pool = pool
        self.outbound = outbound
        self.logger = logger
        self.probe = probe
    }

    /// What there is, in the order of file names.
    package struct Findings<Found: Sendable> {
        package var packs: [Found] = []
        package var refusals: [PackRefusal] = []
        package var disabled: [PackRefusal] = []
        /// What the operator should look at in the folders, though nothing is refused for it.
        package var warnings: [String] = []
    }

    /// What became of one file.
    private struct Attempt<Found: Sendable> {
        /// `nil` when the operator turned the whole pack off.
        var found: Result<Found?, PackRefusal>
        var remarks: [FileTrust.Remark] = []
    }

    /// What can be described, for commands that only look: no pack is loaded into this process, so none can end it or
    /// write in its name.
    package func describe() -> Findings<DescribedPack> {
        find(\.self) { file, policy throws(PackRefusal) in
            guard let probe else {
                throw PackRefusal(file: file.name, reason: PackProbe.absence)
            }
            return try DescribedPack(try probe.describe(file), file: file, policy: policy, reader: reader)
        }
    }

    /// Loads what can be loaded.
    private func load() -> Findings<LoadedPack> {
        find(\.described) { file, policy throws(PackRefusal) in
            let expected = try probe?.check(file)
            notes.expect(StartNote.Subject(file, policy, configuration: nil), as: file.name)
            let pack = try LoadedPack(file: file, policy: policy, reader: reader, expected: expected)
            probe?.remember(file)
            return pack
        }
    }

    private var reader: DescriptorReader { DescriptorReader(assertsFormats: settings.assertsFormats, checks: checks) }

    private func find<Found: Sendable>(
        _ described: (Found) -> DescribedPack,
        _ make: @escaping @Sendable (PackFile, PackPolicy) throws(PackRefusal) -> Found
    ) -> Findings<Found> {
        var findings = Findings<Found>()
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

    /// What is served, and what its packs say of themselves.
    package struct Loaded {
        package var snapshot: Snapshot
        package var described: [DescribedPack]
    }

    /// Starts what was found.
    package func loaded() -> Loaded {
        notes.begin(logger)
        // Its trial had that time; here the machine is busy with all of them.
        let areLoaded = LoadTurn.watch(limit: max(settings.startTimeout * 2, .seconds(3)), logger: logger)
        var findings = load()
        areLoaded()
        var candidates: [PackStarter.Candidate] = []
        for pack in findings.packs {
            do {
                let config = try config(for: pack.described)
                notes.expect(
                    StartNote.Subject(pack.file, pack.policy, configuration: config), as: pack.identity.id)
                candidates.append(.init(pack: pack, config: config))
            } catch {
                findings.refusals.append(error)
            }
        }
        let starter = PackStarter(
            calls: calls, pool: pool, limits: limits, timeout: settings.startTimeout, outbound: outbound, logger: logger
        )
        var packs: [(pack: Pack, described: DescribedPack)] = []
        var failedStarts = 0
        for (candidate, result) in zip(candidates, starter.start(candidates)) {
            switch result {
            case .success(let pack): packs.append((pack, candidate.pack.described))
            case .failure(let refusal):
                findings.refusals.append(refusal)
                failedStarts += 1
            }
        }
        let refused = Set(findings.refusals.lazy.filter { $0.tool == nil }.map(\.file))
        notes.end(refused: refused, isInterrupted: HostSignals.isStopAsked)
        var tools: [ServedTool] = []
        for pack in packs {
            let selection = selection(of: pack.described)
            findings.disabled += selection.disabled
            tools += selection.tools.map { index, checked in
                let policy = pack.described.policy.tools[checked.descriptor.name] ?? .init()
                return ServedTool(
                    checked, number: index, desk: pack.pack.desk, timeout: policy.timeout,
                    allowsInline: policy.allowsInline, nullArguments: policy.nullArguments, limits: limits)
            }
        }
        let snapshot = Snapshot(
            packs: packs.map(\.pack), tools: tools, refusals: findings.refusals, disabled: findings.disabled,
            warnings: findings.warnings, failedStarts: failedStarts)
        return Loaded(snapshot: snapshot, described: packs.map(\.described))
    }

    /// The tools of a pack that the operator wants served, as they are served, with their places in the pack's table.
    package func selection(of pack: DescribedPack) -> (
        tools: [(index: Int, tool: CheckedTool)], disabled: [PackRefusal]
    ) {
        var disabled: [PackRefusal] = []
        let tools = pack.tools.filter { _, tool in
            guard let reason = objection(to: tool.descriptor, of: pack) else { return true }
            disabled.append(PackRefusal(file: pack.file.name, tool: tool.descriptor.name, reason: reason))
            return false
        }
        return (
            tools.map { index, tool in
                var tool = tool
                if let scopes = pack.policy.tools[tool.descriptor.name]?.scopes { tool.descriptor.scopes = scopes }
                return (index, tool)
            }, disabled
        )
    }

    /// Why the operator does not want a tool served; `nil` when it is wanted.
    private func objection(to tool: ToolDescriptor, of pack: DescribedPack) -> String? {
        if pack.policy.tools[tool.name]?.isEnabled == false {
            return "\(pack.file.stem).yaml says tools.\(tool.name).enabled: false"
        }
        return settings.policy.objection(to: tool)
    }

    /// The configuration that a pack would be started with.
    ///
    /// - Throws: `PackRefusal` where it is wrong, and where the pack ended the host again and again when it was started
    ///   so.
    package func config(for pack: DescribedPack) throws(PackRefusal) -> JSONObject {
        let configuration = PackConfiguration(environment: environment)
        let config: JSONObject
        do {
            config = try configuration.resolve(schema: pack.configSchema, policy: pack.policy)
        } catch {
            throw PackRefusal(file: pack.file.name, reason: "its configuration is wrong: \(error)")
        }
        try notes.check(StartNote.Subject(pack.file, pack.policy, configuration: config))
        return config
    }

    private func attempt<Found: Sendable>(
        _ name: String, in folder: PackFolder, _ state: Result<StateFolder, FileFault>,
        _ make: (PackFile, PackPolicy) throws(PackRefusal) -> Found
    ) -> Attempt<Found> {
        var remarks: [FileTrust.Remark] = []
        do throws(PackRefusal) {
            if HostSignals.isStopAsked { throw PackRefusal(file: name, reason: "the host was asked to stop") }
            let (policy, yaml) = try folder.policy(of: name)
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
