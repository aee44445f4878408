// Who may cancel what: the same session, the same id, while the call is open. Threads may say of a call that it runs
// when it is over, and its id another one's.

import Testing

@testable import HostMCP

@Suite struct CancellableCallsTests {
    private typealias Requests = CancellableRequests<String>

    /// What happens to a call, by its name, and what comes of it.
    enum Event: Sendable {
        case open(String, Int, RPCID, isNew: Bool = true)
        case started(String, stops: String? = nil)
        case cancel(Int, RPCID, stops: String?)
        case close(String, wasCancelled: Bool = false)
    }

    private static let zero = RPCID.integer(0)
    private static let one = RPCID.integer(1)

    static let lives: [(what: String, events: [Event])] = [
        ("a call that nobody cancels", [.open("a", 1, zero), .started("a"), .close("a")]),
        (
            "two sessions with equal ids, and an id that only looks the same",
            [
                .open("a", 1, zero), .started("a"), .open("b", 2, zero), .started("b"),
                .open("c", 1, .string("0")), .started("c"),
                .cancel(1, zero, stops: "a"), .close("a", wasCancelled: true), .close("b"), .close("c"),
            ]
        ),
        (
            "cancelled twice, stopped once",
            [
                .open("a", 1, zero), .started("a"), .cancel(1, zero, stops: "a"), .cancel(1, zero, stops: nil),
                .close("a", wasCancelled: true),
            ]
        ),
        (
            "an id is used again once its call is over",
            [
                .open("a", 1, zero), .open("b", 1, zero, isNew: false), .started("a"),
                .open("b", 1, zero, isNew: false), .close("a"), .open("b", 1, zero), .close("b"),
            ]
        ),
        (
            "an id is not used again while a cancelled call ends",
            [
                .open("a", 1, zero), .started("a"), .cancel(1, zero, stops: "a"), .open("b", 1, zero, isNew: false),
                .close("a", wasCancelled: true), .open("b", 1, zero),
            ]
        ),
        (
            "a cancellation that is faster than the start",
            [
                .open("a", 1, zero), .cancel(1, zero, stops: nil), .started("a", stops: "a"),
                .close("a", wasCancelled: true),
            ]
        ),
        (
            "a call that ends while it starts",
            [.open("a", 1, zero), .close("a"), .started("a"), .cancel(1, zero, stops: nil), .open("b", 1, zero)]
        ),
        (
            "a cancelled call that ends while it starts",
            [
                .open("a", 1, zero), .cancel(1, zero, stops: nil), .close("a", wasCancelled: true), .started("a"),
                .cancel(1, zero, stops: nil), .open("b", 1, zero),
            ]
        ),
        (
            "a call that ends twice",
            [
                .open("a", 1, zero), .started("a"), .cancel(1, zero, stops: "a"), .close("a", wasCancelled: true),
                .close("a"), .started("a"), .open("b", 1, zero),
            ]
        ),
        ("what was never there", [.cancel(9, .integer(9), stops: nil), .open("a", 9, .integer(9))]),
        (
            "the former call's start comes when its id is another one's, which is cancelled then",
            [
                .open("a", 1, zero), .close("a"), .open("b", 1, zero), .started("a"), .started("b"),
                .cancel(1, zero, stops: "b"), .close("b", wasCancelled: true), .open("c", 1, zero),
            ]
        ),
        (
            "the former call's start comes when the latter is cancelled, and not yet started",
            [
                .open("a", 1, zero), .close("a"), .open("b", 1, zero), .cancel(1, zero, stops: nil), .started("a"),
                .started("b", stops: "b"), .close("b", wasCancelled: true),
            ]
        ),
        (
            "the former call's start comes when the latter runs, and when it is over",
            [
                .open("a", 1, zero), .close("a"), .open("b", 1, zero), .started("b"), .started("a"),
                .cancel(1, zero, stops: "b"), .started("a"), .close("b", wasCancelled: true), .started("a"),
                .open("c", 1, zero), .cancel(1, zero, stops: nil), .started("a"), .started("c", stops: "c"),
            ]
        ),
        (
            "the former call was cancelled, the latter is not",
            [
                .open("a", 1, zero), .cancel(1, zero, stops: nil), .close("a", wasCancelled: true),
                .open("b", 1, zero), .started("a"), .started("b"), .close("b"),
            ]
        ),
        (
            "the former call ends once more when its id is another one's",
            [
                .open("a", 1, zero), .started("a"), .close("a"), .open("b", 1, zero), .close("a"),
                .open("c", 1, zero, isNew: false), .started("b"), .close("a"), .cancel(1, zero, stops: "b"),
                .close("a"), .close("b", wasCancelled: true), .close("a"), .open("c", 1, zero),
            ]
        ),
        (
            "two sessions and two ids, each of which is used again before the former calls' starts come",
            [
                .open("a", 1, zero), .open("b", 2, zero), .open("c", 1, one), .close("a"), .close("b"), .close("c"),
                .open("d", 1, zero), .open("e", 2, zero), .open("f", 1, one), .started("c"), .started("a"),
                .started("b"), .started("d"), .started("e"), .started("f"), .cancel(1, one, stops: "f"),
                .cancel(2, zero, stops: "e"), .cancel(1, zero, stops: "d"), .close("d", wasCancelled: true),
                .close("e", wasCancelled: true), .close("f", wasCancelled: true), .open("g", 1, zero),
                .open("h", 2, zero), .open("i", 1, one),
            ]
        ),
    ]

    @Test(arguments: lives.indices)
    func eachEventHasItsConsequence(life: Int) throws {
        let (what, events) = Self.lives[life]
        var requests = Requests()
        var places: [String: Requests.Entrance] = [:]
        func key(_ session: Int, _ id: RPCID) -> Requests.Key {
            Requests.Key(session: MCPSession(version: .june2025, nonce: [UInt8(session)]), request: id)
        }
        for (step, event) in events.enumerated() {
            let (came, expected): (String, String)
            switch event {
            case .open(let call, let session, let id, let isNew):
                let place = requests.open(key(session, id))
                if let place { places[call] = place }
                (came, expected) = ("\(place != nil)", "\(isNew)")
            case .started(let call, let stops):
                (came, expected) = (requests.started(try #require(places[call]), call) ?? "", stops ?? "")
            case .cancel(let session, let id, let stops):
                (came, expected) = (requests.cancel(key(session, id)) ?? "", stops ?? "")
            case .close(let call, let wasCancelled):
                (came, expected) = ("\(requests.close(try #require(places[call])))", "\(wasCancelled)")
            }
            #expect(came == expected, "\(what), \(step)")
        }
    }
}
