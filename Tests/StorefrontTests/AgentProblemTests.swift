// What callers and operators are told when an agent does not answer well.

import Testing
import ToolSDK

@testable import Storefront

struct AgentProblemTests {
    private func problem(
        _ status: Int, _ body: String = "{}", retryAfter: Duration? = nil, _ stake: Stake = .nothing
    ) -> AgentProblem {
        AgentProblem(status: HTTPResponse(status: status, body: Array(body.utf8), retryAfter: retryAfter), stake)
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

    /// Every way in which an answer can be missing, with words of the host's that ask to try again.
    private static func lost(isUnsent: Bool, _ stake: Stake) -> [AgentProblem] {
        [ToolError.Kind.unavailable, .busy, .deadline, .tooLarge, .internal].map { kind in
            var error = ToolError(kind, "Cannot be reached; try again in a moment.", retryAfter: .seconds(3))
            error.isUnsent = isUnsent
            return AgentProblem(noAnswer: error, stake)
        }
    }

    @Test func aCompressedAnswerIsToldFromOneThatIsNoJSON() {
        func line(_ fields: [(name: String, value: String)]) -> String {
            let response = HTTPResponse(headers: fields, body: [0x1F, 0x8B])
            return AgentProblem(answer: .notJSON, of: response, .nothing).line?.message ?? ""
        }
        for coding in ["gzip", "br", "identity, gzip", " GZIP "] {
            #expect(line([("Content-Encoding", coding)]).contains("compressed"), "\(coding)")
        }
        for coding in ["", "identity", "Identity , "] {
            #expect(line([("content-encoding", coding)]).contains("strict JSON"), "\(coding)")
        }
        #expect(line([]).contains("strict JSON"))
        let told = AgentProblem(
            answer: .notJSON, of: HTTPResponse(headers: [("Content-Encoding", "gzip")]), .twice)
        #expect(told.error.message.contains("is not known") && !told.error.message.contains("gain later"))
    }

    @Test(arguments: [Stake.twice, .twiceUnlessKeyed])
    func whereTheOutcomeIsOpenToLookFirstIsAllThatIsSaid(stake: Stake) {
        let statuses = [302, 500, 502, 503, 504].map { problem($0, retryAfter: .seconds(7), stake) }
        let answers = [AgentAnswer.Refusal.notJSON, .nothingSaid].map { AgentProblem(answer: $0, stake) }
        for told in statuses + answers + Self.lost(isUnsent: false, stake) {
            let message = told.error.message
            #expect(message.contains("Whether it was done is not known: look before asking again"), "\(message)")
            #expect(!message.lowercased().contains("try again"), "\(message)")
            #expect(!message.contains("Nothing was changed"), "\(message)")
            #expect(told.error.retryAfter == nil, "clients obey it without reading: \(message)")
            #expect(told.error.kind != .internal, "of which the caller would see no word")
            #expect(message.contains("same Idempotency-Key") == (stake == .twiceUnlessKeyed))
        }
        for status in [400, 401, 404, 409, 418, 422, 429] {
            #expect(!problem(status, "{}", stake).error.message.contains("is not known"))
        }
    }

    @Test func whereNothingIsAtStakeNothingIsOpen() {
        let statuses = [302, 500, 502, 503, 504].map { problem($0) }
        let answers = [AgentAnswer.Refusal.notJSON, .nothingSaid].map { AgentProblem(answer: $0, .nothing) }
        for told in statuses + answers + Self.lost(isUnsent: false, .nothing) {
            #expect(!told.error.message.contains("is not known") && !told.error.message.contains("look"))
        }
        let lost = ToolError.unavailable("Whether it was done is not known.", retryAfter: .seconds(3))
        let told = AgentProblem(noAnswer: lost, .nothing).error
        #expect(told == .unavailable("The shop's agent cannot be reached. Try again later.", retryAfter: .seconds(3)))
    }

    @Test(arguments: [Stake.nothing, .twice, .twiceUnlessKeyed])
    func whatNeverLeftIsNoOpenOutcome(stake: Stake) {
        for told in Self.lost(isUnsent: true, stake) {
            #expect(!told.error.message.contains("look"), "\(told.error)")
            #expect(told.error.retryAfter == .seconds(3))
        }
        var refused = ToolError.unavailable("Cannot be reached.")
        refused.isUnsent = true
        let message = AgentProblem(noAnswer: refused, stake).error.message
        #expect(message.contains("Nothing was changed") == (stake != .nothing))
    }

    @Test func whoHasAStakeAndWhoHasNot() {
        let order: Hints = [.writes, .destructive, .repeats, .closedWorld]
        #expect(Stake(of: order, idempotencyKey: nil) == .twice)
        #expect(Stake(of: order, idempotencyKey: "k") == .twiceUnlessKeyed)
        for harmless in [[.readOnly, .additive, .idempotent], [.writes, .additive, .idempotent]] as [Hints] {
            #expect(Stake(of: harmless, idempotencyKey: nil) == .nothing)
        }
    }

    /// The message of an internal error stays in the log.
    @Test func anInternalErrorAfterTheRequestHasLeftIsTold() {
        let odd = ToolError.internal("the host at http://a knows why")
        let told = AgentProblem(noAnswer: odd, .twice).error
        #expect(told.kind == .unavailable && told.message.contains("is not known"))
        #expect(!told.message.contains("http"))
        #expect(AgentProblem(noAnswer: odd, .nothing).error == odd)
    }

    @Test func aFailureInAGoodStatusIsAConflict() {
        let told = AgentProblem(answer: .failed("Sold out."), .twice)
        #expect(told.error == .conflict("Sold out."))
        #expect(AgentProblem(answer: .failed(nil), .twice).error.kind == .conflict)
    }
}
