// A record that serves one call after the other: answers are whole, nobody's is written over, and nothing stays behind.

import JSON
import Testing
import ToolABI

@testable import ToolSDK

@Suite struct SpareRecordsTests {
    let spares = SpareRecords(host: TestHost().link)

    /// Answers a call with a text, and hands the answer over as a pack does.
    private func handOver(_ text: String) -> tool_bytes {
        let reference = unsafe spares.take()
        unsafe reference._withUnsafeGuaranteedRef { record in
            var writer = record.makeWriter()
            writer.string(text)
            record.keep(&writer)
        }
        return unsafe tool_bytes.handingOver(answerOf: reference)
    }

    private func read(_ bytes: tool_bytes) -> String {
        unsafe String(decoding: UnsafeBufferPointer(start: bytes.data, count: Int(bytes.size)), as: UTF8.self)
    }

    private func release(_ bytes: tool_bytes) {
        unsafe bytes.release?(bytes.owner, bytes.data, bytes.size)
    }

    @Test func answersAreWholeWhateverTheOneBeforeWas() {
        for length in [0, 10_000, 0, 1, 255, 256, 257, 100_000, 320, 321, 5_000, 6_249, 65_536, 6_251, 3] {
            let text = String(repeating: "t", count: length)
            let bytes = unsafe handOver(text)
            let answer = unsafe read(bytes)
            #expect(answer == "\"\(text)\"")
            unsafe release(bytes)
        }
    }

    @Test func whatTheHostStillReadsIsLeftAlone() {
        let first = unsafe handOver("first")
        let second = unsafe handOver("second")
        let isApart = unsafe first.owner != second.owner && first.data != second.data
        #expect(isApart)
        unsafe release(second)
        let third = unsafe handOver("third, which is longer")
        let answers = unsafe [read(first), read(third)]
        #expect(answers == ["\"first\"", "\"third, which is longer\""])
        let isSame = unsafe third.owner == second.owner
        #expect(isSame)
        unsafe release(first)
        unsafe release(third)
    }

    @Test func aRecordThatSomebodyHoldsServesNoOtherCall() {
        let bytes = unsafe handOver("first")
        guard let address = unsafe bytes.owner else {
            Issue.record("there is no owner")
            return
        }
        let held = unsafe Unmanaged<CallRecord>.fromOpaque(address).takeUnretainedValue()
        unsafe release(bytes)
        let isOther = withExtendedLifetime(held) { unsafe spares.take().takeRetainedValue() !== held }
        #expect(isOther)
    }

    /// Records refer to the spare ones and these to records.
    @Test func nothingStaysWhenItIsClosed() {
        let (waiting, lent) = unsafe (handOver("waiting"), handOver("lent"))
        weak let first = unsafe waiting.owner.map { unsafe Unmanaged<CallRecord>.fromOpaque($0).takeUnretainedValue() }
        weak let second = unsafe lent.owner.map { unsafe Unmanaged<CallRecord>.fromOpaque($0).takeUnretainedValue() }
        unsafe release(waiting)
        #expect(first != nil && second != nil)
        spares.close()
        #expect(first == nil && second != nil)
        unsafe release(lent)
        #expect(second == nil)
    }

    @Test func noMoreThanTheLimitWait() {
        let all = unsafe (0...SpareRecords.limit).map { unsafe handOver("\($0)") }
        let owners = unsafe all.map { unsafe UInt(bitPattern: $0.owner) }
        for index in owners.indices { unsafe release(all[index]) }
        #expect(Set(owners).count == SpareRecords.limit + 1)
        let again = (0..<SpareRecords.limit).map { _ in unsafe spares.take().takeRetainedValue() }
        let known = again.map { unsafe UInt(bitPattern: Unmanaged.passUnretained($0).toOpaque()) }
        #expect(Set(known) == Set(owners.dropLast()))
    }

    @Test func callsAtTheSameTimeGetTheirOwnAnswers() async throws {
        let pack = try LoadedPack(SamplePack.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<8 {
                group.addTask {
                    for call in 0..<200 {
                        let arguments = #"{"text":"\#(caller)-\#(call)","count":3}"#
                        let answer = try pack.invoke("echo", arguments).content
                        #expect(answer == arguments)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func elementsAreLentInOrder() {
        var seen: [String] = []
        ["one", "two", "three"].span.lendEach { seen.append($0) }
        #expect(seen == ["one", "two", "three"])
        [String]().span.lendEach { _ in Issue.record("there is nothing to lend") }
    }
}
