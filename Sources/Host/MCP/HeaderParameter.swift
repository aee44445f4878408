// Arguments that a client repeats in header fields, so that routers can read them: `x-mcp-header` (2026-07-28,
// transports).

import HostBase
import HostTools
import JSON
import JSONSchema

/// One property of an input schema that is annotated with `x-mcp-header`.
public struct HeaderParameter: Sendable, Hashable {
    static let annotation = "x-mcp-header"

    /// Names of properties from the root of the arguments.
    var path: [String]
    /// What follows `Mcp-Param-`, in lower case.
    var field: String
    var isInteger: Bool

    /// The annotated properties, in the order of the schema.
    ///
    /// - Throws: what is wrong with an annotation. A client has to drop a tool that has one, so the pack's author
    ///   should hear of it first.
    static func all(in schema: JSONValue, tool: String) throws(DescriptorProblem) -> [HeaderParameter] {
        var search = Search(tool: tool)
        try search.visit(schema, path: [], pointer: JSONPointer(["input_schema"]))
        return search.found
    }

    /// What is wrong with the annotations of a tool; `nil` where nothing is.
    public static func problem(with tool: ToolDescriptor) -> DescriptorProblem? {
        do {
            _ = try all(in: tool.inputSchema, tool: tool.name)
            return nil
        } catch {
            return error
        }
    }

    private struct Search {
        let tool: String
        var found: [HeaderParameter] = []

        /// - Parameter path: `nil` once the way from the root led through anything but `properties`.
        mutating func visit(_ schema: JSONValue, path: [String]?, pointer: JSONPointer) throws(DescriptorProblem) {
            guard let members = schema.object else { return }
            if let value = members[HeaderParameter.annotation] { try note(value, schema, path, pointer) }
            for (keyword, value) in members {
                for (place, inner) in SchemaKeywords.schemas(under: keyword, value) {
                    let way = keyword == "properties" ? path.map { $0 + place.dropFirst() } : nil
                    try visit(inner, path: way, pointer: pointer.appending(place))
                }
            }
        }

        private mutating func note(
            _ value: JSONValue, _ schema: JSONValue, _ path: [String]?, _ pointer: JSONPointer
        ) throws(DescriptorProblem) {
            func problem(_ reason: String) -> DescriptorProblem {
                DescriptorProblem(tool: tool, pointer: pointer, reason: "\(HeaderParameter.annotation) \(reason)")
            }
            guard let path, !path.isEmpty else {
                throw problem("may stand only on a property that is reached through \"properties\" alone")
            }
            guard let name = value.string, name.isToken else {
                throw problem("is not a name that a header field could have (RFC 9110 section 5.6.2)")
            }
            guard let type = schema["type"]?.string, ["string", "integer", "boolean"].contains(type) else {
                throw problem("may stand only on a property of type string, integer or boolean")
            }
            let field = name.lowercased()
            guard !found.contains(where: { $0.field == field }) else {
                throw problem("\"\(name)\" stands twice; case does not count")
            }
            found.append(HeaderParameter(path: path, field: field, isInteger: type == "integer"))
        }
    }

    // MARK: Requests

    /// - Throws: `headerMismatch` unless field and argument are both there and equal, or both absent; `null` counts as
    ///   absent.
    func check(_ arguments: JSONNode?, _ fields: [String: String]) throws(RPCError) {
        func mismatch(_ text: String) -> RPCError {
            RPCError(.headerMismatch, "Mcp-Param-\(field) \(text) /\(path.joined(separator: "/")).")
        }
        var node = arguments
        for name in path { node = node?[name] }
        let value = fields[field]
        guard let node, !node.isNull else {
            guard value == nil else { throw mismatch("is there without the argument") }
            return
        }
        guard let value else { throw mismatch("must repeat the argument") }
        guard let decoded = Self.decode(value), matches(node, decoded) else {
            throw mismatch("differs from the argument")
        }
    }

    private func matches(_ node: JSONNode, _ value: String) -> Bool {
        switch node.kind {
        case .string: return node.string?.utf8.elementsEqual(value.utf8) == true
        case .bool: return value == (node.bool == true ? "true" : "false")
        case .number:
            let isDecimal = value.utf8.allSatisfy { $0.isASCIIDigit || $0 == 0x2D || $0 == 0x2E }
            if isInteger, isDecimal, let expected = node.number, let given = try? JSONValue(parsing: value).number {
                return expected == given
            }
            return node.number?.lexeme == value
        case .null, .array, .object: return false
        }
    }

    private static let wrapping = (start: "=?base64?", end: "?=")

    /// The value of a field, which stands in Base64 where it is nothing that a field may have.
    ///
    /// - Returns: `nil` when what should be Base64 is none.
    static func decode(_ value: String) -> String? {
        guard value.utf8.first == UInt8(ascii: "="), value.hasPrefix(wrapping.start), value.hasSuffix(wrapping.end),
            value.utf8.count >= wrapping.start.utf8.count + wrapping.end.utf8.count
        else { return value }
        let payload = value.dropFirst(wrapping.start.count).dropLast(wrapping.end.count)
        guard let bytes = Base64.standard.decode(String(payload)) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
