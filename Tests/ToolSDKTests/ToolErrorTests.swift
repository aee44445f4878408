// Errors: one kind for each status of the contract, and times that fit the contract's milliseconds.

import Testing
import ToolABI

@testable import ToolSDK

@Suite struct ToolErrorTests {
    @Test func everyKindHasAStatusOfItsOwn() {
        let statuses = ToolError.Kind.allCases.map { ToolError($0, "m").status }
        #expect(Set(statuses).count == statuses.count)
        let all = [
            TOOL_E_INVALID, TOOL_E_DENIED, TOOL_E_NOT_FOUND, TOOL_E_CONFLICT, TOOL_E_BUSY, TOOL_E_CANCELLED,
            TOOL_E_DEADLINE, TOOL_E_UNSUPPORTED, TOOL_E_TOO_LARGE, TOOL_E_UNAVAILABLE, TOOL_E_INTERNAL,
        ]
        #expect(statuses == all)
    }

    @Test func shorthandsMakeTheirKind() {
        let made: [ToolError] = [
            .invalid("m"), .denied("m"), .notFound("m"), .conflict("m"), .busy("m"), .cancelled("m"), .deadline("m"),
            .unsupported("m"), .tooLarge("m"), .unavailable("m"), .internal("m"),
        ]
        #expect(made.map(\.kind) == ToolError.Kind.allCases)
        #expect(ToolError.busy("m", retryAfter: .seconds(2)).retryAfter == .seconds(2))
        #expect("\(ToolError.notFound("No such thing."))" == "notFound: No such thing.")
    }

    @Test(arguments: [
        (Duration.zero, UInt32(0)), (.seconds(-1), 0), (.nanoseconds(1), 1), (.milliseconds(1500), 1500),
        (.microseconds(1_000_001), 1001), (.seconds(Int64.max), .max), (.seconds(5_000_000), .max),
    ])
    func timesFitMilliseconds(duration: Duration, expected: UInt32) {
        #expect(duration.wholeMilliseconds == expected)
    }

    @Test(arguments: [
        (Duration.seconds(2), Int64(2_000_000_000)), (.seconds(Int64.max), .max), (.seconds(Int64.min), .min),
        (.nanoseconds(-5), -5),
    ])
    func timesFitNanoseconds(duration: Duration, expected: Int64) {
        #expect(duration.wholeNanoseconds == expected)
    }
}
