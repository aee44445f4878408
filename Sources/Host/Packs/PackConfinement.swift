// How far a pack would be confined in a deployment, and who says so: for whoever looks at a deployment, and for the
// log.

import HostBase
import HostCalls
import HostSandbox
import JSON

/// What the YAML beside a pack and the keys of the deployment come to.
public struct PackConfinement: Sendable, Hashable {
    /// Who says how far.
    enum Origin: Sendable, Hashable {
        /// `PACK_SANDBOX`, or its default.
        case deployment
        case policy(file: String)
        /// It runs inside the host: `PACK_ISOLATION`.
        case hostByDeployment
        case hostByPolicy(file: String)
    }

    public let level: SandboxLevel
    public let network: SandboxNetwork
    public let allowsProcesses: Bool
    /// What the YAML opens; absolute, without links.
    public let read: [String]
    public let write: [String]
    /// Whether the pack is refused where this system lacks a layer.
    public let isRequired: Bool
    let origin: Origin

    init(_ plan: SandboxPlan, origin: Origin) {
        level = plan.level
        network = plan.network
        allowsProcesses = plan.allowsProcesses
        read = plan.read
        write = plan.write
        isRequired = plan.isRequired
        self.origin = origin
    }

    /// Such as `strict (catalog.yaml)`.
    public var text: String { "\(level.rawValue) (\(said))" }

    /// What it may do beyond its level, a line each.
    public var lines: [String] {
        guard level != .off else { return [] }
        var lines =
            read.map { "opens \($0): read (sandbox.read)" } + write.map { "opens \($0): read-write (sandbox.write)" }
        if network != .usual(at: level) { lines.append("sockets: \(network.rawValue) (sandbox.network)") }
        if allowsProcesses { lines.append("may start processes (sandbox.processes)") }
        return lines
    }

    public var json: JSONValue {
        let isOff = level == .off
        return [
            "level": .string(level.rawValue), "said_by": .string(said),
            "network": .string((isOff ? .any : network).rawValue), "processes": .bool(isOff || allowsProcesses),
            "read": .array(read.map(JSONValue.string)), "write": .array(write.map(JSONValue.string)),
            "required": .bool(isRequired),
        ]
    }

    /// The same with what this system holds of it.
    public func json(with report: SandboxReport?) -> JSONValue {
        var members = json.object ?? JSONObject()
        for (name, value) in report?.json.object ?? JSONObject() { members[name] = value }
        return .object(members)
    }

    /// As an operator finds it.
    private var said: String {
        switch origin {
        case .deployment: "PACK_SANDBOX"
        case .policy(let file): file
        case .hostByDeployment: "PACK_ISOLATION=host"
        case .hostByPolicy(let file): "isolation: host in \(file)"
        }
    }

    /// Why packs are not confined, and what to write so that they are.
    private var remark: (reason: String, advice: String) {
        switch origin {
        case .deployment:
            (
                "PACK_SANDBOX is off",
                "unset it or set it to standard, or write `sandbox: standard` into a pack's YAML file"
            )
        case .policy(let file): ("\(file) says `sandbox: off`", "leave that out, or write `sandbox: standard`")
        case .hostByDeployment:
            (
                "PACK_ISOLATION=host has it run inside the host",
                "unset it, or write `isolation: process` into a pack's YAML file"
            )
        case .hostByPolicy(let file): ("\(file) says `isolation: host`", "leave that out")
        }
    }

    /// What the operator should know of packs that are not confined: a line for each reason.
    ///
    /// - Parameter packs: by the names of their files.
    public static func warnings(_ packs: [(file: String, confinement: PackConfinement)]) -> [String] {
        var origins: [Origin] = []
        let free = packs.filter { $0.confinement.level == .off }
        for pack in free where !origins.contains(pack.confinement.origin) { origins.append(pack.confinement.origin) }
        return origins.compactMap { origin in
            let group = free.filter { $0.confinement.origin == origin }
            guard let remark = group.first?.confinement.remark else { return nil }
            let names = group.map(\.file).joined(separator: ", ")
            let (subject, object) = group.count == 1 ? ("pack \(names) is", "it") : ("packs \(names) are", "they")
            return "\(subject) not confined, so that \(object) may do whatever the host's user may: \(remark.reason); "
                + "to confine \(group.count == 1 ? "it" : "them"), \(remark.advice)"
        }
    }
}

extension SandboxNetwork {
    /// What a pack has whose YAML does not say.
    static func usual(at level: SandboxLevel) -> SandboxNetwork { level == .strict ? .none : .any }
}

extension SandboxPlanner {
    /// - Throws: where its YAML opens what is the host's.
    func confinement(of file: PackFile, _ policy: PackPolicy) throws(PackRefusal) -> PackConfinement {
        let yaml = PackNames.policy(of: file.name)
        let origin: PackConfinement.Origin =
            switch policy.isolation {
            case .host: .hostByPolicy(file: yaml)
            case nil where settings.isolation == .host: .hostByDeployment
            default: policy.sandbox.level == nil ? .deployment : .policy(file: yaml)
            }
        return PackConfinement(try trial(of: file, policy), origin: origin)
    }
}

extension PackLoader {
    /// How far a pack that was described is confined, or would be.
    public func confinement(of pack: DescribedPack) -> PackConfinement? {
        try? planner.confinement(of: pack.file, pack.policy)
    }

    /// What the operator should know of packs that are not confined.
    func warnings(of packs: [DescribedPack]) -> [String] {
        PackConfinement.warnings(packs.compactMap { pack in confinement(of: pack).map { (pack.file.name, $0) } })
    }

    /// What this system holds of the confinement of packs; those for which it is the same together.
    ///
    /// - Returns: a report of `nil` where no process can be started that tries it.
    public func layers(of packs: [DescribedPack]) -> [(report: SandboxReport?, files: [String])] {
        var found: [(report: SandboxReport?, files: [String])] = []
        var tried: [(plan: SandboxPlan, report: SandboxReport?)] = []
        for pack in packs {
            guard var plan = try? planner.trial(of: pack.file, pack.policy), plan.level != .off else { continue }
            // What holds is the same for whatever file.
            plan.file = ""
            let known = tried.first { $0.plan == plan }
            let report = known.map(\.report) ?? probe?.layers(of: plan)
            if known == nil { tried.append((plan, report)) }
            if let index = found.firstIndex(where: { $0.report == report }) {
                found[index].files.append(pack.file.name)
            } else {
                found.append((report, [pack.file.name]))
            }
        }
        return found
    }
}
