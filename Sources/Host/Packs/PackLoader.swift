// From what was found to a snapshot: each step may refuse a pack, none may stop the others.

import HostBase
import HostCalls
import HostEngines
import HostOutbound
import HostSandbox
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
    /// Those that calls come from.
    var loops: [any EventLoop]
    /// The folder of what processes wrote before they ended; `nil` where there is none.
    let lastWords: String?
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
        environment: @escaping @Sendable (String) -> String?, calls: CallTable, pool: WorkerPool,
        loops: [any EventLoop],
        lastWords: String?, outbound: Outbound?, logger: Logger, probe: PackProbe?
    ) {
        self.loops = loops
        self.lastWords = lastWords
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
            let description = try probe.describe(
                file, plan: try planner.trial(of: file, policy), strings(of: probe.environment, for: file, policy))
            return try DescribedPack(description, file: file, policy: policy, reader: reader)
        }
    }

    /// Loads what can be loaded, each pack where it is to run.
    private func load() -> PackFindings<ReadyPack> {
        func drop(_ pack: ReadyPack) { pack.drop() }
        return finder.find(\.described, drop: drop) { file, policy throws(PackRefusal) in
            if isolation(policy) == .process { return try runner(file, policy) }
            let expected = try probe?.check(file, plan: try planner.trial(of: file, policy))
            notes.expect(StartNote.Subject(file, policy, configuration: nil), as: file.name)
            let pack = try LoadedPack(file: file, policy: policy, reader: reader, expected: expected)
            probe?.remember(file)
            return ReadyPack(described: pack.described, place: .host(pack.table))
        }
    }

    /// Has a process of its own load the pack, which describes it and waits.
    private func runner(_ file: PackFile, _ policy: PackPolicy) throws(PackRefusal) -> ReadyPack {
        guard let probe else { throw PackRefusal(file: file.name, reason: PackProbe.absence) }
        let plan = try planner.plan(for: file, policy)
        if let lack = plan.limits.shortfall(loops: loops.count, workers: PackDesk.threads(limits)) {
            throw PackRefusal(file: file.name, reason: lack)
        }
        let keeper = RunnerKeeper(
            RunnerProgram(
                executable: probe.executable,
                environment: strings(of: probe.environment, for: file, policy),
                niceness: policy.niceness ?? settings.niceness, policyFile: PackNames.policy(of: file.name)),
            plan: plan, copy: file.copyPath, name: file.name, loops: loops.count, calls: PackDesk.mostInside(limits),
            workers: PackDesk.threads(limits), timeout: settings.startTimeout, emptying: settings.drainTime)
        do {
            let description = try probe.description(told: keeper.describe(), by: file, keeper.firstPlan.level)
            let described = try DescribedPack(description, file: file, policy: policy, reader: reader)
            return ReadyPack(described: described, place: .process(keeper))
        } catch {
            keeper.drop()
            throw error
        }
    }

    /// Where a pack is to run.
    public func isolation(of pack: DescribedPack) -> PackIsolation { isolation(pack.policy) }

    func isolation(_ policy: PackPolicy) -> PackIsolation { policy.isolation ?? settings.isolation }

    var planner: SandboxPlanner { SandboxPlanner(settings: settings) }
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
        var given: [(file: String, names: [String])] = []
        for pack in findings.packs {
            let described = pack.described
            do {
                let resolved = try config(for: described, isInHost: pack.isInHost)
                try prepare(resolved, for: described)
                if level(described.policy) == .standard, described.policy.environment == nil {
                    given.append((described.file.name, resolved.given))
                }
                if pack.isInHost {
                    notes.expect(
                        StartNote.Subject(described.file, described.policy, configuration: resolved.config),
                        as: described.identity.id)
                }
                candidates.append(.init(pack: pack, config: resolved.config, paths: resolved.paths))
            } catch {
                pack.drop()
                findings.refusals.append(error)
            }
        }
        tell(shared: SharedName.all(of: given))
        let starter = PackStarter(
            calls: calls, pool: pool, limits: limits, timeout: settings.startTimeout, restarts: settings.restarts,
            lastWords: lastWords, loops: loops, outbound: outbound, logger: logger)
        var packs: [(pack: Pack, described: DescribedPack)] = []
        var reports: [(pack: String, report: SandboxReport)] = []
        var failedStarts = 0
        for (candidate, result) in zip(candidates, starter.start(candidates)) {
            switch result {
            case .success(let pack):
                packs.append((pack, candidate.pack.described))
                if case .process(let keeper) = candidate.pack.place, let report = keeper.report {
                    reports.append((pack.id, report))
                }
            case .failure(let refusal):
                findings.refusals.append(refusal)
                failedStarts += 1
            }
        }
        findings.warnings += Self.warnings(of: reports) + warnings(of: packs.map(\.described))
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

    /// What this system cannot hold of packs' confinement, each once.
    private static func warnings(of reports: [(pack: String, report: SandboxReport)]) -> [String] {
        var names: [String: [String]] = [:]
        for (pack, report) in reports {
            func add(_ problem: String, _ layers: [SandboxReport.Layer]) {
                guard !layers.isEmpty else { return }
                let text = layers.map(\.text).joined(separator: ", ")
                names["\(problem) (sandbox: \(report.level.rawValue), \(text))", default: []].append(pack)
            }
            add("this system cannot hold all that packs are to be kept from", report.unkept)
            add("this system does not let the host hear what packs are refused", report.untold.map { [$0] } ?? [])
        }
        return names.sorted { $0.key < $1.key }.map { text, packs in "\(text): \(packs.joined(separator: ", "))" }
    }
}
