// Every reason for turning a caller away, as a bounded set: the log and metrics may use them as labels.

/// Why credentials were refused. The raw value is what the log shows; clients never see it.
public enum RefusalReason: String, Error, Sendable, Hashable, CaseIterable {
    // What was sent.
    case missing
    case scheme
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
    case client = "client_not_allowed"
    case scope = "insufficient_scope"
    case userToken = "user_token"
    case apiKey = "api_key"
}

extension RefusalReason {
    /// What it means and what to change, for the operator.
    var advice: String {
        switch self {
        case .missing: "there is no credential"
        case .scheme: "there is a credential, but of another scheme than Bearer, or of none"
        case .severalCredentials: "there is more than one credential"
        case .malformedCredentials: "the credential is not of the scheme's form"
        case .tooLong: "it is longer than the limit; groups in the token are the usual cause"
        case .malformed: "it is no token: three base64url parts with dots between them, JSON objects in the first two"
        case .encrypted: "it is encrypted: ask the issuer for a signed access token (Auth0: ask for an audience)"
        case .criticalHeader: "its header demands an extension (crit, b64 or zip)"
        case .issuer: "no configured issuer issued it"
        case .algorithm: "its algorithm is not allowed for this issuer, or not for its key"
        case .unknownKeyID: "the issuer has no such key; it may be an encryption key, or withdrawn"
        case .ambiguousKey: "more than one key of the issuer fits"
        case .signature: "the signature is not the key's"
        case .keysUnavailable: "the issuer's keys could not be had"
        case .type: "its typ is not allowed for this issuer"
        case .idToken: "it is an ID token, which tells an application who logged in; send the access token"
        case .tokenUse: "its token_use is another one"
        case .tenant: "its tenant is not allowed"
        case .expired: "it has expired"
        case .notYetValid: "it is not valid yet; compare the clocks"
        case .issuedInFuture: "it was issued in the future; compare the clocks"
        case .audience: "it is for somebody else: the audience of the token and of this server must agree"
        case .missingClaim: "a claim is missing"
        case .invalidClaim: "a claim is of another type than it must be"
        case .client: "the client is not allowed"
        case .scope: "a scope is missing"
        case .userToken: "the user's token does not name a user, or none is accepted here"
        case .apiKey: "the API key is not known"
        }
    }
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
