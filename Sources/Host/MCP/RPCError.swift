// Every error that MCP answers with, and the one place where each becomes an HTTP status.

import HostAuth
import HostHTTP
import JSON
import NIOHTTP1

/// An error of JSON-RPC 2.0 (section 5.1), with the codes that MCP adds.
struct RPCError: Error, Sendable, Equatable {
    enum Code: Int64, Sendable {
        case parse = -32700
        case invalidRequest = -32600
        case methodNotFound = -32601
        case invalidParams = -32602
        case internalError = -32603
        /// A header field and the body disagree (2026-07-28).
        case headerMismatch = -32020
        /// 2026-07-28.
        case unsupportedVersion = -32022
        /// This caller may not; in the range that revisions before 2026-07-28 leave to implementations.
        case forbidden = -32003
        /// Not now. Outside of what JSON-RPC reserves (section 5.1), and the status that HTTP has for it.
        case rateLimited = 429

        /// For the log: one of a few words.
        var label: String {
            switch self {
            case .parse: "rpc_parse"
            case .invalidRequest: "rpc_invalid_request"
            case .methodNotFound: "rpc_method_not_found"
            case .invalidParams: "rpc_invalid_params"
            case .internalError: "rpc_internal"
            case .headerMismatch: "rpc_header_mismatch"
            case .unsupportedVersion: "rpc_unsupported_version"
            case .forbidden: "rpc_forbidden"
            case .rateLimited: "rpc_rate_limited"
            }
        }
    }

    var code: Code
    /// What is wrong and the way out.
    var message: String
    var data: JSONValue?

    init(_ code: Code, _ message: String, data: JSONValue? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    /// The status in the modern era, where every error says itself in HTTP too (2026-07-28, transports). It is also the
    /// one of a legacy message whose id cannot be told.
    var status: HTTPResponseStatus {
        switch code {
        case .methodNotFound: .notFound
        case .forbidden: .forbidden
        case .rateLimited: .tooManyRequests
        case .internalError: .internalServerError
        default: .badRequest
        }
    }

    /// The whole message.
    ///
    /// - Parameter id: `nil` where it cannot be told to which request this responds.
    func body(id: RPCID?) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("code")
        writer.integer(code.rawValue)
        writer.key("message")
        writer.string(message)
        if let data {
            writer.key("data")
            writer.value(data)
        }
        writer.endObject()
        return RPCEnvelope.response(id: id, error: writer.finish())
    }

    func response(id: RPCID?, status: HTTPResponseStatus? = nil) -> Response {
        var response = Response.json(body(id: id), status: status ?? self.status)
        response.reason = code.label
        return response
    }

    /// `initialize` under a version without a handshake. Every error to it names the versions there are, since its
    /// client may have no other way to learn them (2026-07-28, versioning, "Backward Compatibility").
    static func noHandshake(_ code: Code, _ requested: String) -> RPCError {
        RPCError(
            code, "This version has no initialize: leave it out, or state an earlier version with it.",
            data: unsupportedVersion(requested).data)
    }

    /// The versions that a client may choose from (2026-07-28, `UnsupportedProtocolVersionError`).
    static func unsupportedVersion(_ requested: String) -> RPCError {
        RPCError(
            .unsupportedVersion, "This protocol version is not spoken here.",
            data: [
                "supported": .array(ProtocolVersion.allCases.reversed().map { .string($0.rawValue) }),
                "requested": .string(String(requested.prefix(64))),
            ])
    }

    /// This caller may not, and what would be needed.
    ///
    /// - Parameter sentence: what the same refusal says over REST.
    static func refused(_ failure: AuthenticationFailure, _ sentence: String) -> RPCError {
        var data: JSONObject = ["code": .string(failure.code)]
        if case .insufficientScope(let scopes) = failure.kind { data["scopes"] = .array(scopes.map { .string($0) }) }
        return RPCError(.forbidden, sentence, data: .object(data))
    }

    static func unknownMethod(_ method: String, _ era: ProtocolVersion.Era) -> RPCError {
        RPCError(
            .methodNotFound,
            "There is no such method here: \(method.prefix(64)). This server has tools and nothing else: "
                + "\(era.row.methods).")
    }
}
