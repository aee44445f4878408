// The keys of where packs may reach other services and as whom.

import HostAuth
import HostBase
import HostNetwork
import HostOutbound
import NIOCore
import NIOSSL

extension OutboundSettings {
    /// Blocks: reads the file of certificates.
    init(_ reader: SettingsReader, workingDirectory: String) throws(SettingsError) {
        self.init(
            maxResponseBytes: try reader.integer(.outboundMaxResponse, 1...(1 << 30)),
            circuitFailures: try reader.integer(.outboundCircuitFailures, 1...1000),
            circuitPause: try reader.duration(.outboundCircuitPause, .milliseconds(50)...Circuit.longestPause),
            healthInterval: try reader.duration(.outboundHealthInterval, .milliseconds(50)...TimeAmount.hours(1)))
        forwardsUserToken = try reader.flag(.agentsUserToken)
        agentsURL = try Self.agentsURL(reader)
        credential = try Self.credential(reader)
        addresses.permitted = try Self.networks(reader)
        let proxy = reader.string(.outboundProxy)
        if !proxy.isEmpty {
            guard let origin = Origin(proxy), !origin.isSecure else {
                throw reader.error(.outboundProxy, "is not http, a host and a port", isQuoted: false)
            }
            self.proxy = origin
        }
        try readAuthorities(reader, workingDirectory)
        warnings = credentialWarnings(reader)
    }

    private static func agentsURL(_ reader: SettingsReader) throws(SettingsError) -> String? {
        let text = reader.string(.agentsURL)
        guard !text.isEmpty else { return nil }
        guard let url = OutboundURL(text), !url.target.contains("?") else {
            throw reader.error(
                .agentsURL, "is not an http or https URL without user, query and fragment", isQuoted: false)
        }
        var shown = url.description
        while shown.hasSuffix("/") { shown.removeLast() }
        return shown
    }

    private static func credential(_ reader: SettingsReader) throws(SettingsError) -> Credential {
        let key = reader.string(.agentsAPIKey)
        let endpoint = reader.string(.agentsTokenEndpoint)
        let rest = [SettingKey.agentsClientID, .agentsClientSecret, .agentsScope]
        if endpoint.isEmpty {
            if let stray = rest.first(where: { !reader.string($0).isEmpty }) {
                throw reader.error(stray, "is set, but AGENTS_OAUTH2_TOKEN_ENDPOINT is not")
            }
            guard key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw reader.error(.agentsAPIKey, "has characters that a header cannot carry")
            }
            return key.isEmpty ? .none : .apiKey(key)
        }
        guard key.isEmpty else {
            throw SettingsError(
                key: SettingKey.agentsTokenEndpoint.name,
                problem: "is set, and so is AGENTS_API_KEY: remove the one that the agents API does not take",
                example: "")
        }
        guard let url = OutboundURL(endpoint), IssuerConfiguration.isSecure(url.description) else {
            throw reader.error(
                .agentsTokenEndpoint, "is not an https URL without user (http is for loopback addresses only)",
                isQuoted: false)
        }
        for key in [SettingKey.agentsClientID, .agentsClientSecret] where reader.string(key).isEmpty {
            throw SettingsError(
                key: key.name, problem: "is not set, and AGENTS_OAUTH2_TOKEN_ENDPOINT needs it", example: key.example)
        }
        return .token(
            Client(
                tokenEndpoint: url, id: reader.string(.agentsClientID), secret: reader.string(.agentsClientSecret),
                scope: reader.string(.agentsScope)))
    }

    private static func networks(_ reader: SettingsReader) throws(SettingsError) -> [NetworkRange] {
        var ranges: [NetworkRange] = []
        for item in reader.list(.outboundPrivateNetworks) {
            guard let range = NetworkRange(item) else {
                throw reader.error(
                    .outboundPrivateNetworks, "has \"\(item)\", which is neither an address nor a network")
            }
            ranges.append(range)
        }
        return ranges
    }

    private mutating func readAuthorities(
        _ reader: SettingsReader, _ workingDirectory: String
    ) throws(SettingsError) {
        let key = SettingKey.outboundCAFile
        guard !reader.string(key).isEmpty else { return }
        let file = try reader.file(key, in: workingDirectory)
        let bytes: [UInt8]
        do {
            bytes = try file.bytes(limit: 4 << 20)
        } catch {
            throw SettingsError(key: key.name, problem: error.description, example: "")
        }
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes), !certificates.isEmpty else {
            throw reader.error(key, "is not a PEM file of certificates")
        }
        authorities = certificates
        fileRemarks = file.remarks
    }

    private func credentialWarnings(_ reader: SettingsReader) -> [String] {
        var hasCredential = forwardsUserToken
        if case .none = credential {} else { hasCredential = true }
        guard hasCredential else { return [] }
        guard let agentsURL else {
            return ["credentials for the agents API are configured, but NEXTJS_URL is not set: they are sent nowhere"]
        }
        guard IssuerConfiguration.isSecure(agentsURL) else {
            return ["credentials go to \(agentsURL) without TLS: whoever is on the way can read them"]
        }
        return []
    }

    /// Adds warnings of what does not go together with who may call.
    mutating func compare(with auth: AuthSettings) {
        if case .apiKey(let key) = credential, let caller = auth.apiKeys?.entry(for: key) {
            warnings.append(
                "\(SettingKey.agentsAPIKey.name) is the key of the caller \(caller.name) too: who has it reaches the agents API "
                    + "past this host; ask the people who run the API for another one")
        }
        if forwardsUserToken, !auth.issuers.contains(where: \.rules.namesUsers) {
            warnings.append(
                "\(SettingKey.agentsUserToken.name) passes nothing on: no issuer's tokens are taken as X-User-Token "
                    + "(\(SettingKey.oauth2UserTokens.name), or names_users in the file of issuers)")
        }
    }
}
