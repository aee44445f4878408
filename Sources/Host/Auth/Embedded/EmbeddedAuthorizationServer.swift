// The host as its own OAuth 2.0 authorization server, so that a first start needs no identity provider.

import HostBase
import JSON

/// One client, one grant (client credentials), one key. Everything but `open` is a pure function of its arguments and
/// the clock.
public struct EmbeddedAuthorizationServer: Sendable {
    /// The public URL, without a slash at its end; tokens and metadata carry it as it is.
    public let issuer: String
    let clock: TimeSource
    private let identity: EmbeddedIdentity

    /// Seconds that a token is valid.
    static let tokenLifetime: Int64 = 3600
    /// Longer token requests are refused: the longest sensible one has a few hundred bytes.
    static let maximumBodyBytes = 16 * 1024
    public static let tokenPath = "/oauth2/token"
    public static let authorizationPath = "/oauth2/authorize"
    public static let jwksPath = "/.well-known/jwks.json"

    /// Reads or makes key and client under `stateFolder/auth`, which must exist up to `stateFolder`. Blocks.
    public static func open(
        stateFolder: String, publicURL: String, clock: TimeSource = .wall
    ) throws(SecretFileFault) -> Self {
        Self(identity: try EmbeddedIdentity.load(folder: "\(stateFolder)/auth"), publicURL: publicURL, clock: clock)
    }

    init(identity: EmbeddedIdentity, publicURL: String, clock: TimeSource) {
        self.identity = identity
        issuer = publicURL.hasSuffix("/") ? String(publicURL.dropLast()) : publicURL
        self.clock = clock
    }

    public var clientID: String { identity.clientID }
    /// For the operator who started the server, never for the log.
    public var clientSecret: String { identity.clientSecret }
    /// Whether key or client were made by this start.
    var isNewClient: Bool { identity.isNew }

    /// The document at `jwksPath` (RFC 7517 section 5).
    public var jwks: JSONValue { ["keys": [identity.publicJWK]] }

    /// Rules for the tokens issued here, for whoever verifies them.
    public var issuerConfiguration: IssuerConfiguration {
        var configuration = IssuerConfiguration(issuer: issuer)
        configuration.audiences = [issuer]
        configuration.typePolicy = .accessToken
        configuration.clientClaims = ["client_id"]
        configuration.scopeClaims = ["scope"]
        configuration.requiredClaims = ["sub", "client_id", "iat", "jti"]
        // Issuer and verifier read the same clock.
        configuration.leeway = 0
        return configuration
    }

    /// Authorization server metadata (RFC 8414 section 2), which serves as OpenID Provider metadata as well.
    ///
    /// `response_types_supported` is required, and an empty array must be left out (section 3.2). No user logs in here,
    /// so of the registered values `none` is the only true one. `authorization_endpoint` could be left out for the same
    /// reason, but widespread clients, the official MCP libraries for Python among them, read no document without it.
    public func metadata(scopes: [String]) -> JSONValue {
        var members: JSONObject = [
            "issuer": .string(issuer),
            "authorization_endpoint": .string(issuer + Self.authorizationPath),
            "token_endpoint": .string(issuer + Self.tokenPath),
            "jwks_uri": .string(issuer + Self.jwksPath),
            "response_types_supported": ["none"],
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        ]
        // Section 3.2: members without a value are left out.
        if !scopes.isEmpty { members["scopes_supported"] = .array(scopes.map(JSONValue.string)) }
        return .object(members)
    }

    /// Answers `POST /oauth2/token`. Signing takes about half a millisecond of CPU; nothing blocks.
    ///
    /// Failed attempts are neither delayed nor counted: the secret has at least 128 bits, so guessing is hopeless at
    /// any rate, and a counter would let anybody lock the real client out.
    ///
    /// - Parameter scopes: All scopes that exist, which is what a request without `scope` is granted (RFC 6749 section
    ///   3.3).
    public func respond(to request: TokenRequest, scopes: [String]) -> TokenResponse {
        do throws(TokenError) {
            return try issue(request, scopes: scopes)
        } catch {
            return error.response
        }
    }

    private func issue(_ request: TokenRequest, scopes: [String]) throws(TokenError) -> TokenResponse {
        let parameters = try parameters(of: request)
        try authenticate(try ClientCredentials(authorization: request.authorization, parameters: parameters))
        guard let grantType = parameters["grant_type"] else { throw .invalidRequest("grant_type is missing") }
        guard grantType == "client_credentials" else {
            throw TokenError(code: .unsupportedGrantType, description: "only client_credentials is supported")
        }
        let audience = try audience(parameters)
        let granted = try scope(parameters["scope"], of: scopes)
        guard let token = token(audience: audience, scopes: granted) else {
            throw TokenError(code: .serverError, description: "the token could not be signed")
        }
        var members: JSONObject = [
            "access_token": .string(token), "token_type": "Bearer", "expires_in": JSONValue(Self.tokenLifetime),
        ]
        if !granted.isEmpty { members["scope"] = .string(granted.joined(separator: " ")) }
        return TokenResponse(status: 200, outcome: "issued", members: .object(members))
    }

    private func parameters(of request: TokenRequest) throws(TokenError) -> FormParameters {
        let mediaType = request.contentType?.split(separator: ";", omittingEmptySubsequences: false).first ?? ""
        guard mediaType.filter({ $0 != " " && $0 != "\t" }).lowercased() == "application/x-www-form-urlencoded" else {
            throw .invalidRequest("the body must be application/x-www-form-urlencoded")
        }
        guard request.body.count <= Self.maximumBodyBytes else { throw .invalidRequest("the body is too long") }
        do {
            return try FormParameters(parsing: request.body)
        } catch {
            switch error {
            case .duplicate: throw .invalidRequest("a parameter is there twice")
            case .encoding: throw .invalidRequest("the body is not form-encoded UTF-8")
            case .tooMany: throw .invalidRequest("too many parameters")
            }
        }
    }

    /// Both comparisons are always made, so that an unknown id takes as long as a wrong secret.
    private func authenticate(_ client: ClientCredentials) throws(TokenError) {
        let isClient = ConstantTime.equals(client.id, identity.clientID)
        let isSecret = ConstantTime.equals(client.secret, identity.clientSecret)
        guard isClient, isSecret else { throw .invalidClient }
    }

    /// What is asked for, and always this server as a whole, since all its routes are one resource server.
    ///
    /// `resource` is RFC 8707's parameter, `audience` what some clients send instead.
    private func audience(_ parameters: FormParameters) throws(TokenError) -> [String] {
        var audience = [issuer]
        for resource in parameters.all("resource") + parameters.all("audience") {
            guard isOurs(resource) else {
                throw TokenError(code: .invalidTarget, description: "resource is not a URL of this server")
            }
            if !audience.contains(resource) { audience.append(resource) }
        }
        return audience
    }

    /// The public URL or a path below it; no fragment (RFC 8707 section 2).
    private func isOurs(_ resource: String) -> Bool {
        (resource.isSame(as: issuer) || resource.utf8.starts(with: "\(issuer)/".utf8))
            && resource.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }
            && resource.utf8.count <= 512
    }

    private func scope(_ requested: String?, of all: [String]) throws(TokenError) -> [String] {
        guard let requested else { return all }
        var granted: [String] = []
        for scope in requested.split(separator: " ").map(String.init) where !granted.contains(scope) {
            guard all.contains(scope) else {
                throw TokenError(code: .invalidScope, description: "no tool of this server has such a scope")
            }
            granted.append(scope)
        }
        return granted
    }

    /// A JWT access token (RFC 9068 section 2).
    private func token(audience: [String], scopes: [String]) -> String? {
        let issued = Int64(clock.now().seconds)
        let header: JSONValue = ["alg": "RS256", "typ": "at+jwt", "kid": .string(identity.keyID)]
        var claims: JSONObject = [
            "iss": .string(issuer), "sub": .string(clientID), "client_id": .string(clientID),
            "aud": audience.count == 1 ? .string(issuer) : .array(audience.map(JSONValue.string)),
            "iat": JSONValue(issued), "exp": JSONValue(issued + Self.tokenLifetime),
            "jti": .string(Base64.url.encode(SecureRandom.bytes(16))),
        ]
        if !scopes.isEmpty { claims["scope"] = .string(scopes.joined(separator: " ")) }
        let input = Base64.url.encode(header.bytes()) + "." + Base64.url.encode(JSONValue.object(claims).bytes())
        guard let signature = identity.signingKey.sign(Array(input.utf8)) else { return nil }
        return input + "." + Base64.url.encode(signature)
    }
}
