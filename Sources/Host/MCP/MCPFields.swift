// The header fields that only MCP looks at, as the values they must have.

import HostHTTP
import NIOHTTP1

/// What a request's head says to MCP. Values are without white space at their ends.
struct MCPFields: Sendable {
    /// The fields that every route knows.
    let common: RequestFields
    let version: String?
    let method: String?
    let name: String?
    let sessionID: String?
    /// `Mcp-Param-…`, by the part behind the prefix in lower case.
    let parameters: [String: String]
    /// A field that may stand only once and does not: whoever reads the first one and whoever reads the last one would
    /// disagree.
    let repeated: String?
}

extension MCPFields {
    /// Hands on to the memberwise initializer: what sets a value of so many parts one by one copies it once more, 330
    /// instructions of a call.
    init(_ headers: HTTPHeaders, _ common: RequestFields) {
        var version: String?
        var method: String?
        var name: String?
        var sessionID: String?
        var repeated: String?
        var parameters: [String: String] = [:]
        func take(_ value: String, _ fieldName: String, into field: inout String?) {
            if field != nil { repeated = fieldName }
            field = Self.trimmed(value)
        }
        for field in common.values {
            switch field.name {
            case .mcpVersion: take(field.value, "MCP-Protocol-Version", into: &version)
            case .mcpMethod: take(field.value, "Mcp-Method", into: &method)
            case .mcpName: take(field.value, "Mcp-Name", into: &name)
            case .mcpSession: take(field.value, "Mcp-Session-Id", into: &sessionID)
            default: continue
            }
        }
        if common.hasParameters {
            let prefix = RequestFields.parameterPrefix
            for (name, value) in headers
            where FieldName.begins(name, with: prefix) && name.utf8.count > prefix.utf8.count {
                let parameter = name.dropFirst(prefix.utf8.count).lowercased()
                if parameters.updateValue(Self.trimmed(value), forKey: parameter) != nil { repeated = "Mcp-Param-*" }
            }
        }
        self.init(
            common: common, version: version, method: method, name: name, sessionID: sessionID, parameters: parameters,
            repeated: repeated)
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
