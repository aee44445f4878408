// A service on a port of this process, for tests of what is sent.

import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import HostApp
@testable import HostOutbound

/// Answers every request with the same status and remembers the paths it was asked for.
final class WireBackend: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let status: Int
    let body: String
    /// The paths as they come.
    let asked: AsyncStream<String>
    private let continuation: AsyncStream<String>.Continuation
    private let all = Mutex<[String]>([])

    var paths: [String] { all.withLock(\.self) }

    init(status: Int = 200, body: String = "") {
        self.status = status
        self.body = body
        (asked, continuation) = AsyncStream.makeStream()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let words = String(buffer: unwrapInboundIn(data)).split(separator: " ")
        let path = words.count > 1 ? String(words[1]) : ""
        all.withLock { $0.append(path) }
        let answer = ByteBuffer(string: "HTTP/1.1 \(status) Any\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        continuation.yield(path)
    }

    /// Runs the body with the port that it listens on.
    func serve(on loop: any EventLoop, _ body: (Int) async throws -> Void) async throws {
        let server = try await ServerBootstrap(group: loop)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(self) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        try await body(try #require(server.localAddress?.port))
        try await server.close()
    }
}

extension OutboundSettings {
    /// As an environment says.
    static func of(_ environment: [String: String]) throws -> OutboundSettings {
        try OutboundSettings(
            SettingsReader(source: SettingsSource(environment: environment)), workingDirectory: "/")
    }
}
