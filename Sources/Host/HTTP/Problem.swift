// Every error that the host answers with, in one form: a problem document (RFC 9457).

import JSON
import JSONSchema
import NIOHTTP1

/// A problem document. Its members are the standard ones, plus `code`, `request_id` and, where they help, `errors`,
/// `details` and `scopes`.
public struct Problem: Error, Sendable {
    var status: HTTPResponseStatus
    /// A short name that programs can rely on.
    public var code: String
    /// What happened and the way out, for people and models.
    public var detail: String
    /// Each place in the arguments that is wrong.
    var violations: [SchemaViolation] = []
    /// Every scope that is needed, where the caller lacks one.
    public var scopes: [String] = []
    /// A JSON object from the tool.
    public var details: [UInt8]?
    public var headers: [(name: String, value: String)] = []

    public init(
        _ status: HTTPResponseStatus, _ code: String, _ detail: String,
        headers: [(name: String, value: String)] = []
    ) {
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers
    }

    /// - Parameter closing: whether the connection ends with it.
    public func response(closing: Bool = false) -> Response {
        Response(
            status: status, headers: [("content-type", "application/problem+json")] + headers, body: .problem(self),
            closes: closing, reason: code)
    }

    /// The problem document of this request.
    public func document(requestID: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("type")
        writer.string("about:blank")
        writer.key("title")
        writer.string(status.reasonPhrase)
        writer.key("status")
        writer.integer(Int64(status.code))
        writer.key("code")
        writer.string(code)
        writer.key("detail")
        writer.string(detail)
        if !violations.isEmpty {
            writer.key("errors")
            writer.beginArray()
            for violation in violations {
                writer.beginObject()
                writer.key("pointer")
                writer.string(violation.instancePointer)
                writer.key("keyword")
                writer.string(violation.keyword)
                writer.key("detail")
                writer.string(violation.message)
                writer.endObject()
            }
            writer.endArray()
        }
        if !scopes.isEmpty {
            writer.key("scopes")
            writer.beginArray()
            for scope in scopes { writer.string(scope) }
            writer.endArray()
        }
        if let details {
            writer.key("details")
            writer.raw(details)
        }
        writer.key("request_id")
        writer.string(requestID)
        writer.endObject()
        return writer.finish()
    }
}
