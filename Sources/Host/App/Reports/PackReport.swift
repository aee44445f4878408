// What one pack says of itself, and what the host thinks of it: for `toolhost inspect`.

import Glibc
import HostBase
import HostCalls
import HostClients
import HostDocuments
import HostEngines
import HostPacks
import HostSandbox
import HostTools
import JSON
import NIOCore

/// A pack's file, wherever it lies, as it would be in this deployment.
public struct PackReport {
    private let file: String
    private let size: Int?
    private let pack: DescribedPack?
    private let problems: [PackRefusal]
    /// How it would be confined.
    private let confinement: PackConfinement?
    /// What this system holds of that.
    private let sandbox: SandboxReport?

    /// Has the file at `path` loaded by a process of its own, so that a pack that crashes is reported like any other.
    ///
    /// - Parameter configuration: says, with the YAML beside the file, how the pack would be confined.
    public init(path: String, configuration: Configuration) {
        let name = String(path.split(separator: "/", omittingEmptySubsequences: false).last ?? "")
        let absolute = path.hasPrefix("/") ? path : "\(ProcessEnvironment.workingDirectory)/\(path)"
        file = name
        var template = Array("/tmp/toolhost-inspect-XXXXXX".utf8CString)
        let folder = unsafe mkdtemp(&template).map { unsafe String(cString: $0) }
        defer {
            if let folder {
                for name in (try? FileStatus.names(in: "\(folder)/packs")) ?? [] {
                    unsafe unlink("\(folder)/packs/\(name.shown)")
                }
                unsafe rmdir("\(folder)/packs")
                unsafe rmdir(folder)
            }
        }
        do {
            guard let folder else {
                throw PackRefusal(file: name, reason: "no folder for its copy can be made in /tmp")
            }
            guard let probe = PackProbe.ofThisExecutable(timeout: .seconds(10)) else {
                throw PackRefusal(file: name, reason: PackProbe.absence)
            }
            let trust = FileTrust(judgesFolders: false)
            guard let original = try DecidingFile(path: absolute, trust: trust) else {
                throw PackRefusal(file: name, reason: "cannot be read: there is no such file")
            }
            let copy = try PackFile(
                name: name, file: original, copies: try StateFolder(path: folder, trust: trust).copies)
            let settings = configuration.settings.packs
            let policy = try PackPolicy(beside: absolute, named: name, trust: trust, secrets: settings.secretNames)
            let look = try probe.look(at: copy, policy, in: PackDataFolder(of: name, in: folder), settings)
            let pack = try DescribedPack(
                look.description, file: copy, policy: policy, reader: DescriptorReader(checks: ToolChecks.all))
            self.pack = pack
            confinement = look.confinement
            sandbox = look.sandbox
            size = copy.size
            problems = pack.refusals
        } catch {
            if let refusal = error as? PackRefusal {
                problems = [refusal]
            } else {
                problems = [PackRefusal(file: name, reason: "\(error)")]
            }
            pack = nil
            confinement = nil
            sandbox = nil
            size = nil
        }
    }

    /// For a path that is not UTF-8. The host keeps names as text, and no pack with such a name is served.
    public init(unreadable path: [UInt8]) {
        let name = OutputTail.printable(path.split(separator: UInt8(ascii: "/")).last ?? [])
        file = name
        size = nil
        pack = nil
        confinement = nil
        sandbox = nil
        problems = [
            PackRefusal(
                file: name,
                reason: "its path is not UTF-8, so no host can serve it; move it: mv -- \(Self.typed(path)) NAME.so")
        ]
    }

    /// As shells read it.
    private static func typed(_ path: [UInt8]) -> String {
        let text = path.map { byte -> String in
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\\"): "\\" + String(UnicodeScalar(byte))
            case 0x20...0x7E: String(UnicodeScalar(byte))
            default: "\\x" + byte.hexadecimal
            }
        }
        return "$'" + text.joined() + "'"
    }

    public var hasProblems: Bool { !problems.isEmpty }

    /// For people.
    public var text: String {
        var lines: [String] = []
        if let pack {
            lines += [
                "\(file): \(pack.identity.id) \(pack.identity.version), ABI \(pack.identity.abi), \(size ?? 0) bytes",
                "  \(pack.identity.description)",
            ]
            if let confinement {
                lines.append("  sandbox: \(confinement.text)" + (sandbox.map { ", here \($0.text)" } ?? ""))
                lines += (confinement.lines + PackConfinement.warnings([(file, confinement)])).map { "  \($0)" }
            }
            for variable in PackConfiguration.environmentNames(of: pack.configSchema) {
                lines.append("  configured from \(variable)")
            }
            for (_, tool) in pack.tools {
                let descriptor = tool.descriptor
                lines += [
                    "", "  \(descriptor.name)  \(descriptor.title)", "    \(descriptor.summary)",
                    "    \(Self.hints(tool).joined(separator: ", "))",
                    "    schemas: input \(descriptor.inputSchema.bytes().count) bytes, "
                        + "output \(descriptor.outputSchema.bytes().count) bytes",
                ]
                if !descriptor.scopes.isEmpty {
                    lines.append("    scopes: \(descriptor.scopes.joined(separator: " "))")
                }
            }
        }
        lines += review.lines
        if !problems.isEmpty {
            if !lines.isEmpty { lines.append("") }
            lines += problems.map { "\($0.file)\($0.tool.map { " (\($0))" } ?? ""): \($0.reason)" }
        }
        return lines.joined(separator: "\n")
    }

    private var review: ClientReview {
        ClientReview(tools: (pack?.tools ?? []).map { ToolSubject($0.tool) }, isDeployment: false)
    }

    private static func hints(_ tool: CheckedTool) -> [String] {
        let hints = tool.descriptor.hints
        return [
            hints.isReadOnly ? "read-only" : "writes", hints.isDestructive ? "destructive" : "additive",
            hints.isIdempotent ? "idempotent" : "repeats", hints.isOpenWorld ? "open world" : "closed world",
        ] + (tool.claimsInline ? ["inline"] : [])
    }

    /// For programs.
    public var json: String {
        var report: JSONObject = ["file": .string(file)]
        if let pack {
            report["id"] = .string(pack.identity.id)
            report["version"] = .string(pack.identity.version)
            report["description"] = .string(pack.identity.description)
            report["abi"] = .string(pack.identity.abi)
            report["size"] = JSONValue(Int64(size ?? 0))
            if let schema = pack.configSchema { report["config_schema"] = schema }
            report["tools"] = .array(pack.tools.map { Self.json(of: $0.tool) })
        }
        if let confinement { report["sandbox"] = confinement.json(with: sandbox) }
        report["clients"] = review.json
        report["problems"] = .array(
            problems.map { problem in
                var object = JSONObject()
                if let tool = problem.tool { object["tool"] = .string(tool) }
                object["reason"] = .string(problem.reason)
                return .object(object)
            })
        return String(decoding: JSONValue.object(report).bytes(pretty: true), as: UTF8.self)
    }

    private static func json(of tool: CheckedTool) -> JSONValue {
        let descriptor = tool.descriptor
        return [
            "name": .string(descriptor.name), "title": .string(descriptor.title),
            "summary": .string(descriptor.summary), "description": .string(descriptor.description),
            "model_text": .string(ModelText(descriptor).whole),
            "openapi_description": .string(ModelText(descriptor).text(within: OpenAILimits.operationText)),
            "hints": .array(hints(tool).map(JSONValue.string)),
            "scopes": .array(descriptor.scopes.map(JSONValue.string)),
            "timeout_ms": JSONValue(Int64(tool.timeoutMilliseconds)),
            "max_concurrency": JSONValue(Int64(tool.maxConcurrency)),
            "input_schema": descriptor.inputSchema, "output_schema": descriptor.outputSchema,
            "meta": descriptor.meta,
        ]
    }
}
