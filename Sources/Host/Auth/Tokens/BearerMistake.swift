// What a client most likely did wrong where a bearer token was to be: told to it, since nobody else can mend it.

import HostBase

/// A field that should say `Bearer`, a space and a token, and does not. Nothing of the field's value is ever repeated.
enum BearerMistake: Sendable, Hashable, CaseIterable {
    /// A word without a scheme before it, mostly the token itself.
    case noScheme
    /// `Token x`, `ApiKey x`, `Basic x`.
    case otherScheme
    /// `Bearereyj…`
    case noSpace
    /// `Bearer: x`, `Bearer=x`, a tab.
    case separator
    /// `Bearer Bearer x`, mostly made by a client that adds the scheme itself.
    case doubled
    case quoted
    /// `${TOKEN}`, `<token>`, `undefined`.
    case placeholder
    case noToken
    /// Anything else that no token has in it.
    case characters

    /// In characters that `error_description` allows (RFC 6750 section 3).
    ///
    /// - Parameter field: its name.
    func sentence(_ field: String) -> String {
        let way = "Send \(field): Bearer, one space, and the access token."
        return switch self {
        case .noScheme: "\(field) names no scheme, such as a token without the word Bearer before it. \(way)"
        case .otherScheme: "\(field) names another scheme than Bearer. \(way)"
        case .noSpace: "\(field) has no space between Bearer and the token. \(way)"
        case .separator: "\(field) has something else than a space behind Bearer, such as a colon or a tab. \(way)"
        case .doubled:
            "\(field) says Bearer twice: where a client adds the word by itself, give it the token alone. \(way)"
        case .quoted: "The token in \(field) stands in quotation marks: leave them out."
        case .placeholder:
            "\(field) has a placeholder where the token belongs: the client has not put the token in its place."
        case .noToken: "\(field) has no token behind Bearer. \(way)"
        case .characters:
            "The token in \(field) has a character that no token has (RFC 6750 section 2.1), such as a space within it."
        }
    }

    /// A field without the scheme `Bearer` and a space.
    ///
    /// - Parameter field: without white space at its ends; not empty.
    init(scheme field: some StringProtocol) {
        let bytes = Array(field.utf8)
        guard bytes.count > 6, bytes.prefix(6).elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 }) else {
            self = bytes.contains(0x20) || bytes.contains(0x09) ? .otherScheme : .noScheme
            return
        }
        switch bytes[6] {
        case 0x09, UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: ","), UInt8(ascii: ";"): self = .separator
        // A scheme that only begins the same.
        case _ where bytes.contains(0x20): self = .otherScheme
        default: self = .noSpace
        }
    }

    /// What stands behind the scheme and is no token; `nil` where nothing is to be seen.
    init?(token: some StringProtocol) {
        let bytes = Array(token.utf8)
        guard let first = bytes.first, let last = bytes.last else {
            self = .noToken
            return
        }
        let quotes = "\"'`".utf8
        if bytes.count > 6, bytes.prefix(6).elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 }),
            " \t:=".utf8.contains(bytes[6])
        {
            self = .doubled
        } else if "$<{%[".utf8.contains(first) || (bytes.count <= 16 && Self.words.contains(token.lowercased())) {
            self = .placeholder
        } else if quotes.contains(first) || quotes.contains(last) {
            self = .quoted
        } else if !bytes.isB64Token {
            self = .characters
        } else {
            return nil
        }
    }

    /// What languages write for a variable that is not set.
    private static let words: Set<String> = ["undefined", "null", "none", "nil", "bearer", "token", "your_token"]
}
