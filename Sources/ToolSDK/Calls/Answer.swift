// How a call ended, and how that is written into the contract's result.

import JSON
import ToolABI

/// What a tool answered.
enum Answer: Sendable {
    /// JSON that fits the output schema, kept by the record of the call, which is handed over with it.
    case content(CallRecord)
    case failure(ToolError)

    /// Hands everything over to the host, which owns it from here on.
    ///
    /// - Returns: The status that goes with it.
    func fill(_ result: UnsafeMutablePointer<tool_result>) -> tool_status {
        switch self {
        case .content(let record):
            unsafe result.pointee.content = .handingOver(answerOf: .passRetained(record))
            return TOOL_OK
        case .failure(let error):
            unsafe result.pointee.message = .handingOver(error.message)
            unsafe result.pointee.retry_after_ms = error.retryAfter?.wholeMilliseconds ?? 0
            if let details = error.details {
                unsafe result.pointee.content = .handingOver(JSONValue.object(details).bytes())
            }
            return error.status
        }
    }
}
