// Several issuers at once: the YAML file that OAUTH2_ISSUERS_FILE names.

import HostAuth
import HostBase
import JSON

/// What the file says. Each item names a preset and what differs from it; members are named as `toolhost doctor` prints
/// them.
struct IssuersFile {
    var issuers: [TrustedIssuer] = []

    private static let known = [
        "preset", "issuer", "audiences", "client_ids", "metadata_url", "jwks_uri", "token_endpoint",
        "authorization_endpoint", "token_scope", "tenants", "algorithms", "audience_mode", "typ", "token_use",
        "client_claims", "subject_claims", "scope_claims", "role_claims", "required_claims", "leeway",
        "accepts_id_tokens", "admits_clients", "names_users",
    ]

    /// - Parameters:
    ///   - audiences: For issuers that name none of their own.
    ///   - clients: The same for client ids, where tokens have no audience.
    /// - Throws: `SettingsError` whose key is the path inside the file, such as `issuers.yaml: issuers[1].leeway`.
    init(parsing yaml: String, file: String, audiences: [String], clients: [String]) throws(SettingsError) {
        let value: JSONValue
        do {
            value = try YAMLReader.value(yaml)
        } catch {
            throw SettingsError(key: file, problem: "is not YAML: \(error)", example: "")
        }
        if value.isNull { throw SettingsError(key: file, problem: "is empty", example: "") }
        guard let items = value["issuers"]?.array, value.object?.count == 1 else {
            throw SettingsError(
                key: file, problem: "is not a mapping whose one member is the list issuers", example: "")
        }
        for (index, item) in items.enumerated() {
            let place = "\(file): issuers[\(index)]"
            guard let members = item.object else {
                throw SettingsError(key: place, problem: "is not a mapping", example: "")
            }
            issuers.append(try Self.issuer(Members(object: members, place: place), audiences, clients))
        }
    }

    private static func issuer(
        _ members: Members, _ audiences: [String], _ clients: [String]
    ) throws(SettingsError) -> TrustedIssuer {
        for key in members.object.keys where !known.contains(key) {
            let nearest = EditDistance.nearest(to: key, among: known) ?? ""
            throw members.error(key, "is not known; did you mean \(nearest)?")
        }
        guard let name = try members.text("issuer") else { throw members.error("issuer", "is missing") }
        var issuer = TrustedIssuer(issuer: name, preset: try members.choice("preset"))
        issuer.tokenScope = try members.text("token_scope")
        issuer.rules.metadataURL = try members.text("metadata_url")
        issuer.rules.jwksURI = try members.text("jwks_uri")
        issuer.endpoints = ProviderMetadata.Endpoints(
            jwksURI: issuer.rules.jwksURI, tokenEndpoint: try members.text("token_endpoint"),
            authorizationEndpoint: try members.text("authorization_endpoint"))
        if let own = try members.list("audiences") {
            issuer.expect(audiences: own)
        } else if issuer.rules.audienceMode != .client {
            // Another issuer's audience does not give tokens without one an audience.
            issuer.expect(audiences: audiences)
        }
        if issuer.rules.audienceMode == .client { issuer.rules.clientIDs = clients }
        try members.apply(to: &issuer.rules)
        let urls = [issuer.endpoints.tokenEndpoint, issuer.endpoints.authorizationEndpoint].compactMap(\.self)
        if let url = urls.first(where: { !IssuerConfiguration.isSecure($0) }) {
            throw SettingsError(key: members.place, problem: "\(url) is not an https URL", example: "")
        }
        if let problem = issuer.rules.problems.first {
            throw SettingsError(key: members.place, problem: problem, example: "")
        }
        return issuer
    }
}

/// The members of one item, read with errors that name their place.
private struct Members {
    let object: JSONObject
    let place: String

    func error(_ name: String, _ problem: String) -> SettingsError {
        SettingsError(key: "\(place).\(name)", problem: problem, example: "")
    }

    func text(_ name: String) throws(SettingsError) -> String? {
        guard let value = object[name], value != .null else { return nil }
        guard let text = value.string, !text.isEmpty else { throw error(name, "is no text") }
        return text
    }

    func flag(_ name: String) throws(SettingsError) -> Bool? {
        guard let value = object[name] else { return nil }
        guard let flag = value.bool else { throw error(name, "is neither true nor false") }
        return flag
    }

    func list(_ name: String) throws(SettingsError) -> [String]? {
        guard let value = object[name] else { return nil }
        if let text = value.string { return [text] }
        guard let items = value.array else { throw error(name, "is no list") }
        let texts = items.compactMap(\.string)
        guard texts.count == items.count else { throw error(name, "has an item that is no text") }
        return texts
    }

    func choice<Value: RawRepresentable & CaseIterable>(_ name: String) throws(SettingsError) -> Value?
    where Value.RawValue == String {
        guard let text = try text(name) else { return nil }
        if let value = Value(rawValue: text) { return value }
        throw error(name, "is none of " + Value.allCases.map(\.rawValue).joined(separator: ", "))
    }

    func apply(to rules: inout IssuerConfiguration) throws(SettingsError) {
        if let mode: IssuerConfiguration.AudienceMode = try choice("audience_mode") { rules.audienceMode = mode }
        if let policy: IssuerConfiguration.TypePolicy = try choice("typ") { rules.typePolicy = policy }
        if let names = try list("algorithms") {
            rules.algorithms = names.compactMap(SignatureAlgorithm.init(name:))
            guard rules.algorithms.count == names.count else {
                let known = SignatureAlgorithm.allCases.map(\.name).joined(separator: ", ")
                throw error("algorithms", "has one that is not known; known are \(known)")
            }
        }
        rules.clientIDs = try list("client_ids") ?? rules.clientIDs
        rules.tenants = try list("tenants") ?? rules.tenants
        rules.tokenUse = try text("token_use") ?? rules.tokenUse
        rules.clientClaims = try list("client_claims") ?? rules.clientClaims
        rules.subjectClaims = try list("subject_claims") ?? rules.subjectClaims
        rules.scopeClaims = try list("scope_claims") ?? rules.scopeClaims
        rules.roleClaims = try list("role_claims") ?? rules.roleClaims
        rules.requiredClaims = try list("required_claims") ?? rules.requiredClaims
        if let value = object["leeway"] {
            guard let seconds = value.int64 else { throw error("leeway", "is no number of seconds") }
            rules.leeway = Double(seconds)
        }
        rules.acceptsIDTokens = try flag("accepts_id_tokens") ?? rules.acceptsIDTokens
        rules.admitsClients = try flag("admits_clients") ?? rules.admitsClients
        rules.namesUsers = try flag("names_users") ?? rules.namesUsers
    }
}
