// Requests on a real connection: what was given up before it was sent does not arrive.

import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import ToolHost

@Suite struct WireClientTests {
    /// Remembers the paths that it is asked for.
    private final class Backend: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let asked = Mutex<[String]>([])
        var paths: [String] { asked.withLock(\.self) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let words = String(buffer: unwrapInboundIn(data)).split(separator: " ")
            asked.withLock { $0.append(words.count > 1 ? String(words[1]) : "") }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 204 Nothing\r\n\r\n")), promise: nil)
        }
    }

    @Test func whatIsCancelledDuringTheLookupIsNotSent() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let loop = group.next()
        let backend = Backend()
        let server = try await ServerBootstrap(group: loop)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(backend) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        let settings = try OutboundSettings(
            SettingsReader(source: SettingsSource(environment: ["NEXTJS_URL": "http://localhost:\(port)"])),
            workingDirectory: "/")
        let client = WireClient(group: group, settings: settings, lookup: NameLookup(memory: .zero))
        @Sendable func request(_ path: String) throws -> WireRequest {
            WireRequest(
                method: "GET", url: try #require(OutboundURL("http://localhost:\(port)\(path)")), fields: [], body: nil,
                limit: 1000)
        }
        // There is a connection then, on which a request leaves at once.
        _ = try await client.exchange(request("/first"), on: loop).reply.get()
        // Nothing is remembered, so that the next request has a lookup to be cancelled in.
        let given = try request("/given-up")
        let exchange = try await loop.submit {
            let exchange = client.exchange(given, on: loop)
            exchange.cancel()
            return exchange
        }.get()
        await #expect(throws: WireFault.cancelled) { try await exchange.reply.get() }
        _ = try await client.exchange(request("/last"), on: loop).reply.get()
        #expect(backend.paths == ["/first", "/last"])
        try await server.close()
    }
}
