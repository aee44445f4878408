// Who may cancel what: the same session, the same id, while the call is open.

import Testing

@testable import ToolHost

@Suite struct CancellableCallsTests {
    private typealias Requests = CancellableRequests<String>

    /// What happens to a request, and what comes of it.
    enum Event: Sendable {
        case open(Int, RPCID, isNew: Bool)
        case started(Int, RPCID, String, stops: String?)
        case cancel(Int, RPCID, stops: String?)
        case close(Int, RPCID, wasCancelled: Bool)
    }

    private static func key(_ session: Int, _ id: RPCID) -> Requests.Key {
        Requests.Key(session: MCPSession(version: .june2025, nonce: [UInt8(session)]), request: id)
    }

    private static let zero = RPCID.integer(0)

    static let lives: [(what: String, events: [Event])] = [
        (
            "a call that nobody cancels",
            [
                .open(1, zero, isNew: true), .started(1, zero, "a", stops: nil), .close(1, zero, wasCancelled: false),
            ]
        ),
        (
            "two sessions with equal ids, and an id that only looks the same",
            [
                .open(1, zero, isNew: true), .started(1, zero, "a", stops: nil),
                .open(2, zero, isNew: true), .started(2, zero, "b", stops: nil),
                .open(1, .string("0"), isNew: true), .started(1, .string("0"), "c", stops: nil),
                .cancel(1, zero, stops: "a"), .close(1, zero, wasCancelled: true),
                .close(2, zero, wasCancelled: false), .close(1, .string("0"), wasCancelled: false),
            ]
        ),
        (
            "cancelled twice, stopped once",
            [
                .open(1, zero, isNew: true), .started(1, zero, "a", stops: nil), .cancel(1, zero, stops: "a"),
                .cancel(1, zero, stops: nil), .close(1, zero, wasCancelled: true),
            ]
        ),
        (
            "an id is used again once its call is over",
            [
                .open(1, zero, isNew: true), .open(1, zero, isNew: false), .started(1, zero, "a", stops: nil),
                .open(1, zero, isNew: false), .close(1, zero, wasCancelled: false), .open(1, zero, isNew: true),
                .close(1, zero, wasCancelled: false),
            ]
        ),
        (
            "an id is not used again while a cancelled call ends",
            [
                .open(1, zero, isNew: true), .started(1, zero, "a", stops: nil), .cancel(1, zero, stops: "a"),
                .open(1, zero, isNew: false), .close(1, zero, wasCancelled: true), .open(1, zero, isNew: true),
            ]
        ),
        (
            "a cancellation that is faster than the start",
            [
                .open(1, zero, isNew: true), .cancel(1, zero, stops: nil), .started(1, zero, "a", stops: "a"),
                .close(1, zero, wasCancelled: true),
            ]
        ),
        (
            "a call that ends while it starts",
            [
                .open(1, zero, isNew: true), .close(1, zero, wasCancelled: false), .started(1, zero, "a", stops: nil),
                .cancel(1, zero, stops: nil), .open(1, zero, isNew: true),
            ]
        ),
        (
            "what is over or was never there",
            [
                .cancel(9, .integer(9), stops: nil), .close(9, .integer(9), wasCancelled: false),
                .started(9, .integer(9), "a", stops: nil), .open(9, .integer(9), isNew: true),
            ]
        ),
    ]

    @Test(arguments: lives.indices)
    func eachEventHasItsConsequence(life: Int) {
        let (what, events) = Self.lives[life]
        var requests = Requests()
        for (step, event) in events.enumerated() {
            let (came, expected): (String, String)
            switch event {
            case .open(let session, let id, let isNew):
                (came, expected) = ("\(requests.open(Self.key(session, id)))", "\(isNew)")
            case .started(let session, let id, let call, let stops):
                (came, expected) = (requests.started(Self.key(session, id), call) ?? "", stops ?? "")
            case .cancel(let session, let id, let stops):
                (came, expected) = (requests.cancel(Self.key(session, id)) ?? "", stops ?? "")
            case .close(let session, let id, let wasCancelled):
                (came, expected) = ("\(requests.close(Self.key(session, id)))", "\(wasCancelled)")
            }
            #expect(came == expected, "\(what), \(step)")
        }
    }
}
