// Sockets and pipelines: accepts connections within limits, and lets them end in peace.

import CGlibc
import Glibc
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// The listening socket and its connections.
final class HTTPServer: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel
    /// Makes a channel one of this server's connections.
    private let prepare: @Sendable (any Channel) -> EventLoopFuture<Void>
    private let connections: Connections

    /// Where the server listens, with the port that the system chose where it was 0.
    var address: SocketAddress? { channel.localAddress }

    /// Binds and begins to accept. Blocks.
    ///
    /// - Parameter makeService: given the port that is bound; called once, before the first connection is accepted.
    init(
        group: MultiThreadedEventLoopGroup, host: String, port: Int, limits: HTTPSettings, state: HostState,
        logger: Logger, makeService: (SocketAddress) throws -> any HTTPService
    ) throws {
        self.group = group
        let connections = Connections(limit: limits.maxConnections)
        self.connections = connections
        let crowd = CrowdNotice(limit: limits.maxConnections, logger: logger)
        let front = Deferred<HTTPFront>()
        let places = Places(group)
        var decoding = NIOHTTPDecoderLimitConfiguration()
        decoding.maxHeaderFieldSize = limits.maxHeaderBytes
        decoding.maxHeaderListSize = limits.maxHeaderBytes
        decoding.maxHeaderFieldCount = limits.maxHeaderFields
        let decoder = decoding
        let prepare: @Sendable (any Channel) -> EventLoopFuture<Void> = { channel in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                guard let front = front.value, let place = places[channel.eventLoop],
                    case .added(let stage, let isSpare) = connections.add(channel)
                else {
                    crowd.turnedAway(on: channel.eventLoop)
                    try pipeline.addHandler(Refusal())
                    return
                }
                channel.closeFuture.whenComplete { _ in connections.remove(channel) }
                let guardian = ProgressGuard(limits: limits)
                try pipeline.addHandler(guardian)
                try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: decoder)))
                if isSpare { crowd.turnedAway(on: channel.eventLoop) }
                let connection = Connection(
                    front: front, progress: guardian, place: place, stage: stage, isSpare: isSpare)
                try pipeline.addHandler(connection)
            }
        }
        self.prepare = prepare
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Int32(Self.backlog))
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.autoRead, value: false)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptPause(logger: logger, state: state))
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer(prepare)
        do {
            channel = try bootstrap.bind(host: host, port: port).wait()
        } catch {
            let reason = ConnectionFailure.reason(of: error)
            throw SettingsError(
                key: "\(SettingKey.serverHost.name), \(SettingKey.serverPort.name)",
                problem: "cannot listen on \(host), port \(port): \(reason)", example: "")
        }
        guard let address = channel.localAddress else { throw ChannelError.unknownLocalAddress }
        front.value = HTTPFront(service: try makeService(address), limits: limits, logger: logger)
        try channel.setOption(.autoRead, value: true).wait()
    }

    /// Lets open requests end: for a moment nobody is turned away, so that clients and proxies learn from their answers that
    /// this host ends; then nothing is accepted, and what is left at the end is cut. Blocks, for a second longer than `time`
    /// at most: an event loop that hangs is not waited for.
    ///
    /// - Returns: how many connections were cut.
    func stop(within time: TimeAmount) -> Int {
        let deadline = NIODeadline.now() + time
        if connections.tell(.announced) {
            usleep(UInt32(min(Self.courtesy.nanoseconds, time.nanoseconds / 2) / 1000))
        }
        closeListening()
        connections.tell(.closing)
        connections.waitUntilEmpty(by: deadline)
        let left = connections.closeAll()
        if left > 0 { connections.waitUntilEmpty(by: .now() + Self.cutting) }
        return left
    }

    /// Closes the listening socket. Connections that wait at it are taken in first: closing it would reset them.
    private func closeListening() {
        let (group, channel, prepare) = (group, channel, prepare)
        channel.eventLoop.execute {
            let waiting = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
                of: NIOBSDSocket.Handle.self, Self.accept)
            channel.close(promise: nil)
            let bootstrap = ClientBootstrap(group: group)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelInitializer(prepare)
            for connection in waiting ?? [] { _ = bootstrap.withConnectedSocket(connection) }
        }
    }

    /// Everybody who waits at a listening socket, as many as may.
    private static func accept(_ listening: Int32) -> [Int32] {
        var accepted: [Int32] = []
        while accepted.count < backlog {
            let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
            let connection = accept_with_flags(listening, nil, nil, flags)
            guard connection >= 0 else { break }
            accepted.append(connection)
        }
        return accepted
    }

    private static let backlog = 1024

    /// How long a host that was told to stop goes on accepting, where somebody is connected.
    private static let courtesy = TimeAmount.seconds(1)
    /// How long closing a socket may take.
    private static let cutting = TimeAmount.seconds(1)

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
        enum Admission {
            /// The stage that the host is in; `isSpare`: beyond the limit, for somebody who asks how the host is.
            case added(StopStage?, isSpare: Bool)
            case full
        }

        /// How many connections beyond the limit are let in to ask for health.
        private static let spare = 16

        private struct State {
            var channels: [ObjectIdentifier: any Channel] = [:]
            /// What was told last, which later ones are told as they come.
            var stage: StopStage?
        }

        private let limit: Int
        private let state = Mutex(State())

        init(limit: Int) { self.limit = limit }

        func add(_ channel: any Channel) -> Admission {
            state.withLock { state in
                let isSpare = state.channels.count >= limit
                guard state.channels.count < limit + Self.spare else { return .full }
                state.channels[ObjectIdentifier(channel)] = channel
                return .added(state.stage, isSpare: isSpare)
            }
        }

        func remove(_ channel: any Channel) {
            state.withLock { _ = $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
        }

        /// Told to each on its own event loop.
        ///
        /// - Returns: whether there was any.
        @discardableResult func tell(_ stage: StopStage) -> Bool {
            let channels = state.withLock { state in
                state.stage = stage
                return Array(state.channels.values)
            }
            for channel in channels { channel.pipeline.fireUserInboundEventTriggered(stage) }
            return !channels.isEmpty
        }

        func waitUntilEmpty(by deadline: NIODeadline) {
            while state.withLock({ !$0.channels.isEmpty }), NIODeadline.now() < deadline { usleep(2000) }
        }

        /// - Returns: how many there were.
        func closeAll() -> Int {
            let count = state.withLock { $0.channels.count }
            tell(.cut)
            return count
        }
    }

    /// Answers one connection too many.
    private final class Refusal: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        func channelActive(context: ChannelHandlerContext) {
            let bytes = context.channel.allocator.buffer(string: CurtAnswer.tooMany)
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.writeAndFlush(wrapOutboundOut(bytes)).whenComplete { _ in bound.value.close(promise: nil) }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
    }
}

/// How far a host is that was told to stop; an event for each connection.
enum StopStage: Sendable {
    /// Answers are the last ones on their connections.
    case announced
    /// Where nothing is asked, the connection ends.
    case closing
    /// Whatever is asked, the connection ends.
    case cut
}
