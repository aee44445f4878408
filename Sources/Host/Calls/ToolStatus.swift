// How calls end that do not succeed: by the statuses of the ABI, or by the end of their pack's process.

import ToolABI

/// How a call that did not succeed ended.
public enum ToolStatus: Sendable, Hashable {
    case invalid, denied, notFound, conflict, busy, cancelled, deadline, unsupported, tooLarge, unavailable, `internal`
    /// The pack's process ended with the call on its way.
    case packCrashed
    /// The pack's process used up more than it may, and was ended with the call on its way.
    case packOverLimit
    /// The pack's process is started anew.
    case packRestarting
    /// The pack's process ended so often that it is not started any more.
    case packFailed
    /// The tool ended its pack's process so often that it is kept from doing so.
    case toolQuarantined

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
        case .packCrashed: "pack_crashed"
        case .packOverLimit: "pack_over_limit"
        case .packRestarting: "pack_restarting"
        case .packFailed: "pack_failed"
        case .toolQuarantined: "tool_quarantined"
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

    /// As whole seconds, at least one.
    public var retryAfterSeconds: Int { max(1, (Int(retryAfterMilliseconds) + 999) / 1000) }

    /// When to come again, as a sentence.
    public static func advice(seconds: String) -> String { "Try again in \(seconds) s." }

    /// Bytes that are known to be one JSON value.
    public struct JSONText: Sendable {
        public var bytes: [UInt8]
    }
}
