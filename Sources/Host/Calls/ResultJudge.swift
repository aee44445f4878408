// Whether what a pack answered keeps its own promises, and what the caller is told where it does not.

import HostTools
import JSON
import JSONSchema
import ToolABI

/// Turns a pack's result into the call's outcome.
enum ResultJudge {
    /// Success is checked against the output schema; an error never is.
    static func outcome(of result: consuming PackResult, for call: Call) -> CallOutcome {
        if let fault = result.fault { return .failure(broken(fault, call)) }
        guard let status = ToolStatus(result.status) else { return success(result, call) }
        return .failure(failure(status, result, call))
    }

    private static func failure(_ status: ToolStatus, _ result: borrowing PackResult, _ call: Call) -> CallFailure {
        if status == .internal {
            let reason = result.status == TOOL_E_INTERNAL ? result.message : "it returned the status \(result.status)"
            return broken(reason, call)
        }
        var failure = CallFailure(
            status: status, message: result.message, retryAfterMilliseconds: result.retryAfterMilliseconds)
        let hints = call.tool.descriptor.hints
        if status == .unavailable { call.tool.desk.failed(call, status) }
        failure.mayBeRepeated = status != .unavailable || hints.isReadOnly || hints.isIdempotent
        if failure.message.isEmpty { failure.message = "The tool gave no reason." }
        let content = result.contentArray
        if !content.isEmpty {
            do {
                let document = try JSONDocument(parsing: content)
                if document.root.kind == .object { failure.details = .init(bytes: content) }
            } catch {
                call.tool.desk.log.fault("the content of its error is not JSON: \(error.reason)", call)
            }
        }
        return failure
    }

    private static func success(_ result: consuming PackResult, _ call: Call) -> CallOutcome {
        let schema = call.tool.outputSchema
        if !result.withContent({ schema.recognizes($0) }), let reason = misfit(result.contentArray, schema) {
            return .failure(broken(reason, call))
        }
        call.tool.desk.condition.succeeded(call.tool)
        return .success(call.keep(result.takeContent()))
    }

    /// What is wrong with a result; `nil` where nothing is.
    private static func misfit(_ content: [UInt8], _ schema: CompiledSchema) -> String? {
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: content)
        } catch {
            return "its result is not JSON: \(error.reason) (byte \(error.offset) of \(content.count))"
        }
        guard let violation = schema.validate(document, limit: 1).first else { return nil }
        let place = violation.instancePointer.isEmpty ? "its root" : violation.instancePointer
        return "its result breaks its output schema at \(place): \(violation.message)"
    }

    /// The reason goes to the log; the caller learns only that it is not their fault.
    private static func broken(_ reason: String, _ call: Call) -> CallFailure {
        call.tool.desk.log.fault(reason, call)
        call.tool.desk.failed(call, .internal)
        return CallFailure(
            status: .internal,
            message: "The tool failed. The operator finds the reason in the log under the request id.")
    }
}
