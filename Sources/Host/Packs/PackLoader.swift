// From what was found to a snapshot: each step may refuse a pack, none may stop the others.

import HostBase
import HostCalls
import HostEngines
import HostOutbound
import HostTools
import JSON
import Logging
import NIOCore

/// Loads, configures and starts the packs of the plugins folder.
public struct PackLoader: Sendable {
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

    public init(
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

    /// What can be described, for commands that only look: no pack is loaded into this process, so none can end it or
    /// write in its name.
    public func describe() -> PackFindings<DescribedPack> {
        finder.find(\.self) { file, policy throws(PackRefusal) in
            guard let probe else {
                throw PackRefusal(file: file.name, reason: PackProbe.absence)
            }
            return try DescribedPack(try probe.describe(file), file: file, policy: policy, reader: reader)
        }
    }

    /// Loads what can be loaded.
    private func load() -> PackFindings<LoadedPack> {
        finder.find(\.described) { file, policy throws(PackRefusal) in
            let expected = try probe?.check(file)
            notes.expect(StartNote.Subject(file, policy, configuration: nil), as: file.name)
            let pack = try LoadedPack(file: file, policy: policy, reader: reader, expected: expected)
            probe?.remember(file)
            return pack
        }
    }

    private var finder: PackFinder { PackFinder(settings: settings, notes: notes) }
    private var reader: DescriptorReader { DescriptorReader(assertsFormats: settings.assertsFormats, checks: checks) }

    /// What is served, and what its packs say of themselves.
    public struct Loaded {
        public var snapshot: Snapshot
        public var described: [DescribedPack]
    }

    /// Starts what was found.
    public func loaded() -> Loaded {
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
            let selection = ToolSelection(of: pack.described, policy: settings.policy)
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

    /// The configuration that a pack would be started with.
    ///
    /// - Throws: `PackRefusal` where it is wrong, and where the pack ended the host again and again when it was started
    ///   so.
    public func config(for pack: DescribedPack) throws(PackRefusal) -> JSONObject {
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
}
