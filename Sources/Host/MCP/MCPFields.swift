// The header fields that only MCP looks at, gathered in one pass over the head.

import NIOHTTP1

/// What a request's head says to MCP. Values are without white space at their ends.
struct MCPFields: Sendable {
    /// Those that every route knows.
    let common: RequestFields
    var version: String?
    var method: String?
    var name: String?
    var sessionID: String?
    /// `Mcp-Param-…`, by the part behind the prefix in lower case.
    var parameters: [String: String] = [:]
    /// A field that may stand only once and does not: whoever reads the first one and whoever reads the last one would
    /// disagree.
    var repeated: String?

    private static let parameterPrefix = "mcp-param-"

    init(_ headers: HTTPHeaders, _ common: RequestFields) {
        self.common = common
        for (name, value) in headers {
            switch name.utf8.count {
            case 20 where FieldName.begins(name, with: "mcp-protocol-version"):
                set(\.version, value, "MCP-Protocol-Version")
            case 10 where FieldName.begins(name, with: "mcp-method"): set(\.method, value, "Mcp-Method")
            case 8 where FieldName.begins(name, with: "mcp-name"): set(\.name, value, "Mcp-Name")
            case 14 where FieldName.begins(name, with: "mcp-session-id"): set(\.sessionID, value, "Mcp-Session-Id")
            case 11...:
                guard FieldName.begins(name, with: Self.parameterPrefix) else { continue }
                let parameter = name.dropFirst(Self.parameterPrefix.utf8.count).lowercased()
                if parameters.updateValue(Self.trimmed(value), forKey: parameter) != nil { repeated = "Mcp-Param-*" }
            default: continue
            }
        }
    }

    private mutating func set(_ field: WritableKeyPath<Self, String?>, _ value: String, _ name: String) {
        if self[keyPath: field] != nil { repeated = name }
        self[keyPath: field] = Self.trimmed(value)
    }

    /// Optional white space is no part of a value (RFC 9110 section 5.5).
    private static func trimmed(_ value: String) -> String {
        guard value.utf8.first == 0x20 || value.utf8.first == 0x09 || value.utf8.last == 0x20 || value.utf8.last == 0x09
        else { return value }
        var text = value.utf8[...]
        while text.first == 0x20 || text.first == 0x09 { text.removeFirst() }
        while text.last == 0x20 || text.last == 0x09 { text.removeLast() }
        return String(decoding: text, as: UTF8.self)
    }
}
