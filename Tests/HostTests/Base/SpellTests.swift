// What comes and goes is told when it begins and when it is over, and not in between.

import NIOCore
import Testing

@testable import HostBase

@Suite struct SpellTests {
    private func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(1_000_000_000_000) + .seconds(seconds) }

    @Test func onlyTheFirstTimeIsNews() {
        var spell = Spell(quiet: .seconds(5))
        let news = [0, 1, 4].map { spell.met(at($0)) }
        #expect(news == [true, false, false])
    }

    @Test func itIsOverAfterAQuietTime() {
        var spell = Spell(quiet: .seconds(5))
        _ = [0, 1, 4].map { spell.met(at($0)) }
        let early = spell.looked(at(8))
        #expect(early == nil && spell.isOn)
        let end = spell.looked(at(9))
        #expect(end == Spell.Summary(times: 3, duration: .seconds(4)))
        let again = spell.looked(at(20))
        #expect(again == nil && !spell.isOn)
        let news = spell.met(at(21))
        #expect(news)
    }

    @Test func whatFlickersIsOne() {
        var spell = Spell(quiet: .seconds(5))
        var told = 0
        for second in 0..<60 {
            if second % 4 == 0, spell.met(at(Int64(second))) { told += 1 }
            if spell.looked(at(Int64(second))) != nil { told += 1 }
        }
        #expect(told == 1)
    }
}
