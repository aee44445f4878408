// Tells a client that was turned away how to get in: the `WWW-Authenticate` field, and the sentence of each kind of
// refusal.

/// Builds challenges (RFC 6750 section 3, RFC 9728 section 5.1). Everything in them comes from configuration; nothing
/// that a client sent does, so nobody can write into a header.
public struct Challenge: Sendable, Hashable {
    /// URL of the protected resource metadata for the route that was asked for.
    let resourceMetadata: String?
    /// Scopes that a token for the route needs.
    let scopes: [String]

    public init(resourceMetadata: String?, scopes: [String] = []) {
        self.resourceMetadata = resourceMetadata.flatMap { Self.isQuotable($0) ? $0 : nil }
        self.scopes = scopes.filter(Self.isScopeToken)
    }

    /// The field's value; `nil` where none belongs: with 503, which is nothing that credentials could change.
    ///
    /// - Parameter sentence: in place of that of the kind.
    public func value(for kind: AuthenticationFailure.Kind, _ sentence: String? = nil) -> String? {
        var needed = scopes
        var error: String?
        switch kind {
        case .missing:
            // Section 3.1: without credentials there is no error code.
            break
        case .malformed:
            error = "invalid_request"
        case .invalid:
            error = "invalid_token"
        case .insufficientScope(let required):
            error = "insufficient_scope"
            needed = required.filter(Self.isScopeToken)
        case .forbidden:
            // No code of section 3.1 fits: more scopes or a fresh token would not help this client. A challenge belongs
            // here all the same, because the token does not give access.
            needed = []
        case .unavailable:
            return nil
        }
        var attributes: [String] = []
        if let error {
            attributes.append("error=\"\(error)\"")
            attributes.append("error_description=\"\(sentence ?? Self.sentence(for: kind))\"")
        }
        if !needed.isEmpty { attributes.append("scope=\"\(needed.joined(separator: " "))\"") }
        if let resourceMetadata { attributes.append("resource_metadata=\"\(resourceMetadata)\"") }
        return attributes.isEmpty ? "Bearer" : "Bearer \(attributes.joined(separator: ", "))"
    }

    /// What the client is told wherever it is, in characters that `error_description` allows (RFC 6750 section 3:
    /// %x20-21 / %x23-5B / %x5D-7E). Why a token is not believed is for the log.
    public static func sentence(for kind: AuthenticationFailure.Kind) -> String {
        switch kind {
        case .missing: "A credential is required."
        case .malformed: "Send exactly one well-formed credential."
        case .invalid: "The credential is not valid here, or no longer."
        case .insufficientScope: "The credential lacks a scope that is needed."
        case .forbidden: "This client is not allowed here."
        case .unavailable: "Tokens cannot be verified at the moment."
        }
    }

    /// RFC 9110 section 15 and RFC 6750 section 3.1.
    public static func status(for kind: AuthenticationFailure.Kind) -> Int {
        switch kind {
        case .missing, .invalid: 401
        case .malformed: 400
        case .insufficientScope, .forbidden: 403
        case .unavailable: 503
        }
    }

    /// RFC 6749 appendix A.4: `scope-token = 1*NQCHAR`.
    private static func isScopeToken(_ text: String) -> Bool {
        isQuotable(text) && !text.utf8.contains(0x20)
    }

    /// Characters that need no escaping between quotation marks.
    private static func isQuotable(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
            }
    }
}
