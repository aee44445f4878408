// Decides when an issuer's keys are fetched and which ones are used meanwhile. A value: time and results are handed in.

import HostBase

/// The state of one issuer's keys. It starts nothing itself: whoever owns it does what it answers, and reports back.
public struct JWKSCache: Sendable {
    /// All times in seconds.
    struct Policy: Sendable, Hashable {
        /// How long keys are fresh where the issuer does not say, and the bounds of what it may say.
        var defaultAge: Double = 900
        var minimumAge: Double = 300
        var maximumAge: Double = 86_400
        /// Part of that time after which keys are fetched in the background.
        var refreshAt: Double = 0.8
        /// How long keys that have gone stale are used while the issuer cannot be reached.
        var lastKnownGood: Double = 86_400
        /// Least time between the fetches that unknown key ids cause.
        var coolDown: Double = 30
        /// How long a key id stays unknown without asking again, and how many are remembered.
        var negativeAge: Double = 60
        var negativeCapacity = 256
        /// Wait after the first failure, doubled with each further one up to `maximumBackOff`.
        var backOff: Double = 1
        var maximumBackOff: Double = 60
        /// After this long without a result a fetch counts as lost, and another one may start.
        var fetchTimeout: Double = 15
    }

    /// What to do for one token.
    enum Decision: Sendable {
        /// Verify with this key. `fetch`: start a fetch of that number in the background as well.
        case use(JSONWebKey, fetch: Int?)
        /// Ask again when the fetch under way ends; `fetch`: start it.
        case wait(fetch: Int?)
        /// No key; the token is bad.
        case refuse(RefusalReason)
        /// No key, because keys cannot be had; try again after so many seconds.
        case unavailable(retryAfterSeconds: Int)
    }

    /// How the keys are, for `/health`.
    public enum Condition: String, Sendable, Hashable {
        case fresh
        /// The issuer cannot be reached; older keys are in use.
        case stale
        /// No token of this issuer can be verified.
        case empty
    }

    let policy: Policy
    private(set) var keys: JSONWebKeySet?
    /// Changes whenever other keys come into use.
    private(set) var generation = 0
    private var fetchedAt = NumericDate(seconds: -.infinity)
    private var age: Double = 0
    private var failures = 0
    private var failedAt = NumericDate(seconds: -.infinity)
    private var startedAt = NumericDate(seconds: -.infinity)
    private var lastStarted = 0
    private var underWay = false
    private var unknown: [String: NumericDate] = [:]

    init(policy: Policy = Policy()) {
        self.policy = policy
    }

    func condition(now: NumericDate) -> Condition {
        guard usableKeys(now: now) != nil else { return .empty }
        return now < fetchedAt + age ? .fresh : .stale
    }

    /// The key for a token, or what to do to get it.
    mutating func key(id: String?, algorithm: SignatureAlgorithm, now: NumericDate) -> Decision {
        guard let keys = usableKeys(now: now) else {
            if isFetching(now: now) { return .wait(fetch: nil) }
            if let rest = restOfBackOff(now: now) { return .unavailable(retryAfterSeconds: rest) }
            return .wait(fetch: start(now: now))
        }
        do throws(RefusalReason) {
            return .use(try keys.key(id: id, algorithm: algorithm), fetch: backgroundFetch(now: now))
        } catch {
            guard error == .unknownKeyID else { return .refuse(error) }
            return unknownKey(id: id, now: now)
        }
    }

    /// A fetch in the background where one is due, for a timer that keeps idle issuers warm.
    mutating func backgroundFetch(now: NumericDate) -> Int? {
        guard isDue(now: now), !isFetching(now: now), restOfBackOff(now: now) == nil else { return nil }
        return start(now: now)
    }

    /// Takes the result of a fetch. A set without a usable key counts as a failure: keys are never emptied by a bad
    /// answer.
    ///
    /// - Parameter maximumAge: `max-age` of the answer, if it had one.
    /// - Returns: Whether other keys are in use now, so that remembered tokens must be forgotten.
    mutating func fetched(_ set: JSONWebKeySet, maximumAge: Double?, number: Int, now: NumericDate) -> Bool {
        // An answer that was given up on comes late; a newer one may be in use.
        guard isWanted(number) else { return false }
        guard !set.keys.isEmpty else {
            failed(number: number, now: now)
            return false
        }
        underWay = false
        failures = 0
        fetchedAt = now
        age = min(max(maximumAge ?? policy.defaultAge, policy.minimumAge), policy.maximumAge)
        unknown = unknown.filter { now < $0.value }
        let changed = keys.map { !$0.isEquivalent(to: set) } ?? true
        keys = set
        if changed {
            generation += 1
            unknown.removeAll()
        }
        return changed
    }

    /// Whether the result of this fetch is still wanted.
    func isWanted(_ number: Int) -> Bool {
        number == lastStarted && underWay
    }

    /// Takes the failure of a fetch.
    ///
    /// - Parameter isOwn: this host could not even ask. Then the wait does not grow.
    mutating func failed(number: Int, isOwn: Bool = false, now: NumericDate) {
        guard isWanted(number) else { return }
        underWay = false
        failures = isOwn ? 1 : failures + 1
        failedAt = now
    }

    /// After a fetch that was waited for: the same question, but the answer is final.
    mutating func keyAfterWaiting(id: String?, algorithm: SignatureAlgorithm, now: NumericDate) -> Decision {
        guard let keys = usableKeys(now: now) else {
            return .unavailable(retryAfterSeconds: restOfBackOff(now: now) ?? 1)
        }
        do throws(RefusalReason) {
            return .use(try keys.key(id: id, algorithm: algorithm), fetch: nil)
        } catch {
            guard error == .unknownKeyID else { return .refuse(error) }
            // Whether the key exists is known only if the fetch came back and worked.
            if failures > 0 || isFetching(now: now) {
                return .unavailable(retryAfterSeconds: restOfBackOff(now: now) ?? 1)
            }
            remember(unknown: id, now: now)
            return .refuse(.unknownKeyID)
        }
    }

    /// A key id that the keys in use do not have: perhaps the issuer rotated, perhaps somebody makes them up.
    private mutating func unknownKey(id: String?, now: NumericDate) -> Decision {
        if let id, let until = unknown[id], now < until { return .refuse(.unknownKeyID) }
        if isFetching(now: now) { return .wait(fetch: nil) }
        // A refresh that is due anyway is not held back by the cool-down.
        if let due = backgroundFetch(now: now) { return .wait(fetch: due) }
        let rest = max(restOfBackOff(now: now) ?? 0, isDue(now: now) ? 0 : restOfCoolDown(now: now))
        guard rest > 0 else { return .wait(fetch: start(now: now)) }
        // After a fetch that failed nobody knows whether this key exists, so the token is not what is wrong.
        return failures > 0 ? .unavailable(retryAfterSeconds: rest) : .refuse(.unknownKeyID)
    }

    private mutating func remember(unknown id: String?, now: NumericDate) {
        guard let id, id.utf8.count <= 256 else { return }
        if unknown.count >= policy.negativeCapacity {
            unknown = unknown.filter { now < $0.value }
            if unknown.count >= policy.negativeCapacity { unknown.removeAll() }
        }
        unknown[id] = now + policy.negativeAge
    }

    private func usableKeys(now: NumericDate) -> JSONWebKeySet? {
        now < fetchedAt + age + policy.lastKnownGood ? keys : nil
    }

    private func isDue(now: NumericDate) -> Bool {
        now >= fetchedAt + age * policy.refreshAt
    }

    private func isFetching(now: NumericDate) -> Bool {
        underWay && now < startedAt + policy.fetchTimeout
    }

    /// Whole seconds until an unknown key id may cause another fetch; 0 when it may now.
    private func restOfCoolDown(now: NumericDate) -> Int {
        let rest = startedAt + policy.coolDown - now
        return rest > 0 ? max(1, Int(rest.rounded(.up))) : 0
    }

    /// Whole seconds until another fetch may start after a failure; `nil` when it may now.
    private func restOfBackOff(now: NumericDate) -> Int? {
        guard failures > 0 else { return nil }
        var wait = policy.backOff
        for _ in 1..<min(failures, 32) { wait = min(wait * 2, policy.maximumBackOff) }
        let rest = failedAt + wait - now
        return rest > 0 ? max(1, Int(rest.rounded(.up))) : nil
    }

    private mutating func start(now: NumericDate) -> Int {
        lastStarted += 1
        startedAt = now
        underWay = true
        return lastStarted
    }
}
