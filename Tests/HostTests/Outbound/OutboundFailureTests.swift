// What a caller is told of a request that got no answer: to ask again, or to look first, never both.

import NIOCore
import Testing

@testable import HostOutbound

@Suite struct OutboundFailureTests {
    private static let failures: [OutboundFailure] = [
        .unavailable("refused", retryAfter: .seconds(7)), .redirected("elsewhere"), .deadline, .tooLarge, .crowded,
        .shortage("no descriptor"),
    ]

    @Test(arguments: failures)
    func whereItMayHaveBeenDoneTheCallerIsToldToLookAndNothingElse(failure: OutboundFailure) {
        let open = failure.withOpenOutcome
        #expect(open.message.hasSuffix(" Whether it was done is not known: look before asking again."))
        #expect(!open.message.contains("try again") && !open.message.contains("ask for less"))
        #expect(open.message.hasPrefix("The service behind this tool"))
        #expect(open.retryAfter == nil)
        #expect(open.kind == failure.kind && open.reason == failure.reason)
    }

    @Test(arguments: failures)
    func whereItWasNotTheCallerIsToldNothingOfThat(failure: OutboundFailure) {
        #expect(!failure.message.contains("look before"))
    }

    @Test func whatIsForTheLogStays() {
        let failure = OutboundFailure(kind: .denied, message: "not an origin that the operator lists")
        #expect(failure.withOpenOutcome.message == failure.message)
    }
}
