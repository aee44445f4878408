// Names are asked for once at a time, however long the system takes, and answers are kept for a moment.

import Dispatch
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import HostNetwork
@testable import HostOutbound

@Suite struct NameLookupTests {
    private let group = MultiThreadedEventLoopGroup.singleton
    private let origin: Origin

    init() throws {
        origin = try #require(OutboundURL("http://backend.example:8080/")).origin
    }

    private static func address(_ number: Int) throws -> SocketAddress {
        try SocketAddress(ipAddress: "192.0.2.\(number)", port: 8080)
    }

    @Test func whoAsksMeanwhileWaitsForTheSameAnswer() async throws {
        let calls = Atomic<Int>(0)
        let open = DispatchSemaphore(value: 0)
        let lookup = NameLookup(memory: .zero) { _ in
            let number = calls.add(1, ordering: .relaxed).newValue
            open.wait()
            return [try Self.address(number)]
        }
        let asked = (0..<3).map { _ in lookup.addresses(of: origin, on: group.next()) }
        open.signal()
        for answer in asked { #expect(try await answer.get() == [try Self.address(1)]) }
        // It is kept for no time at all, so the next one asks again.
        open.signal()
        #expect(try await lookup.addresses(of: origin, on: group.next()).get() == [try Self.address(2)])
    }

    @Test func anAnswerIsKeptUntilItIsForgotten() async throws {
        let calls = Atomic<Int>(0)
        let lookup = NameLookup(memory: .hours(1)) { _ in
            [try Self.address(calls.add(1, ordering: .relaxed).newValue)]
        }
        for _ in 0..<2 {
            #expect(try await lookup.addresses(of: origin, on: group.next()).get() == [try Self.address(1)])
        }
        lookup.forget(origin)
        #expect(try await lookup.addresses(of: origin, on: group.next()).get() == [try Self.address(2)])
    }

    @Test func whatIsBeingAskedIsNotForgotten() async throws {
        let calls = Atomic<Int>(0)
        let open = DispatchSemaphore(value: 0)
        let lookup = NameLookup(memory: .hours(1)) { _ in
            open.wait()
            return [try Self.address(calls.add(1, ordering: .relaxed).newValue)]
        }
        let first = lookup.addresses(of: origin, on: group.next())
        lookup.forget(origin)
        let second = lookup.addresses(of: origin, on: group.next())
        open.signal()
        open.signal()
        for answer in [first, second] { #expect(try await answer.get() == [try Self.address(1)]) }
    }

    @Test func aFailureIsNotKept() async throws {
        let calls = Atomic<Int>(0)
        let lookup = NameLookup(memory: .hours(1)) { _ in
            let number = calls.add(1, ordering: .relaxed).newValue
            if number == 1 { throw NameLookup.Fault(reason: "no such name") }
            return [try Self.address(number)]
        }
        await #expect(throws: NameLookup.Fault.self) {
            try await lookup.addresses(of: origin, on: group.next()).get()
        }
        #expect(try await lookup.addresses(of: origin, on: group.next()).get() == [try Self.address(2)])
    }
}
