// What is known about one issuer of tokens: whose tokens they are, what they must say, and how they say it.

import HostBase

/// The rules for the tokens of one issuer. Every provider's habits are values here; there is no code for a provider
/// elsewhere.
public struct IssuerConfiguration: Sendable, Hashable {
    /// Which `typ` headers pass (RFC 8725bis section 3.11).
    public enum TypePolicy: String, Sendable, Hashable, CaseIterable {
        /// `at+jwt` only (RFC 9068 section 2.1).
        case accessToken = "at+jwt"
        /// `at+jwt`, `JWT` or none: what most providers issue by default.
        case jwt = "jwt"
        /// Anything.
        case any
    }

    /// What ties a token to this server.
    public enum AudienceMode: String, Sendable, Hashable, CaseIterable {
        /// `aud` names one of `audiences`.
        case audience = "aud"
        /// The client is one of `clientIDs`, for providers without `aud` (Cognito).
        case client
        /// Either of them.
        case either
    }

    /// How a token shows that an application acts for itself, so that no user is named.
    enum ApplicationMark: Sendable, Hashable {
        /// A claim with this value: `idtyp` = `app`.
        case claim(String, equals: String)
        /// Two claims with one value: `oid` and `sub`.
        case claims(String, String)
        /// A claim that is the client's id between a prefix and a suffix: `sub` = `{client}@clients`.
        case client(claim: String, prefix: String = "", suffix: String = "")
    }

    /// `iss`, compared code point by code point. `{tenantid}` stands for the token's `tid`, which must be a GUID.
    public var issuer: String
    /// Where the metadata is; `nil` to derive it from `issuer`.
    public var metadataURL: String?
    /// Where the keys are; `nil` to take it from the metadata.
    public var jwksURI: String?
    public var algorithms: [SignatureAlgorithm] = [.rs256]
    public var audienceMode = AudienceMode.audience
    public var audiences: [String] = []
    public var clientIDs: [String] = []
    /// Tenants whose tokens pass where `issuer` has `{tenantid}`; empty: all.
    public var tenants: [String] = []
    public var typePolicy = TypePolicy.jwt
    /// Required value of `token_use`.
    public var tokenUse: String?
    /// Claims that may name the client; the first present counts.
    public var clientClaims = ["client_id", "azp", "appid", "cid"]
    /// Claims that may name the user; the first present counts.
    public var subjectClaims = ["sub"]
    var applicationMarks: [ApplicationMark] = [.client(claim: "sub")]
    /// Claims with scopes, as a string with spaces or an array; all that are present count.
    public var scopeClaims = ["scope", "scp"]
    /// JSON Pointers (RFC 6901) to arrays of roles, which count as scopes.
    public var roleClaims: [String] = []
    /// Claims that must be there besides `iss` and `exp`.
    public var requiredClaims: [String] = []
    /// Seconds that the issuer's clock may be off; at most 300.
    public var leeway: Double = 60
    /// Whether ID tokens pass as access tokens.
    public var acceptsIDTokens = false
    /// Whether tokens of this issuer let a client in.
    public var admitsClients = true
    /// Whether tokens of this issuer may name the user beside a client's own token (`X-User-Token`).
    public var namesUsers = false

    /// Whether a token with these claims belongs to this issuer, by `iss` alone.
    func issued(_ claims: TokenClaims) -> Bool {
        guard let issuer = claims.issuer else { return false }
        return matches(issuer, tenant: claims.text("tid"), template: self.issuer)
    }

    /// Whether `value` is `template` with the tenant in its place.
    func matches(_ value: String, tenant: @autoclosure () -> String?, template: String) -> Bool {
        // Most issuers have no template, and looking for a brace is cheaper than looking for a string.
        guard template.utf8.contains(UInt8(ascii: "{")), let mark = template.firstRange(of: Self.tenantMark) else {
            return value.isSame(as: template)
        }
        guard let tenant = tenant(), Self.isGUID(tenant) else { return false }
        return value.isSame(as: template[..<mark.lowerBound] + tenant + template[mark.upperBound...])
    }

    public static let tenantMark = "{tenantid}"

    static func isGUID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.utf8.count) == [8, 4, 4, 4, 12]
            && parts.allSatisfy { $0.allSatisfy { $0.isASCII && $0.isHexDigit } }
    }
}
