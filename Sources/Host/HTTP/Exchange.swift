// One request and its answer on a connection, as long as it is under way.

import NIOCore
import NIOHTTP1

/// What a connection keeps of the request it is dealing with, and in a subclass what its service does. Lives on the
/// connection's event loop.
class Exchange {
    let id: String
    let method: HTTPMethod
    let version: HTTPVersion
    /// Without the query; it may carry what belongs in no log.
    let path: String
    let peer: Peer
    let fields: RequestFields
    let started = NIODeadline.now()
    /// `Content-Length`; `nil` when the body comes in chunks or there is none.
    let announcedLength: Int?
    var keepsAlive: Bool
    /// Other expectations are refused before this is looked at.
    var expectsContinue: Bool
    var plan = Plan.answer(Response(status: .internalServerError))
    var hasWholeBody = false
    /// The client's address, seen through trusted proxies.
    var client: String?
    /// What the answer is waited for from.
    var source: (any AnswerSource)?
    /// The head of an answer in pieces, once it is on its way.
    var begun: Response?
    private var body = ByteBuffer()

    init(_ head: HTTPRequestHead, _ fields: RequestFields, id: String, peer: Peer) {
        self.id = id
        method = head.method
        version = head.version
        path = Self.path(of: head.uri)
        self.peer = peer
        self.fields = fields
        announcedLength = fields.first(.contentLength).flatMap { Int($0) }
        // After an offer to change the protocol the parser reads nothing more, taken up or not.
        keepsAlive = head.isKeepAlive && !fields.contains(.upgrade) && head.method != .CONNECT
        expectsContinue = head.version == .http1_1 && fields.contains(.expect)
    }

    /// No longer than a line of the log should be.
    private static func path(of uri: String) -> String {
        if uri.utf8.count <= 200, !uri.hasQuery { return uri }
        let path = uri.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        return String(decoding: path.prefix(200), as: UTF8.self)
    }

    /// For what never was a request.
    init(unreadable id: String) {
        self.id = id
        method = .GET
        version = .http1_1
        path = "-"
        peer = Peer()
        fields = RequestFields()
        announcedLength = nil
        keepsAlive = false
        expectsContinue = false
    }

    /// Chunks are what makes an answer in pieces possible (RFC 9112 section 7.1).
    var takesStreams: Bool { version == .http1_1 }

    /// Bytes of the body that came in, kept or not.
    private(set) var bodySize = 0
    /// Whether the body's time is being watched.
    var isTimed = false

    func append(_ bytes: ByteBuffer) {
        bodySize += bytes.readableBytes
        // The body of a request that is refused is read only to find the end of it.
        if case .answer = plan { return }
        if body.readableBytes == 0 {
            body = bytes
        } else {
            body.writeImmutableBuffer(bytes)
        }
    }

    func takeBody() -> [UInt8] {
        defer { body = ByteBuffer() }
        return Array(body.readableBytesView)
    }
}
