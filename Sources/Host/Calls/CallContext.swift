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
    /// The user's own token as the caller brought it, where it was verified; `nil` where nobody vouches for it.
    var userToken: String?
    /// Receives what the tool says of its progress: done, total, message.
    var onProgress: (@Sendable (Double, Double, String?) -> Void)?

    /// The user's token among a request's `X-User-Token` fields. A request that carried one was let in only because it was
    /// verified, unless nothing is verified here at all: then the caller is nobody in particular.
    static func verifiedUserToken(_ fields: [String], of principal: Principal) -> String? {
        principal.subject != nil && fields.count == 1 ? fields[0] : nil
    }

    /// Who owns what the call touches. A client that numbers its users keeps their belongings apart; a number is
    /// believed only within its own client, so it never reaches another client's data.
    var owner: String {
        guard principal.subject == nil, let ephemeralUser, !ephemeralUser.isEmpty else { return principal.id }
        return "\(principal.id)#\(ephemeralUser)"
    }
}
