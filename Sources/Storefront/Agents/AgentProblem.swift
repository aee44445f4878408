// Why an agent did not answer, as the caller is told and as the operator is.

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

    private static let unknownOutcome = " Whether it was done is not known: look before asking again."

    /// An answer whose status is not 2xx.
    ///
    /// A client error may be the caller's doing, and what the agent says about it is passed on. Credentials are the
    /// deployment's, or a user's that the host has found good: that they were refused is never the caller's 401. What a server says about its own failure is kept
    /// from callers.
    ///
    /// - Parameter repeats: Whether asking again may do it again, so that an open outcome must be told.
    init(status response: HTTPResponse, repeats: Bool) {
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
                .unavailable(
                    "The shop's agent is not available." + (repeats ? Self.unknownOutcome : " Try again later."),
                    retryAfter: retry),
                .warning, "The agents API answers an error.")
        case 500...599:
            self.init(
                .unavailable(
                    "The shop's agent failed." + (repeats ? Self.unknownOutcome : " Try again later."),
                    retryAfter: retry),
                .warning, "The agents API answers an error.")
        default:
            self.init(
                // After a redirect that is not followed the request may have been carried out.
                .unavailable(
                    "The shop's agent gave an answer that is not understood; its operator has been told."
                        + (repeats && response.status < 400 ? Self.unknownOutcome : "")),
                .error, "The agents API answers a status that is not part of its contract. Check NEXTJS_URL.")
        }
    }

    /// A good status, but not a good answer.
    ///
    /// - Parameter response: What was answered, to tell a compressed body from one that is no JSON.
    init(answer refusal: AgentAnswer.Refusal, of response: HTTPResponse = HTTPResponse(), repeats: Bool) {
        let outcome = repeats ? Self.unknownOutcome : " Try again later."
        switch refusal {
        case .notJSON where Self.isCompressed(response):
            self.init(
                .unavailable(
                    "The shop's agent gave an answer that cannot be read; its operator has been told." + outcome),
                .error,
                "The agents API answers compressed (Content-Encoding), though it is asked not to (Accept-Encoding: identity). "
                    + "Tell it, or the proxy before it, not to compress.")
        case .notJSON:
            self.init(
                .unavailable("The shop's agent gave an answer that cannot be read." + outcome),
                .error, "The agents API answers what is not strict JSON. Check NEXTJS_URL.")
        case .nothingSaid:
            self.init(
                .unavailable("The shop's agent said nothing." + outcome),
                .warning, "The agents API gives an empty answer.")
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
    /// Of an `internal` error the caller would not see the message; one that came after the request had left becomes one
    /// whose message is seen.
    init(noAnswer error: ToolError, repeats: Bool) {
        var error = error
        // The host says so itself where it knows that the call may not be repeated.
        if repeats, !error.isUnsent, !error.message.hasSuffix(Self.unknownOutcome) {
            switch error.kind {
            case .unavailable, .busy, .deadline, .tooLarge: error.message += Self.unknownOutcome
            case .internal:
                error = .unavailable(
                    "The shop's agent could not be asked; its operator has been told." + Self.unknownOutcome)
            default: break
            }
        }
        self.init(error)
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
