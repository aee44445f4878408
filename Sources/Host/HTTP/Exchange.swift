// One request and its answer on a connection, as long as it is under way.

import HostObservation
import NIOCore
import NIOHTTP1

/// What a connection keeps of the request it is dealing with, and in a subclass what its service does. Lives on the
/// connection's event loop.
open class Exchange {
    public let id: String
    public let method: HTTPMethod
    let version: HTTPVersion
    /// Without the query; it may carry what belongs in no log.
    public let path: String
    let peer: Peer
    public let fields: RequestFields
    public let started = NIODeadline.now()
    /// The client's address, seen through trusted proxies.
    public var client: String?
    /// How the call that this is ended, once somebody has said so.
    public var ending: CallEnding?
    /// What the answer is waited for from.
    var source: (any AnswerSource)?
    /// What was decided on before the body was there; or the head of an answer in pieces, once it is on its way.
    var answer: Response?
    private var body = ByteBuffer()

    public init(_ head: HTTPRequestHead, _ fields: RequestFields, id: String, peer: Peer) {
        self.id = id
        method = head.method
        version = head.version
        path = Self.path(of: head.uri)
        self.peer = peer
        self.fields = fields
    }

    /// No longer than a line of the log should be, and without what may be a secret: a query, and whoever is named in
    /// front of a host (RFC 9110 section 4.2.4).
    static func path(of uri: String) -> String {
        if uri.utf8.first == UInt8(ascii: "/"), uri.utf8.count <= 200, !uri.hasQuery { return uri }
        var path = uri.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        if path.first != UInt8(ascii: "/"), !namesHostAlone(uri, path), let end = path.lastIndex(of: UInt8(ascii: "@"))
        {
            path = path[path.index(after: end)...]
        }
        return String(decoding: path.prefix(200), as: UTF8.self)
    }

    /// Whether nobody is named in front of the host of a target in absolute form, or of a host alone. Where what stands
    /// there makes no sense, any of it may be a secret.
    ///
    /// - Parameter target: the URI without its query.
    private static func namesHostAlone(_ uri: String, _ target: Substring.UTF8View) -> Bool {
        for scheme in ["http://", "https://"] where FieldName.begins(uri, with: scheme) {
            let authority = Substring(target.dropFirst(scheme.utf8.count).prefix { $0 != UInt8(ascii: "/") })
            return Authority.isWellFormed(authority.utf8.span)
        }
        return Authority.isWellFormed(Substring(target).utf8.span)
    }

    /// For what never was a request.
    convenience init(unreadable id: String) {
        self.init(
            HTTPRequestHead(version: .http1_1, method: .GET, uri: "-"), RequestFields(), id: id, peer: Peer())
    }

    /// Chunks are what makes an answer in pieces possible (RFC 9112 section 7.1).
    public var takesStreams: Bool { version == .http1_1 }

    func append(_ bytes: ByteBuffer) {
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
