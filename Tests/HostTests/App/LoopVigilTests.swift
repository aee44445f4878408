// When a loop counts as stuck and when it is given up: steps in, verdicts out.

import Testing

@testable import HostApp
@testable import HostBase

@Suite("LoopVigil") struct LoopVigilTests {
    private func verdicts(_ signs: String) -> String {
        var vigil = LoopVigil(patience: 4, limit: 8)
        return signs.map { sign in
            switch vigil.step(hasMoved: sign == "m", sign == "-" ? .had : sign == "d" ? .hindered : .none) {
            case .none: "."
            case .stuck: "S"
            case .moves: "M"
            case .hopeless: "H"
            }
        }.joined()
    }

    @Test(
        "Each step leads to one verdict",
        arguments: [
            // m: it moved; -: it did not; d: it was hindered; x: it could not.
            ("mmmmmmmm", "........"),
            ("m---m---", "........"),
            ("----", "...S"),
            ("--------", "...S...H"),
            ("-----m----", "...S.M...S"),
            ("xxxxxxxxxxxxxxxx", "................"),
            ("--xxxxxx--", ".........S"),
            ("-x-x-x-x-x-x-x-x", "......S.......H."),
            ("dddddddddddddddddddddddd", "...........S...........H"),
            ("---ddd", ".....S"),
            // Given up, and still asked, as while the host stops; then it moves after all, and hangs once more.
            ("----------m---", "...S...HHHM..."),
            ("--------mm----", "...S...HM....S"),
            // A sign counts whatever kept the loop, and forgets the steps before it, thirds of them included.
            ("---dm---dd", ".........."),
            ("-----xxm", "...S...M"),
            // What is stuck stays so while it cannot move, and is given up where it left off.
            ("----xxxx----", "...S.......H"),
            ("----ddddddddddddm", "...S...........HM"),
        ])
    func table(_ signs: String, _ expected: String) {
        #expect(verdicts(String(signs.prefix(expected.count))) == expected)
    }

    @Test("It counts as stuck from the verdict until it moves")
    func isStuck() {
        var vigil = LoopVigil(patience: 2, limit: 9)
        _ = vigil.step(hasMoved: false, .had)
        #expect(!vigil.isStuck)
        _ = vigil.step(hasMoved: false, .had)
        #expect(vigil.isStuck)
        _ = vigil.step(hasMoved: true, .had)
        #expect(!vigil.isStuck)
    }
}

@Suite("ThreadProgress") struct ThreadProgressTests {
    @Test("A line of /proc is read behind the name, which may hold anything")
    func line() {
        let line = "4242 (a) S 1 (b) R 1 1 1 0 -1 4194624 100 0 7 0 30 12 0 0 20 0 9 0 100 1000 100"
        #expect(ThreadProgress(line: line) == ThreadProgress(state: "R", majorFaults: 7, processorTime: 42))
        #expect(ThreadProgress(line: "") == nil)
        #expect(ThreadProgress(line: "4242 (a) R 1 1") == nil)
    }

    @Test("This very thread is known, and not traced")
    func own() throws {
        let now = try #require(ThreadProgress(line: ProcessFile.text("/proc/thread-self/stat")))
        #expect(now.state == "R")
        #expect(!ThreadProgress.isTraced)
        #expect(ThreadProgress.ofThread(0) == nil)
    }

    @Test(
        "A thread had its chance where it waited or ran, and nothing was read from a disk for it",
        arguments: [
            (ThreadProgress(state: "S"), ThreadProgress(state: "S"), LoopVigil.Chance.had),
            (
                ThreadProgress(state: "R", processorTime: 5), ThreadProgress(state: "R", processorTime: 6),
                LoopVigil.Chance.had
            ),
            // It wanted to run and did not get to.
            (
                ThreadProgress(state: "R", processorTime: 5), ThreadProgress(state: "R", processorTime: 5),
                LoopVigil.Chance.hindered
            ),
            (
                ThreadProgress(state: "S", majorFaults: 1), ThreadProgress(state: "S", majorFaults: 2),
                LoopVigil.Chance.none
            ),
            (ThreadProgress(state: "S"), ThreadProgress(state: "D"), LoopVigil.Chance.hindered),
            (ThreadProgress(state: "S"), ThreadProgress(state: "T"), LoopVigil.Chance.none),
            (ThreadProgress(state: "R"), ThreadProgress(state: "t", processorTime: 9), LoopVigil.Chance.none),
        ])
    func chance(_ earlier: ThreadProgress, _ now: ThreadProgress, _ expected: LoopVigil.Chance) {
        #expect(now.chance(since: earlier) == expected)
    }
}
