// Wires everything: from settings to a listening host, and back down again.

import CGlibc
import Dispatch
import Glibc
import JSONSchema
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
    private let watchdog: Watchdog
    /// What clients call.
    public let publicURL: String
    private let embedded: EmbeddedAuthorizationServer?

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
        do {
            _ = try StateFolder(path: settings.stateDirectory, trust: settings.files)
        } catch {
            throw SettingsError(key: SettingKey.stateDirectory.name, problem: "\(error)", example: "")
        }
        var settings = settings
        let loops = settings.http.eventLoops > 0 ? settings.http.eventLoops : System.coreCount
        try FileDescriptors.prepare(for: settings.http.maxConnections, loops: loops)
        if let warning = try ThreadRoom.check(loops: loops, workers: settings.calls.workers) {
            logger.warning("\(warning)")
        }
        // What is large goes back to the system when it is freed. By default glibc learns from the first large block, such
        // as the bytes of a pack, to keep blocks of that size.
        mallopt(M_MMAP_THRESHOLD, 1 << 20)
        mallopt(M_TRIM_THRESHOLD, 2 << 20)
        let calls = CallTable()
        for warning in settings.outbound.warnings { logger.warning("\(warning)") }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: loops)
        let state = state
        watchdog = Watchdog(group, hang: settings.inlineHang, state: state, logger: logger)
        if !watchdog.start() {
            logger.warning("the system has no thread for the watchdog: an event loop that hangs is not noticed")
        }
        let loader = PackLoader(
            settings: settings, calls: calls,
            pool: WorkerPool(threads: settings.calls.workers, group: group, logger: logger),
            outbound: Outbound(settings: settings.outbound, group: group, logger: logger), logger: logger,
            probe: PackProbe.ofThisExecutable(timeout: settings.packs.startTimeout))
        let snapshot = loader.snapshot()
        // Nobody is told that this host is there, who asked for its end while it started.
        if HostSignals.isStopAsked { Self.leave(signals.wait(logger, meanwhile: nil), snapshot, settings, logger) }
        let warnings = snapshot.warnings + settings.warnings(snapshot.packs.map(\.pack.described))
        for warning in warnings { logger.warning("\(warning)") }
        Self.report(snapshot, logger)
        let subjects = snapshot.tools.map { ToolSubject($0.descriptor, schemas: ($0.inputSchema, $0.outputSchema)) }
        ClientReview(tools: subjects, isDeployment: true).write(to: logger)

        for warning in settings.auth.warnings + settings.mcp.warnings { logger.warning("\(warning)") }
        for issuer in settings.auth.issuers {
            logger.info(
                "issuer trusted",
                metadata: [
                    "issuer": "\(issuer.rules.issuer)", "preset": "\(issuer.preset.rawValue)",
                    "settings": "\(issuer.rules.settings)",
                ])
        }
        let room = FileDescriptors.settle(settings.http.maxConnections)
        if let warning = room.warning { logger.warning("\(warning)") }
        settings.http.maxConnections = room.connections
        let sessions = try SessionIDs.open(stateFolder: settings.stateDirectory)
        let fetcher = DocumentFetcher(group: group, tls: settings.outbound.tls)
        let socket = try Self.bind(settings)
        let address = socket.address
        let (publicURL, warning) = PublicURL.effective(settings, port: address.port ?? settings.port)
        self.publicURL = publicURL
        if let warning { logger.warning("\(warning)") }
        embedded =
            settings.auth.mode == .embedded
            ? try EmbeddedAuthorizationServer.open(stateFolder: settings.stateDirectory, publicURL: publicURL) : nil
        if settings.auth.mode == .none {
            logger.warning("MCP_AUTH_MODE=none: everybody who reaches this host may call every tool")
        }
        let editions = try Editions(
            EditionMaker(
                publisher: Publisher(
                    service: settings.service, auth: settings.auth, publicURL: publicURL, embedded: embedded),
                mcp: settings.mcp,
                authMode: settings.auth.mode),
            of: Edition.Parts(snapshot: snapshot, policy: AccessPolicy(settings.auth)), logger: logger)
        self.editions = editions
        for warning in editions.current.documents.whole.warnings { logger.warning("\(warning)") }
        let named = settings.auth.namedIssuer?.rules.issuer
        let directory = IssuerDirectory(
            issuers: settings.auth.issuers, fetch: { fetcher.fetch($0, on: $1) }, logger: logger,
            changed: { directory, issuer in
                // Documents speak of the issuer that is named, and of no other.
                if issuer == named { editions.change { $0.issuers = directory } }
            })
        let authentication = try Authentication(settings: settings.auth, embedded: embedded, directory: directory)
        authentication.keepFresh(on: group.next())
        let service = HostService(
            auth: settings.auth, appsChallenge: settings.mcp.appsChallenge, editions: editions,
            door: Door(authenticator: authentication.authenticator), cors: settings.http.cors,
            rebinding: RebindingGuard(
                host: settings.host, publicURL: publicURL, corsOrigins: settings.http.cors.origins,
                allowedHosts: settings.mcp.allowedHosts),
            resultLimit: ResultLimit(characters: settings.calls.maxResultCharacters),
            conditions: { authentication.conditions }, embedded: embedded, pipeline: CallPipeline(calls: calls),
            sessions: sessions, log: requests, state: state)
        server = try HTTPServer(
            on: socket, loops: ServerLoops(group), service: service, limits: settings.http, state: state,
            logger: logger)
        if snapshot.tools.isEmpty {
            logger.warning(
                "no tool is served: /health says unavailable", metadata: ["plugins": "\(settings.packs.directory)"])
        }
        logger.info(
            "listening",
            metadata: [
                "address": "\(address.ipAddress ?? settings.host)", "port": "\(address.port ?? settings.port)",
                "public_url": "\(publicURL)",
                "packs": "\(snapshot.packs.count)", "tools": "\(snapshot.tools.count)",
            ])
    }

    private static func bind(_ settings: Settings) throws -> BoundSocket {
        do {
            return try BoundSocket(host: settings.host, port: settings.port)
        } catch {
            throw SettingsError(
                key: "\(SettingKey.serverHost.name), \(SettingKey.serverPort.name)",
                problem: "cannot listen on \(settings.host), port \(settings.port): "
                    + ConnectionFailure.reason(of: error), example: "")
        }
    }

    /// Whether the system gives a host the threads that it needs whatever it serves.
    ///
    /// - Throws: an error that says what to raise.
    public static func requireThreads() throws {
        _ = try ThreadRoom.check(loops: 1, workers: 0)
    }

    /// Tells the operator what is served and what is not.
    private static func report(_ snapshot: Snapshot, _ logger: Logger) {
        for refusal in snapshot.refusals {
            var metadata: Logger.Metadata = ["file": "\(refusal.file)", "reason": "\(refusal.reason)"]
            if let tool = refusal.tool { metadata["tool"] = "\(tool)" }
            logger.error(refusal.tool == nil ? "pack refused" : "tool refused", metadata: metadata)
        }
        for item in snapshot.disabled {
            var metadata: Logger.Metadata = ["file": "\(item.file)", "reason": "\(item.reason)"]
            if let tool = item.tool { metadata["tool"] = "\(tool)" }
            logger.notice(item.tool == nil ? "pack disabled" : "tool disabled", metadata: metadata)
        }
        for pack in snapshot.packs {
            let tools = snapshot.tools.filter { $0.desk === pack.desk }.map(\.name)
            var metadata: Logger.Metadata = [
                "file": "\(pack.pack.file.name)", "pack": "\(pack.id)", "version": "\(pack.pack.identity.version)",
                "serves": "\(tools.joined(separator: ", "))",
            ]
            // A pack that answers through another service names it, and stands without it.
            let backends = pack.desk.engine.watched
            if !backends.isEmpty { metadata["backend"] = "\(backends.joined(separator: ", "))" }
            logger.info("pack served", metadata: metadata)
        }
    }

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

    /// Serves until a signal asks for a stop, then drains. Does not return.
    public func run(until signals: HostSignals) -> Never {
        if !LineOutput.standardError.detach() {
            logger.warning("the system has no thread for the log: whoever logs waits until the line is written")
        }
        // What only the start needed goes back to the system.
        malloc_trim(0)
        StartPages.giveBack()
        var reaper = OrphanReaper()
        _ = reaper.look()
        let stop = signals.wait(logger, meanwhile: OrphanReaper.isWanted ? { _ = reaper.look() } : nil)
        state.stop()
        let status = Self.report(stop, logger)
        // Whatever hangs from here on, the process ends.
        let limit = settings.http.shutdownTimeout + settings.packs.startTimeout + Self.grace
        watchdog.expectEnd(within: limit, status: status)
        let left = server.stop(within: settings.http.shutdownTimeout)
        if left > 0 {
            logger.warning("connections were cut before their requests had ended", metadata: ["connections": "\(left)"])
        }
        PackStopper.stop(editions.current.snapshot.packs, within: settings.packs.startTimeout, logger: logger)
        logger.info("stopped")
        Self.end(status)
    }

    /// Ends the process where it has served nobody yet.
    private static func leave(
        _ stop: HostSignals.Stop, _ snapshot: Snapshot, _ settings: Settings, _ logger: Logger
    ) -> Never {
        let status = report(stop, logger)
        PackStopper.stop(snapshot.packs, within: settings.packs.startTimeout, logger: logger)
        logger.info("stopped")
        end(status)
    }

    private static func end(_ status: Int32) -> Never {
        LineOutput.standardError.finish()
        flushStandardOutput()
        // Destructors of packs could wait for threads that never end.
        _exit(status)
    }

    /// For what comes after the two times that the operator knows.
    private static let grace = TimeAmount.seconds(3)

    /// - Returns: the status to end with.
    private static func report(_ stop: HostSignals.Stop, _ logger: Logger) -> Int32 {
        let message: Logger.Message = "stopping: open requests may end, and soon new ones are not accepted"
        switch stop {
        case .asked(let signal):
            logger.info(message, metadata: ["signal": "\(signal)"])
            return 0
        case .byPack(let pack, let signal):
            var metadata: Logger.Metadata = ["signal": "\(signal)"]
            if let pack { metadata["pack"] = "\(pack)" }
            logger.critical("a pack sent the process a signal that ends it", metadata: metadata)
            logger.info(message, metadata: ["signal": "\(signal)"])
            return ExitStatus.endedByPack
        case .givenUp:
            logger.info(message)
            return ExitStatus.stuck
        }
    }

    /// What is still in buffers of the C library goes out, unless a pack keeps one of them.
    private static func flushStandardOutput() {
        let done = DispatchSemaphore(value: 0)
        let isStarted = Thread.start("flush") {
            fflush(nil)
            done.signal()
        }
        if isStarted { _ = done.wait(timeout: .now() + .milliseconds(200)) }
    }
}
