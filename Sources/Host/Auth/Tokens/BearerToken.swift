// Takes the bearer token out of `Authorization`, or says what is wrong with the field.

import HostBase

enum BearerToken {
    static let field = "Authorization"
    static let userField = "X-User-Token"

    /// The token in the value of the field (RFC 6750 section 2.1); only the scheme is looked at here.
    ///
    /// Nothing sent is `.missing`, and so is another scheme, which RFC 6750 section 3.1 counts as no credentials at
    /// all. Two fields are `.malformed`: which of them counts would be a guess.
    /// - Parameter name: of the field, for what is told.
    static func extract(
        from single: SingleField, _ name: String = field
    ) throws(AuthenticationFailure) -> Substring {
        guard let field = single.first else { throw .missing }
        guard single.count == 1 else { throw .malformed(.severalCredentials) }
        let bytes = field.utf8.span
        // Usually the HTTP parser has removed white space around a field value already (RFC 9110 section 5.5).
        var (start, end) = (0, bytes.count)
        while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
        while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
        guard start < end else { throw .malformed(.malformedCredentials).hinting(.noToken, in: name) }
        let view = field.utf8
        let begin = start
        func otherScheme() -> AuthenticationFailure {
            let place = view.index(view.startIndex, offsetBy: begin)..<view.index(view.startIndex, offsetBy: end)
            return AuthenticationFailure(kind: .missing, reason: RefusalReason.scheme.rawValue)
                .hinting(BearerMistake(scheme: field[place]), in: name)
        }
        // Scheme names are case-insensitive (RFC 9110 section 11.1).
        for letter in "bearer".utf8 {
            guard start < end, bytes[start] | 0x20 == letter else { throw otherScheme() }
            start += 1
        }
        // RFC 9110 section 11.4: one or more spaces follow the scheme.
        guard start == end || bytes[start] == 0x20 else { throw otherScheme() }
        while start < end, bytes[start] == 0x20 { start += 1 }
        guard start < end else { throw .malformed(.malformedCredentials).hinting(.noToken, in: name) }
        return field[view.index(view.startIndex, offsetBy: start)..<view.index(view.startIndex, offsetBy: end)]
    }

    /// The token taken apart: one that is none is no valid token, unless not even the field is of its form.
    static func parse(
        _ token: Substring, limits: CompactJWS.Limits, _ name: String = field
    ) throws(AuthenticationFailure) -> CompactJWS {
        do throws(RefusalReason) {
            return try CompactJWS(token, limits: limits)
        } catch {
            let failure =
                token.utf8.isB64Token
                ? AuthenticationFailure.invalid(error) : AuthenticationFailure.malformed(.malformedCredentials)
            throw failure.hinting(BearerMistake(token: token), in: name)
        }
    }
}
