// Problem documents keep RFC 9457's form, whatever they carry.

import JSON
import JSONSchema
import NIOHTTP1
import Testing

@testable import HostBase
@testable import HostCalls
@testable import HostHTTP

@Suite struct ProblemTests {
    @Test func theDocumentAgreesWithTheResponse() throws {
        var failure = CallFailure(status: .conflict, message: "The cart \"changed\".")
        failure.details = .init(bytes: Array(#"{"summary":"1 item"}"#.utf8))
        let response = Problem(failure).response()
        let document = try JSONValue(parsing: Problem(failure).document(requestID: "r\"1"))
        #expect(response.status == .conflict)
        #expect(response.headers.first?.value == "application/problem+json")
        #expect(
            document == [
                "type": "about:blank", "title": "Conflict", "status": 409, "code": "conflict",
                "detail": "The cart \"changed\".", "details": ["summary": "1 item"], "request_id": "r\"1",
            ])
    }

    @Test(arguments: [(UInt32(0), "1"), (1, "1"), (1000, "1"), (1001, "2"), (60_000, "60")])
    func retryAfterIsInWholeSecondsRoundedUp(milliseconds: UInt32, seconds: String) {
        let problem = Problem(
            CallFailure(status: .busy, message: "", retryAfterMilliseconds: milliseconds))
        #expect(problem.headers.contains { $0.name == "retry-after" && $0.value == seconds })
    }

    @Test func violationsNameTheirPlace() throws {
        let violation = SchemaViolation(
            instancePointer: "/limit", schemaPointer: "/properties/limit/maximum", keyword: "maximum",
            message: "too large")
        let response = Problem(CallPipeline.ArgumentsError.violations([violation])).response()
        let document = try JSONValue(parsing: response.bytes)
        #expect(response.status == .unprocessableEntity)
        #expect(document["errors"]?[0]?["pointer"]?.string == "/limit")
        #expect(
            document["detail"]?.string == "The arguments do not fit the tool's input schema: /limit: too large.")
    }

    @Test func detailNamesAllViolationsAndTheBody() {
        let missing = SchemaViolation(
            instancePointer: "", schemaPointer: "/required", keyword: "required", message: "the member \"a\" is missing"
        )
        let large = SchemaViolation(
            instancePointer: "/b", schemaPointer: "/properties/b/maximum", keyword: "maximum", message: "too large")
        let all = "The arguments do not fit the tool's input schema: the member \"a\" is missing; /b: too large."
        let error = CallPipeline.ArgumentsError.violations([missing, large])
        #expect(Problem(error).detail == all)
        #expect(Problem(error, hasQuery: false).detail == all)
        let way = " Arguments are read from the JSON body only, not from the URL."
        #expect(Problem(error, hasQuery: true).detail == all + way)
        #expect(!Problem(CallPipeline.ArgumentsError.violations([large]), hasQuery: true).detail.contains("URL"))
    }

    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_827_696, "Tue, 29 Feb 2000 12:34:56 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
        (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
    ])
    func datesAreIMFFixdates(seconds: Int, text: String) {
        #expect(HTTPDate.text(seconds) == text)
    }
}
