// The service http/1 through its table, as a pack calls it inside the host and in a process of its own, while a name is
// being looked up.

import CGlibc
import Dispatch
import Glibc
import HostBase
import HostLanes
import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing
import ToolABI

@testable import HostEngines
@testable import HostNetwork
@testable import HostOutbound
@testable import HostRunner

/// What a pack was told of one request.
private struct Ending: Sendable, Hashable {
    var status: tool_status
    var isUnsent: Bool
    var retryAfter: UInt32
    var bodySize: UInt64 = 0
}

/// Where the pack is.
enum PackPlace: Sendable, CaseIterable {
    case host, process
}

/// Both sides of a pack in a process of its own, in this one.
private final class Crossing: Sendable {
    let http: RunnerHTTP
    private let link: RunnerLink
    private let event: Int32
    private let isOver = Atomic<Bool>(false)

    /// - Parameter calls: that a ring has room for, with what each says.
    init(_ requests: PackRequests, port: Int, calls: Int) throws {
        let map = RunnerMap(loops: 1, calls: calls)
        let memory = try SharedMemory("http", size: map.size)
        let event = make_event(0, Int32(event_does_not_block))
        let posts = RunnerPosts(map, memory, notes: event, loops: [event])
        http = RunnerHTTP(origins: ["http://localhost:\(port)"], RunnerCalls(map, memory), posts, map, memory)
        let broken = { @Sendable (violation: RunnerLink.Violation) -> Void in Issue.record("\(violation.text)") }
        link = RunnerLink(
            map: map, memory: memory, loops: [requests.outbound.eventLoop], pack: "test",
            requests: RunnerRequests(requests, map, memory, broken: broken), desk: { nil }, broken: broken)
        self.event = event
        cells = RingReader(map.ring(.notes, in: memory)).capacity
    }

    /// Entries that one ring has room for.
    let cells: Int

    /// From now on the host hears what the pack's process says.
    func listen() {
        let isThere = Thread.start("http-test") { [self] in
            while !isOver.load(ordering: .relaxed) {
                while link.receive(loop: 0).mayHaveMore {}
                var entry = pollfd(fd: event, events: Int16(POLLIN), revents: 0)
                unsafe poll(&entry, 1, 100)
                var count: UInt64 = 0
                _ = unsafe read(event, &count, 8)
            }
        }
        #expect(isThere)
    }

    func end() {
        isOver.store(true, ordering: .relaxed)
        _ = link.end()
    }
}

/// A pack that sends requests. Its lookups end when the test says so.
@safe private final class Sender: @unchecked Sendable {
    let requests: PackRequests
    let outbound: Outbound
    let crossing: Crossing?
    private let lookups: DispatchSemaphore
    private let table: UnsafePointer<tool_http>
    private let endings: AsyncStream<Ending>
    private let continuation: AsyncStream<Ending>.Continuation

    /// - Parameter isHeard: whether the host reads what a process says.
    init(
        port: Int, in place: PackPlace, on group: any EventLoopGroup, budget: ByteBudget? = nil, isHeard: Bool = true
    ) throws {
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
        requests = PackRequests(
            packID: "test", policy: outbound.policy(for: OutboundRules()), outbound: outbound, budget: budget,
            call: { _ in nil })
        let service: UnsafeRawPointer?
        switch place {
        case .host:
            crossing = nil
            unsafe service = PackHTTP(requests).pointer
        case .process:
            let both = try Crossing(requests, port: port, calls: isHeard ? 1024 : 1)
            if isHeard { both.listen() }
            crossing = both
            unsafe service = both.http.pointer()
        }
        unsafe table = try #require(service).assumingMemoryBound(to: tool_http.self)
        (endings, continuation) = AsyncStream.makeStream()
    }

    /// All of them, those that come later too.
    func endLookups() { lookups.signal() }

    /// The pack is about to be stopped.
    func close() {
        guard let crossing else { return requests.close() }
        #expect(crossing.http.close(by: .max))
        crossing.end()
    }

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
            retryAfter: response.pointee.retry_after_ms, bodySize: response.pointee.body_size)
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

    @Test(arguments: PackPlace.allCases) func aHostThatStopsEndsWhatIsStillInALookup(in place: PackPlace) async throws {
        let backend = WireBackend()
        try await backend.serve(on: group.next()) { port in
            let sender = try Sender(port: port, in: place, on: group)
            let taken = sender.send("http://localhost:\(port)/given-up")
            #expect(taken == TOOL_OK && (place == .process || sender.requests.isOccupied))
            sender.close()
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
            #expect(!sender.requests.isOccupied)
        }
    }

    @Test(arguments: PackPlace.allCases) func oneMoreThanTheLimitIsBusy(in place: PackPlace) async throws {
        let sender = try Sender(port: 9, in: place, on: group)
        let taken = (1...1024).map { sender.send("http://localhost:9/\($0)") }
        #expect(taken.allSatisfy { $0 == TOOL_OK })
        let oneMore = sender.send("http://localhost:9/more")
        #expect(oneMore == TOOL_OK, "its end is told, not returned")
        #expect(await sender.next(1) == [Ending(status: TOOL_E_BUSY, isUnsent: true, retryAfter: 1000)])
        sender.close()
        let rest = await sender.next(1024)
        #expect(rest.count == 1024 && rest.allSatisfy(Self.isGivenUp))
        sender.endLookups()
    }

    @Test(arguments: PackPlace.allCases) func moreBytesThanThePackMayHoldAreBusy(in place: PackPlace) async throws {
        let sender = try Sender(port: 9, in: place, on: group, budget: ByteBudget(1000))
        let bodies = [600, 600, 400, 1].map { [UInt8](repeating: 0x61, count: $0) }
        let taken = bodies.map { sender.send("http://localhost:9/", body: $0) }
        #expect(taken.allSatisfy { $0 == TOOL_OK })
        let busy = Ending(status: TOOL_E_BUSY, isUnsent: true, retryAfter: 1000)
        #expect(await sender.next(2) == [busy, busy])
        sender.close()
        #expect(await sender.next(2).allSatisfy(Self.isGivenUp))
        sender.endLookups()
    }

    @Test(arguments: PackPlace.allCases) func anAnswerIsGivenAsItCame(in place: PackPlace) async throws {
        let backend = WireBackend(status: 404, body: String(repeating: "x", count: 3_000_000))
        try await backend.serve(on: group.next()) { port in
            let sender = try Sender(port: port, in: place, on: group)
            sender.endLookups()
            for number in 1...50 {
                let taken = sender.send("http://localhost:\(port)/\(number)")
                #expect(taken == TOOL_OK)
                let ending = Ending(status: TOOL_OK, isUnsent: false, retryAfter: 0, bodySize: 3_000_000)
                #expect(await sender.next(1) == [ending])
            }
            sender.close()
        }
    }

    @Test(arguments: PackPlace.allCases) func whatMayNotBeSentIsToldLater(in place: PackPlace) async throws {
        let sender = try Sender(port: 9, in: place, on: group)
        for (url, status) in [("http://elsewhere:9/", TOOL_E_DENIED), ("nonsense", TOOL_E_INVALID)] {
            let taken = sender.send(url)
            #expect(taken == TOOL_OK)
            #expect(await sender.next(1) == [Ending(status: status, isUnsent: true, retryAfter: 0)])
        }
        let watched = ["http://elsewhere:9/", "nonsense"].map { sender.watch($0) }
        #expect(watched == [TOOL_E_DENIED, TOOL_E_INVALID])
        sender.close()
    }

    /// A process whose host is busy elsewhere waits for nothing.
    @Test func whatFindsNoRoomOnItsWayIsBusy() async throws {
        let sender = try Sender(port: 9, in: .process, on: group, isHeard: false)
        let cells = try #require(sender.crossing?.cells)
        let taken = (0...cells).map { sender.send("http://localhost:9/\($0)") }
        #expect(taken.allSatisfy { $0 == TOOL_OK })
        #expect(await sender.next(1) == [Ending(status: TOOL_E_BUSY, isUnsent: true, retryAfter: 1000)])
        sender.crossing?.listen()
        sender.close()
        #expect(await sender.next(cells).allSatisfy(Self.isGivenUp))
        sender.endLookups()
    }
}
