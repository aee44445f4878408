// A repeated call asks under the keys of the first one, whatever failed before it left.

import Testing

@testable import HostOutbound

@Suite struct KeyedRequestsTests {
    @Test func requestsOfACallAreNumberedByPlace() {
        var places = KeyedRequests()
        let asked = ["POST /a", "POST /a", "POST /b", "POST /a"].map { places.ask(1, at: $0) }
        #expect(asked.map(\.place.earlier) == [0, 1, 0, 2])
        #expect(asked.map(\.isFirst) == [true, false, false, false])
        let other = places.ask(2, at: "POST /a")
        #expect(other.place.earlier == 0 && other.isFirst)
    }

    @Test func whatNeverLeftHasNotAsked() {
        var places = KeyedRequests()
        let unsent = places.ask(1, at: "POST /a").place
        places.giveBack(unsent)
        let again = places.ask(1, at: "POST /a").place
        #expect(again.earlier == 0)
    }

    @Test func aNumberThatAnotherRequestFollowsIsNotGivenTwice() {
        var places = KeyedRequests()
        let unsent = places.ask(1, at: "POST /a").place
        _ = places.ask(1, at: "POST /a")
        places.giveBack(unsent)
        let next = places.ask(1, at: "POST /a").place
        #expect(next.earlier == 2)
    }

    @Test func aSettledCallIsForgotten() {
        var places = KeyedRequests()
        let place = places.ask(1, at: "POST /a").place
        let wasKnown = places.settled(1)
        #expect(wasKnown)
        places.giveBack(place)
        let isKnown = places.settled(1)
        #expect(!isKnown)
    }
}
