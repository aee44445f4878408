// What is kept for sets of tools: no more than a limit says.

import Testing

@testable import HostDocuments

@Suite struct KeptSetsTests {
    @Test func oneSetGoesForEachThatComes() {
        var sets = KeptSets<Int, String>(limit: 3)
        for key in 0..<8 {
            sets.keep("\(key)", for: key)
            #expect(sets[key] == "\(key)")
            #expect((0...key).filter { sets[$0] != nil }.count == min(key + 1, 3))
        }
        // One that is there already drives out none.
        let kept = (0..<8).filter { sets[$0] != nil }
        sets.keep("again", for: kept[0])
        #expect(kept.map { sets[$0] != nil } == [true, true, true])
        #expect(sets[kept[0]] == "again")
    }
}
