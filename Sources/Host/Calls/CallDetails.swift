// What is known of a call besides its arguments: who, for whom, and what to call it in the log.

import HostCaller

/// The circumstances of one call. A class: many hold it on the way of a call, and nobody changes it.
public final class CallDetails: Sendable {
    public let requestID: String
    let principal: Principal
    /// The user as the client numbers them, where the client itself is the principal (`openai-ephemeral-user-id`).
    let ephemeralUser: String?
    let conversationID: String
    public let idempotencyKey: String
    public let traceparent: String
    /// The user's own token as the caller brought it, where it was verified; `nil` where nobody vouches for it.
    public let userToken: String?
    /// Receives what the tool says of its progress: done, total, message.
    public let onProgress: ProgressReceiver?

    public typealias ProgressReceiver = @Sendable (Double, Double, String?) -> Void

    public init(
        requestID: String, principal: Principal, ephemeralUser: String? = nil, conversationID: String = "",
        idempotencyKey: String = "", traceparent: String = "", userToken: String? = nil,
        onProgress: ProgressReceiver? = nil
    ) {
        self.requestID = requestID
        self.principal = principal
        self.ephemeralUser = ephemeralUser
        self.conversationID = conversationID
        self.idempotencyKey = idempotencyKey
        self.traceparent = traceparent
        self.userToken = userToken
        self.onProgress = onProgress
    }

    /// These circumstances, with somebody who wants to hear how far the tool is.
    public func reporting(to receiver: @escaping ProgressReceiver) -> CallDetails {
        CallDetails(
            requestID: requestID, principal: principal, ephemeralUser: ephemeralUser, conversationID: conversationID,
            idempotencyKey: idempotencyKey, traceparent: traceparent, userToken: userToken, onProgress: receiver)
    }

    /// The user's token among a request's `X-User-Token` fields. A request that carried one was let in only because it
    /// was verified, unless nothing is verified here at all: then the caller is nobody in particular.
    public static func verifiedUserToken(_ fields: [String], of principal: Principal) -> String? {
        principal.subject != nil && fields.count == 1 ? fields[0] : nil
    }

    /// Who owns what the call touches. A client that numbers its users keeps their belongings apart; a number is
    /// believed only within its own client, so it never reaches another client's data.
    public var owner: String { ownOwner ?? principal.id }

    /// The owner where it is not simply the caller.
    var ownOwner: String? {
        guard principal.subject == nil, let ephemeralUser, !ephemeralUser.isEmpty else { return nil }
        return "\(principal.id)#\(ephemeralUser)"
    }
}
