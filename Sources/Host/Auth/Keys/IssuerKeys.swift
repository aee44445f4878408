// The keys of one issuer as requests see them: there, being fetched, or not to be had.

import HostBase
import NIOCore
import Synchronization

/// A key set document as it was fetched, 200 and within the size limit.
struct KeySetDocument: Sendable {
    var body: [UInt8]
    /// `max-age` of its `Cache-Control`, in seconds.
    var maximumAge: Double?
}

/// Fetches the key set of an issuer. Bounds on time, size, redirects and scheme are its business; it must complete its
/// future.
typealias KeySetFetch = @Sendable (IssuerConfiguration, any EventLoop) -> EventLoopFuture<KeySetDocument>

/// Does what a `JWKSCache` decides: one fetch at a time, and requests that wait for it.
final class IssuerKeys: Sendable {
    enum Answer {
        case key(JSONWebKey)
        case refused(AuthenticationFailure)
        /// Ask `answerAfterWaiting` when it completes; it never fails.
        case wait(EventLoopFuture<Void>)
    }

    let issuer: IssuerConfiguration
    private let fetch: KeySetFetch
    private let steady: TimeSource
    private let waitLimit: TimeAmount
    private let keysChanged: @Sendable () -> Void
    private let state: Mutex<State>

    /// Requests that may wait for one fetch; more of them are told to come back.
    static let maximumWaiters = 1024

    private struct State {
        var cache: JWKSCache
        var waiters: [Int: EventLoopPromise<Void>] = [:]
        var lastWaiter = 0
    }

    /// - Parameters:
    ///   - waitLimit: How long a request waits for keys.
    ///   - keysChanged: Called when other keys came into use, before any token is verified with them.
    init(
        issuer: IssuerConfiguration, policy: JWKSCache.Policy = .init(), fetch: @escaping KeySetFetch,
        steady: TimeSource = .steady, waitLimit: TimeAmount = .seconds(5),
        keysChanged: @escaping @Sendable () -> Void
    ) {
        self.issuer = issuer
        self.fetch = fetch
        self.steady = steady
        self.waitLimit = waitLimit
        self.keysChanged = keysChanged
        state = Mutex(State(cache: JWKSCache(policy: policy)))
    }

    var condition: JWKSCache.Condition {
        state.withLock { $0.cache.condition(now: steady.now()) }
    }

    /// Fetches if that is due; at start and from a timer.
    func refresh(on eventLoop: any EventLoop) {
        let number = state.withLock { $0.cache.backgroundFetch(now: steady.now()) }
        if let number { start(number, on: eventLoop) }
    }

    func answer(id: String?, algorithm: SignatureAlgorithm, on eventLoop: any EventLoop) -> Answer {
        let decision = state.withLock { $0.cache.key(id: id, algorithm: algorithm, now: steady.now()) }
        switch decision {
        case .use(let key, let number):
            if let number { start(number, on: eventLoop) }
            return .key(key)
        case .refuse(let reason):
            return .refused(.invalid(reason))
        case .unavailable(let seconds):
            return .refused(.keysUnavailable(retryAfterSeconds: seconds))
        case .wait(let number):
            // The place in the queue comes first: a fetch may complete before it returns.
            guard let future = enqueue(on: eventLoop) else { return .refused(.keysUnavailable(retryAfterSeconds: 1)) }
            if let number { start(number, on: eventLoop) }
            return .wait(future)
        }
    }

    /// The final answer for a token whose key was waited for.
    func answerAfterWaiting(
        id: String?, algorithm: SignatureAlgorithm
    ) throws(AuthenticationFailure) -> JSONWebKey {
        switch state.withLock({ $0.cache.keyAfterWaiting(id: id, algorithm: algorithm, now: steady.now()) }) {
        case .use(let key, _): return key
        case .refuse(let reason): throw .invalid(reason)
        case .unavailable(let seconds): throw .keysUnavailable(retryAfterSeconds: seconds)
        case .wait: throw .keysUnavailable(retryAfterSeconds: 1)
        }
    }

    private func enqueue(on eventLoop: any EventLoop) -> EventLoopFuture<Void>? {
        let promise = eventLoop.makePromise(of: Void.self)
        let ticket: Int? = state.withLock { state in
            guard state.waiters.count < Self.maximumWaiters else { return nil }
            state.lastWaiter += 1
            state.waiters[state.lastWaiter] = promise
            return state.lastWaiter
        }
        guard let ticket else {
            promise.succeed()
            return nil
        }
        let timer = eventLoop.scheduleTask(in: waitLimit) {
            self.state.withLock { $0.waiters.removeValue(forKey: ticket) }?.succeed()
        }
        promise.futureResult.whenComplete { _ in timer.cancel() }
        return promise.futureResult
    }

    /// The fetch belongs to nobody's request: whoever caused it may go away.
    private func start(_ number: Int, on eventLoop: any EventLoop) {
        fetch(issuer, eventLoop).whenComplete { self.complete(number, $0) }
    }

    private func complete(_ number: Int, _ result: Result<KeySetDocument, any Error>) {
        let document = try? result.get()
        let isOwn = if case .failure(let error as any OwnFault) = result { error.isOwn } else { false }
        let set = document.flatMap { try? JSONWebKeySet(parsing: $0.body) }
            .flatMap { $0.hasKey(for: issuer.algorithms) ? $0 : nil }
        let now = steady.now()
        var changed = false
        let waiters: [EventLoopPromise<Void>] = state.withLock { state in
            // Requests wait for the fetch that is wanted, not for one that was given up on.
            guard state.cache.isWanted(number) else { return [] }
            if let set {
                changed = state.cache.fetched(set, maximumAge: document?.maximumAge, number: number, now: now)
            } else {
                state.cache.failed(number: number, isOwn: isOwn, now: now)
            }
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        if changed { keysChanged() }
        for waiter in waiters { waiter.succeed() }
    }
}

extension AuthenticationFailure {
    static func keysUnavailable(retryAfterSeconds seconds: Int) -> Self {
        Self(kind: .unavailable(retryAfterSeconds: seconds), reason: RefusalReason.keysUnavailable.rawValue)
    }
}
