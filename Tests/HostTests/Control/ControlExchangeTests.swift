// One request and one answer within bounds, however the bytes are cut.

import NIOCore
import Testing

@testable import HostControl

@Suite struct ControlExchangeTests {
    private static let longest = [UInt8](repeating: 65, count: ControlExchange.longestRequest)

    @Test(
        arguments: [
            ([[104, 105, 10]], [.request([104, 105])]), ([[104], [105, 10, 99]], [.none, .request([104, 105])]),
            ([[10]], [.request([])]), ([longest, [10]], [.none, .request(longest)]), ([longest + [65]], [.tooLarge]),
            ([longest, [65, 10]], [.none, .tooLarge]),
        ] as [([[UInt8]], [ControlExchange.Event])])
    func aRequestIsALine(pieces: [[UInt8]], events: [ControlExchange.Event]) {
        var exchange = ControlExchange(at: .now())
        let seen = pieces.map { exchange.received($0[...]) }
        #expect(seen == events)
    }

    @Test func theEndMayStandForTheEndOfTheLine() {
        var exchange = ControlExchange(at: .now())
        #expect(exchange.ended() == .gone)
        _ = exchange.received([104, 105])
        #expect(exchange.ended() == .request([104, 105]))
        exchange.answer([1], at: .now())
        #expect(exchange.ended() == .gone)
        let more = exchange.received([10])
        #expect(more == .none, "there is one request")
    }

    @Test func eachHalfHasItsOwnTime() {
        let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
        var exchange = ControlExchange(at: start)
        _ = exchange.received([104])
        #expect(exchange.deadline == start + ControlExchange.patience, "bytes buy no time")
        exchange.answer([1, 2, 3], at: start + .seconds(2))
        #expect(exchange.deadline == start + .seconds(2) + ControlExchange.patience)
        let isAll = exchange.sent(2)
        #expect(!isAll && exchange.answer == [3])
        #expect(exchange.deadline == start + .seconds(2) + ControlExchange.patience)
        let isRest = exchange.sent(1)
        #expect(isRest)
    }
}
