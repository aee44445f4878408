// The habits of known providers, as settings that an operator can see and override.

import HostBase
import JSON

/// A provider whose tokens are known. Expands to an `IssuerConfiguration`; nothing else asks for a preset.
public enum IssuerPreset: String, Sendable, Hashable, CaseIterable {
    case entraV1 = "entra-v1"
    case entraV2 = "entra-v2"
    case okta
    case auth0
    case keycloak
    case cognito
    case generic

    /// The provider that an issuer's URL gives away, for deployments that name an issuer and nothing else.
    static func recognized(in issuer: String) -> IssuerPreset {
        guard let host = IssuerConfiguration.host(of: issuer) else { return .generic }
        func isUnder(_ domain: String) -> Bool { host == domain || host.hasSuffix(".\(domain)") }
        if host == "sts.windows.net" { return .entraV1 }
        if isUnder("microsoftonline.com") || isUnder("ciamlogin.com") { return .entraV2 }
        if isUnder("okta.com") || isUnder("oktapreview.com") { return .okta }
        if isUnder("auth0.com") { return .auth0 }
        if host.hasPrefix("cognito-idp."), isUnder("amazonaws.com") { return .cognito }
        if issuer.contains("/realms/") { return .keycloak }
        return .generic
    }

    func configuration(issuer: String) -> IssuerConfiguration {
        var settings = IssuerConfiguration(issuer: issuer)
        switch self {
        case .entraV1, .entraV2:
            settings.clientClaims = [self == .entraV1 ? "appid" : "azp"]
            // `sub` differs for each application that a user signs in to; `oid` is the user in the tenant.
            settings.subjectClaims = ["oid", "sub"]
            // `idtyp` is an optional claim; without it, an application's token has its object id in both.
            settings.applicationMarks = [.claim("idtyp", equals: "app"), .claims("oid", "sub")]
            settings.scopeClaims = ["scp"]
            settings.roleClaims = ["/roles"]
            settings.requiredClaims = ["tid"]
        case .okta:
            settings.clientClaims = ["cid"]
            // `sub` is the login name, which can change hands.
            settings.subjectClaims = ["uid", "sub"]
            settings.scopeClaims = ["scp"]
        case .auth0:
            settings.clientClaims = ["azp", "client_id"]
            settings.applicationMarks = [
                .claim("gty", equals: "client-credentials"), .client(claim: "sub", suffix: "@clients"),
            ]
            settings.scopeClaims = ["scope"]
            settings.roleClaims = ["/permissions"]
        case .keycloak:
            settings.clientClaims = ["azp", "client_id"]
            settings.applicationMarks = [.client(claim: "preferred_username", prefix: "service-account-")]
            settings.scopeClaims = ["scope"]
            settings.roleClaims = ["/realm_access/roles"]
        case .cognito:
            // Access tokens have no `aud`.
            settings.audienceMode = .client
            settings.tokenUse = "access"
            settings.clientClaims = ["client_id"]
            settings.scopeClaims = ["scope"]
            settings.roleClaims = ["/cognito:groups"]
        case .generic:
            settings.algorithms = SignatureAlgorithm.allCases
            settings.roleClaims = ["/roles"]
        }
        return settings
    }
}

extension IssuerConfiguration {
    /// What makes this configuration unsafe or useless; each sentence says what to change. Empty: fit to start with.
    public var problems: [String] {
        var problems: [String] = []
        if audienceMode == .audience, audiences.isEmpty {
            problems.append(
                "no audience is set for \(issuer): any token that it issues for any other service would be let in; "
                    + "set the audience to what tokens for this server carry in aud")
        }
        if audienceMode == .client, clientIDs.isEmpty {
            problems.append(
                "no client ids are set for \(issuer), whose tokens have no audience: every application of that "
                    + "issuer would be let in; list the client ids that may call")
        }
        if audienceMode == .either, audiences.isEmpty, clientIDs.isEmpty {
            problems.append("neither audiences nor client ids are set for \(issuer); set at least one")
        }
        if algorithms.isEmpty { problems.append("no algorithms are allowed for \(issuer); allow at least one") }
        if !(0...300).contains(leeway) {
            problems.append("the leeway for \(issuer) is \(leeway) seconds; it must be between 0 and 300")
        }
        if !Self.isSecure(issuer) {
            problems.append("the issuer \(issuer) is not an https URL (http is for loopback addresses only)")
        }
        for url in [metadataURL, jwksURI].compactMap(\.self) where !Self.isSecure(url) {
            problems.append("\(url) is not an https URL (http is for loopback addresses only)")
        }
        if Self.host(of: issuer)?.hasSuffix(".okta.com") == true, !issuer.contains("/oauth2/") {
            problems.append(
                "\(issuer) is an Okta organisation, whose access tokens only Okta can read; use a custom authorization "
                    + "server: \(issuer)/oauth2/default")
        }
        return problems
    }

    /// Every setting, for `doctor` and the log at start.
    public var settings: JSONValue {
        func list(_ values: [String]) -> JSONValue { .array(values.map(JSONValue.string)) }
        return [
            "issuer": .string(issuer),
            "metadata_url": metadataURL.map(JSONValue.string) ?? nil,
            "jwks_uri": jwksURI.map(JSONValue.string) ?? nil,
            "algorithms": list(algorithms.map(\.name)),
            "audience_mode": .string(audienceMode.rawValue),
            "audiences": list(audiences),
            "client_ids": list(clientIDs),
            "tenants": list(tenants),
            "typ": .string(typePolicy.rawValue),
            "token_use": tokenUse.map(JSONValue.string) ?? nil,
            "client_claims": list(clientClaims),
            "subject_claims": list(subjectClaims),
            "application_marks": list(applicationMarks.map(\.description)),
            "scope_claims": list(scopeClaims),
            "role_claims": list(roleClaims),
            "required_claims": list(requiredClaims),
            "leeway": JSONValue(leeway),
            "accepts_id_tokens": .bool(acceptsIDTokens),
            "admits_clients": .bool(admitsClients),
            "names_users": .bool(namesUsers),
        ]
    }

    /// `https`, or `http` to this machine.
    public static func isSecure(_ url: String) -> Bool {
        guard let host = host(of: url) else { return false }
        return url.hasPrefix("https://") || ["localhost", "127.0.0.1", "[::1]"].contains(host)
    }

    /// The host of an `http` or `https` URL, without its port; `nil` where there is a user, no host, or something else
    /// beside host and port.
    static func host(of url: String) -> String? {
        guard let scheme = url.firstRange(of: "://"), ["http", "https"].contains(url[..<scheme.lowerBound]) else {
            return nil
        }
        let authority = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.isEmpty, !authority.contains("@") else { return nil }
        var host = authority.prefix { $0 != ":" }
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[...end]
        }
        let port = authority.dropFirst(host.count).utf8
        guard !host.isEmpty, port.isEmpty || port.first == UInt8(ascii: ":"), port.count <= 6,
            port.dropFirst().allSatisfy(\.isASCIIDigit)
        else { return nil }
        return String(host)
    }
}

extension IssuerConfiguration.ApplicationMark: CustomStringConvertible {
    var description: String {
        switch self {
        case .claim(let name, let value): "\(name) = \(value)"
        case .claims(let name, let other): "\(name) = \(other)'s value"
        case .client(let name, let prefix, let suffix): "\(name) = \(prefix){client}\(suffix)"
        }
    }
}
