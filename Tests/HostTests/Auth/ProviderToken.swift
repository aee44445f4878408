// Tokens in the shape that each known provider gives them, and each of them with one fault.

import JSON
import Testing

@testable import HostAuth
@testable import HostBase

/// What is wrong with a token.
enum TokenFault: Sendable, CaseIterable {
    case none, wrongIssuer, wrongAudience, expired, notYetValid, wrongAlgorithm, unknownKeyID, encryptionKey, otherKey
    case idToken, withoutClient, withoutSubject, withoutExpiry, withoutScope
}

/// One provider as a test sees it.
struct ProviderToken: Sendable, CustomTestStringConvertible {
    static let now = NumericDate(seconds: 1_700_000_000)
    static let tenant = "5e1f0c0a-4b7a-4d0e-9f3c-2a6b8c9d0e1f"

    let preset: IssuerPreset
    let settings: IssuerConfiguration
    let keys: JSONValue
    private let claims: JSONObject
    private let idToken: JSONObject
    private let application: JSONObject
    private let type: String?

    var testDescription: String { preset.rawValue }

    static let all: [ProviderToken] = IssuerPreset.allCases.map(ProviderToken.init)

    /// A token of a user, with one fault.
    func token(_ fault: TokenFault = .none) -> String {
        var claims = claims
        var header: JSONObject = ["kid": "key-1"]
        if let type { header["typ"] = .string(type) }
        var key = FixtureKey.rsa
        var algorithm = SignatureAlgorithm.rs256
        switch fault {
        case .none: break
        case .wrongIssuer: claims["iss"] = "https://other.example/"
        case .wrongAudience: claims[preset == .cognito ? "client_id" : "aud"] = "another"
        case .expired: claims["exp"] = JSONValue(Self.now.seconds - 61)
        case .notYetValid: claims["nbf"] = JSONValue(Self.now.seconds + 61)
        case .wrongAlgorithm:
            // Allowed nowhere: the generic issuer allows what exists.
            if preset == .generic { header["alg"] = "HS256" } else { algorithm = .rs512 }
        case .unknownKeyID: header["kid"] = "key-9"
        case .encryptionKey: header["kid"] = "key-enc"
        case .otherKey: key = .otherRSA
        case .idToken: claims = idToken
        case .withoutClient: for name in settings.clientClaims { claims[name] = nil }
        case .withoutSubject: for name in settings.subjectClaims { claims[name] = nil }
        case .withoutExpiry: claims["exp"] = nil
        case .withoutScope:
            for name in ["scope", "scp", "roles", "permissions", "realm_access", "cognito:groups"] {
                claims[name] = nil
            }
        }
        return key.token(claims, header: header, as: algorithm)
    }

    /// A token of an application that acts for itself.
    func applicationToken() -> String {
        var claims = claims
        for (name, value) in application { claims[name] = value == .null ? JSONValue?.none : value }
        var header: JSONObject = ["kid": "key-1"]
        if let type { header["typ"] = .string(type) }
        return FixtureKey.rsa.token(claims, header: header)
    }

    private init(_ preset: IssuerPreset) {
        self.preset = preset
        let tenant = Self.tenant
        var issuer = "https://issuer.example"
        var claims: JSONObject = [
            "iat": JSONValue(Self.now.seconds - 10), "nbf": JSONValue(Self.now.seconds - 10),
            "exp": JSONValue(Self.now.seconds + 3600), "aud": "tools", "sub": "user-1",
        ]
        var idToken: JSONObject = ["aud": "client-1", "nonce": "n", "name": "Ada"]
        var application: JSONObject = [:]
        var type: String? = "JWT"
        var key: [String: JSONValue?] = ["use": "sig"]
        switch preset {
        case .entraV1, .entraV2:
            let isV1 = preset == .entraV1
            issuer =
                isV1 ? "https://sts.windows.net/\(tenant)/" : "https://login.microsoftonline.com/\(tenant)/v2.0"
            claims["tid"] = .string(tenant)
            claims["ver"] = isV1 ? "1.0" : "2.0"
            claims[isV1 ? "appid" : "azp"] = "client-1"
            claims[isV1 ? "appidacr" : "azpacr"] = "0"
            claims["oid"] = "user-1"
            claims["sub"] = "pairwise"
            claims["scp"] = "read write"
            idToken["tid"] = .string(tenant)
            idToken["oid"] = "user-1"
            application = ["oid": "app-object", "sub": "app-object", "scp": .null, "roles": ["read", "write"]]
            // Entra's keys have no `alg`, and say whose they are.
            key["issuer"] = isV1 ? JSONValue?.none : .string("https://login.microsoftonline.com/{tenantid}/v2.0")
        case .okta:
            issuer = "https://dev-1.okta.com/oauth2/default"
            claims["cid"] = "client-1"
            claims["uid"] = "user-1"
            claims["sub"] = "ada@example.com"
            claims["scp"] = ["read", "write"]
            idToken["at_hash"] = "x"
            application = ["sub": "client-1", "uid": .null]
            key["alg"] = "RS256"
        case .auth0:
            issuer = "https://tenant.eu.auth0.com/"
            claims["aud"] = ["tools", "https://tenant.eu.auth0.com/userinfo"]
            claims["azp"] = "client-1"
            claims["scope"] = "read"
            claims["permissions"] = ["write"]
            application = ["sub": "client-1@clients", "gty": "client-credentials"]
            key["alg"] = "RS256"
        case .keycloak:
            issuer = "https://sso.example/realms/shop"
            claims["azp"] = "client-1"
            claims["typ"] = "Bearer"
            claims["aud"] = ["account", "tools"]
            claims["scope"] = "read"
            claims["realm_access"] = ["roles": ["write"]]
            claims["preferred_username"] = "ada"
            idToken["typ"] = "ID"
            idToken["azp"] = "client-1"
            application = ["preferred_username": "service-account-client-1"]
            key["alg"] = "RS256"
        case .cognito:
            issuer = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEfGhI"
            claims["aud"] = nil
            claims["client_id"] = "client-1"
            claims["token_use"] = "access"
            claims["scope"] = "read"
            claims["cognito:groups"] = ["write"]
            claims["username"] = "ada"
            idToken = ["aud": "client-1", "token_use": "id", "cognito:username": "ada"]
            application = ["sub": "client-1", "username": .null]
            type = nil
            key["alg"] = "RS256"
        case .generic:
            claims["client_id"] = "client-1"
            claims["scope"] = "read write"
            claims["jti"] = "1"
            application = ["sub": "client-1"]
            type = "at+jwt"
        }
        claims["iss"] = .string(issuer)
        for name in ["iss", "iat", "nbf", "exp"] { idToken[name] = claims[name] }
        idToken["sub"] = claims["oid"] == nil ? "user-1" : "pairwise"
        var settings = preset.configuration(issuer: issuer)
        if preset == .cognito { settings.clientIDs = ["client-1"] } else { settings.audiences = ["other", "tools"] }
        self.settings = settings
        self.claims = claims
        self.idToken = idToken
        self.application = application
        self.type = type
        keys = [
            "keys": [
                FixtureKey.otherRSA.jwk("key-enc", ["use": "enc", "alg": "RSA-OAEP"]),
                FixtureKey.rsa.jwk("key-1", key),
                FixtureKey.p256.jwk("key-ec", ["use": "sig"]),
            ]
        ]
    }
}

extension CompactJWS {
    /// The payload as a tree, which can be changed and signed again.
    var payload: JSONObject { claims.members.value.object ?? [:] }
}
