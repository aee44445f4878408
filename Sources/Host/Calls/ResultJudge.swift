// Whether what a pack answered keeps its own promises, and what the caller is told where it does not.

import JSONSchema
import ToolABI

/// Turns a pack's result into the call's outcome.
enum ResultJudge {
    /// Success is checked against the output schema; an error never is.
    static func outcome(of result: PackResult, for call: Call) -> CallOutcome {
        if let fault = result.fault { return .failure(broken(fault, call)) }
        guard let status = ToolStatus(result.status) else { return success(result, call) }
        if status == .internal {
            let reason = result.status == TOOL_E_INTERNAL ? result.message : "it returned the status \(result.status)"
            return .failure(broken(reason, call))
        }
        var failure = CallFailure(
            status: status, message: result.message, retryAfterMilliseconds: result.retryAfterMilliseconds)
        let hints = call.tool.descriptor.hints
        failure.mayBeRepeated = status != .unavailable || hints.isReadOnly || hints.isIdempotent
        if failure.message.isEmpty { failure.message = "The tool gave no reason." }
        if !result.content.isEmpty {
            do {
                let document = try JSONDocument(parsing: result.content)
                if document.root.kind == .object { failure.details = .init(bytes: result.content) }
            } catch {
                call.tool.pack.link.logFault("the content of its error is not JSON: \(error.reason)", call)
            }
        }
        return .failure(failure)
    }

    private static func success(_ result: PackResult, _ call: Call) -> CallOutcome {
        if call.tool.outputSchema.accepts(result.content) { return .success(result.content) }
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: result.content)
        } catch {
            return .failure(
                broken(
                    "its result is not JSON: \(error.reason) (byte \(error.offset) of \(result.content.count))", call))
        }
        if let violation = call.tool.outputSchema.validate(document, limit: 1).first {
            let place = violation.instancePointer.isEmpty ? "its root" : violation.instancePointer
            return .failure(broken("its result breaks its output schema at \(place): \(violation.message)", call))
        }
        return .success(result.content)
    }

    /// The reason goes to the log; the caller learns only that it is not their fault.
    private static func broken(_ reason: String, _ call: Call) -> CallFailure {
        call.tool.pack.link.logFault(reason, call)
        return CallFailure(
            status: .internal,
            message: "The tool failed. The operator finds the reason in the log under the request id.")
    }
}
