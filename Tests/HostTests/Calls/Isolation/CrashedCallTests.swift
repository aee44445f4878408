// What callers are told whose pack's process is gone, over REST and over MCP.

import HostTools
import JSON
import NIOCore
import NIOHTTP1
import Testing

@testable import HostCalls
@testable import HostDocuments
@testable import HostHTTP
@testable import HostMCP
@testable import HostSandbox

@Suite struct CrashedCallTests {
    private static func hints(readOnly: Bool, idempotent: Bool) -> ToolHints {
        ToolHints(isReadOnly: readOnly, isDestructive: false, isIdempotent: idempotent, isOpenWorld: false)
    }

    private static let middle = "The process of this tool's pack ended in the middle of this call. "
    private static let keyed =
        middle + "Whether it was done is not known: repeat the same call with the same Idempotency-Key, never without "
        + "it."
    private static let reads = hints(readOnly: true, idempotent: false)
    private static let repeats = hints(readOnly: false, idempotent: true)
    private static let writes = hints(readOnly: false, idempotent: false)

    @Test(arguments: [
        (reads, false, middle + "Nothing was changed, since this tool only reads: call again."),
        (reads, true, middle + "Nothing was changed, since this tool only reads: call again."),
        (writes, true, keyed),
        (repeats, true, keyed),
        (
            repeats, false,
            middle
                + "Whether it was done is not known. The same call with the same arguments can be repeated: where it "
                + "was done, that changes nothing more."
        ),
        (writes, false, middle + "Whether it was done is not known: look before asking again."),
    ])
    func inTheMiddleOfACallItGoesByTheHints(hints: ToolHints, isKeyed: Bool, text: String) {
        let failure = CallFailure.packCrashed(hints, isKeyed: isKeyed)
        #expect(failure.message == text)
        #expect(failure.mayBeRepeated == !text.hasSuffix("look before asking again."))
    }

    private static let hungry = PackOverrun(.memory, bound: 96 << 20, seen: 99 << 20, policyFile: "orders.yaml")
    private static let busy = PackOverrun(.threads, bound: 40, seen: 99, policyFile: "orders.yaml")

    private static let watching = PackOverrun(.watches, bound: 1600, seen: 1700, policyFile: "orders.yaml")

    @Test(arguments: [
        (hungry, "memory", "may have 96MiB; its operator raises that by `memory:` in orders.yaml, or PACK_MEMORY. "),
        (busy, "threads", "may have 40; its operator raises that by `threads:` in orders.yaml, or PACK_THREADS. "),
        (
            watching, "of the system's room for watched descriptors",
            "may have 1600 of them watched; its operator raises that by `open_files:` in orders.yaml, or PACK_OPEN_FILES. "
        ),
    ])
    func whatItTookTooMuchOfIsSaid(overrun: PackOverrun, what: String, wayOut: String) {
        let failure = CallFailure.packOverLimit(overrun, Self.repeats, isKeyed: true)
        let event =
            "The process of this tool's pack took more \(what) than it may, and was ended in the middle of this call. It "
            + wayOut
        #expect(failure.message == event + Self.keyed.dropFirst(Self.middle.count) && failure.mayBeRepeated)
        #expect(!CallFailure.packOverLimit(overrun, Self.writes, isKeyed: false).mayBeRepeated)
    }

    /// Every failure of this kind, with its status and code, and when to come again.
    private static let failures: [(CallFailure, UInt, String, String?)] = [
        (.packCrashed(reads, isKeyed: false), 502, "pack_crashed", nil),
        (.packCrashed(writes, isKeyed: false), 502, "pack_crashed", nil),
        (.packOverLimit(hungry, reads, isKeyed: false), 502, "pack_over_limit", nil),
        (.packOverLimit(busy, writes, isKeyed: false), 502, "pack_over_limit", nil),
        (.packRestarting(retryAfter: .milliseconds(4001)), 503, "pack_restarting", "5"),
        (.packRestarting(retryAfter: .nanoseconds(1)), 503, "pack_restarting", "1"),
        (.packFailed, 503, "pack_failed", nil),
        (.toolQuarantined(retryAfter: .minutes(10)), 503, "tool_quarantined", "600"),
        (.toolQuarantined(retryAfter: .hours(24 * 365)), 503, "tool_quarantined", "4294968"),
    ]

    @Test(arguments: failures)
    func overREST(failure: CallFailure, status: UInt, code: String, retryAfter: String?) {
        let problem = Problem(failure)
        #expect(problem.status.code == status && problem.code == code && problem.detail == failure.message)
        #expect(problem.headers.first { $0.name == "retry-after" }?.value == retryAfter)
        let advice = retryAfter.map { " Try again in \($0) s." }
        #expect(advice.map { failure.message.hasSuffix("Nothing was done." + $0) } != false)
        #expect(failure.message.contains("Try again in") == (advice != nil))
    }

    @Test(arguments: failures)
    func overMCP(failure: CallFailure, status: UInt, code: String, retryAfter: String?) throws {
        let result = ToolResult(era: .modern, serverMeta: Array("{}".utf8), serverInfo: [:])
        let bytes = result.failure(Problem(failure), id: .integer(1), requestID: "r-1")
        let answer = try #require(try JSONValue(parsing: bytes)["result"])
        #expect(answer["isError"] == true)
        #expect(answer["content"]?[0]?["text"]?.string == failure.message)
        #expect(answer["_meta"]?[MetaKey.problem]?["code"]?.string == code)
        #expect(answer["_meta"]?[MetaKey.problem]?["status"]?.int64 == Int64(status))
    }

    /// Whoever may do something twice by it must not read that it should be done again.
    @Test func anOpenOutcomeInvitesNobody() {
        let text = CallFailure.packCrashed(Self.writes, isKeyed: false).message
        for word in ["try", "call again", "repeat"] { #expect(!text.lowercased().contains(word)) }
    }
}
