// Who is told to come again: clients obey the field without reading the error.

import Testing

@testable import HostCalls
@testable import HostHTTP

@Suite struct CallFailureTests {
    private func retryAfter(_ failure: CallFailure) -> String? {
        Problem(failure).headers.first { $0.name == "retry-after" }?.value
    }

    @Test func whoeverMayRepeatIsToldWhen() {
        #expect(retryAfter(CallFailure(status: .unavailable, message: "")) == "1")
        #expect(retryAfter(CallFailure(status: .conflict, message: "")) == nil)
    }

    @Test func nobodyIsInvitedToDoAgainWhatMayHaveBeenDone() {
        var failure = CallFailure(status: .unavailable, message: "")
        failure.mayBeRepeated = false
        #expect(retryAfter(failure) == nil)
        // The pack knows better.
        failure.retryAfterMilliseconds = 1500
        #expect(retryAfter(failure) == "2")
    }
}
