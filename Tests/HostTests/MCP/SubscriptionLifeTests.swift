// What a client that listens is told, and when.

import Testing

@testable import HostMCP

@Suite struct SubscriptionLifeTests {
    enum Event: Sendable, Equatable {
        case change(isNews: Bool)
        case opened(cancels: Bool)
        case tell(canTake: Bool, isTold: Bool)
        case end(isFirst: Bool, cancels: Bool)
    }

    static let lives: [(what: String, hearsOfChanges: Bool, events: [Event])] = [
        (
            "a change and the end", true,
            [
                .opened(cancels: false), .tell(canTake: true, isTold: false), .change(isNews: true),
                .tell(canTake: true, isTold: true), .tell(canTake: true, isTold: false),
                .end(isFirst: true, cancels: true), .end(isFirst: false, cancels: false),
            ]
        ),
        (
            "a change before it is open", true,
            [.change(isNews: true), .opened(cancels: false), .tell(canTake: true, isTold: true)]
        ),
        (
            "changes while the client cannot take them are one", true,
            [
                .opened(cancels: false), .change(isNews: true), .tell(canTake: false, isTold: false),
                .change(isNews: false), .tell(canTake: false, isTold: false), .tell(canTake: true, isTold: true),
                .change(isNews: true), .tell(canTake: true, isTold: true),
            ]
        ),
        (
            "the client is gone while it opens", true,
            [.end(isFirst: true, cancels: false), .opened(cancels: true), .end(isFirst: false, cancels: false)]
        ),
        (
            "the client is gone with a change that it was not told", true,
            [
                .opened(cancels: false), .change(isNews: true), .end(isFirst: true, cancels: true),
                .tell(canTake: true, isTold: false),
            ]
        ),
        (
            "a change after the end", true,
            [
                .opened(cancels: false), .end(isFirst: true, cancels: true), .change(isNews: false),
                .tell(canTake: true, isTold: false),
            ]
        ),
        (
            "a client that asked for nothing", false,
            [.change(isNews: false), .tell(canTake: true, isTold: false), .end(isFirst: true, cancels: false)]
        ),
    ]

    @Test(arguments: lives.indices)
    func eachEventHasItsConsequence(row: Int) {
        let (what, hearsOfChanges, events) = Self.lives[row]
        var life = SubscriptionLife<Int>(hearsOfChanges: hearsOfChanges)
        let came = events.map { event -> Event in
            switch event {
            case .change:
                return .change(isNews: life.change())
            case .opened:
                return .opened(cancels: life.opened(until: 7) == 7)
            case .tell(let canTake, _):
                return .tell(canTake: canTake, isTold: life.tell(canTake: canTake))
            case .end:
                let end = life.end()
                return .end(isFirst: end != nil, cancels: end?.timer == 7)
            }
        }
        #expect(came == events, "\(what)")
    }
}
