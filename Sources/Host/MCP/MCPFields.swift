// The header fields that only MCP looks at, as the values they must have.

import HostHTTP
import NIOHTTP1

/// What a request's head says to MCP. Values are without white space at their ends.
struct MCPFields: Sendable {
    /// The fields that every route knows.
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

    init(_ headers: HTTPHeaders, _ common: RequestFields) {
        self.common = common
        for field in common.values {
            let (name, value) = (field.name, field.value)
            switch name {
            case .mcpVersion: set(\.version, value, "MCP-Protocol-Version")
            case .mcpMethod: set(\.method, value, "Mcp-Method")
            case .mcpName: set(\.name, value, "Mcp-Name")
            case .mcpSession: set(\.sessionID, value, "Mcp-Session-Id")
            default: continue
            }
        }
        guard common.hasParameters else { return }
        let prefix = RequestFields.parameterPrefix
        for (name, value) in headers where FieldName.begins(name, with: prefix) && name.utf8.count > prefix.utf8.count {
            let parameter = name.dropFirst(prefix.utf8.count).lowercased()
            if parameters.updateValue(Self.trimmed(value), forKey: parameter) != nil { repeated = "Mcp-Param-*" }
        }
    }

    private mutating func set(_ field: WritableKeyPath<Self, String?>, _ value: String, _ name: String) {
        if self[keyPath: field] != nil { repeated = name }
        self[keyPath: field] = Self.trimmed(value)
    }

    /// Optional white space is no part of a value (RFC 9110 section 5.5).
    private static func trimmed(_ value: String) -> String {
        let bytes = value.utf8.span
        guard !bytes.isEmpty, isSpace(bytes[0]) || isSpace(bytes[bytes.count - 1]) else { return value }
        var text = value.utf8[...]
        while text.first == 0x20 || text.first == 0x09 { text.removeFirst() }
        while text.last == 0x20 || text.last == 0x09 { text.removeLast() }
        return String(decoding: text, as: UTF8.self)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
