// Sockets and pipelines: accepts connections within limits, and lets them end in peace.

import CGlibc
import Glibc
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

/// The listening socket and its connections.
public final class HTTPServer: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel
    /// Makes a channel one of this server's connections.
    private let prepare: @Sendable (any Channel) -> EventLoopFuture<Void>
    private let connections: OpenConnections

    /// Begins to accept. Blocks.
    ///
    /// - Parameter state: is told when connections cannot be accepted, and asked whether the listening socket may
    ///   close.
    public init(
        on socket: consuming BoundSocket, loops: ServerLoops, service: any HTTPService, limits: HTTPSettings,
        state: HostState, logger: Logger
    ) throws {
        group = loops.group
        let connections = OpenConnections(limit: limits.maxConnections)
        self.connections = connections
        let prepare = Self.connecting(
            to: HTTPFront(service: service, limits: limits, logger: logger), connections, loops,
            CrowdNotice(limit: limits.maxConnections, logger: logger))
        self.prepare = prepare
        channel = try ServerBootstrap(group: group)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    // The bootstrap has made room for fewer.
                    try pipeline.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { socket in
                        _ = listen(socket, BoundSocket.backlog)
                    }
                    try pipeline.addHandler(AcceptPause(logger: logger, state: state))
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer(prepare)
            .withBoundSocket(socket.take()).wait()
    }

    /// How many connections are open.
    public var connectionCount: Int { connections.count }

    private static func connecting(
        to front: HTTPFront, _ connections: OpenConnections, _ loops: ServerLoops, _ crowd: CrowdNotice
    ) -> @Sendable (any Channel) -> EventLoopFuture<Void> {
        var decoding = NIOHTTPDecoderLimitConfiguration()
        decoding.maxHeaderFieldSize = front.limits.maxHeaderBytes
        decoding.maxHeaderListSize = front.limits.maxHeaderBytes
        decoding.maxHeaderFieldCount = front.limits.maxHeaderFields
        return { [decoding] channel in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                guard let station = loops.station(of: channel.eventLoop),
                    case .added(let stage, let isSpare) = connections.add(channel)
                else {
                    crowd.turnedAway(on: channel.eventLoop)
                    try pipeline.addHandler(Refusal())
                    return
                }
                channel.closeFuture.whenComplete { _ in connections.remove(channel) }
                let guardian = ProgressGuard(limits: front.limits)
                try pipeline.addHandler(guardian)
                try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: decoding)))
                if isSpare { crowd.turnedAway(on: channel.eventLoop) }
                let connection = Connection(
                    front: front, progress: guardian, station: station, stage: stage, isSpare: isSpare)
                try pipeline.addHandler(connection)
            }
        }
    }

    /// Lets open requests end: for a moment nobody is turned away, so that clients and proxies learn from their answers
    /// that this host ends; then nothing is accepted, and what is left at the end is cut. Blocks, for a second longer
    /// than `time` at most: an event loop that hangs is not waited for.
    ///
    /// - Returns: how many connections were cut.
    public func stop(within time: TimeAmount) -> Int {
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
        while accepted.count < Int(BoundSocket.backlog) {
            let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
            let connection = accept_with_flags(listening, nil, nil, flags)
            guard connection >= 0 else { break }
            accepted.append(connection)
        }
        return accepted
    }

    /// How long a host that was told to stop goes on accepting, where somebody is connected.
    private static let courtesy = TimeAmount.seconds(1)
    /// How long closing a socket may take.
    private static let cutting = TimeAmount.seconds(1)
}
