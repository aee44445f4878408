// What all connections of one server share: who answers, within which limits, and what every request is given.

import HostBase
import HostCalls
import Logging
import NIOCore
import NIOHTTP1

/// Stands between a server's connections and its service.
final class HTTPFront: Sendable {
    let service: any HTTPService
    let limits: HTTPSettings
    private let requestIDs = RequestIDs()
    private let addresses: ClientAddress
    private let forwarding: ForwardingNotice

    init(service: any HTTPService, limits: HTTPSettings, logger: Logger) {
        self.service = service
        self.limits = limits
        addresses = ClientAddress(trusted: limits.trustedProxies)
        forwarding = ForwardingNotice(logger: logger)
    }

    func peer(_ address: SocketAddress?) -> Peer {
        addresses.peer(address)
    }

    // MARK: Exchanges

    /// A request has begun.
    func exchange(_ head: HTTPRequestHead, from peer: Peer) -> Exchange {
        let fields = RequestFields(head.headers)
        return service.exchange(head, fields, id: requestID(fields, peer: peer), peer: peer)
    }

    /// For what never was a request.
    func unreadable() -> Exchange {
        Exchange(unreadable: requestIDs.next())
    }

    /// The id that a trusted proxy gave the request, or a new one.
    private func requestID(_ fields: RequestFields, peer: Peer) -> String {
        if peer.isTrusted, let given = fields.first(.requestID), RequestIDs.isUsable(given) {
            return given
        }
        return requestIDs.next()
    }

    /// What the service makes of a request's head, once it is known who the client is.
    func plan(_ head: HTTPRequestHead, _ exchange: Exchange, on eventLoop: any EventLoop) -> Plan {
        let client = addresses.client(exchange.fields, peer: exchange.peer)
        exchange.client = client.name
        if let unread = client.unread {
            forwarding.met(unread, from: exchange.peer, takenFor: client.name, on: eventLoop)
        }
        return service.plan(head, exchange, on: eventLoop)
    }

    // MARK: Answers

    /// The head of an answer whose body follows in pieces.
    func head(_ response: Response, for exchange: Exchange, keepsAlive: Bool) -> HTTPResponseHead {
        var headers = HTTPHeaders()
        forEachField(of: response, exchange, keepsAlive) { headers.add(name: $0, value: $1) }
        return HTTPResponseHead(version: .http1_1, status: response.status, headers: headers)
    }

    /// A whole answer as it goes out.
    ///
    /// - Parameter keepsAlive: whether the connection does not end with it.
    func bytes(
        _ response: Response, for exchange: Exchange, keepsAlive: Bool, _ allocator: ByteBufferAllocator
    ) -> ByteBuffer {
        switch response.body {
        case .result(let content):
            return content.withSpan { content in
                var bytes = ResponseBytes(response.status, bodySize: content.count, allocator)
                bytes.field("content-length", String(content.count))
                forEachField(of: response, exchange, keepsAlive) { bytes.field($0, $1) }
                return bytes.finish(body: content)
            }
        case .framed(let result):
            var bytes = ResponseBytes(response.status, bodySize: result.room, allocator)
            forEachField(of: response, exchange, keepsAlive) { bytes.field($0, $1) }
            return bytes.finish(body: result)
        case .bytes(let body): return bytes(response, body.span, for: exchange, keepsAlive, allocator)
        case .problem(let problem):
            return bytes(
                response, problem.document(requestID: exchange.id).span, for: exchange, keepsAlive, allocator)
        case .nothing, .stream: return bytes(response, Span(), for: exchange, keepsAlive, allocator)
        }
    }

    private func bytes(
        _ response: Response, _ body: Span<UInt8>, for exchange: Exchange, _ keepsAlive: Bool,
        _ allocator: ByteBufferAllocator
    ) -> ByteBuffer {
        // Neither status has a body (RFC 9110 sections 15.3.5 and 15.4.5).
        let isEmpty = response.status == .noContent || response.status == .notModified
        let isSent = !isEmpty && exchange.method != .HEAD
        var bytes = ResponseBytes(response.status, bodySize: isSent ? body.count : 0, allocator)
        if !isEmpty { bytes.field("content-length", String(body.count)) }
        forEachField(of: response, exchange, keepsAlive) { bytes.field($0, $1) }
        return bytes.finish(body: isSent ? body : Span())
    }

    /// An answer's own fields and those that every answer carries.
    private func forEachField(
        of response: Response, _ exchange: Exchange, _ keepsAlive: Bool,
        _ add: (_ name: String, _ value: String) -> Void
    ) {
        for (name, value) in response.headers { add(name, value) }
        add("x-request-id", exchange.id)
        add("x-content-type-options", "nosniff")
        add("date", HTTPDate.now())
        limits.cors.forEachField(for: exchange.fields, add)
        if !keepsAlive {
            add("connection", "close")
        } else if exchange.version == .http1_0 {
            add("connection", "keep-alive")
        }
    }
}
