// What is known of a call besides its arguments: who, for whom, and what to call it in the log.

/// The circumstances of one call.
struct CallContext: Sendable {
    var requestID: String
    var principal: Principal
    /// The user as the client numbers them, where the client itself is the principal (`openai-ephemeral-user-id`).
    var ephemeralUser: String?
    var conversationID = ""
    var idempotencyKey = ""
    var traceparent = ""
    /// Receives what the tool says of its progress: done, total, message.
    var onProgress: (@Sendable (Double, Double, String?) -> Void)?

    /// Who owns what the call touches. A client that numbers its users keeps their belongings apart; a number is
    /// believed only within its own client, so it never reaches another client's data.
    var owner: String {
        guard principal.subject == nil, let ephemeralUser, !ephemeralUser.isEmpty else { return principal.id }
        return "\(principal.id)#\(ephemeralUser)"
    }
}
