// The keys of who may call, and the files that they name.

import HostAuth
import HostBase
import HostPacks

extension AuthSettings {
    /// Blocks: reads the files that are named. - Throws: `SettingsError` for what would let in too many, or nobody.
    init(_ reader: SettingsReader, mode: AuthMode, workingDirectory: String) throws(SettingsError) {
        let scopes = reader.list(.requiredScopes)
        if let scope = scopes.first(where: { !DescriptorReader.isScope($0) }) {
            throw reader.error(.requiredScopes, "has \"\(scope)\", which is no scope token (RFC 6749 section 3.3)")
        }
        self.init(
            mode: mode, allowedClients: reader.list(.allowedClients), requiredScopes: scopes,
            discovery: try reader.choice(.oauth2Discovery, as: Discovery.self),
            guardsDocuments: try reader.flag(.discoveryAuth))
        let userTokens = try reader.flag(.oauth2UserTokens)
        warnings = Self.unused(reader, mode: mode) + Self.placeholders(reader)
        if mode.takesTokens {
            issuers = try issuers(reader, userTokens: userTokens, workingDirectory: workingDirectory)
            warnings += Self.openToAllTenants(issuers)
            let name = reader.string(.oauth2DiscoveryIssuer)
            namedIssuer = name.isEmpty && issuers.count == 1 ? issuers[0] : issuers.first { $0.rules.issuer == name }
            if !name.isEmpty, namedIssuer == nil {
                throw reader.error(.oauth2DiscoveryIssuer, "is none of the configured issuers")
            }
        }
        if mode.takesAPIKeys { apiKeys = try keys(reader, mode: mode, workingDirectory: workingDirectory) }
    }

    // MARK: Issuers

    private mutating func issuers(
        _ reader: SettingsReader, userTokens: Bool, workingDirectory: String
    ) throws(SettingsError) -> [TrustedIssuer] {
        var issuers: [TrustedIssuer] = []
        if let issuer = try Self.issuer(reader, userTokens: userTokens) { issuers.append(issuer) }
        let file = reader.string(.oauth2IssuersFile)
        if !file.isEmpty {
            let text = try text(reader, .oauth2IssuersFile, workingDirectory)
            let others = try IssuersFile(
                parsing: text, file: file, audiences: reader.list(.oauth2Audience),
                clients: reader.list(.allowedClients)
            ).issuers
            for other in others {
                guard !issuers.contains(where: { $0.rules.issuer.isSame(as: other.rules.issuer) }) else {
                    throw SettingsError(key: file, problem: "names \(other.rules.issuer) twice", example: "")
                }
                issuers.append(other)
            }
        }
        guard issuers.contains(where: \.rules.admitsClients) else {
            throw SettingsError(
                key: SettingKey.oauth2Issuer.name,
                problem:
                    "is not set, and MCP_AUTH_MODE=\(reader.string(.authMode)) has to know whose tokens let a client "
                    + "in (OAUTH2_ISSUERS_FILE may name issuers instead)",
                example: SettingKey.oauth2Issuer.example)
        }
        return issuers
    }

    private static func issuer(_ reader: SettingsReader, userTokens: Bool) throws(SettingsError) -> TrustedIssuer? {
        let name = reader.string(.oauth2Issuer)
        guard !name.isEmpty else { return nil }
        for key in [
            SettingKey.oauth2Issuer, .oauth2OpenIDConfigURL, .oauth2JWKSURI, .oauth2TokenEndpoint,
            .oauth2AuthorizationEndpoint,
        ] {
            let url = reader.string(key)
            guard url.isEmpty || IssuerConfiguration.isSecure(url) else {
                throw reader.error(key, "is not an https URL (http is for loopback addresses only)")
            }
        }
        func optional(_ key: SettingKey) -> String? {
            let value = reader.string(key)
            return value.isEmpty ? nil : value
        }
        let preset =
            optional(.oauth2Preset) == nil ? nil : try reader.choice(.oauth2Preset, as: IssuerPreset.self)
        var issuer = TrustedIssuer(issuer: name, preset: preset)
        issuer.rules.metadataURL = optional(.oauth2OpenIDConfigURL)
        issuer.rules.jwksURI = optional(.oauth2JWKSURI)
        issuer.endpoints = ProviderMetadata.Endpoints(
            jwksURI: optional(.oauth2JWKSURI), tokenEndpoint: optional(.oauth2TokenEndpoint),
            authorizationEndpoint: optional(.oauth2AuthorizationEndpoint))
        issuer.rules.namesUsers = userTokens
        issuer.expect(audiences: reader.list(.oauth2Audience))
        if issuer.rules.audienceMode == .client { issuer.rules.clientIDs = reader.list(.allowedClients) }
        try check(issuer)
        return issuer
    }

    private static func check(_ issuer: TrustedIssuer) throws(SettingsError) {
        let rules = issuer.rules
        if rules.audienceMode == .audience, rules.audiences.isEmpty {
            throw SettingsError(
                key: SettingKey.oauth2Audience.name,
                problem:
                    "is not set: every token that \(rules.issuer) issues for any other service would be let in. Set "
                    + "it to what tokens for this server carry in aud",
                example: SettingKey.oauth2Audience.example)
        }
        if rules.audienceMode == .client, rules.clientIDs.isEmpty {
            throw SettingsError(
                key: SettingKey.allowedClients.name,
                problem:
                    "is not set, and tokens of \(rules.issuer) (preset \(issuer.preset.rawValue)) carry no audience: "
                    + "every application of that issuer would be let in. List the client ids that may call",
                example: SettingKey.allowedClients.example)
        }
        guard let problem = rules.problems.first else { return }
        throw SettingsError(
            key: SettingKey.oauth2Issuer.name, problem: problem, example: SettingKey.oauth2Issuer.example)
    }

    // MARK: API keys

    private mutating func keys(
        _ reader: SettingsReader, mode: AuthMode, workingDirectory: String
    ) throws(SettingsError) -> APIKeys {
        let key = reader.string(.apiKey)
        let file = reader.string(.apiKeysFile)
        var entries: [APIKeys.Entry] = []
        if !key.isEmpty {
            guard let keys = APIKeys(key: key) else {
                throw reader.error(.apiKey, "has fewer than \(APIKeys.minimumLength) characters")
            }
            entries += keys.entries
        }
        if !file.isEmpty {
            do {
                entries += try APIKeys(parsing: try text(reader, .apiKeysFile, workingDirectory)).entries
            } catch let fault as APIKeys.Fault {
                throw SettingsError(key: SettingKey.apiKeysFile.name, problem: "\(file) \(fault)", example: "")
            } catch let error as SettingsError {
                throw error
            } catch {
                throw SettingsError(key: SettingKey.apiKeysFile.name, problem: "\(error)", example: "")
            }
        }
        guard !entries.isEmpty else {
            throw SettingsError(
                key: SettingKey.apiKey.name,
                problem:
                    "is not set, and neither has MCP_API_KEYS_FILE a key: with MCP_AUTH_MODE=\(mode.rawValue) there "
                    + "has to be one",
                example: SettingKey.apiKey.example)
        }
        return APIKeys(entries: entries)
    }

    private mutating func text(
        _ reader: SettingsReader, _ key: SettingKey, _ workingDirectory: String
    ) throws(SettingsError) -> String {
        let file = try reader.file(key, in: workingDirectory)
        fileRemarks += file.remarks
        do {
            return try file.text(limit: 1 << 20)
        } catch {
            throw SettingsError(key: key.name, problem: error.description, example: "")
        }
    }

    // MARK: Warnings

    /// Keys that are set, but that this mode does not look at: most likely the mode is not the one that was meant.
    private static func unused(_ reader: SettingsReader, mode: AuthMode) -> [String] {
        var keys: [SettingKey] = []
        if !mode.takesTokens { keys += SettingKey.auth.filter { $0.name.hasPrefix("OAUTH2_") } }
        if !mode.takesAPIKeys { keys += [.apiKey, .apiKeysFile] }
        let warnings = keys.filter { reader.source[$0.name] != nil }.map {
            "\($0.name) is set, but MCP_AUTH_MODE=\(mode.rawValue) does not use it"
        }
        guard mode.takesTokens, reader.string(.oauth2Issuer).isEmpty else { return warnings }
        let about: [SettingKey] = [
            .oauth2OpenIDConfigURL, .oauth2JWKSURI, .oauth2TokenEndpoint, .oauth2AuthorizationEndpoint, .oauth2Preset,
            .oauth2UserTokens,
        ]
        return warnings
            + about.filter { reader.source[$0.name] != nil }.map {
                "\($0.name) is about OAUTH2_ISSUER, which is not set: issuers in OAUTH2_ISSUERS_FILE have members for it"
            }
    }

    /// Issuers of many tenants that name none of them.
    private static func openToAllTenants(_ issuers: [TrustedIssuer]) -> [String] {
        issuers.map(\.rules).filter { $0.issuer.contains(IssuerConfiguration.tenantMark) && $0.tenants.isEmpty }.map {
            "\($0.issuer) stands for every tenant there is, and anybody can have one: list those that may call as tenants "
                + "in OAUTH2_ISSUERS_FILE"
        }
    }

    /// A guide's `{your-tenant-id}` that nobody has filled in.
    private static func placeholders(_ reader: SettingsReader) -> [String] {
        SettingKey.auth.filter { key in
            !key.isSecret
                && reader.list(key).contains { value in
                    value.replacing(IssuerConfiguration.tenantMark, with: "").contains("{")
                }
        }.map { "\($0.name) still has a placeholder in braces: put the real value in its place" }
    }
}
