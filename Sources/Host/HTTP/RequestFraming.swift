// What a request head says of the request's form on its connection.

import NIOHTTP1

/// How long the body is, whether it waits to be asked for, and whether another request may follow it.
struct RequestFraming: Sendable {
    var keepsAlive = true
    /// Other expectations are refused before this is looked at.
    var expectsContinue = false
    /// `Content-Length`; 0 when the body comes in chunks or there is none.
    var announcedLength = 0
}

extension RequestFraming {
    init(_ head: HTTPRequestHead, _ fields: RequestFields) {
        // After an offer to change the protocol the parser reads nothing more, taken up or not.
        keepsAlive = head.isKeepAlive && !fields.contains(.upgrade) && head.method != .CONNECT
        expectsContinue = head.version == .http1_1 && fields.contains(.expect)
        announcedLength = fields.first(.contentLength).flatMap { Int($0) } ?? 0
    }
}
