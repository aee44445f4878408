// Why somebody is turned away, as whoever tells them has to know it.

/// Why a caller is turned away. The reason is for the log, its set of values is bounded; the client gets a
/// sentence about the kind, or about what is wrong with the field that it sent, and nothing about why a token is not
/// believed.
public struct AuthenticationFailure: Error, Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// No credentials: 401, a challenge without an `error` (RFC 6750 section 3.1).
        case missing
        /// More than one credential, or one that is not of the scheme's form: 400 `invalid_request`.
        case malformed
        /// 401 `invalid_token`.
        case invalid
        /// 403 `insufficient_scope`, with every scope needed.
        case insufficientScope([String])
        /// Authenticated but not allowed here at all: 403.
        case forbidden
        /// No keys to verify with: 503 with `Retry-After`.
        case unavailable(retryAfterSeconds: Int)
    }
    public var kind: Kind
    /// A short code such as `expired`, `unknown_kid`, `audience`.
    public var reason: String
    /// What the client should be told beside; `nil` where there is no more to say than its kind.
    public var hint: BearerHint?

    public init(kind: Kind, reason: String, hint: BearerHint? = nil) {
        self.kind = kind
        self.reason = reason
        self.hint = hint
    }

    /// One sentence for the client.
    public var sentence: String { hint.map { $0.mistake.sentence($0.field) } ?? Challenge.sentence(for: kind) }

    /// Every scope that is needed, where scopes are what is missing.
    public var scopes: [String] {
        if case .insufficientScope(let scopes) = kind { scopes } else { [] }
    }

    /// This failure, with what its client did wrong.
    func hinting(_ mistake: BearerMistake?, in field: String) -> Self {
        var copy = self
        copy.hint = mistake.map { BearerHint(mistake: $0, field: field) }
        return copy
    }
}

/// A mistake and the field that has it.
public struct BearerHint: Sendable, Hashable {
    var mistake: BearerMistake
    var field: String
}

extension AuthenticationFailure {
    /// The `code` of the problem document.
    public var code: String {
        switch kind {
        case .missing: "unauthenticated"
        case .malformed: "invalid_request"
        case .invalid: "invalid_token"
        case .insufficientScope: "insufficient_scope"
        case .forbidden: "forbidden"
        case .unavailable: "unavailable"
        }
    }
}
