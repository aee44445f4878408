// What header fields say of a call, whichever way it came: REST and MCP read them alike.

import HostBase
import NIOHTTP1

/// Judges the fields that every way to a tool has, and the answers to those that will not do.
public enum CallFields {
    /// A body of another media type.
    public static let notJSON = Problem(
        .unsupportedMediaType, "media_type", "The body must be JSON: send Content-Type: application/json.",
        headers: [("accept-post", MediaRanges.json)])

    /// A body with a content coding. The answer says which one would do (RFC 9110 section 15.5.16).
    public static let compressed = Problem(
        .unsupportedMediaType, "content_coding",
        "The body must not be compressed: send it as it is, without Content-Encoding.",
        headers: [("accept-encoding", "identity")])

    /// `application/json`, with any parameters (RFC 8259 section 11 defines none).
    public static func isJSON(_ fields: RequestFields) -> Bool {
        guard fields.count(.contentType) == 1, let field = fields.first(.contentType) else { return false }
        if field == "application/json" { return true }
        let type = field.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)[0]
        return type.trimmed.lowercased() == "application/json"
    }

    /// Without compression, or with what says that there is none.
    public static func isPlain(_ fields: RequestFields) -> Bool {
        !fields.contains(.contentEncoding) || fields[.contentEncoding].allSatisfy { $0.lowercased() == "identity" }
    }

    /// The draft makes it a structured-field string, in quotes; most clients send it bare. Empty where there is none,
    /// `nil` where it cannot be a key.
    public static func idempotencyKey(_ field: String?) -> String? {
        guard let field else { return "" }
        var key = field[...]
        if key.count >= 2, key.hasPrefix("\""), key.hasSuffix("\"") { key = key.dropFirst().dropLast() }
        let isPlain = key.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
        return isPlain && (1...255).contains(key.utf8.count) ? String(key) : nil
    }

    /// A client's own name for something: printable ASCII of sensible length, else as if it were absent.
    public static func plainText(_ field: String?) -> String? {
        guard let field, (1...256).contains(field.utf8.count), field.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return field
    }
}
