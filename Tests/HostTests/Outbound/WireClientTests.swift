// Requests on a real connection: what was given up before it was sent does not arrive.

import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import HostNetwork
@testable import HostOutbound

@Suite struct WireClientTests {
    private let group = MultiThreadedEventLoopGroup.singleton

    private func request(
        _ path: String, _ port: Int, method: String = "GET", scheme: String = "http"
    ) throws -> WireRequest {
        WireRequest(
            method: method, url: try #require(OutboundURL("\(scheme)://localhost:\(port)\(path)")), fields: [],
            body: method == "GET" ? nil : ByteBuffer(string: "content"), limit: 1000)
    }

    @Test func whatIsCancelledDuringTheLookupIsNotSent() async throws {
        let (loop, backend) = (group.next(), WireBackend())
        try await backend.serve(on: loop) { port in
            // Nothing is remembered, so that each request has a lookup to be cancelled in.
            let client = WireClient(group: group, settings: try .of([:]), lookup: NameLookup(memory: .zero))
            // There is a connection then, on which a request leaves at once.
            _ = try await client.exchange(request("/first", port), on: loop).reply.get()
            let given = try request("/given-up", port)
            let exchange = try await loop.submit {
                let exchange = client.exchange(given, on: loop)
                exchange.cancel()
                return exchange
            }.get()
            await #expect(throws: WireFault.cancelled) { try await exchange.reply.get() }
            #expect(!exchange.hasBegun)
            _ = try await client.exchange(request("/last", port), on: loop).reply.get()
            #expect(backend.paths == ["/first", "/last"])
        }
    }

    @Test func whatAPackHoldsIsCountedWhileItComes() async throws {
        let (loop, backend) = (group.next(), WireBackend(body: "sixteen bytes ..."))
        try await backend.serve(on: loop) { port in
            let client = WireClient(group: group, settings: try .of([:]))
            let budget = ByteBudget(40)
            func answer(_ share: ByteShare) async throws -> WireReply {
                var request = try request("/", port)
                request.share = share
                return try await client.exchange(request, on: loop).reply.get()
            }
            let (first, second) = (ByteShare(of: budget), ByteShare(of: budget))
            _ = try await answer(first)
            _ = try await answer(second)
            await #expect(throws: WireFault.crowded) { try await answer(ByteShare(of: budget)) }
            withExtendedLifetime((first, second)) {}
        }
    }

    /// It says nothing about the service, and a repetition would fare no better.
    @Test func whatCannotBeWrittenDownIsNoFailureOfTheService() async throws {
        let (loop, backend) = (group.next(), WireBackend())
        try await backend.serve(on: loop) { port in
            let client = WireClient(group: group, settings: try .of([:]))
            let exchange = client.exchange(try request("/", port, method: "TRACE"), on: loop)
            let fault = await #expect(throws: WireFault.self) { try await exchange.reply.get() }
            guard case .invalid = fault else {
                Issue.record("\(String(describing: fault))")
                return
            }
            #expect(fault?.mayHaveLeft == false)
            #expect(backend.paths == [])
        }
    }

    /// The library says it with the path of its own code and a number.
    @Test func aServerWithoutTLSIsNamedAsSuch() async throws {
        let (loop, backend) = (group.next(), WireBackend())
        try await backend.serve(on: loop) { port in
            let client = WireClient(group: group, settings: try .of([:]))
            let fault = await #expect(throws: WireFault.self) {
                try await client.exchange(request("/", port, scheme: "https"), on: loop).reply.get()
            }
            let reason = "the TLS handshake failed with WRONG_VERSION_NUMBER, as where a server answers without TLS: "
            #expect(fault == .neverSent(reason + "its URL would begin with http://"))
        }
    }

    @Test func aPortThatNobodyListensOnIsSaidInTheSystemsWords() async throws {
        let (loop, backend) = (group.next(), WireBackend())
        let gone = Mutex(0)
        try await backend.serve(on: loop) { port in gone.withLock { $0 = port } }
        let client = WireClient(group: group, settings: try .of([:]))
        let fault = await #expect(throws: WireFault.self) {
            try await client.exchange(request("/", gone.withLock { $0 }), on: loop).reply.get()
        }
        #expect(fault == .neverSent("Connection refused"))
    }
}
