// The end of a request in the numbers of tool_http.h.

import HostLanes
import HostOutbound
import NIOCore
import ToolABI

extension ResponseHead {
    public init(_ outcome: OutboundOutcome) {
        switch outcome {
        case .reply(let reply):
            self.init(
                status: TOOL_OK, httpStatus: UInt32(clamping: reply.status),
                retryAfter: Self.milliseconds(reply.retryAfter), fields: OutboundFields.shown(reply.fields))
        case .failure(let failure):
            self.init(
                status: failure.kind.status, flags: failure.mayHaveLeft ? 0 : TOOL_HTTP_UNSENT,
                retryAfter: Self.milliseconds(failure.retryAfter), message: failure.message)
        }
    }

    private static func milliseconds(_ time: TimeAmount?) -> UInt32 {
        UInt32(clamping: (time ?? .zero).nanoseconds / 1_000_000)
    }
}

extension OutboundOutcome {
    /// The bytes of the answer's body, while the closure runs.
    func withBody<Result>(_ use: (UnsafeRawBufferPointer) -> Result) -> Result {
        guard case .reply(let reply) = self else { return unsafe use(UnsafeRawBufferPointer(start: nil, count: 0)) }
        return unsafe reply.body.withUnsafeReadableBytes(use)
    }
}

extension OutboundFailure.Kind {
    var status: tool_status {
        switch self {
        case .unavailable: TOOL_E_UNAVAILABLE
        case .deadline: TOOL_E_DEADLINE
        case .cancelled: TOOL_E_CANCELLED
        case .tooLarge: TOOL_E_TOO_LARGE
        case .invalid: TOOL_E_INVALID
        case .denied: TOOL_E_DENIED
        case .busy: TOOL_E_BUSY
        }
    }
}
