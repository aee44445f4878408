// The operator's word on one pack: the YAML file beside it.

import HostBase
import HostCalls
import HostNetwork
import HostOutbound
import HostSandbox
import JSON
import NIOCore

/// What `catalog.yaml` says of `catalog.so`. Everything is optional.
public struct PackPolicy: Sendable {
    /// What it says of one tool.
    struct Tool: Sendable {
        var isEnabled = true
        var timeout: TimeAmount?
        /// Scopes that a caller needs; replaces the descriptor's.
        var scopes: [String]?
        /// `false`: never run on the event loop, whatever the pack claims.
        var allowsInline = true
        /// What `null` is for an optional argument that takes none; `nil`: `TOOL_NULL_ARGUMENTS`.
        var nullArguments: CallSettings.NullPolicy?
    }

    var isEnabled = true
    /// Where it runs; `nil`: `PACK_ISOLATION`.
    var isolation: PackIsolation?
    /// How far its process stands back where processors are busy; `nil`: `PACK_NICENESS`.
    var niceness: Int?
    /// What it may touch.
    var sandbox = SandboxRules()
    /// Names of the host's configuration that it is given, in the environment of its process and by `x-env`; `nil`: as
    /// its level has it.
    var environment: [String]?
    /// What it may use up.
    var limits = LimitRules()
    var http = OutboundRules()
    /// By tool name.
    var tools: [String: Tool] = [:]
    /// Values for the pack's config schema.
    var config = JSONObject()
    /// SHA-256 of the file's text; empty where there is no file.
    private(set) var digest: [UInt8] = []

    /// The most bytes that the file may have.
    static let sizeLimit = 64 << 10

    /// What nice(2) takes of somebody who is not root.
    public static let nicenessRange = 0...19

    public init() {}

    /// - Throws: `PolicyFault` whose key is the path inside the file, such as `tools.checkout.timeout`.
    init(parsing yaml: String) throws(PolicyFault) {
        let root: JSONValue
        do {
            root = try YAMLReader.value(yaml)
        } catch {
            throw PolicyFault(key: "the file", problem: "is not YAML: \(error)", example: "")
        }
        do {
            try self.init(root)
        } catch {
            var error = error
            error.isYAML = true
            throw error
        }
        digest = Digest.sha256.hash(Array(yaml.utf8))
    }

    /// - Parameter secrets: the names of the host's own, of which no pack is given any.
    /// - Throws: `PolicyFault` where it lists one of them.
    func require(noneOf secrets: Set<String>) throws(PolicyFault) {
        guard let name = environment?.first(where: secrets.contains) else { return }
        throw PolicyFault(
            key: "env", problem: "lists \(name), which is a secret of the host's own and given to no pack", example: "",
            isYAML: true)
    }

    private init(_ root: JSONValue) throws(PolicyFault) {
        for (key, value) in try Self.members(root, at: "the file") {
            switch key {
            case "enabled": isEnabled = try Self.flag(value, at: key)
            case "isolation":
                guard let isolation = value.string.flatMap(PackIsolation.init) else {
                    throw PolicyFault(key: key, problem: "is neither process nor host", example: "process")
                }
                self.isolation = isolation
            case "niceness":
                guard let number = value.int64.map(Int.init(clamping:)), Self.nicenessRange.contains(number) else {
                    throw PolicyFault(key: key, problem: "is not a whole number from 0 to 19", example: "5")
                }
                niceness = number
            case "sandbox": sandbox = try SandboxRules(parsing: value)
            case "env": environment = try Self.names(value, at: key)
            case "config":
                config = try Self.members(value, at: key)
            case "tools":
                for (name, item) in try Self.members(value, at: key) {
                    tools[name] = try Self.tool(item, at: "tools.\(name)")
                }
            case "http": http = try Self.http(value)
            default:
                if try limits.take(key, value) { continue }
                throw Self.unknown(
                    key, at: key,
                    known: ["enabled", "isolation", "niceness", "sandbox", "env"] + LimitRules.keys + [
                        "config", "tools", "http",
                    ])
            }
        }
        if isolation == .host, let key = limits.firstKey {
            throw PolicyFault(
                key: key,
                problem: "bounds a process of the pack's own, and `isolation: host` has the pack run in the host's "
                    + "process, which is not bounded; leave one of them out",
                example: "")
        }
        if isolation == .host, let level = sandbox.level, level != .off {
            throw PolicyFault(
                key: "sandbox",
                problem: "says \(level.rawValue), and `isolation: host` has the pack run in the host's process, which "
                    + "cannot be confined; leave one of them out",
                example: "")
        }
    }

    private static func names(_ value: JSONValue, at path: String) throws(PolicyFault) -> [String] {
        guard let items = value.array else {
            throw PolicyFault(key: path, problem: "is not a list of names", example: "[NEXTJS_URL]")
        }
        var names: [String] = []
        for item in items {
            guard let name = item.string, EnvironmentNames.isName(name) else {
                throw PolicyFault(
                    key: path, problem: "has an item that is no name of letters, digits and underscores",
                    example: "[NEXTJS_URL]")
            }
            names.append(name)
        }
        return names
    }

    private static func tool(_ value: JSONValue, at path: String) throws(PolicyFault) -> Tool {
        var tool = Tool()
        for (key, value) in try members(value, at: path) {
            let place = "\(path).\(key)"
            switch key {
            case "enabled": tool.isEnabled = try flag(value, at: place)
            case "inline": tool.allowsInline = try flag(value, at: place)
            case "timeout":
                guard let text = value.string ?? value.number?.lexeme, let time = TimeAmount(parsing: text),
                    time > .nanoseconds(0), time <= CallSettings.longestTimeout
                else {
                    throw PolicyFault(key: place, problem: "is not a time from 1ms to 45s", example: "10s")
                }
                tool.timeout = time
            case "scopes":
                guard let items = value.array else {
                    throw PolicyFault(key: place, problem: "is not a list of scopes", example: "[orders:write]")
                }
                var scopes: [String] = []
                for item in items {
                    guard let scope = item.string, DescriptorReader.isScope(scope) else {
                        throw PolicyFault(key: place, problem: "has an item that is no scope", example: "")
                    }
                    scopes.append(scope)
                }
                tool.scopes = scopes
            case "null_arguments":
                guard let policy = value.string.flatMap(CallSettings.NullPolicy.init) else {
                    throw PolicyFault(key: place, problem: "is neither absent nor strict", example: "strict")
                }
                tool.nullArguments = policy
            default:
                throw unknown(key, at: place, known: ["enabled", "timeout", "scopes", "inline", "null_arguments"])
            }
        }
        return tool
    }

    private static func http(_ value: JSONValue) throws(PolicyFault) -> OutboundRules {
        var http = OutboundRules()
        for (key, value) in try members(value, at: "http") {
            let place = "http.\(key)"
            switch key {
            case "origins": http.origins = try origins(value, at: place)
            case "idempotency_keys": http.keyedOrigins = try origins(value, at: place)
            case "max_response_bytes":
                guard let count = value.int64, (1...(1 << 30)).contains(count) else {
                    throw PolicyFault(key: place, problem: "is not between 1 and \(1 << 30)", example: "1048576")
                }
                http.maxResponseBytes = Int(count)
            default: throw unknown(key, at: place, known: ["origins", "idempotency_keys", "max_response_bytes"])
            }
        }
        return http
    }

    private static func origins(_ value: JSONValue, at path: String) throws(PolicyFault) -> [Origin] {
        guard let items = value.array else {
            throw PolicyFault(key: path, problem: "is not a list of origins", example: "[https://api.example.com]")
        }
        var origins: [Origin] = []
        for item in items {
            guard let text = item.string, let origin = Origin(text) else {
                throw PolicyFault(
                    key: path, problem: "has an item that is not scheme, host and port, without a path",
                    example: "[https://api.example.com]")
            }
            origins.append(origin)
        }
        return origins
    }

    static func members(_ value: JSONValue, at path: String) throws(PolicyFault) -> JSONObject {
        if value.isNull { return JSONObject() }
        guard let members = value.object else {
            throw PolicyFault(key: path, problem: "is not a mapping of keys to values", example: "")
        }
        return members
    }

    static func flag(_ value: JSONValue, at path: String) throws(PolicyFault) -> Bool {
        if let flag = value.bool { return flag }
        throw PolicyFault(key: path, problem: "is neither true nor false", example: "false")
    }

    static func unknown(_ key: String, at path: String, known: [String]) -> PolicyFault {
        let nearest = EditDistance.nearest(to: key, among: known)
        return PolicyFault(
            key: path,
            problem: "is not known"
                + (nearest.map { "; did you mean \($0)? Known here: " + known.joined(separator: ", ") } ?? ""),
            example: "")
    }
}
