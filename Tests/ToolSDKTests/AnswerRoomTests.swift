// Answers begin with the room that the one before took: whatever that was, they are whole.

import JSONSchema
import Testing

@testable import ToolSDK

struct AnswerRoomTests {
    @Test func answersAreWholeWhateverTheOneBeforeWas() {
        let room = AnswerRoom()
        for length in [0, 10_000, 0, 1, 255, 256, 257, 320, 321, 5_000, 6_249, 6_250, 6_251, 3] {
            let text = String(repeating: "t", count: length)
            #expect(room.encode { $0.string(text) } == Array("\"\(text)\"".utf8))
        }
    }

    @Test func elementsAreLentInOrder() {
        var seen: [String] = []
        ["one", "two", "three"].span.lendEach { seen.append($0) }
        #expect(seen == ["one", "two", "three"])
        [String]().span.lendEach { _ in Issue.record("there is nothing to lend") }
    }
}
