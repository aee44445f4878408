// What a trial tells arrives whole, and nothing else is taken for it.

import JSON
import Testing

@testable import HostEngines
@testable import HostPacks

@Suite struct TrialRecordTests {
    private let record = TrialRecord(nonce: Array(1...16))
    private let content = Array("what it describes".utf8)

    @Test func whatIsWrittenIsRead() {
        #expect(record.reading(record.bytes(content)) == .complete(content))
        #expect(record.reading(record.bytes([])) == .complete([]))
    }

    @Test func aPartIsWaitedFor() {
        let bytes = record.bytes(content)
        for count in 0..<bytes.count { #expect(record.reading(Array(bytes[..<count])) == .incomplete) }
    }

    @Test func whatFollowsIsNotRead() {
        #expect(record.reading(record.bytes(content) + [1]) == .complete(content))
    }

    @Test func everyByteCounts() {
        let bytes = record.bytes(content)
        for index in bytes.indices {
            var other = bytes
            other[index] ^= 0x10
            switch record.reading(other) {
            case .complete: Issue.record("byte \(index) makes no difference")
            // Its size is among the bytes: more of it might come.
            case .incomplete, .foreign, .tooLarge: break
            }
        }
    }

    @Test func whatAPackWritesIsForeignAtOnce() {
        for text in ["x", "trial/1\nx", "trial/2\n", "{\"described\":{}}", "\0"] {
            #expect(record.reading(Array(text.utf8)) == .foreign)
        }
        #expect(record.reading([UInt8(ascii: "\n")] + record.bytes(content)) == .foreign)
    }

    @Test func whatAnotherTrialWroteIsForeign() {
        let other = TrialRecord(nonce: Array(2...17))
        #expect(record.reading(other.bytes(content)) == .foreign)
    }

    @Test func moreThanAnyPackDescribesIsNotWaitedFor() {
        var bytes = record.bytes(content)
        bytes[24 + 7] = 1
        #expect(record.reading(bytes) == .tooLarge)
    }
}

@Suite struct PackDescriptionTests {
    private let description = PackDescription.sample

    @Test func itIsTheSameInAnotherProcess() throws {
        let content = PackTrial.Content.described(description)
        #expect(PackTrial.Content(content.json.bytes()) == content)
        let refusal = PackTrial.Content.refused("exports no \"table\"\u{0}")
        #expect(PackTrial.Content(refusal.json.bytes()) == refusal)
    }

    @Test(arguments: ["", "[]", "{}", #"{"described":{}}"#, #"{"described":{"id":"a","tools":[{}]}}"#, "nonsense"])
    func anythingElseIsNone(text: String) {
        #expect(PackTrial.Content(Array(text.utf8)) == nil)
    }

    @Test func aMemberThatIsMissingIsNotMadeUp() throws {
        let json = description.json
        for name in try #require(json.object).map(\.key) {
            var other = try #require(json.object)
            other[name] = nil
            #expect(PackDescription(json: .object(other)) == nil, "\(name)")
        }
    }
}

extension PackDescription {
    fileprivate static let sample: PackDescription = {
        let tool = RawToolDescriptor(
            flags: .max, name: "a_tool", title: "Ä\u{0}", summary: "e\u{301} and é", description: "\u{10FFFF}\"\\",
            inputSchema: "{}", outputSchema: "not JSON", meta: "", scopes: ["a", ""], timeoutMilliseconds: .max,
            maxConcurrency: 0, maxResultBytes: .max)
        let identity = PackIdentity(
            id: "a", version: "1", description: "\n", abi: "1.0", configSchema: "{}", toolCount: 2)
        return PackDescription(
            identity: identity, tools: [.described(tool), .unreadable(field: "tools[1]", reason: "is NULL")])
    }()
}
