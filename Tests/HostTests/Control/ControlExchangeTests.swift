// One request and one answer within bounds, however the bytes are cut.

import NIOCore
import Testing

@testable import HostBase
@testable import HostControl

@Suite struct ControlExchangeTests {
    private static let longest = [UInt8](repeating: 65, count: ControlExchange.longestRequest)
    private let key: ControlKey
    /// What a peer sends first.
    private let keyLine: [UInt8]

    init() throws {
        let state = try TemporaryFolder()
        key = try ControlKey(making: HostFolder.take(in: state.path))
        keyLine = key.text + [10]
    }

    @Test(
        arguments: [
            ([[104, 105, 10]], [.request([104, 105])]), ([[104], [105, 10, 99]], [.none, .request([104, 105])]),
            ([[10]], [.request([])]), ([longest, [10]], [.none, .request(longest)]), ([longest + [65]], [.tooLarge]),
            ([longest, [65, 10]], [.none, .tooLarge]),
        ] as [([[UInt8]], [ControlExchange.Event])])
    func aRequestIsALine(pieces: [[UInt8]], events: [ControlExchange.Event]) {
        var exchange = ControlExchange(key, at: .now())
        let isKnown = exchange.received(keyLine[...])
        #expect(isKnown == .none)
        let seen = pieces.map { exchange.received($0[...]) }
        #expect(seen == events)
    }

    @Test func theKeyComesFirstHoweverItIsCut() {
        for cut in 0...keyLine.count {
            var exchange = ControlExchange(key, at: .now())
            let first = exchange.received(keyLine[..<cut])
            let second = exchange.received(keyLine[cut...] + [104, 105, 10])
            #expect(first == .none && second == .request([104, 105]))
        }
    }

    @Test func aStrangerIsKnownAtTheEndOfTheFirstLineOrBeyondTheLengthOfAKey() {
        let same = [UInt8](repeating: 65, count: key.text.count)
        for (line, event) in [
            ([10], .stranger), (same, .none), (same + [65], .stranger), (same + [10], .stranger),
            (key.text.dropLast() + [10], .stranger), (key.text + [13, 10], .stranger),
        ] as [([UInt8], ControlExchange.Event)] {
            var exchange = ControlExchange(key, at: .now())
            let seen = exchange.received(line[...])
            #expect(seen == event)
        }
        var exchange = ControlExchange(key, at: .now())
        _ = exchange.received(key.text[...])
        #expect(exchange.ended() == .stranger, "a key is a line, and no request")
    }

    @Test func theEndMayStandForTheEndOfTheLine() {
        var exchange = ControlExchange(key, at: .now())
        #expect(exchange.ended() == .gone)
        _ = exchange.received(keyLine[...])
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
        var exchange = ControlExchange(key, at: start)
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
