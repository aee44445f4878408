// The operator's word on one pack: the YAML file beside it.

import JSONSchema
import NIOCore
import Yams

/// What `catalog.yaml` says of `catalog.so`. Everything is optional.
struct PackPolicy: Sendable {
    /// What it says of one tool.
    struct Tool: Sendable {
        var isEnabled = true
        var timeout: TimeAmount?
        /// Scopes that a caller needs; replaces the descriptor's.
        var scopes: [String]?
        /// `false`: never run on the event loop, whatever the pack claims.
        var allowsInline = true
    }

    var isEnabled = true
    /// By tool name.
    var tools: [String: Tool] = [:]
    /// Values for the pack's config schema.
    var config = JSONObject()

    /// Of the file, in bytes.
    static let sizeLimit = 64 << 10
    /// Values in `config` once aliases are followed: a few lines of YAML can stand for billions.
    static let valueLimit = 10_000

    init() {}

    /// - Throws: `SettingsError` whose key is the path inside the file, such as `tools.checkout.timeout`.
    init(parsing yaml: String, file: String) throws(SettingsError) {
        let root: Node?
        do {
            root = try Yams.compose(yaml: yaml)
        } catch {
            throw SettingsError(key: file, problem: "is not YAML: \(error)", example: "")
        }
        guard let root, root.null == nil else { return }
        for (key, value) in try Self.members(root, at: file) {
            switch key {
            case "enabled": isEnabled = try Self.flag(value, at: key)
            case "config":
                var budget = Self.valueLimit
                for (name, item) in try Self.members(value, at: key) {
                    config[name] = try Self.json(item, at: "config.\(name)", &budget)
                }
            case "tools":
                for (name, item) in try Self.members(value, at: key) {
                    tools[name] = try Self.tool(item, at: "tools.\(name)")
                }
            default: throw Self.unknown(key, at: key, known: ["enabled", "config", "tools"])
            }
        }
    }

    private static func tool(_ node: Node, at path: String) throws(SettingsError) -> Tool {
        var tool = Tool()
        for (key, value) in try members(node, at: path) {
            let place = "\(path).\(key)"
            switch key {
            case "enabled": tool.isEnabled = try flag(value, at: place)
            case "inline": tool.allowsInline = try flag(value, at: place)
            case "timeout":
                guard let text = value.scalar?.string, let time = TimeAmount(parsing: text),
                    time > .nanoseconds(0), time <= Settings.longestTimeout
                else {
                    throw SettingsError(key: place, problem: "is not a time from 1ms to 45s", example: "10s")
                }
                tool.timeout = time
            case "scopes":
                guard let items = value.sequence else {
                    throw SettingsError(key: place, problem: "is not a list of scopes", example: "[orders:write]")
                }
                var scopes: [String] = []
                for item in items {
                    guard let scope = item.scalar?.string, DescriptorReader.isScope(scope) else {
                        throw SettingsError(key: place, problem: "has an item that is no scope", example: "")
                    }
                    scopes.append(scope)
                }
                tool.scopes = scopes
            default: throw unknown(key, at: place, known: ["enabled", "timeout", "scopes", "inline"])
            }
        }
        return tool
    }

    private static func members(_ node: Node, at path: String) throws(SettingsError) -> [(String, Node)] {
        if node.null != nil { return [] }
        guard let mapping = node.mapping else {
            throw SettingsError(key: path, problem: "is not a mapping of keys to values", example: "")
        }
        var members: [(String, Node)] = []
        for (key, value) in mapping {
            guard let name = key.scalar?.string else {
                throw SettingsError(key: path, problem: "has a key that is no text", example: "")
            }
            members.append((name, value))
        }
        return members
    }

    private static func flag(_ node: Node, at path: String) throws(SettingsError) -> Bool {
        if let flag = node.bool { return flag }
        throw SettingsError(key: path, problem: "is neither true nor false", example: "false")
    }

    private static func unknown(_ key: String, at path: String, known: [String]) -> SettingsError {
        let nearest = known.min { EditDistance.between($0, key) < EditDistance.between($1, key) } ?? ""
        return SettingsError(
            key: path, problem: "is not known; did you mean \(nearest)? Known here: " + known.joined(separator: ", "),
            example: "")
    }

    /// YAML's core schema as JSON.
    static func json(_ node: Node, at path: String, _ budget: inout Int) throws(SettingsError) -> JSONValue {
        budget -= 1
        guard budget >= 0 else {
            throw SettingsError(
                key: "config", problem: "stands for more than \(valueLimit) values, aliases included", example: "")
        }
        if let items = node.sequence {
            var values: [JSONValue] = []
            for (index, item) in items.enumerated() { values.append(try json(item, at: "\(path)[\(index)]", &budget)) }
            return .array(values)
        }
        if node.mapping != nil {
            var object = JSONObject()
            for (name, item) in try members(node, at: path) {
                object[name] = try json(item, at: "\(path).\(name)", &budget)
            }
            return .object(object)
        }
        guard let scalar = node.scalar else {
            throw SettingsError(key: path, problem: "is of a kind that JSON does not have", example: "")
        }
        if scalar.style != .plain && scalar.style != .any { return .string(scalar.string) }
        if node.null != nil { return .null }
        if let flag = node.bool { return .bool(flag) }
        if let integer = node.int { return .number(JSONNumber(Int64(integer))) }
        if let float = node.float, let number = JSONNumber(float) { return .number(number) }
        return .string(scalar.string)
    }
}
