// Which tool is kept out for what a pack's process did: the one that did it, and others as seldom as can be.

import NIOCore
import Testing

@testable import HostCalls

@Suite struct ToolQuarantineTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    /// An end of the process is written as the tools that were inside, each a letter, a capital for the culprit where
    /// that is known; `-` where nothing was. A number lets so many minutes pass. What is told are the tools that are
    /// kept out after each end that changed something.
    @Test(arguments: [
        // Known three times, or alone three times: that tool, and no other.
        ("A A A", "a"), ("a a a", "a"), ("Ab Abc A", "a"), ("a A aa", "a"), ("a a", ""), ("A b A", ""),
        // The crashing thread speaks louder than who was there.
        ("aB aB aB", "b"), ("aaaB aB B", "b"),
        // It was there each time, others came by.
        ("ab ac ad", "a"), ("ab a ac", "a"), ("abc ab a", "a"), ("abcd abce abf", ""), ("abcd abce abf abg", "ab"),
        // Two that were there each time: a fourth time, and both.
        ("ab ab ab", ""), ("ab ab ab ab", "ab"), ("ab ab ab a", "a"), ("ab ab A ab", "a"), ("ab bc ca", ""),
        // What one did alone speaks against it where it was with others.
        ("a ab ab", "a"), ("A bA ab", "a"),
        // After somebody was found out, the ends that were his count against nobody.
        ("ab ab a b b", "a"), ("ab ab a b b b", "a b"), ("ab ab ab ab bc bd b", "ab b"),
        // What is ten minutes ago does not count.
        ("a a 9 a", "a"), ("a a 10 a", ""), ("a 5 a 5 a", ""), ("a 4 a 5 a", "a"),
        // Nobody was inside: nobody's doing.
        ("- - - -", ""), ("a - a - a", "a"),
    ])
    func accused(_ events: String, _ told: String) {
        var quarantine = ToolQuarantine()
        var now = start
        var words: [String] = []
        for event in events.split(separator: " ") {
            if let minutes = Int64(event) {
                now = now + .minutes(minutes)
                continue
            }
            let names = event == "-" ? [] : event.map { $0.lowercased() }
            let culprit = event.first(where: \.isUppercase).map { $0.lowercased() }
            let accused = quarantine.packEnded(inside: names, culprit: culprit, at: now)
            if !accused.isEmpty { words.append(accused.joined()) }
        }
        #expect(words.joined(separator: " ") == told)
    }

    private func quarantine(_ tools: String...) -> ToolQuarantine {
        var quarantine = ToolQuarantine()
        for tool in tools {
            for _ in 0..<3 { _ = quarantine.packEnded(inside: [tool], culprit: nil, at: start) }
        }
        return quarantine
    }

    @Test func othersAreLetInMeanwhile() {
        var quarantine = ToolQuarantine()
        #expect(!quarantine.isTroubled)
        #expect(quarantine.admit("a", at: start) == .enter)
        quarantine = self.quarantine("a")
        #expect(quarantine.isTroubled && quarantine.quarantined == ["a": start + .minutes(10)])
        #expect(quarantine.admit("b", at: start) == .enter)
        #expect(quarantine.admit("a", at: start) == .refuse(retryAfter: .minutes(10)))
        #expect(
            quarantine.admit("a", at: start + .minutes(10) - .nanoseconds(1)) == .refuse(retryAfter: .nanoseconds(1)))
    }

    @Test func oneCallIsLetInAfterTenMinutes() {
        var quarantine = quarantine("a")
        let due = start + ToolQuarantine.pause
        #expect(quarantine.admit("a", at: due) == .trial)
        #expect(quarantine.admit("a", at: due) == .refuse(retryAfter: .seconds(1)))
        // It failed, and the pack is still there: another one.
        #expect(quarantine.trialEnded("a", succeeded: false) == false)
        #expect(quarantine.admit("a", at: due) == .trial)
        #expect(quarantine.trialEnded("a", succeeded: true) == true)
        #expect(!quarantine.isTroubled)
        #expect(quarantine.admit("a", at: due) == .enter)
        // It is like any other tool again.
        #expect(quarantine.packEnded(inside: ["a"], culprit: nil, at: due) == [])
    }

    @Test func whoBringsThePackDownOnTrialIsKeptOutAgain() {
        // Alone, among others, with a call that is not inside any more, and named by the crashing thread.
        for (inside, culprit) in [(["a"], nil), (["a", "b", "c"], nil), ([], nil), (["b"], "a")]
            as [([String], String?)]
        {
            var quarantine = quarantine("a")
            let due = start + ToolQuarantine.pause
            _ = quarantine.admit("a", at: due)
            #expect(quarantine.packEnded(inside: inside, culprit: culprit, at: due) == ["a"])
            #expect(quarantine.admit("a", at: due) == .refuse(retryAfter: ToolQuarantine.pause))
            #expect(quarantine.admit("a", at: due + ToolQuarantine.pause) == .trial)
        }
    }

    @Test func aTrialThatAnotherOneEndsIsRepeated() {
        for culprit in ["b", nil] {
            var quarantine = quarantine("a")
            let due = start + ToolQuarantine.pause
            _ = quarantine.admit("a", at: due)
            #expect(quarantine.packEnded(inside: ["b"], culprit: culprit, at: due) == [])
            #expect(quarantine.admit("a", at: due) == .trial)
        }
    }

    @Test func aTrialThatSomebodyOutsideEndsIsRepeated() {
        var quarantine = quarantine("a")
        let due = start + ToolQuarantine.pause
        _ = quarantine.admit("a", at: due)
        quarantine.packWasKilled()
        #expect(quarantine.trialEnded("a", succeeded: true) == false)
        #expect(quarantine.quarantined == ["a": due])
        #expect(quarantine.admit("a", at: due) == .trial)
    }

    @Test func oneToolAtATimeIsOnTrial() {
        var quarantine = quarantine("a", "b")
        let due = start + ToolQuarantine.pause
        #expect(quarantine.admit("a", at: due) == .trial)
        #expect(quarantine.admit("b", at: due) == .refuse(retryAfter: .seconds(1)))
        // Nothing is heard of it.
        #expect(quarantine.admit("b", at: due + ToolQuarantine.patience) == .trial)
        // The late end of a trial that was given up.
        #expect(quarantine.trialEnded("a", succeeded: true) == false)
        #expect(quarantine.trialEnded("b", succeeded: true) == true)
        #expect(quarantine.quarantined.keys.sorted() == ["a"])
    }

    @Test func aNewPackBeginsAnew() {
        var quarantine = quarantine("b", "a")
        _ = quarantine.packEnded(inside: ["c"], culprit: nil, at: start)
        _ = quarantine.packEnded(inside: ["c"], culprit: nil, at: start)
        #expect(quarantine.clear() == ["a", "b"])
        #expect(!quarantine.isTroubled)
        #expect(quarantine.packEnded(inside: ["c"], culprit: nil, at: start) == [])
        #expect(quarantine.clear() == [])
    }

    @Test func onlySoManyEndsAreRemembered() {
        var quarantine = ToolQuarantine()
        _ = quarantine.packEnded(inside: ["a"], culprit: nil, at: start)
        _ = quarantine.packEnded(inside: ["a"], culprit: nil, at: start)
        for number in 0..<ToolQuarantine.endLimit {
            _ = quarantine.packEnded(inside: ["t\(number)"], culprit: nil, at: start)
        }
        #expect(quarantine.packEnded(inside: ["a"], culprit: nil, at: start) == [])
    }
}
