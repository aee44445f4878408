// The service http/1 through its table, as a pack calls it, while a name is being looked up.

import Dispatch
import Logging
import NIOCore
import NIOPosix
import Testing
import ToolABI

@testable import HostEngines
@testable import HostNetwork
@testable import HostOutbound

/// What a pack was told of one request.
private struct Ending: Sendable, Hashable {
    var status: tool_status
    var isUnsent: Bool
    var retryAfter: UInt32
}

/// A pack that sends requests. Its lookups end when the test says so.
@safe private final class Sender: @unchecked Sendable {
    let http: PackHTTP
    let outbound: Outbound
    private let lookups: DispatchSemaphore
    private let table: UnsafePointer<tool_http>
    private let endings: AsyncStream<Ending>
    private let continuation: AsyncStream<Ending>.Continuation

    init(port: Int, on group: any EventLoopGroup, budget: ByteBudget? = nil) throws {
        let lookups = DispatchSemaphore(value: 0)
        self.lookups = lookups
        let lookup = NameLookup { origin in
            lookups.wait()
            lookups.signal()
            return [try SocketAddress(ipAddress: "127.0.0.1", port: origin.port)]
        }
        outbound = Outbound(
            settings: try .of(["NEXTJS_URL": "http://localhost:\(port)"]), group: group, lookup: lookup,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        http = PackHTTP(
            packID: "test", policy: outbound.policy(for: OutboundRules()), outbound: outbound, budget: budget,
            call: { _ in nil })
        unsafe table = http.pointer.assumingMemoryBound(to: tool_http.self)
        (endings, continuation) = AsyncStream.makeStream()
    }

    /// All of them, those that come later too.
    func endLookups() { lookups.signal() }

    func send(_ url: String, body: [UInt8] = []) -> tool_status {
        let owner = unsafe Unmanaged.passUnretained(self).toOpaque()
        return unsafe Self.withText("POST") { method in
            unsafe Self.withText(url) { url in
                unsafe body.withUnsafeBufferPointer { body in
                    var request = unsafe tool_http_request()
                    unsafe request.struct_size = unsafe UInt32(MemoryLayout<tool_http_request>.size)
                    unsafe request.method = unsafe method
                    unsafe request.url = unsafe url
                    unsafe request.body = body.baseAddress
                    unsafe request.body_size = UInt64(body.count)
                    let done: tool_http_done = { owner, response in
                        guard let owner = unsafe owner, let response = unsafe response else { return }
                        unsafe Unmanaged<Sender>.fromOpaque(owner).takeUnretainedValue().take(response)
                    }
                    return unsafe table.pointee.send?(table.pointee.service, &request, done, owner, nil) ?? TOOL_PENDING
                }
            }
        }
    }

    func watch(_ url: String) -> tool_status {
        unsafe Self.withText(url) { text in
            var text = unsafe text
            return unsafe table.pointee.watch?(table.pointee.service, &text) ?? TOOL_PENDING
        }
    }

    /// The next ones, however long it takes.
    func next(_ count: Int) async -> [Ending] {
        var found: [Ending] = []
        for await ending in endings.prefix(count) { found.append(ending) }
        return found
    }

    private func take(_ response: UnsafePointer<tool_http_response>) {
        let ending = unsafe Ending(
            status: response.pointee.status, isUnsent: response.pointee.flags & TOOL_HTTP_UNSENT != 0,
            retryAfter: response.pointee.retry_after_ms)
        unsafe table.pointee.release?(table.pointee.service, response)
        continuation.yield(ending)
    }

    private static func withText<Result>(_ text: String, _ body: (tool_str) -> Result) -> Result {
        var text = text
        return text.withUTF8 { bytes in
            let start = unsafe UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
            return unsafe body(tool_str(data: start, size: UInt64(bytes.count)))
        }
    }
}

@Suite struct PackHTTPTests {
    private let group = MultiThreadedEventLoopGroup.singleton

    /// Whether a request was ended before anything was sent. On a machine that stands still for half a minute its time
    /// is over first.
    private static func isGivenUp(_ ending: Ending) -> Bool {
        [TOOL_E_CANCELLED, TOOL_E_DEADLINE].contains(ending.status) && ending.isUnsent
    }

    @Test func aHostThatStopsEndsWhatIsStillInALookup() async throws {
        let backend = WireBackend()
        try await backend.serve(on: group.next()) { port in
            let sender = try Sender(port: port, on: group)
            let taken = sender.send("http://localhost:\(port)/given-up")
            #expect(taken == TOOL_OK && sender.http.isOccupied)
            sender.http.close()
            #expect(await sender.next(1).allSatisfy(Self.isGivenUp))
            let late = (sender.send("http://localhost:\(port)/late"), sender.watch("http://localhost:\(port)/health"))
            #expect(late == (TOOL_E_UNAVAILABLE, TOOL_E_UNAVAILABLE))
            // The lookup ends later, and whoever waits for the same one is served in the order of asking.
            let last = WireRequest(
                method: "GET", url: try #require(OutboundURL("http://localhost:\(port)/last")), fields: [], body: nil,
                limit: 1000)
            let exchange = sender.outbound.client.exchange(last, on: group.next())
            sender.endLookups()
            _ = try await exchange.reply.get()
            #expect(backend.paths == ["/last"])
            #expect(!sender.http.isOccupied)
        }
    }

    @Test func oneMoreThanTheLimitIsBusy() async throws {
        let sender = try Sender(port: 9, on: group)
        let taken = (1...1024).map { sender.send("http://localhost:9/\($0)") }
        #expect(taken.allSatisfy { $0 == TOOL_OK })
        let oneMore = sender.send("http://localhost:9/more")
        #expect(oneMore == TOOL_OK, "its end is told, not returned")
        #expect(await sender.next(1) == [Ending(status: TOOL_E_BUSY, isUnsent: true, retryAfter: 1000)])
        sender.http.close()
        let rest = await sender.next(1024)
        #expect(rest.count == 1024 && rest.allSatisfy(Self.isGivenUp))
        sender.endLookups()
    }

    @Test func moreBytesThanThePackMayHoldAreBusy() async throws {
        let sender = try Sender(port: 9, on: group, budget: ByteBudget(1000))
        let bodies = [600, 600, 400, 1].map { [UInt8](repeating: 0x61, count: $0) }
        let taken = bodies.map { sender.send("http://localhost:9/", body: $0) }
        #expect(taken.allSatisfy { $0 == TOOL_OK })
        let busy = Ending(status: TOOL_E_BUSY, isUnsent: true, retryAfter: 1000)
        #expect(await sender.next(2) == [busy, busy])
        sender.http.close()
        #expect(await sender.next(2).allSatisfy(Self.isGivenUp))
        sender.endLookups()
    }
}
