// What a call's failure looks like over REST.

import HostCalls
import JSON
import JSONSchema
import NIOHTTP1

extension Problem {
    /// A tool's failure, by the one mapping of statuses.
    init(_ failure: CallFailure) {
        self.init(failure.status.httpStatus, failure.status.code, failure.message)
        details = failure.details?.bytes
        // Clients obey this field without reading what the error says.
        if status == .serviceUnavailable, failure.mayBeRepeated || failure.retryAfterMilliseconds > 0 {
            headers = [("retry-after", String(failure.retryAfterSeconds))]
        }
    }

    /// Arguments that never reached the tool.
    public init(_ error: CallPipeline.ArgumentsError) {
        switch error {
        case .malformed(let error):
            self.init(
                .badRequest, "malformed_json",
                "The body is not JSON: \(error.reason) (line \(error.line), column \(error.column)).")
        case .notAnObject:
            self.init(.badRequest, "not_an_object", "The body must be one JSON object, such as {}.")
        case .violations(let violations):
            // Clients that show one text alone show this one: it has all of them, as many as are told at once.
            let places = violations.map { violation in
                (violation.instancePointer.isEmpty ? "" : "\(violation.instancePointer): ") + violation.message
            }
            self.init(
                .unprocessableEntity, "invalid_arguments",
                "The arguments do not fit the tool's input schema: \(places.joined(separator: "; ")).")
            self.violations = violations
        }
    }

    /// Arguments that never reached the tool, of a request whose URL may have a query: some clients write there what
    /// belongs into the body.
    public init(_ error: CallPipeline.ArgumentsError, hasQuery: Bool) {
        self.init(error)
        if hasQuery, violations.contains(where: { $0.keyword == "required" }) {
            detail += " Arguments are read from the JSON body only, not from the URL."
        }
    }
}
