// Every reason for turning a caller away, as a bounded set: the log and metrics may use them as labels.

/// Why credentials were refused. The raw value is what the log shows; clients never see it.
enum RefusalReason: String, Error, Sendable, Hashable, CaseIterable {
    // What was sent.
    case missing
    case severalCredentials = "several_credentials"
    case malformedCredentials = "malformed_credentials"
    case tooLong = "too_long"
    case malformed
    case encrypted
    case criticalHeader = "critical_header"

    // Which key and whose.
    case issuer
    case algorithm
    case unknownKeyID = "unknown_kid"
    case ambiguousKey = "ambiguous_key"
    case signature
    case keysUnavailable = "keys_unavailable"

    // What the token says.
    case type = "typ"
    case idToken = "id_token"
    case tokenUse = "token_use"
    case tenant
    case expired
    case notYetValid = "not_yet_valid"
    case issuedInFuture = "issued_in_future"
    case audience
    case missingClaim = "missing_claim"
    case invalidClaim = "invalid_claim"

    // Whom it names.
    case client
    case scope
    case userToken = "user_token"
    case apiKey = "api_key"
}

extension AuthenticationFailure {
    /// A credential that was looked at and not believed: 401 `invalid_token`.
    static func invalid(_ reason: RefusalReason) -> Self {
        Self(kind: .invalid, reason: reason.rawValue)
    }

    /// A request whose credentials are not of the form that any scheme has: 400 `invalid_request`.
    static func malformed(_ reason: RefusalReason) -> Self {
        Self(kind: .malformed, reason: reason.rawValue)
    }

    static let missing = Self(kind: .missing, reason: RefusalReason.missing.rawValue)
}
