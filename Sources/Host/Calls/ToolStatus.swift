// The statuses of the ABI in Swift.

import ToolABI

/// How a call that did not succeed ended.
public enum ToolStatus: Sendable, Hashable {
    case invalid, denied, notFound, conflict, busy, cancelled, deadline, unsupported, tooLarge, unavailable, `internal`

    /// `nil` for `TOOL_OK`. Everything the ABI does not name, and what makes no sense as an end, is `internal`.
    init?(_ status: tool_status) {
        switch status {
        case TOOL_OK: return nil
        case TOOL_E_INVALID: self = .invalid
        case TOOL_E_DENIED: self = .denied
        case TOOL_E_NOT_FOUND: self = .notFound
        case TOOL_E_CONFLICT: self = .conflict
        case TOOL_E_BUSY: self = .busy
        case TOOL_E_CANCELLED: self = .cancelled
        case TOOL_E_DEADLINE: self = .deadline
        case TOOL_E_UNSUPPORTED: self = .unsupported
        case TOOL_E_TOO_LARGE: self = .tooLarge
        case TOOL_E_UNAVAILABLE: self = .unavailable
        default: self = .internal
        }
    }

    /// A short name for logs and for the `code` of a problem document.
    public var code: String {
        switch self {
        case .invalid: "invalid"
        case .denied: "denied"
        case .notFound: "not_found"
        case .conflict: "conflict"
        case .busy: "busy"
        case .cancelled: "cancelled"
        case .deadline: "deadline"
        case .unsupported: "unsupported"
        case .tooLarge: "too_large"
        case .unavailable: "unavailable"
        case .internal: "internal"
        }
    }
}

/// How a call ended, before REST or MCP puts it into its own form.
public enum CallOutcome: Sendable {
    /// JSON that fits the tool's output schema.
    case success(ResultText)
    case failure(CallFailure)
}

/// A call that did not succeed.
public struct CallFailure: Error, Sendable {
    public var status: ToolStatus
    /// For the caller.
    public var message: String
    /// A JSON object that explains, from the pack.
    public var details: JSONText?
    public var retryAfterMilliseconds: UInt32 = 0
    /// Whether the caller may simply call again. Not when a tool that changes something could not say what became of
    /// it.
    public var mayBeRepeated = true

    /// Bytes that are known to be one JSON value.
    public struct JSONText: Sendable {
        public var bytes: [UInt8]
    }
}
