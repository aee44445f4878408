// What a pack says of itself as plain values: read where the pack is loaded, judged wherever that is needed.

import HostCalls
import JSON

/// A pack's table, copied, in the process that loaded it or as it came from another one. Not yet judged.
public struct PackDescription: Sendable, Equatable {
    public enum Tool: Sendable, Equatable {
        case described(RawToolDescriptor)
        /// A descriptor that cannot be copied.
        case unreadable(field: String, reason: String)
    }

    public var identity: PackIdentity
    /// In the order of the table.
    public var tools: [Tool]
}

extension PackDescription {
    /// - Throws: `PackRefusal` when the pack does not even say who it is.
    public init(of table: LoadedTable, file: String) throws(PackRefusal) {
        let identity: PackIdentity
        do {
            identity = try table.identity()
        } catch {
            throw PackRefusal(file: file, reason: "its table's \(error.field) \(error.reason)")
        }
        let tools = (0..<identity.toolCount).map { index -> Tool in
            do throws(PackText.Fault) {
                return .described(try table.rawDescriptor(at: index))
            } catch {
                return .unreadable(field: error.field, reason: error.reason)
            }
        }
        self.init(identity: identity, tools: tools)
    }
}

extension PackDescription {
    public var json: JSONValue {
        [
            "id": .string(identity.id), "version": .string(identity.version),
            "description": .string(identity.description), "abi": .string(identity.abi),
            "config_schema": .string(identity.configSchema), "tools": .array(tools.map(\.json)),
        ]
    }

    /// `nil` for anything but what `json` made.
    public init?(json: JSONValue) {
        guard let id = json["id"]?.string, let version = json["version"]?.string,
            let description = json["description"]?.string, let abi = json["abi"]?.string,
            let configSchema = json["config_schema"]?.string, let items = json["tools"]?.array
        else { return nil }
        tools = items.compactMap(Tool.init(json:))
        guard tools.count == items.count else { return nil }
        identity = PackIdentity(
            id: id, version: version, description: description, abi: abi, configSchema: configSchema,
            toolCount: items.count)
    }
}

extension PackDescription.Tool {
    fileprivate var json: JSONValue {
        switch self {
        case .unreadable(let field, let reason): ["field": .string(field), "reason": .string(reason)]
        case .described(let tool):
            [
                "flags": JSONValue(Int64(tool.flags)), "name": .string(tool.name), "title": .string(tool.title),
                "summary": .string(tool.summary), "description": .string(tool.description),
                "input_schema": .string(tool.inputSchema), "output_schema": .string(tool.outputSchema),
                "meta": .string(tool.meta), "scopes": .array(tool.scopes.map(JSONValue.string)),
                "timeout_ms": JSONValue(Int64(tool.timeoutMilliseconds)),
                "max_concurrency": JSONValue(Int64(tool.maxConcurrency)),
                // As text: it has 64 bits, and a whole number of JSON is signed here.
                "max_result_bytes": .string(String(tool.maxResultBytes)),
            ]
        }
    }

    fileprivate init?(json: JSONValue) {
        if let field = json["field"]?.string, let reason = json["reason"]?.string {
            self = .unreadable(field: field, reason: reason)
            return
        }
        func number(_ name: String) -> UInt32? { json[name]?.int64.flatMap { UInt32(exactly: $0) } }
        guard let flags = number("flags"), let name = json["name"]?.string, let title = json["title"]?.string,
            let summary = json["summary"]?.string, let description = json["description"]?.string,
            let inputSchema = json["input_schema"]?.string, let outputSchema = json["output_schema"]?.string,
            let meta = json["meta"]?.string, let scopes = json["scopes"]?.array?.compactMap(\.string),
            let timeout = number("timeout_ms"), let maxConcurrency = number("max_concurrency"),
            let maxResultBytes = json["max_result_bytes"]?.string.flatMap({ UInt64($0) })
        else { return nil }
        self = .described(
            RawToolDescriptor(
                flags: flags, name: name, title: title, summary: summary, description: description,
                inputSchema: inputSchema, outputSchema: outputSchema, meta: meta, scopes: scopes,
                timeoutMilliseconds: timeout, maxConcurrency: maxConcurrency, maxResultBytes: maxResultBytes))
    }
}
