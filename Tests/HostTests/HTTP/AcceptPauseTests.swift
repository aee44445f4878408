// What the listening socket does where a connection cannot be taken.

import Glibc
import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import HostHTTP

@Suite struct AcceptPauseTests {
    @Test(arguments: [EMFILE, ENFILE, ENOMEM, ENOSPC])
    func aLackOfTheSystemIsOne(number: Int32) throws {
        let state = HostState()
        let channel = EmbeddedChannel(handler: AcceptPause(logger: Logger(label: "test"), state: state))
        channel.pipeline.fireErrorCaught(IOError(errnoCode: number, reason: "epoll_ctl"))
        #expect(state.refusesConnections)
        // Told, and nobody else's business.
        try channel.throwIfErrorCaught()
        state.stop()
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    @Test func anyOtherErrorIsPassedOn() {
        let state = HostState()
        let channel = EmbeddedChannel(handler: AcceptPause(logger: Logger(label: "test"), state: state))
        channel.pipeline.fireErrorCaught(IOError(errnoCode: EBADF, reason: "accept"))
        #expect(!state.refusesConnections)
        #expect(throws: IOError.self) { try channel.throwIfErrorCaught() }
        state.stop()
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }
}
