// What can be said of a pack's request before anything is done about it: by the host, and in a pack's own process, too.

import HostBase
import HostLanes
import HostNetwork
import HostOutbound
import NIOCore
import ToolABI

/// Reads and judges requests of `http/1`.
public enum RequestCheck {
    /// Requests of one pack that may be open.
    public static let openLimit = 1024
    /// The most bytes that a request's body may have.
    static let bodyLimit: UInt64 = 64 << 20

    /// What a pack asks for.
    ///
    /// - Returns: a copy, and where the body lies.
    /// - Throws: why it is no request.
    @unsafe public static func read(
        _ request: tool_http_request
    ) throws(OutboundFailure) -> (head: RequestHead, body: UnsafeRawBufferPointer) {
        let head: RequestHead
        do {
            head = try unsafe RequestHead(
                method: PackText.string(request.method, "method", limit: RequestHead.longestMethod),
                url: PackText.string(request.url, "url", limit: RequestHead.longestURL),
                fields: PackText.fields(
                    request.headers, count: request.header_count, limit: RequestHead.longestFields),
                call: request.call, timeout: request.timeout_ms, limit: request.max_response_bytes)
        } catch {
            throw OutboundFailure(kind: .invalid, message: "The request's \(error.field) \(error.reason).")
        }
        guard unsafe request.body_size > 0 else { return unsafe (head, UnsafeRawBufferPointer(start: nil, count: 0)) }
        guard unsafe request.body != nil, unsafe request.body_size <= bodyLimit else {
            throw OutboundFailure(
                kind: .invalid,
                message: "The request's body is NULL but has a size, or is larger than \(bodyLimit) bytes.")
        }
        return unsafe (head, UnsafeRawBufferPointer(start: request.body, count: Int(request.body_size)))
    }

    /// Where a request goes.
    ///
    /// - Throws: why it may not go there.
    public static func url(of head: RequestHead, under policy: OutboundPolicy) throws(OutboundFailure) -> OutboundURL {
        guard head.method.isToken, head.method.uppercased() != "CONNECT" else {
            throw OutboundFailure(kind: .invalid, message: "\(ForeignText.quoted(head.method)) is no method.")
        }
        guard let url = OutboundURL(head.url) else {
            throw OutboundFailure(
                kind: .invalid, message: "The request's URL is not an absolute http or https URL in its plainest form.")
        }
        if let objection = OutboundFields.objection(to: head.fields) {
            throw OutboundFailure(kind: .invalid, message: "The request cannot be sent: \(objection).")
        }
        if let objection = policy.objection(to: url) { throw OutboundFailure(kind: .denied, message: objection) }
        return url
    }

    /// A backend to be watched.
    ///
    /// - Returns: `nil` where it is none.
    @unsafe public static func watched(_ url: UnsafePointer<tool_str>?) -> OutboundURL? {
        guard let text = unsafe url else { return nil }
        return (try? unsafe PackText.string(text.pointee, "url", limit: RequestHead.longestURL))
            .flatMap { OutboundURL($0) }
    }

    /// There are as many as there may be.
    public static let tooMany = OutboundFailure(
        kind: .busy, message: "Too many requests of this tool's pack are open; try again in a moment.",
        retryAfter: .seconds(1))
}
