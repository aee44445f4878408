// Editions without packs from files.

import Logging
import NIOCore

@testable import HostApp
@testable import HostAuth
@testable import HostBase
@testable import HostCalls
@testable import HostDocuments
@testable import HostDoor
@testable import HostHTTP
@testable import HostMCP
@testable import HostObservation
@testable import HostService

enum TestEditions {
    static let publicURL = "https://tools.example.com"
    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    static func settings(_ values: [String: String] = [:]) throws -> Settings {
        try Settings(
            source: SettingsSource(environment: values.merging(["PUBLIC_URL": publicURL]) { own, _ in own }, file: [:]),
            workingDirectory: "/srv")
    }

    static func maker(_ settings: Settings) -> EditionMaker {
        EditionMaker(
            publisher: Publisher(service: settings.service, auth: settings.auth, publicURL: publicURL, embedded: nil),
            mcp: settings.mcp,
            authMode: settings.auth.mode)
    }

    /// - Parameters:
    ///   - clients: who alone may call; empty: everybody.
    ///   - scopes: what every caller needs.
    static func parts(
        _ packs: [TestPack] = [], clients: Set<String> = [], scopes: [String] = []
    ) -> Edition.Parts {
        Edition.Parts(
            snapshot: Snapshot(packs: [], tools: packs.flatMap(\.tools), refusals: [], disabled: []),
            policy: AccessPolicy(allowedClients: clients, requiredScopes: scopes))
    }

    /// A store whose first edition has nothing to serve, to callers that the settings let in.
    static func editions(_ settings: Settings) throws -> Editions {
        var parts = parts()
        parts.policy = AccessPolicy(settings.auth)
        return try Editions(maker(settings), of: parts, logger: logger)
    }

    /// Who answers with them, behind a door.
    static func service(
        _ settings: Settings, _ editions: Editions, door: Door, calls: CallTable = CallTable(),
        observers: [any CallObserver] = [], state: HostState = HostState()
    ) -> HostService {
        HostService(
            auth: settings.auth, appsChallenge: settings.mcp.appsChallenge, editions: editions, door: door,
            cors: settings.http.cors,
            rebinding: RebindingGuard(
                host: settings.host, publicURL: publicURL, corsOrigins: settings.http.cors.origins,
                allowedHosts: settings.mcp.allowedHosts),
            resultLimit: ResultLimit(characters: settings.calls.maxResultCharacters),
            conditions: { [] }, embedded: nil, pipeline: CallPipeline(calls: calls),
            sessions: SessionIDs(secret: [UInt8](repeating: 1, count: 32)),
            log: LineLogHandler(form: .json, level: .critical), observers: observers, state: state)
    }

    /// MCP's part of two editions: nothing is served, then a pack.
    static func two() throws -> (first: MCPEdition, second: MCPEdition) {
        let settings = try settings()
        let pack = try TestPack(
            "one", answer: #"{"pack":"one"}"#, settings.calls, calls: CallTable(),
            pool: WorkerPool(threads: 1, logger: logger))
        let maker = maker(settings)
        return (try maker.edition(1, of: parts()).mcp, try maker.edition(2, of: parts([pack])).mcp)
    }
}
