// What the configured issuers say about themselves, fetched in the background and kept while they cannot be reached.

import HostBase
import Logging
import NIOCore
import Synchronization

/// The metadata of all issuers, and from it the way to their keys.
public final class IssuerDirectory: Sendable {
    /// No URL for the keys is configured, and no metadata says one.
    struct NoKeysURL: Error, CustomStringConvertible {
        let description = "no URL of its keys is known: OAUTH2_JWKS_URI is not set and its metadata cannot be had"
    }

    /// What an issuer says about itself, and where it was found.
    public struct Finding: Sendable {
        public let metadata: ProviderMetadata
        public let location: String
    }

    let issuers: [TrustedIssuer]
    private let fetch: DocumentFetch
    private let logger: Logger
    private let steady: TimeSource
    private let changed: @Sendable (IssuerDirectory, String) -> Void
    private let state: Mutex<[String: State]>

    /// Seconds until metadata is fetched again, after a success and after a failure.
    static let maximumAge: Double = 3600
    static let retryAfter: Double = 15
    /// After this host could not even ask.
    static let retryAfterShortage: Double = 1

    private struct State {
        var finding: Finding?
        var due = NumericDate(seconds: -.infinity)
        var underWay: EventLoopFuture<ProviderMetadata?>?
        /// Its keys could not be had the last time.
        var isWithoutKeys = false
        /// What was logged about this issuer, so that it is logged once.
        var told: Set<String> = []
    }

    /// - Parameter changed: Called with the issuer when other metadata of it came into use.
    public init(
        issuers: [TrustedIssuer], fetch: @escaping DocumentFetch, logger: Logger, steady: TimeSource = .steady,
        changed: @escaping @Sendable (IssuerDirectory, String) -> Void = { _, _ in }
    ) {
        self.issuers = issuers
        self.fetch = fetch
        self.logger = logger
        self.steady = steady
        self.changed = changed
        state = Mutex(Dictionary(uniqueKeysWithValues: issuers.map { ($0.rules.issuer, State()) }))
    }

    /// What was fetched, by now; `nil` while there is nothing.
    public func finding(of issuer: String) -> Finding? {
        state.withLock { $0[issuer]?.finding }
    }

    /// Fetches the metadata that is due; at start and from a timer.
    func refresh(on eventLoop: any EventLoop) {
        for issuer in issuers {
            let isDue = state.withLock { ($0[issuer.rules.issuer]?.due).map { $0 <= steady.now() } ?? false }
            if isDue { _ = look(up: issuer, on: eventLoop) }
        }
    }

    /// Fetches key sets for `IssuerKeys`: from the configured URL, else from where the metadata says.
    var keySetFetch: KeySetFetch {
        { rules, eventLoop in
            guard let issuer = self.issuers.first(where: { $0.rules.issuer == rules.issuer }) else {
                return eventLoop.makeFailedFuture(NoKeysURL())
            }
            let document = self.keysURL(of: issuer, on: eventLoop).flatMap { self.fetch($0, eventLoop) }
            document.whenComplete { self.report($0, of: issuer) }
            return document.map { KeySetDocument(body: $0.body, maximumAge: $0.maximumAge) }
        }
    }

    private func keysURL(of issuer: TrustedIssuer, on eventLoop: any EventLoop) -> EventLoopFuture<String> {
        if let url = issuer.rules.jwksURI ?? finding(of: issuer.rules.issuer)?.metadata.jwksURI {
            return eventLoop.makeSucceededFuture(url)
        }
        return look(up: issuer, on: eventLoop).flatMapThrowing { metadata in
            guard let url = metadata?.jwksURI else { throw NoKeysURL() }
            return url
        }
    }

    // MARK: Metadata

    /// One search at a time for each issuer; whoever comes meanwhile shares it. Fails only where this host could not
    /// ask.
    private func look(up issuer: TrustedIssuer, on eventLoop: any EventLoop) -> EventLoopFuture<ProviderMetadata?> {
        let promise = eventLoop.makePromise(of: ProviderMetadata?.self)
        let underWay = state.withLock { states -> EventLoopFuture<ProviderMetadata?>? in
            if let future = states[issuer.rules.issuer]?.underWay { return future }
            states[issuer.rules.issuer]?.underWay = promise.futureResult
            return nil
        }
        if let underWay {
            promise.completeWith(underWay)
            return promise.futureResult
        }
        search(issuer.locations[...], for: issuer, on: eventLoop).whenComplete { result in
            if case .failure(let error) = result, DocumentFetcher.isShortage(error) {
                self.giveUp(issuer)
                return promise.fail(error)
            }
            let found = (try? result.get()) ?? nil
            self.finish(issuer, found)
            promise.succeed(found?.metadata)
        }
        return promise.futureResult
    }

    private func search(
        _ locations: ArraySlice<String>, for issuer: TrustedIssuer, on eventLoop: any EventLoop
    ) -> EventLoopFuture<Finding?> {
        guard let location = locations.first else { return eventLoop.makeSucceededFuture(nil) }
        return fetch(location, eventLoop).flatMapThrowing { document -> Finding? in
            Finding(
                metadata: try ProviderMetadata(parsing: document.body, issuer: issuer.rules.issuer), location: location)
        }.flatMapError { error in
            let isMismatch = error is ProviderMetadata.Fault
            self.tell(
                issuer, "metadata not used", isMismatch ? .warning : .notice,
                ["url": "\(ForeignText.quoted(location))", "reason": "\(error)"])
            guard !DocumentFetcher.isShortage(error) else { return eventLoop.makeFailedFuture(error) }
            return self.search(locations.dropFirst(), for: issuer, on: eventLoop)
        }
    }

    private func giveUp(_ issuer: TrustedIssuer) {
        state.withLock { states in
            states[issuer.rules.issuer]?.underWay = nil
            states[issuer.rules.issuer]?.due = steady.now() + Self.retryAfterShortage
        }
    }

    private func finish(_ issuer: TrustedIssuer, _ found: Finding?) {
        let name = issuer.rules.issuer
        let isNew = state.withLock { states in
            defer { states[name]?.underWay = nil }
            guard let found else {
                states[name]?.due = steady.now() + Self.retryAfter
                return false
            }
            states[name]?.due = steady.now() + Self.maximumAge
            defer { states[name]?.finding = found }
            return states[name]?.finding?.metadata != found.metadata
        }
        guard let found else {
            return tell(
                issuer, "the issuer's metadata cannot be had; what is configured is served in its place", .warning, [:])
        }
        guard isNew else { return }
        logger.info("metadata of the issuer is in use", metadata: ["issuer": "\(name)", "url": "\(found.location)"])
        for sentence in found.metadata.disagreements(with: issuer.endpoints) {
            tell(issuer, "configuration and issuer disagree", .warning, ["reason": "\(sentence)"])
        }
        changed(self, name)
    }

    // MARK: Telling the operator

    private func report(_ result: Result<FetchedDocument, any Error>, of issuer: TrustedIssuer) {
        var hasKeys = false
        do {
            let set = try JSONWebKeySet(parsing: try result.get().body)
            for skipped in set.skipped {
                tell(
                    issuer, "a key of the issuer is not used", .notice,
                    [
                        "kid": "\(skipped.keyID.map(ForeignText.quoted) ?? "none")", "reason": "\(skipped.reason)",
                    ])
            }
            hasKeys = set.hasKey(for: issuer.rules.algorithms)
            if !hasKeys {
                tell(
                    issuer, "the issuer publishes no key that can be used", .error,
                    ["algorithms": "\(issuer.rules.algorithms.map(\.name).joined(separator: ", "))"])
            }
        } catch {
            logger.warning(
                "keys of the issuer cannot be had",
                metadata: ["issuer": "\(issuer.rules.issuer)", "reason": "\(error)"])
        }
        let isNews = state.withLock { states in
            defer { states[issuer.rules.issuer]?.isWithoutKeys = !hasKeys }
            return hasKeys && states[issuer.rules.issuer]?.isWithoutKeys == true
        }
        if isNews {
            logger.notice("keys of the issuer can be had again", metadata: ["issuer": "\(issuer.rules.issuer)"])
        }
    }

    /// Logs something about an issuer once.
    private func tell(
        _ issuer: TrustedIssuer, _ message: String, _ level: Logger.Level, _ metadata: Logger.Metadata
    ) {
        let line = "\(message) \(metadata.sorted { $0.key < $1.key })"
        let isNew = state.withLock { states in
            if let count = states[issuer.rules.issuer]?.told.count, count > 64 {
                states[issuer.rules.issuer]?.told = []
            }
            return states[issuer.rules.issuer]?.told.insert(line).inserted ?? false
        }
        guard isNew else { return }
        logger.log(
            level: level, "\(message)", metadata: metadata.merging(["issuer": "\(issuer.rules.issuer)"]) { $1 })
    }
}
