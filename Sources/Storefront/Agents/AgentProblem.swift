// Why an agent did not answer, as the caller is told and as the operator is.

import JSON
import ToolSDK

/// What a failed call of an agent comes to. Made without a network, from what came back.
struct AgentProblem: Sendable, Hashable {
    /// For the operator, when it is theirs to put right; a fixed sentence.
    struct Line: Sendable, Hashable {
        let level: LogLevel
        let message: String
    }

    let error: ToolError
    let line: Line?

    /// An answer whose status is not 2xx.
    ///
    /// A client error may be the caller's doing, and what the agent says about it is passed on. Credentials are the
    /// deployment's, or a user's that the host has found good: that they were refused is never the caller's 401. What a
    /// server says about its own failure is kept from callers.
    ///
    /// - Parameter stake: What asking again would come to.
    init(status response: HTTPResponse, _ stake: Stake) {
        let document = try? JSONDocument(parsing: response.body)
        let reason = document.flatMap { AgentWords.reason(in: $0.root) }
        let retry = response.retryAfter
        switch response.status {
        case 400, 422: self.init(.invalid(reason ?? "The shop's agent cannot work with these arguments."))
        case 401, 403, 407:
            self.init(
                .unavailable(
                    "The shop's agent does not accept this deployment, or its user; the operator has been told."),
                .error,
                "The agents API refuses this deployment's credentials, or the user's. Check AGENTS_API_KEY or "
                    + "AGENTS_OAUTH2_*, and AGENTS_FORWARD_USER_TOKEN."
            )
        case 404 where document != nil, 410 where document != nil:
            self.init(.notFound(reason ?? "The shop's agent does not find this."))
        case 404, 405, 410, 501:
            self.init(
                .unavailable("The shop's agent is not there; its operator has been told."),
                .error, "There is no agents API at this URL. Check NEXTJS_URL.")
        case 409: self.init(.conflict(reason ?? "The shop's agent cannot do this as things are now."))
        case 413: self.init(.tooLarge(reason ?? "This is more than the shop's agent takes."))
        case 429:
            self.init(
                .busy("The shop's agent has too much to do. Nothing was changed; try again later.", retryAfter: retry))
        case 503:
            self.init(
                // A gateway says so too, of an agent that it did reach.
                stake.open("The shop's agent is not available.", retryAfter: retry),
                .warning, "The agents API answers an error.")
        case 500...599:
            self.init(
                stake.open("The shop's agent failed.", retryAfter: retry),
                .warning, "The agents API answers an error.")
        case ..<400:
            // After a redirect that is not followed the request may have been carried out.
            self.init(stake.open(Self.strange, isWorthRepeating: false), .error, Self.strangeLine)
        default: self.init(.unavailable(Self.strange), .error, Self.strangeLine)
        }
    }

    private static let strange = "The shop's agent gave an answer that is not understood; its operator has been told."
    private static let strangeLine =
        "The agents API answers a status that is not part of its contract. Check NEXTJS_URL."

    /// A good status, but not a good answer.
    ///
    /// - Parameter response: What was answered, to tell a compressed body from one that is no JSON.
    init(answer refusal: AgentAnswer.Refusal, of response: HTTPResponse = HTTPResponse(), _ stake: Stake) {
        switch refusal {
        case .notJSON where Self.isCompressed(response):
            self.init(
                stake.open(
                    "The shop's agent gave an answer that cannot be read; its operator has been told.",
                    isWorthRepeating: false),
                .error,
                "The agents API answers compressed (Content-Encoding), though it is asked not to (Accept-Encoding: identity). "
                    + "Tell it, or the proxy before it, not to compress.")
        case .notJSON:
            self.init(
                stake.open("The shop's agent gave an answer that cannot be read."),
                .error, "The agents API answers what is not strict JSON. Check NEXTJS_URL.")
        case .nothingSaid:
            self.init(
                stake.open("The shop's agent said nothing."), .warning, "The agents API gives an empty answer.")
        case .failed(let reason):
            self.init(.conflict(reason ?? "The shop's agent says that it failed, and not why."))
        }
    }

    /// RFC 9110 section 8.4: by anything that is not no coding at all.
    private static func isCompressed(_ response: HTTPResponse) -> Bool {
        response.headers.contains { name, value in
            name.lowercased() == "content-encoding"
                && value.split(separator: ",").contains { coding in
                    !["", "identity"].contains(coding.filter { $0 != " " && $0 != "\t" }.lowercased())
                }
        }
    }

    /// No answer at all. The host has logged why.
    ///
    /// The host knows the request and not what it was for, so that what it says of trying again may be wrong here:
    /// callers are told in the shop's own words. Of an `internal` error they would see none; one that came after the
    /// request had left becomes one whose message is seen.
    init(noAnswer error: ToolError, _ stake: Stake) {
        let isOpen = stake.isAtStake && !error.isUnsent
        let message: String
        switch error.kind {
        case .unavailable where !isOpen: message = "The shop's agent cannot be reached."
        case .busy where !isOpen: message = "There is too much to do at the moment."
        case .unavailable, .busy: message = "The answer of the shop's agent got lost."
        case .deadline: message = "The shop's agent did not answer in time."
        case .tooLarge:
            message = "The shop's agent answered with more than is accepted" + (isOpen ? "." : ": ask for less.")
        case .internal where isOpen: message = "The shop's agent could not be asked; its operator has been told."
        default:
            self.init(error)
            return
        }
        if isOpen {
            let kind = error.kind == .internal ? ToolError.Kind.unavailable : error.kind
            self.init(stake.open(message, kind))
        } else {
            var told = error
            told.message = message
            if error.kind != .tooLarge {
                told.message += stake.isAtStake ? " Nothing was changed; try again later." : " Try again later."
            }
            self.init(told)
        }
    }

    private init(_ error: ToolError) {
        self.error = error
        line = nil
    }

    private init(_ error: ToolError, _ level: LogLevel, _ message: String) {
        self.error = error
        line = Line(level: level, message: message)
    }
}
