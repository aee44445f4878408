// How a tool says no: one kind for every status of the contract, and what the caller should read.

import JSON
import ToolABI

/// An error that a caller is meant to see. Throw it from a tool; any other error counts as a fault of the pack, is
/// logged and kept from the caller. `CancellationError` counts as ``cancelled``.
public struct ToolError: Error, Sendable, Hashable {
    /// What went wrong, with the HTTP status that the host answers.
    public enum Kind: Sendable, Hashable, CaseIterable {
        /// 422: the arguments make no sense.
        case invalid
        /// 403: this caller may not.
        case denied
        /// 404: what the arguments name does not exist.
        case notFound
        /// 409: not in this state of things.
        case conflict
        /// 503: too much at once; try again.
        case busy
        /// 503: given up because nobody waits any more.
        case cancelled
        /// 504: ran out of time.
        case deadline
        /// 501: not in this deployment.
        case unsupported
        /// 413: more than can be handled.
        case tooLarge
        /// 503: something this tool needs is down.
        case unavailable
        /// 500: a fault of the pack. Message and details go to the log only.
        case `internal`
    }

    public var kind: Kind
    /// A sentence for the caller, which says the way out.
    public var message: String
    /// Explains the error to a program, for example with the current state after a conflict.
    public var details: JSONObject?
    /// When to try again; the host reads it for `busy` and `unavailable`. `nil`: the host's default.
    public var retryAfter: Duration?
    /// What `context.http` throws: not a byte of the request has left the host, so that nothing can have happened. The
    /// caller is not told; a tool says it in its message where that matters.
    public var isUnsent = false

    public init(_ kind: Kind, _ message: String, details: JSONObject? = nil, retryAfter: Duration? = nil) {
        self.kind = kind
        self.message = message
        self.details = details
        self.retryAfter = retryAfter
    }

    public static func invalid(_ message: String, details: JSONObject? = nil) -> ToolError {
        ToolError(.invalid, message, details: details)
    }

    public static func denied(_ message: String, details: JSONObject? = nil) -> ToolError {
        ToolError(.denied, message, details: details)
    }

    public static func notFound(_ message: String, details: JSONObject? = nil) -> ToolError {
        ToolError(.notFound, message, details: details)
    }

    public static func conflict(_ message: String, details: JSONObject? = nil) -> ToolError {
        ToolError(.conflict, message, details: details)
    }

    public static func busy(
        _ message: String, retryAfter: Duration? = nil, details: JSONObject? = nil
    ) -> ToolError {
        ToolError(.busy, message, details: details, retryAfter: retryAfter)
    }

    public static func cancelled(_ message: String, details: JSONObject? = nil) -> ToolError {
        ToolError(.cancelled, message, details: details)
    }

    public static func deadline(_ message: String, details: JSONObject? = nil) -> ToolError {
        ToolError(.deadline, message, details: details)
    }

    public static func unsupported(_ message: String, details: JSONObject? = nil) -> ToolError {
        ToolError(.unsupported, message, details: details)
    }

    public static func tooLarge(_ message: String, details: JSONObject? = nil) -> ToolError {
        ToolError(.tooLarge, message, details: details)
    }

    public static func unavailable(
        _ message: String, retryAfter: Duration? = nil, details: JSONObject? = nil
    ) -> ToolError {
        ToolError(.unavailable, message, details: details, retryAfter: retryAfter)
    }

    public static func `internal`(_ message: String, details: JSONObject? = nil) -> ToolError {
        ToolError(.internal, message, details: details)
    }
}

extension ToolError: CustomStringConvertible {
    public var description: String { "\(kind): \(message)" }
}

extension ToolError {
    /// Any error, as the contract knows it.
    init(reporting error: any Error) {
        switch error {
        case let error as ToolError: self = error
        case let mismatch as SchemaMismatch: self = mismatch.toolError
        case is CancellationError: self = .cancelled("The call was cancelled.")
        default: self = .internal(String(describing: error))
        }
    }

    /// There is no kind for TOOL_E_GONE: it speaks of calls, not of tools.
    var status: tool_status {
        switch kind {
        case .invalid: TOOL_E_INVALID
        case .denied: TOOL_E_DENIED
        case .notFound: TOOL_E_NOT_FOUND
        case .conflict: TOOL_E_CONFLICT
        case .busy: TOOL_E_BUSY
        case .cancelled: TOOL_E_CANCELLED
        case .deadline: TOOL_E_DEADLINE
        case .unsupported: TOOL_E_UNSUPPORTED
        case .tooLarge: TOOL_E_TOO_LARGE
        case .unavailable: TOOL_E_UNAVAILABLE
        case .internal: TOOL_E_INTERNAL
        }
    }
}

extension Duration {
    /// For the ABI's `_ms` members, where 0 means "not stated": rounds up, so that a short time never becomes none.
    var wholeMilliseconds: UInt32 {
        guard self > .zero else { return 0 }
        let (seconds, attoseconds) = components
        let fraction = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        return overflow ? .max : UInt32(clamping: scaled.addingReportingOverflow(fraction).partialValue)
    }
}
