// What this machine lacks is not what a backend did.

import Glibc
import NIOCore
import Testing

@testable import HostBase
@testable import HostNetwork
@testable import HostOutbound

@Suite struct LocalShortageTests {
    @Test(arguments: [EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL])
    func aShortageIsTold(number: Int32) throws {
        let reason = try #require(LocalShortage.reason(of: IOError(errnoCode: number, reason: "connect")))
        #expect(reason.hasPrefix("this host"))
        #expect(reason.contains(FileStatus.Failure(number).reason))
    }

    @Test(arguments: [ECONNREFUSED, ECONNRESET, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, EPIPE])
    func whatABackendDoesIsNone(number: Int32) {
        #expect(LocalShortage.reason(of: IOError(errnoCode: number, reason: "connect")) == nil)
    }

    @Test func anAddressThatThisMachineCannotSendToIsNoShortage() throws {
        #expect(LocalShortage.hasRoute(to: try SocketAddress(ipAddress: "127.0.0.1", port: 9)))
        // The broadcast address: a socket that has not asked for it may not.
        #expect(!LocalShortage.hasRoute(to: try SocketAddress(ipAddress: "255.255.255.255", port: 9)))
    }

    @Test func thereIsNoneNow() {
        #expect(LocalShortage.now == nil)
    }

    @Test func aCircuitHearsNothingOfIt() {
        var circuit = Circuit(threshold: 1, firstPause: .seconds(1))
        let now = NIODeadline.now()
        guard case .pass(let number) = circuit.admit(now) else { return #expect(Bool(false), "closed at first") }
        circuit.withdrawn(number, now)
        #expect(!circuit.isOpen)
    }

    @Test func aHealthLookThatDidNotLeaveSaysNothing() {
        var health = HealthState(interval: .seconds(1), now: .now())
        for _ in 1...5 { health.gaveUp(.now()) }
        #expect(!health.isDown)
        _ = health.looked(isWell: false, .now())
        health.gaveUp(.now())
        let change = health.looked(isWell: false, .now())
        #expect(change == .wentDown, "nor does it make up for a failure")
    }

    @Test func aTokenThatCouldNotBeAskedForIsAskedForAgain() {
        var cache = TokenCache()
        let first = cache.need(.now())
        cache.gaveUp()
        let second = cache.need(.now())
        #expect(first == .fetch && second == .fetch)
    }

    @Test func theMessageIsForCallers() {
        let failure = OutboundFailure.shortage("this host is out of something: Too many open files")
        #expect(failure.kind == .busy && failure.retryAfter != nil)
        #expect(!failure.message.contains("open files"))
        #expect(!WireFault.shortage("").mayHaveLeft)
    }
}
