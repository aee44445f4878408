// Who asks for a token: client id and secret, as Basic or in the body, never both (RFC 6749 section 2.3).

import HostBase
import JSON

/// What a client authenticates with at the token endpoint.
struct ClientCredentials: Sendable, Hashable {
    var id: String
    var secret: String

    init(authorization: [String], parameters: FormParameters) throws(TokenError) {
        guard let field = authorization.first else {
            guard let id = parameters["client_id"], let secret = parameters["client_secret"] else {
                throw .invalidClient
            }
            (self.id, self.secret) = (id, secret)
            return
        }
        guard authorization.count == 1, parameters["client_secret"] == nil else {
            throw .invalidRequest("more than one way of client authentication")
        }
        guard let basic = Self.basic(field) else { throw .invalidClient }
        // Some clients repeat their id in the body; a different one would make two clients of one request.
        if let id = parameters["client_id"], id != basic.id {
            throw .invalidRequest("client_id differs from the one in the Authorization header")
        }
        (id, secret) = basic
    }

    /// `Basic` with both parts form-encoded before they are joined (RFC 6749 section 2.3.1).
    private static func basic(_ field: String) -> (id: String, secret: String)? {
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "basic",
            let decoded = Base64.standard.decode(Array(parts[1].utf8)),
            let colon = decoded.firstIndex(of: UInt8(ascii: ":")),
            let id = PercentEncoding.decoded(decoded[..<colon], plusIsSpace: true),
            let secret = PercentEncoding.decoded(decoded[(colon + 1)...], plusIsSpace: true)
        else { return nil }
        return (id, secret)
    }
}
