// Strings of the ABI as Swift strings, with everything checked that can be checked before memory is touched.

import HostLanes
import ToolABI

/// Reads `tool_str` values that another team's code produced.
public enum PackText {
    public struct Fault: Error, CustomStringConvertible {
        public var field: String
        public var reason: String

        public init(field: String, reason: String) {
            self.field = field
            self.reason = reason
        }

        public var description: String { "\(field) \(reason)" }
    }

    /// A copy of the string.
    ///
    /// - Parameter limit: the most bytes that make sense for this field.
    static func string(_ text: tool_str, _ field: String, limit: Int) throws(Fault) -> String {
        guard unsafe text.size > 0 else { return "" }
        guard unsafe text.size <= UInt64(limit) else {
            throw Fault(field: field, reason: unsafe "has \(text.size) bytes; at most \(limit) are possible")
        }
        guard let data = unsafe text.data else {
            throw Fault(field: field, reason: unsafe "is NULL but has \(text.size) bytes")
        }
        let bytes = unsafe UnsafeBufferPointer(start: data, count: Int(text.size))
        let string = unsafe bytes.withMemoryRebound(to: UInt8.self) { unsafe String(validating: $0, as: UTF8.self) }
        guard let string else { throw Fault(field: field, reason: "is not valid UTF-8") }
        return string
    }

    /// The fields of a request, in their order.
    ///
    /// - Parameter limit: the most bytes that make sense for all of them.
    static func fields(
        _ attributes: UnsafePointer<tool_attr>?, count: UInt32, limit: Int
    ) throws(Fault) -> [(name: String, value: String)] {
        guard count > 0 else { return [] }
        guard count <= RequestHead.mostFields else {
            throw Fault(field: "headers", reason: "are \(count); at most \(RequestHead.mostFields) are possible")
        }
        guard let attributes = unsafe attributes else {
            throw Fault(field: "headers", reason: "are NULL but \(count)")
        }
        var (fields, left): ([(name: String, value: String)], Int) = ([], limit)
        for index in 0..<Int(count) {
            let name = try unsafe string(attributes[index].key, "header's name", limit: left)
            left -= name.utf8.count
            let value = try unsafe string(attributes[index].value, "header \(name)", limit: left)
            left -= value.utf8.count
            fields.append((name, value))
        }
        return fields
    }

    static func strings(
        _ texts: UnsafePointer<tool_str>?, count: UInt32, _ field: String, limit: Int
    ) throws(Fault) -> [String] {
        guard count > 0 else { return [] }
        guard count <= ABIBounds.items else {
            throw Fault(field: field, reason: "has \(count) items; at most \(ABIBounds.items) are possible")
        }
        guard let texts = unsafe texts else { throw Fault(field: field, reason: "is NULL but has \(count) items") }
        var result: [String] = []
        for index in 0..<Int(count) {
            unsafe result.append(try string(unsafe texts[index], "\(field)[\(index)]", limit: limit))
        }
        return result
    }
}
