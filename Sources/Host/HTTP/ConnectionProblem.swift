// What a connection says of its own accord, where there is no request that anybody could answer.

import HostBase
import NIOCore
import NIOHTTP1

/// Problems that end a connection.
public enum ConnectionProblem {
    /// There are as many connections as there may be.
    static var crowded: Response {
        Problem(.serviceUnavailable, "connections", "Too many connections.", headers: [("retry-after", "1")])
            .response(closing: true)
    }

    static var stopping: Response {
        Problem(
            .serviceUnavailable, "stopping",
            "The host is stopping, and the rest of this request did not arrive. Ask again.",
            headers: [("retry-after", "1")]
        ).response(closing: true)
    }

    static func noHead(within time: TimeAmount) -> Response {
        Problem(
            .requestTimeout, "request_timeout",
            "No request head arrived within \(time.text) (HTTP_HEADER_TIMEOUT)."
        ).response(closing: true)
    }

    static func noBody(within time: TimeAmount) -> Response {
        Problem(
            .requestTimeout, "request_timeout", "The body did not arrive within \(time.text) (HTTP_BODY_TIMEOUT)."
        ).response(closing: true)
    }

    static func bodyTooLarge(_ limits: HTTPSettings) -> Response {
        Problem(
            .payloadTooLarge, "body_too_large",
            "The body is larger than \(limits.maxBodyBytes) bytes (HTTP_MAX_BODY_BYTES)."
        ).response(closing: true)
    }

    /// - Parameter line: what is wrong with the request's first line.
    static func unreadable(_ error: HTTPParserError, line: RequestLine.Fault?, _ limits: HTTPSettings) -> Response {
        switch (error, line) {
        case (.headerOverflow, _):
            Problem(
                .requestHeaderFieldsTooLarge, "head_too_large",
                "The request head is larger than \(limits.maxHeaderBytes) bytes (HTTP_MAX_HEADER_BYTES) or has more than "
                    + "\(limits.maxHeaderFields) fields (HTTP_MAX_HEADER_FIELDS)."
            ).response(closing: true)
        case (_, .form): badLine
        case (.invalidURL, _):
            Problem(
                .badRequest, "bad_request",
                "This is not a well-formed HTTP/1.1 request: its target has a byte that belongs percent-encoded there "
                    + "(RFC 9112 section 3.2)."
            ).response(closing: true)
        case (.invalidMethod, _), (_, .method): unknownMethod.response(closing: true)
        case (.invalidVersion, _), (_, .version):
            Problem(.httpVersionNotSupported, "http_version", "HTTP/1.1 and HTTP/1.0 are understood.")
                .response(closing: true)
        default:
            Problem(
                .badRequest, "bad_request",
                "This is not a well-formed HTTP/1.1 request: its fields or its chunks are not as RFC 9112 has them."
            ).response(closing: true)
        }
    }

    /// The answer to a first line that is none.
    static let badLine = Problem(
        .badRequest, "bad_request",
        "This is not a well-formed HTTP/1.1 request: its first line is a method, a target and HTTP/1.1 with one space between "
            + "them, and CR and LF behind them (RFC 9112 section 3)."
    ).response(closing: true)

    /// RFC 9110 section 9.1: 501 for a method that the host knows nowhere, 405 for one that it knows and this resource
    /// lacks.
    public static let unknownMethod = Problem(
        .notImplemented, "not_implemented",
        "This method is not known; GET, HEAD, POST and OPTIONS are what resources of this host may allow.")
}
