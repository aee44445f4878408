// The mapping of ABI statuses, as the header states it.

import NIOHTTP1
import Testing
import ToolABI

@testable import HostCalls
@testable import HostHTTP

@Suite struct ToolStatusTests {
    private static let expected: [(tool_status, UInt)] = [
        (TOOL_E_INVALID, 422), (TOOL_E_DENIED, 403), (TOOL_E_NOT_FOUND, 404), (TOOL_E_CONFLICT, 409),
        (TOOL_E_BUSY, 503), (TOOL_E_CANCELLED, 503), (TOOL_E_DEADLINE, 504), (TOOL_E_UNSUPPORTED, 501),
        (TOOL_E_TOO_LARGE, 413), (TOOL_E_UNAVAILABLE, 503), (TOOL_E_GONE, 500), (TOOL_E_INTERNAL, 500),
        (tool_status(-99), 500), (tool_status(7), 500), (TOOL_PENDING, 500),
    ]

    @Test(arguments: expected)
    func everyStatusHasOneHTTPStatus(status: tool_status, code: UInt) {
        #expect(ToolStatus(status)?.httpStatus.code == code)
    }

    @Test func successIsNoFailure() {
        #expect(ToolStatus(TOOL_OK) == nil)
    }
}
