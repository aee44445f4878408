// Wires everything: from settings to a listening host, and back down again.

import HostAuth
import HostBase
import HostCalls
import HostControl
import HostDocuments
import HostDoor
import HostHTTP
import HostMCP
import HostOutbound
import HostPacks
import HostService
import Logging
import NIOCore
import NIOPosix

/// A host that serves. The order of this file is the order in which things start.
public final class Application: Sendable {
    private let settings: Settings
    private let logger: Logger
    private let server: HTTPServer
    private let editions: Editions
    private let state = HostState()
    /// This host's for as long as it lives; `nil` where there is none to be had.
    private let folder: HostFolder?
    private let watchdog: Watchdog
    /// What clients call.
    let publicURL: String
    private let embedded: EmbeddedAuthorizationServer?

    /// Whether the system gives a host the threads that it needs whatever it serves.
    ///
    /// - Throws: an error that says what to raise.
    public static func requireThreads() throws {
        _ = try ThreadRoom.check(loops: 1, workers: 0)
    }

    // MARK: Starting

    /// Loads the packs and begins to serve. Blocks.
    ///
    /// - Parameter signals: one that asks for a stop meanwhile ends the process once packs are started.
    /// - Throws: `SettingsError`, `SecretFileFault` or an error of the socket; packs never make it throw.
    public convenience init(configuration: Configuration, signals: HostSignals) throws {
        configuration.lines.noteCrashes()
        try self.init(
            settings: configuration.settings, logger: configuration.logger, signals: signals,
            requests: configuration.lines)
    }

    init(settings: Settings, logger: Logger, signals: HostSignals, requests: LineLogHandler) throws {
        self.settings = settings
        self.logger = logger
        let log = StartLog(logger: logger)

        // Room, and what runs in it.
        try Self.makeRoom(settings, log)
        folder = Self.folder(settings, logger)
        let account = folder.map { [state] in HostAccount(of: $0, state: state) }
        account?.answer(logger)
        log.warn(settings.outbound.warnings)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: settings.http.loops)
        let calls = CallTable(loops: Array(group.makeIterator()))
        watchdog = Watchdog(group, hang: settings.inlineHang, state: state, logger: logger)
        if !watchdog.start() {
            log.warn("the system has no thread for the watchdog: an event loop that hangs is not noticed")
        }

        // Packs.
        let loaded = Self.packs(settings, calls, on: group, lastWords: folder?.lastWordsPath, logger)
        let snapshot = loaded.snapshot
        account?.know { snapshot }
        // Nobody is told that this host is there, who asked for its end while it started.
        if HostSignals.isStopAsked {
            let stop = signals.wait(logger, meanwhile: nil)
            stop.write(to: logger)
            Self.end(stop, snapshot, settings, logger)
        }
        log.warn(snapshot.warnings + settings.warnings(loaded.described))
        log.loaded(snapshot)
        log.warn(settings.auth.warnings + settings.mcp.warnings)
        log.trusted(settings.auth.issuers)

        // A place among other hosts: what is left for connections, a port, a name.
        var http = settings.http
        let room = FileDescriptors.settle(http.maxConnections)
        log.warn(room.warning)
        http.maxConnections = room.connections
        let sessions = try SessionIDs.open(stateFolder: settings.stateDirectory)
        let fetcher = DocumentFetcher(group: group, tls: settings.outbound.tls)
        let socket = try settings.bind()
        let address = socket.address
        let port = address.port ?? settings.port
        let (publicURL, warning) = PublicURL.effective(settings, port: port)
        self.publicURL = publicURL
        log.warn(warning)
        embedded =
            settings.auth.mode == .embedded
            ? try EmbeddedAuthorizationServer.open(stateFolder: settings.stateDirectory, publicURL: publicURL) : nil
        if settings.auth.mode == .none {
            log.warn("MCP_AUTH_MODE=none: everybody who reaches this host may call every tool")
        }

        // What is in force, and who finds out who calls.
        editions = try Editions(
            EditionMaker(
                publisher: Publisher(
                    service: settings.service, auth: settings.auth, publicURL: publicURL, embedded: embedded),
                mcp: settings.mcp, authMode: settings.auth.mode),
            of: Edition.Parts(snapshot: snapshot, policy: AccessPolicy(settings.auth)), logger: logger)
        account?.know { [editions] in editions.current.snapshot }
        log.warn(editions.current.documents.whole.warnings)
        let authentication = try Authentication(
            settings: settings.auth, embedded: embedded,
            directory: Self.issuers(settings.auth, of: editions, logger) { fetcher.fetch($0, on: $1) })
        authentication.keepFresh(on: group.next())

        // Everything behind the connections, and the connections.
        let service = HostService(
            auth: settings.auth, appsChallenge: settings.mcp.appsChallenge, editions: editions,
            door: Door(authenticator: authentication.authenticator), cors: http.cors,
            rebinding: RebindingGuard(
                host: settings.host, publicURL: publicURL, corsOrigins: http.cors.origins,
                allowedHosts: settings.mcp.allowedHosts),
            resultLimit: ResultLimit(characters: settings.calls.maxResultCharacters),
            conditions: { authentication.conditions }, embedded: embedded, pipeline: CallPipeline(calls: calls),
            sessions: sessions, log: requests, state: state)
        server = try HTTPServer(
            on: socket, loops: ServerLoops(group), service: service, limits: http, state: state, logger: logger)
        account?.serves(at: (address.ipAddress ?? settings.host, port)) { [server] in server.connectionCount }
        log.listening(
            at: (address.ipAddress ?? settings.host, port), publicURL, snapshot, plugins: settings.packs.directory,
            host: folder?.number)
    }

    /// What the host needs of the system, as far as it can be had, before anything is opened.
    private static func makeRoom(_ settings: Settings, _ log: StartLog) throws {
        try settings.prepareStateFolder()
        let loops = settings.http.loops
        try FileDescriptors.prepare(for: settings.http.maxConnections, loops: loops)
        log.warn(try ThreadRoom.check(loops: loops, workers: settings.calls.workers))
        Heap.giveBackLargeBlocks()
    }

    /// A host that gets no folder of its own, as where a disk is full or read-only, serves all the same.
    private static func folder(_ settings: Settings, _ logger: Logger) -> HostFolder? {
        do {
            let folder = try HostFolder.take(in: settings.stateDirectory)
            for remark in folder.remarks { logger.warning("\(remark)") }
            return folder
        } catch {
            logger.warning(
                "this host has no folder of its own: toolhost status does not find it", metadata: ["reason": "\(error)"]
            )
            return nil
        }
    }

    /// Packs and tools, once they run.
    private static func packs(
        _ settings: Settings, _ calls: CallTable, on group: MultiThreadedEventLoopGroup, lastWords: String?,
        _ logger: Logger
    ) -> PackLoader.Loaded {
        PackLoader(
            settings: settings, calls: calls,
            pool: WorkerPool(threads: settings.calls.workers, group: group, logger: logger),
            loops: Array(group.makeIterator()), lastWords: lastWords,
            outbound: Outbound(settings: settings.outbound, group: group, logger: logger), logger: logger,
            probe: PackProbe.ofThisExecutable(timeout: settings.packs.startTimeout)
        ).loaded()
    }

    /// What issuers say about themselves. Of the issuer that documents name it becomes a part of what is in force.
    static func issuers(
        _ auth: AuthSettings, of editions: Editions, _ logger: Logger, fetch: @escaping DocumentFetch
    ) -> IssuerDirectory {
        let named = auth.namedIssuer?.rules.issuer
        return IssuerDirectory(
            issuers: auth.issuers, fetch: fetch, logger: logger,
            changed: { directory, issuer in
                guard issuer == named else { return }
                // Looked up when its turn comes: of two pieces of news that come at once the later one stays.
                editions.change { $0.issuer = directory.finding(of: issuer) }
            })
    }

    // MARK: Greeting

    /// What to tell somebody who started the host by hand.
    public var welcome: String {
        Welcome(
            publicURL: publicURL, snapshot: editions.current.snapshot, embedded: embedded,
            credentials: editions.current.deployment.credentials,
            guardedState: settings.auth.guardsDocuments ? settings.stateDirectory : nil
        ).text
    }

    /// The operator is told that somebody was not greeted. It is no reason not to serve.
    public func missed(greeting reason: String) {
        logger.warning("the greeting could not be written to standard output", metadata: ["reason": "\(reason)"])
    }

    // MARK: Serving

    /// Serves until a signal asks for a stop, then drains. Does not return.
    public func run(until signals: HostSignals) -> Never {
        if !LineOutput.standardError.detach() {
            logger.warning("the system has no thread for the log: whoever logs waits until the line is written")
        }
        // What only the start needed.
        Heap.giveBack()
        StartPages.giveBack()
        var reaper = OrphanReaper()
        _ = reaper.look()
        let stop = signals.wait(logger, meanwhile: OrphanReaper.isWanted ? { _ = reaper.look() } : nil)
        state.stop()
        stop.write(to: logger)
        // Whatever hangs from here on, the process ends.
        watchdog.expectEnd(within: settings.longestStop, status: stop.status)
        let left = server.stop(within: settings.http.shutdownTimeout)
        if left > 0 {
            logger.warning("connections were cut before their requests had ended", metadata: ["connections": "\(left)"])
        }
        Self.end(stop, editions.current.snapshot, settings, logger)
    }

    /// Ends the process where nobody is served, not yet or not any more.
    private static func end(
        _ stop: HostSignals.Stop, _ snapshot: Snapshot, _ settings: Settings, _ logger: Logger
    ) -> Never {
        PackStopper.stop(snapshot.packs, within: settings.packs.startTimeout, logger: logger)
        logger.info("stopped")
        ProcessEnd.now(stop.status)
    }
}
