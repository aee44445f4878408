// The line that stands for those that are missing.

import Glibc
import Testing

@testable import HostBase

@Suite struct LostLinesTests {
    private let time = Timestamp(seconds: 1_769_903_999, milliseconds: 7)

    @Test func theNoteHasTheFormOfEveryLine() {
        var lost = LostLines()
        lost.add(dropped: 3)
        #expect(
            String(decoding: lost.note(.json, at: time), as: UTF8.self)
                == #"{"time":"2026-01-31T23:59:59.007Z","level":"warning","message":"log lines dropped","lines":3,"#
                + #""reason":"they came faster than they were read"}"# + "\n")
        #expect(
            String(decoding: lost.note(.text, at: time), as: UTF8.self)
                == "2026-01-31T23:59:59.007Z warning log lines dropped lines=3 "
                + "reason=they came faster than they were read\n")
    }

    @Test func aLineWhoseEndIsMissingIsLost() {
        var lost = LostLines()
        lost.add(dropped: 0)
        lost.add(unwritten: Array("st of one\nanother\n".utf8)[...], by: ENOSPC)
        #expect(lost.count == 2)
        #expect(String(decoding: lost.note(.text, at: time), as: UTF8.self).contains("reason=No space left on device"))
    }
}
