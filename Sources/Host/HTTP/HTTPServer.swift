// Sockets and pipelines: accepts connections within limits, and lets them end in peace.

import CrashNote
import NIOCore
import NIOExtras
import NIOHTTP1
import NIOPosix
import Synchronization

/// The listening socket and its connections.
final class HTTPServer: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let quiescing: ServerQuiescingHelper
    private let channel: any Channel
    private let connections: Connections

    /// Where the server listens, with the port that the system chose where it was 0.
    var address: SocketAddress? { channel.localAddress }

    /// Binds and begins to accept. Blocks.
    ///
    /// - Parameter makeService: given the port that is bound; called once, before the first connection is accepted.
    init(
        group: MultiThreadedEventLoopGroup, host: String, port: Int, limits: Settings.HTTP,
        makeService: (SocketAddress) throws -> HostService
    ) throws {
        self.group = group
        let quiescing = ServerQuiescingHelper(group: group)
        self.quiescing = quiescing
        let connections = Connections(limit: limits.maxConnections)
        self.connections = connections
        let service = Deferred<HostService>()
        let places = Places(group)
        for loop in group.makeIterator() { loop.execute { crash_note_prepare_thread() } }
        var decoding = NIOHTTPDecoderLimitConfiguration()
        decoding.maxHeaderFieldSize = limits.maxHeaderBytes
        decoding.maxHeaderListSize = limits.maxHeaderBytes
        decoding.maxHeaderFieldCount = limits.maxHeaderFields
        let decoder = decoding
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.autoRead, value: false)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(quiescing.makeServerChannelHandler(channel: channel))
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    guard let service = service.value, let place = places[channel.eventLoop], connections.add(channel)
                    else {
                        try pipeline.addHandler(Refusal())
                        return
                    }
                    channel.closeFuture.whenComplete { _ in connections.remove(channel) }
                    let guardian = ProgressGuard(limits: limits)
                    try pipeline.addHandler(guardian)
                    try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: decoder)))
                    try pipeline.addHandler(Connection(service: service, progress: guardian, place: place))
                }
            }
        do {
            channel = try bootstrap.bind(host: host, port: port).wait()
        } catch {
            let reason = (error as? IOError).map { FileStatus.Failure($0.errnoCode).reason } ?? "\(error)"
            throw SettingsError(
                key: "\(SettingKey.serverHost.name), \(SettingKey.serverPort.name)",
                problem: "cannot listen on \(host), port \(port): \(reason)", example: "")
        }
        guard let address = channel.localAddress else { throw ChannelError.unknownLocalAddress }
        service.value = try makeService(address)
        try channel.setOption(.autoRead, value: true).wait()
    }

    /// Stops accepting, lets open requests end, then cuts what is left. Blocks.
    func stop(within time: TimeAmount) {
        let promise = group.next().makePromise(of: Void.self)
        quiescing.initiateShutdown(promise: promise)
        let cut = group.next().scheduleTask(in: time) { self.connections.closeAll() }
        try? promise.futureResult.wait()
        cut.cancel()
    }

    /// A value that is set once, before anybody needs it.
    private final class Deferred<Value: Sendable>: Sendable {
        private let storage = Mutex<Value?>(nil)
        var value: Value? {
            get { storage.withLock { $0 } }
            set { storage.withLock { $0 = newValue } }
        }
    }

    /// Each loop's place.
    private struct Places: Sendable {
        private let places: [ObjectIdentifier: NIOLoopBoundBox<LoopPlace>]

        init(_ group: MultiThreadedEventLoopGroup) {
            let loops = Array(group.makeIterator())
            let all = LoopPlaces(loops: loops.count)
            let places = loops.enumerated().map { number, loop in
                let place = LoopPlace(number, of: all, isWatched: loops.count > 1, now: .now())
                return (ObjectIdentifier(loop), NIOLoopBoundBox.makeBoxSendingValue(place, eventLoop: loop))
            }
            self.places = Dictionary(places, uniquingKeysWith: { first, _ in first })
        }

        /// Asked on that loop.
        subscript(loop: any EventLoop) -> LoopPlace? { places[ObjectIdentifier(loop)]?.value }
    }

    /// The open connections, up to a limit.
    private final class Connections: Sendable {
        private let limit: Int
        private let open = Mutex<[ObjectIdentifier: any Channel]>([:])

        init(limit: Int) { self.limit = limit }

        func add(_ channel: any Channel) -> Bool {
            open.withLock { open in
                guard open.count < limit else { return false }
                open[ObjectIdentifier(channel)] = channel
                return true
            }
        }

        func remove(_ channel: any Channel) {
            open.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(channel)) }
        }

        func closeAll() {
            for channel in open.withLock({ Array($0.values) }) { channel.close(promise: nil) }
        }
    }

    /// Answers one connection too many, in the fewest bytes that a client understands.
    private final class Refusal: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private static let answer =
            "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\nretry-after: 1\r\n"
            + "connection: close\r\ncontent-length: 122\r\n\r\n"
            + #"{"type":"about:blank","title":"Service Unavailable","status":503,"code":"connections","detail":"Too many connections."}   "#

        func channelActive(context: ChannelHandlerContext) {
            let bytes = context.channel.allocator.buffer(string: Self.answer)
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.writeAndFlush(wrapOutboundOut(bytes)).whenComplete { _ in bound.value.close(promise: nil) }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
    }
}
