// How a call ended, and how that is written into the contract's result.

import JSONSchema
import ToolABI

/// What a tool answered.
enum Answer: Sendable {
    /// JSON that fits the output schema.
    case content([UInt8])
    case failure(ToolError)

    /// Runs `body` and turns whatever it does into an answer.
    static func of(_ body: () throws -> [UInt8]) -> Answer {
        do {
            return .content(try body())
        } catch {
            return .failure(ToolError(reporting: error))
        }
    }

    /// Hands everything over to the host, which owns it from here on.
    ///
    /// - Returns: The status that goes with it.
    func fill(_ result: UnsafeMutablePointer<tool_result>) -> tool_status {
        switch self {
        case .content(let json):
            unsafe result.pointee.content = .handingOver(json)
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
