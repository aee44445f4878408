// One request and its answer on the wire: what is sent, what comes back, and how it can fail.

import AsyncHTTPClient
import HostNetwork
import NIOCore
import NIOHTTP1
import Synchronization

/// A request as it goes out.
public struct WireRequest: Sendable {
    public var method: String
    public var url: OutboundURL
    public var fields: [(name: String, value: String)]
    public var body: ByteBuffer?
    /// The most bytes that the response's body may have.
    public var limit: Int
    /// Where the bytes of the response's body are counted.
    var share: ByteShare?

    public init(
        method: String, url: OutboundURL, fields: [(name: String, value: String)], body: ByteBuffer? = nil, limit: Int,
        share: ByteShare? = nil
    ) {
        self.method = method
        self.url = url
        self.fields = fields
        self.body = body
        self.limit = limit
        self.share = share
    }
}

/// A whole answer.
public struct WireReply: Sendable {
    public var status: Int
    public var fields: [(name: String, value: String)]
    public var body: ByteBuffer
    /// Counts the body for as long as it is kept.
    var share: ByteShare?

    /// The first field of this name, given in lower case.
    func field(_ name: String) -> String? {
        fields.first { $0.name.lowercased() == name }?.value
    }

    /// What the body is compressed with; `nil` where it is not.
    var compression: String? {
        ContentCoding.compression(fields.lazy.filter { $0.name.lowercased() == "content-encoding" }.map(\.value))
    }
}

/// Why there is no whole answer. Reasons are for the log.
public enum WireFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// Not a byte of the request went out.
    case neverSent(String)
    /// Nor did it then, and the reason is this host: it has no descriptor, no memory, no port or no thread for it.
    case shortage(String)
    case brokenOff(String)
    case tooLarge
    /// Its pack's requests hold too much already.
    case crowded
    case cancelled
    /// The operator does not want this connection.
    case denied(String)
    /// The request is none that can be written down.
    case invalid(String)

    public var description: String { reason }

    /// For the log.
    var reason: String {
        switch self {
        case .neverSent(let reason), .shortage(let reason), .brokenOff(let reason), .denied(let reason),
            .invalid(let reason):
            reason
        case .tooLarge: "the answer is too large"
        case .crowded: "the pack's requests hold too much"
        case .cancelled: "it was cancelled"
        }
    }

    /// That of whatever an exchange failed with.
    public static func reason(of error: any Error) -> String {
        (error as? WireFault)?.reason ?? ConnectionFailure.reason(of: error)
    }

    /// Whether this host lacks something, which says nothing of the other end.
    static func isShortage(_ error: any Error) -> Bool {
        guard case .shortage = error as? WireFault else { return false }
        return true
    }

    var mayHaveLeft: Bool {
        switch self {
        case .neverSent, .shortage, .denied, .invalid: false
        case .brokenOff, .tooLarge, .crowded, .cancelled: true
        }
    }
}

/// Handed out for a request on its way: its end, and a way to bring that about.
public final class WireExchange: Sendable {
    private struct State {
        var cancelTask: (@Sendable () -> Void)?
        var isCancelled = false
        var hasBegun = false
    }

    private let promise: EventLoopPromise<WireReply>
    private let state = Mutex(State())

    public var reply: EventLoopFuture<WireReply> { promise.futureResult }

    init(on eventLoop: any EventLoop) {
        promise = eventLoop.makePromise()
    }

    /// Ends the exchange; its connection is closed.
    func cancel() {
        let cancelTask = state.withLock { state in
            state.isCancelled = true
            defer { state.cancelTask = nil }
            return state.cancelTask
        }
        cancelTask?()
    }

    var isCancelled: Bool { state.withLock(\.isCancelled) }
    /// Whether the client has the request. Before that a name is looked up. Certain on the exchange's event loop only.
    var hasBegun: Bool { state.withLock(\.hasBegun) }

    /// From now on `cancelTask` ends it.
    func attach(_ cancelTask: @escaping @Sendable () -> Void) {
        let isCancelled = state.withLock { state in
            state.hasBegun = true
            if !state.isCancelled { state.cancelTask = cancelTask }
            return state.isCancelled
        }
        if isCancelled { cancelTask() }
    }

    func succeed(_ reply: WireReply) { promise.succeed(reply) }
    func fail(_ fault: WireFault) { promise.fail(fault) }
}

/// Gathers an answer up to a limit, and remembers whether the request began to leave.
final class ReplyCollector: HTTPClientResponseDelegate {
    typealias Response = WireReply

    private struct State {
        var hasSent = false
        var head: HTTPResponseHead?
        var body = ByteBuffer()
    }

    private let limit: Int
    private let isHead: Bool
    private let share: ByteShare?
    private let state = Mutex(State())

    init(of request: WireRequest) {
        limit = request.limit
        isHead = request.method == "HEAD"
        share = request.share
    }

    var hasSent: Bool { state.withLock(\.hasSent) }

    func didSendRequestHead(task: HTTPClient.Task<WireReply>, _ head: HTTPRequestHead) {
        state.withLock { $0.hasSent = true }
    }

    func didReceiveHead(task: HTTPClient.Task<WireReply>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        guard isHead || length <= limit else { return task.eventLoop.makeFailedFuture(WireFault.tooLarge) }
        state.withLock { $0.head = head }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<WireReply>, _ part: ByteBuffer) -> EventLoopFuture<Void> {
        guard share?.take(part.readableBytes) != false else {
            return task.eventLoop.makeFailedFuture(WireFault.crowded)
        }
        let fits = state.withLock { state in
            guard state.body.readableBytes + part.readableBytes <= limit else { return false }
            state.body.writeImmutableBuffer(part)
            return true
        }
        return fits
            ? task.eventLoop.makeSucceededVoidFuture() : task.eventLoop.makeFailedFuture(WireFault.tooLarge)
    }

    func didFinishRequest(task: HTTPClient.Task<WireReply>) throws -> WireReply {
        let (head, body) = state.withLock { ($0.head, $0.body) }
        guard let head else { throw WireFault.brokenOff("there was no answer") }
        return WireReply(
            status: Int(head.status.code), fields: head.headers.map { (name: $0.name, value: $0.value) }, body: body,
            share: share)
    }
}
