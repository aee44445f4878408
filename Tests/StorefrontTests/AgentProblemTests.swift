// What callers and operators are told when an agent does not answer well.

import Testing
import ToolSDK

@testable import Storefront

struct AgentProblemTests {
    private func problem(
        _ status: Int, _ body: String = "{}", retryAfter: Duration? = nil, repeats: Bool = false
    ) -> AgentProblem {
        AgentProblem(
            status: HTTPResponse(status: status, body: Array(body.utf8), retryAfter: retryAfter), repeats: repeats)
    }

    @Test(
        arguments: [
            (400, .invalid), (401, .unavailable), (403, .unavailable), (404, .notFound), (405, .unavailable),
            (407, .unavailable), (409, .conflict), (410, .notFound), (413, .tooLarge), (422, .invalid), (429, .busy),
            (500, .unavailable), (501, .unavailable), (502, .unavailable), (503, .unavailable), (504, .unavailable),
            (302, .unavailable), (418, .unavailable), (100, .unavailable),
        ] as [(Int, ToolError.Kind)])
    func statusesBecomeKinds(status: Int, kind: ToolError.Kind) {
        #expect(problem(status).error.kind == kind)
    }

    @Test(arguments: [400, 404, 409, 413, 422])
    func whatAnAgentSaysAboutTheCallersDoingIsPassedOn(status: Int) {
        #expect(problem(status, #"{"error":"No such product: milk-999"}"#).error.message == "No such product: milk-999")
        #expect(problem(status, #"{"detail":"No such product"}"#).error.message == "No such product")
        #expect(!problem(status).error.message.isEmpty)
        #expect(problem(status).line == nil, "not the operator's business")
    }

    @Test func reasonsAreShort() {
        let long = String(repeating: "x", count: 10_000)
        #expect(problem(422, #"{"error":"\#(long)"}"#).error.message.count == 500)
    }

    @Test(arguments: [401, 403, 500, 502, 503])
    func whatAServerSaysAboutItselfIsKeptFromCallers(status: Int) {
        let problem = problem(status, #"{"error":"key sk-123 at db.internal:5432"}"#)
        #expect(!problem.error.message.contains("sk-123"))
        #expect(problem.error.details == nil)
        #expect(problem.line?.message.contains("sk-123") == false)
    }

    @Test(arguments: [401, 403, 407])
    func refusedCredentialsAreTheDeployments(status: Int) {
        #expect(problem(status).line?.level == .error)
        #expect(problem(status).line?.message.contains("AGENTS_API_KEY") == true)
    }

    /// A 404 of an agent is JSON; a page says that there is no agent at this URL.
    @Test(arguments: [404, 410])
    func aPageInPlaceOfAnAgentIsTheOperators(status: Int) {
        let page = problem(status, "<!doctype html><title>404</title>")
        #expect(page.error.kind == .unavailable)
        #expect(page.line?.message.contains("NEXTJS_URL") == true)
    }

    @Test func timesToWaitArePassedOn() {
        #expect(problem(429, retryAfter: .seconds(7)).error.retryAfter == .seconds(7))
        #expect(problem(503, retryAfter: .seconds(120)).error.retryAfter == .seconds(120))
        #expect(problem(502, retryAfter: .seconds(1)).error.retryAfter == .seconds(1))
        #expect(problem(429).error.retryAfter == nil)
    }

    @Test func anOpenOutcomeIsTold() {
        for status in [302, 500, 502, 503, 504] {
            #expect(problem(status, repeats: true).error.message.contains("is not known"))
            #expect(!problem(status).error.message.contains("is not known"))
        }
        for status in [400, 401, 404, 409, 422, 429] {
            #expect(!problem(status, repeats: true).error.message.contains("is not known"))
        }
        #expect(AgentProblem(answer: .notJSON, repeats: true).error.message.contains("is not known"))
        #expect(AgentProblem(answer: .nothingSaid, repeats: true).error.message.contains("is not known"))
        let lost = ToolError.unavailable("The service broke off.", retryAfter: .seconds(3))
        let told = AgentProblem(noAnswer: lost, repeats: true).error
        #expect(told.message.hasPrefix(lost.message) && told.message.contains("is not known"))
        #expect(told.retryAfter == .seconds(3))
        #expect(AgentProblem(noAnswer: lost, repeats: false).error == lost)
        let crowded = AgentProblem(noAnswer: .busy("Too much is under way."), repeats: true).error
        #expect(crowded.kind == .busy && crowded.message.contains("is not known"))
    }

    /// The host says it too, where it knows that the call may not be repeated.
    @Test func anOpenOutcomeIsToldOnce() {
        let told = ToolError.unavailable("It broke off. Whether it was done is not known: look before asking again.")
        #expect(AgentProblem(noAnswer: told, repeats: true).error == told)
    }

    @Test func aCompressedAnswerIsToldFromOneThatIsNoJSON() {
        func line(_ fields: [(name: String, value: String)]) -> String {
            let response = HTTPResponse(headers: fields, body: [0x1F, 0x8B])
            return AgentProblem(answer: .notJSON, of: response, repeats: false).line?.message ?? ""
        }
        for coding in ["gzip", "br", "identity, gzip", " GZIP "] {
            #expect(line([("Content-Encoding", coding)]).contains("compressed"), "\(coding)")
        }
        for coding in ["", "identity", "Identity , "] {
            #expect(line([("content-encoding", coding)]).contains("strict JSON"), "\(coding)")
        }
        #expect(line([]).contains("strict JSON"))
        let told = AgentProblem(
            answer: .notJSON, of: HTTPResponse(headers: [("Content-Encoding", "gzip")]), repeats: true)
        #expect(told.error.message.contains("is not known") && !told.error.message.contains("gain later"))
    }

    @Test func whatNeverLeftIsNoOpenOutcome() {
        for kind in [ToolError.Kind.unavailable, .busy, .deadline, .tooLarge, .internal] {
            var error = ToolError(kind, "Not sent.")
            error.isUnsent = true
            #expect(AgentProblem(noAnswer: error, repeats: true).error == error)
        }
    }

    /// The message of an internal error stays in the log.
    @Test func anInternalErrorAfterTheRequestHasLeftIsTold() {
        let odd = ToolError.internal("the host at http://a knows why")
        let told = AgentProblem(noAnswer: odd, repeats: true).error
        #expect(told.kind == .unavailable && told.message.contains("is not known"))
        #expect(!told.message.contains("http"))
        #expect(AgentProblem(noAnswer: odd, repeats: false).error == odd)
    }

    @Test func aFailureInAGoodStatusIsAConflict() {
        let told = AgentProblem(answer: .failed("Sold out."), repeats: true)
        #expect(told.error == .conflict("Sold out."))
        #expect(AgentProblem(answer: .failed(nil), repeats: true).error.kind == .conflict)
    }
}
