// The operator's self-check: the way of a client to a call, step by step, with what to change where it ends.

import HostAuth
import HostBase
import HostCaller
import HostCalls
import HostDocuments
import HostDoor
import HostOutbound
import HostPacks
import HostSandbox
import JSON
import NIOCore
import NIOPosix

/// What `toolhost doctor` prints.
public struct DoctorReport {
    private static let patience = TimeAmount.seconds(5)
    private var checkup = Checkup()

    public var text: String { checkup.text }
    public var hasProblems: Bool { checkup.hasProblems }

    /// Fetches from the issuers, from the host itself and from the agents API; starts nothing. Blocks for seconds where
    /// somebody does not answer.
    ///
    /// - Parameter token: A token to explain. Its signature is never printed.
    public init(configuration: Configuration, token: String? = nil) {
        let settings = configuration.settings
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let fetcher = DocumentFetcher(group: group, tls: settings.outbound.tls)
        let fetch = { (url: String) throws -> FetchedDocument in
            try fetcher.fetch(url, on: group.next()).wait()
        }
        let publicURL = PublicURL.effective(settings, port: settings.port)
        let report = DeploymentReport(configuration: configuration, triesLayers: true)
        checkConfiguration(settings, report)
        var issuers = settings.auth.issuers.map(\.rules)
        var keys: [String: JSONWebKeySet] = [:]
        for issuer in settings.auth.issuers {
            let found = IssuerCheckup(issuer, now: TimeSource.wall.now(), fetch: fetch)
            for line in found.checkup.lines { checkup.add(line.verdict, line.step, line.detail) }
            keys[issuer.rules.issuer] = found.keys
            checkAudience(issuer.rules)
        }
        if settings.auth.mode == .embedded, let embedded = embedded(settings, publicURL.url) {
            issuers = [embedded.issuerConfiguration]
            keys[embedded.issuer] = try? JSONWebKeySet(parsing: embedded.jwks.bytes())
        }
        checkPublicURL(publicURL, fetch)
        checkSandbox(settings, report)
        checkPacks(report)
        checkDocuments(report)
        let client = WireClient(group: group, settings: settings.outbound)
        let send = { (request: WireRequest) throws -> WireReply in
            try client.exchange(request, deadline: .now() + Self.patience, on: group.next()).reply.wait()
        }
        let agents = AgentsCheckup(settings.outbound, packs: report.agentsPacks, send: send)
        let host = HostCheckup(host: settings.host, port: settings.port, send: send)
        for line in agents.checkup.lines + host.checkup.lines { checkup.add(line.verdict, line.step, line.detail) }
        if let token { explain(token, issuers, keys, settings) }
        // The process ends with the report, and takes the threads of the group along.
    }

    private mutating func checkConfiguration(_ settings: Settings, _ report: DeploymentReport) {
        checkup.add(.good, "configuration", "MCP_AUTH_MODE=\(settings.auth.mode.rawValue)")
        for warning in settings.auth.warnings + report.warnings {
            checkup.add(.notice, "configuration", warning)
        }
        if settings.auth.mode.takesTokens, settings.auth.namedIssuer == nil {
            checkup.add(
                .notice, "configuration",
                "there are several issuers and OAUTH2_DISCOVERY_ISSUER names none: openid-configuration is 404")
        }
        if let keys = settings.auth.apiKeys {
            checkup.add(.good, "API keys", keys.entries.map(\.name).joined(separator: ", "))
        }
        if settings.auth.mode == .none { checkup.add(.notice, "configuration", "everybody may call every tool") }
    }

    /// How far packs are confined, and what this system holds of that.
    private mutating func checkSandbox(_ settings: Settings, _ report: DeploymentReport) {
        for line in report.freedoms { checkup.add(.notice, "sandbox", line) }
        for (found, files) in report.layers { tell(found, " (\(files.joined(separator: ", ")))") }
        guard report.freedoms.isEmpty, report.layers.isEmpty else { return }
        // No pack to look at.
        if settings.packs.isolation == .host {
            checkup.add(.notice, "sandbox", "PACK_ISOLATION=host: packs run in the host, which cannot be confined")
        } else if settings.packs.sandbox == .off {
            checkup.add(.notice, "sandbox", "PACK_SANDBOX=off: packs may whatever the host's user may")
        } else {
            tell(PackProbe.ofThisExecutable(timeout: settings.packs.startTimeout)?.layers(by: settings.packs), "")
        }
    }

    private mutating func tell(_ report: SandboxReport?, _ packs: String) {
        guard let report else { return checkup.add(.bad, "sandbox", "a process that tries it cannot be started") }
        let version = report.landlock > 0 ? "Landlock \(report.landlock)" : "no Landlock"
        checkup.add(
            report.lacking.isEmpty ? .good : .notice, "sandbox",
            "\(report.level.rawValue)\(packs), \(version): \(report.text)")
    }

    private mutating func checkAudience(_ rules: IssuerConfiguration) {
        let named = rules.audiences.map(ForeignText.quoted).joined(separator: ", ")
        let clients = rules.clientIDs.map(ForeignText.quoted).joined(separator: ", ")
        switch rules.audienceMode {
        case .audience: checkup.add(.good, "audience", "tokens must carry one of \(named) in aud")
        case .client: checkup.add(.good, "audience", "tokens carry none; the client must be one of \(clients)")
        case .either:
            checkup.add(.good, "audience", "aud must name one of \(named), or the client be one of \(clients)")
        }
    }

    /// The embedded server of a host that has run here before; nothing is made.
    private mutating func embedded(_ settings: Settings, _ publicURL: String) -> EmbeddedAuthorizationServer? {
        do {
            guard try EmbeddedIdentity.isMade(in: "\(settings.stateDirectory)/auth") else {
                checkup.add(.notice, "embedded server", "it has no client and key yet: start the host once")
                return nil
            }
            let server = try EmbeddedAuthorizationServer.open(
                stateFolder: settings.stateDirectory, publicURL: publicURL)
            checkup.add(.good, "embedded server", "client \(server.clientID), issuer \(server.issuer)")
            return server
        } catch {
            checkup.add(.bad, "embedded server", "\(error)")
            return nil
        }
    }

    private mutating func checkPublicURL(
        _ effective: (url: String, warning: String?), _ fetch: (String) throws -> FetchedDocument
    ) {
        let url = effective.url
        if let warning = effective.warning { checkup.add(.notice, "public URL", warning) }
        guard IssuerConfiguration.isSecure(url) else {
            return checkup.add(
                .bad, "public URL",
                "\(url) is not https: clients refuse it, and tokens would travel in clear text; put a proxy with TLS in "
                    + "front and set PUBLIC_URL")
        }
        let location = ProtectedResourceMetadata.url(suffix: "", publicURL: url)
        do {
            let metadata = try JSONValue(parsing: try fetch(location).body)
            guard let resource = metadata["resource"]?.string, resource == url else {
                return checkup.add(
                    .bad, "public URL",
                    "\(location) is about another resource than \(url): PUBLIC_URL and the proxy disagree")
            }
            checkup.add(.good, "public URL", "\(url) answers, and its metadata is about it")
        } catch {
            checkup.add(
                .open, "public URL", "\(url) is not served at the moment, as far as this machine sees: \(error)")
        }
    }

    private mutating func checkPacks(_ report: DeploymentReport) {
        for refusal in report.refusals {
            let what = refusal.file + (refusal.tool.map { " (\($0))" } ?? "")
            checkup.add(.notice, "packs", "\(what) is refused: \(refusal.reason)")
        }
    }

    private mutating func checkDocuments(_ report: DeploymentReport) {
        let size = report.openAPI(version: "3.1", pack: nil, tag: nil)?.utf8.count
        guard let size else { return checkup.add(.bad, "documents", "the OpenAPI document cannot be made") }
        let tools = report.toolCount
        guard tools > 0 else {
            return checkup.add(
                .bad, "documents",
                "no tool is served, so there is nothing to import: put packs into PLUGINS_DIR, and see `toolhost tools` for "
                    + "the reasons of those that are there")
        }
        checkup.add(
            report.hasRefusals ? .notice : .good, "documents",
            "the OpenAPI document has \(tools) \(tools == 1 ? "tool" : "tools") and \(size) bytes"
                + (report.hasRefusals ? "; packs or tools are left out" : ""))
    }

    private mutating func explain(
        _ token: String, _ issuers: [IssuerConfiguration], _ keys: [String: JSONWebKeySet], _ settings: Settings
    ) {
        let report = TokenReport(token: token, issuers: issuers, keys: keys, now: TimeSource.wall.now())
        for line in report.lines {
            let verdict: Checkup.Verdict =
                switch line.verdict {
                case .good: .good
                case .bad: .bad
                case .open: .open
                }
            checkup.add(verdict, "token, \(line.check)", line.detail)
        }
        guard let principal = report.principal else {
            return checkup.add(.bad, "token", "it would not be let in")
        }
        do {
            try AccessPolicy(settings.auth).admit(principal)
        } catch {
            return checkup.add(
                .bad, "token", "ALLOWED_MCP_CLIENTS does not name its client \(ForeignText.quoted(principal.clientID))")
        }
        let missing = settings.auth.requiredScopes.filter { !principal.holds([$0]) }
        guard missing.isEmpty else {
            return checkup.add(
                .bad, "token",
                "it lacks scopes of REQUIRED_MCP_SCOPES: \(missing.joined(separator: ", ")). Grant them to the client at "
                    + "the issuer")
        }
        checkup.add(.good, "token", "it would be let in; tools may need further scopes")
    }
}
