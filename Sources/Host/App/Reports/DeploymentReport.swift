// What a deployment would serve, found without starting a pack: for `toolhost tools` and `toolhost openapi`.

import HostCalls
import HostClients
import HostDocuments
import HostEngines
import HostHTTP
import HostOutbound
import HostPacks
import HostSandbox
import HostService
import HostTools
import JSON
import Logging

/// Packs and tools of the plugins folder, with the reason for whatever is not served.
public struct DeploymentReport {
    private struct Served {
        var pack: DescribedPack
        var tools: [CheckedTool]
        var isolation: PackIsolation
        /// What it would be started with, and what opens to it.
        var configuration: PackConfiguration.Resolved
        /// How it would be confined.
        var confinement: PackConfinement?
    }

    private let settings: Settings
    private let served: [Served]
    let refusals: [PackRefusal]
    private let disabled: [PackRefusal]
    /// What the operator should look at, though everything is served.
    let warnings: [String]
    /// The same of packs that are not confined.
    let freedoms: [String]
    /// What this system holds of the confinement of packs, by the names of their files.
    let layers: [(report: SandboxReport?, files: [String])]
    /// What clients may refuse or misread.
    private let review: ClientReview

    /// - Parameter triesLayers: whether to find out what this system holds of packs' confinement.
    public init(configuration: Configuration, triesLayers: Bool = false) {
        settings = configuration.settings
        let loader = PackLoader(
            settings: settings, calls: CallTable(), pool: WorkerPool(threads: 1, logger: configuration.logger),
            logger: configuration.logger, probe: PackProbe.ofThisExecutable(timeout: settings.packs.startTimeout))
        var findings = loader.describe()
        var warnings = findings.warnings + settings.warnings(findings.packs)
        var served: [Served] = []
        for pack in findings.packs {
            let configuration: PackConfiguration.Resolved
            do {
                configuration = try loader.config(for: pack)
            } catch {
                findings.refusals.append(error)
                continue
            }
            warnings += configuration.remarks.map { "\(pack.file.name): \($0.text)" }
            let selection = ToolSelection(of: pack, policy: settings.packs.policy)
            findings.disabled += selection.disabled
            served.append(
                Served(
                    pack: pack, tools: selection.tools.map(\.tool), isolation: loader.isolation(of: pack),
                    configuration: configuration, confinement: loader.confinement(of: pack)))
        }
        self.served = served
        freedoms = PackConfinement.warnings(
            served.compactMap { item in item.confinement.map { (item.pack.file.name, $0) } })
        layers = triesLayers ? loader.layers(of: served.map(\.pack)) : []
        self.warnings = warnings
        review = ClientReview(tools: served.flatMap(\.tools).map { ToolSubject($0) }, isDeployment: true)
        refusals = findings.refusals
        disabled = findings.disabled
    }

    /// The packs that are given the URL of the agents API. Whether they leave their work to it is their own business.
    var agentsPacks: [String] {
        guard let url = settings.outbound.agentsURL else { return [] }
        return served.filter { item in
            let properties = item.pack.configSchema?["properties"]?.object ?? JSONObject()
            return properties.contains { name, property in
                property["x-env"]?.string == SettingKey.agentsURL.name && item.configuration.config[name]?.string == url
            }
        }.map(\.pack.identity.id)
    }

    public var hasRefusals: Bool { !refusals.isEmpty }

    /// For people.
    public var text: String {
        var lines: [String] = []
        for item in served {
            lines.append(
                "\(item.pack.file.name): \(item.pack.identity.id) \(item.pack.identity.version), "
                    + "isolation: \(item.isolation.rawValue), "
                    + "sandbox: \(item.confinement?.level.rawValue ?? SandboxLevel.off.rawValue)")
            for tool in item.tools {
                lines.append("  \(tool.descriptor.name)  \(tool.descriptor.summary)")
            }
            lines += item.configuration.asked.map { "  reads \($0.name) (\($0.property)): \($0.state.rawValue)" }
            lines += item.configuration.paths.map { "  opens \($0.path): \($0.access.rawValue)" }
            lines += (item.confinement?.lines ?? []).map { "  \($0)" }
        }
        if served.isEmpty { lines.append("No pack in \(settings.packs.directory) can be served.") }
        Self.append("Disabled:", disabled, to: &lines)
        Self.append("Refused:", refusals, to: &lines)
        let warnings = self.warnings + freedoms
        if !warnings.isEmpty { lines += ["", "Warnings:"] + warnings.map { "  \($0)" } }
        lines += review.lines
        return lines.joined(separator: "\n")
    }

    private static func append(_ title: String, _ items: [PackRefusal], to lines: inout [String]) {
        guard !items.isEmpty else { return }
        lines += ["", title]
        for item in items {
            lines.append("  \(item.file)\(item.tool.map { " (\($0))" } ?? ""): \(item.reason)")
        }
    }

    /// For programs.
    public var json: String {
        func list(_ items: [PackRefusal]) -> JSONValue {
            .array(
                items.map { item in
                    var object: JSONObject = ["file": .string(item.file)]
                    if let tool = item.tool { object["tool"] = .string(tool) }
                    object["reason"] = .string(item.reason)
                    return .object(object)
                })
        }
        let packs = served.map { item -> JSONValue in
            [
                "file": .string(item.pack.file.name), "id": .string(item.pack.identity.id),
                "version": .string(item.pack.identity.version), "isolation": .string(item.isolation.rawValue),
                "tools": .array(item.tools.map { .string($0.descriptor.name) }),
                "reads": .array(
                    item.configuration.asked.map {
                        [
                            "name": .string($0.name), "property": .string($0.property),
                            "state": .string($0.state.rawValue),
                        ]
                    }),
                "opens": .array(
                    item.configuration.paths.map { ["path": .string($0.path), "access": .string($0.access.rawValue)] }),
                "sandbox": item.confinement?.json ?? .null,
            ]
        }
        let report: JSONValue = [
            "packs": .array(packs), "disabled": list(disabled), "refused": list(refusals),
            "warnings": .array((warnings + freedoms).map(JSONValue.string)), "clients": review.json,
        ]
        return String(decoding: report.bytes(pretty: true), as: UTF8.self)
    }

    /// Why `openAPI` has nothing for these, and what there is instead.
    public func absence(version: String, pack: String?, tag: String?) -> String {
        guard OpenAPIDocument.Version(query: version) != nil else {
            return "--openapi-version is 3.1 or 3.0, not \(version)"
        }
        guard let documents else { return "the documents cannot be made" }
        do throws(Problem) {
            _ = try DocumentQuery(pack: pack, tag: tag).document(of: documents)
            return "there is such a document"
        } catch {
            return error.detail
        }
    }

    /// The OpenAPI document; `nil` when there is no such version, pack or tag.
    public func openAPI(version: String, pack: String?, tag: String?) -> String? {
        guard let version = OpenAPIDocument.Version(query: version) else { return nil }
        return documents?.openAPI(version, pack: pack, tag: tag).map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    /// How many tools would be served.
    var toolCount: Int { served.reduce(0) { $0 + $1.tools.count } }

    private var documents: DiscoveryDocuments? {
        let publicURL = PublicURL.effective(settings, port: settings.port).url
        let deployment = Deployment(service: settings.service, auth: settings.auth, publicURL: publicURL)
        return try? DiscoveryDocuments(tools: served.flatMap(\.tools).map(\.descriptor), deployment: deployment)
    }
}
