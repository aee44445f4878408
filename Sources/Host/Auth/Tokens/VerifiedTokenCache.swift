// Remembers tokens that were verified, because the same one comes with every call for an hour.

import HostBase
import HostCaller
import Synchronization

/// Who bears which token, for a minute at most.
///
/// Keyed by SHA-256, so an entry has one size; of tokens themselves only the 64 that came last are kept, until one
/// comes that is found to have expired, or another in its place. There is one part for each event loop (collisions
/// aside), so loops neither wait for each other's lock nor count references on each other's strings; a token used on
/// several loops is verified once on each.
final class VerifiedTokenCache: Sendable {
    private let lanes: [Lane]
    private let maximumAge: Double
    private let currentGeneration = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - capacity: Entries in all; on overflow those used least recently go.
    ///   - lanes: Parts with a lock each, rounded up to a power of two.
    ///   - maximumAge: Seconds after which a token is verified anew.
    init(capacity: Int = 16_384, lanes: Int = 16, maximumAge: Double = 60) {
        var count = 1
        while count < lanes { count *= 2 }
        let halfCapacity = max(1, capacity / count / 2)
        self.lanes = (0..<count).map { _ in Lane(halfCapacity: halfCapacity) }
        self.maximumAge = maximumAge
    }

    /// Where a token that is not remembered would be. It is from before the keys that verify the token are read, so
    /// that what was verified with keys that have changed since is not remembered.
    struct Vacancy: Sendable, Hashable {
        fileprivate let key: SHA256Value
        fileprivate let generation: UInt64
    }

    enum Found: Sendable {
        case principal(Principal)
        case nobody(Vacancy)
    }

    /// Forgets everything: keys have changed. What was being verified with the old keys will not be remembered either.
    func empty() {
        currentGeneration.wrappingAdd(1, ordering: .acquiringAndReleasing)
    }

    /// - Parameter owner: The event loop, or whatever else calls from one thread; it only picks the part.
    func find(_ token: Substring, now: NumericDate, owner: ObjectIdentifier) -> Found {
        let generation = currentGeneration.load(ordering: .acquiring)
        return lane(owner).state.withLock { $0.find(token, now: now, generation: generation) }
    }

    /// - Parameter place: Where it was not found.
    func insert(_ verified: VerifiedToken, at place: Vacancy, now: NumericDate, owner: ObjectIdentifier) {
        let entry = Entry(principal: verified.principal, expiry: min(verified.expiry, now + maximumAge))
        guard now < entry.expiry else { return }
        lane(owner).state.withLock { $0.insert(entry, at: place) }
    }

    /// Entries held, for tests and metrics; some of them may have expired.
    var count: Int {
        lanes.reduce(0) { $0 + $1.state.withLock { $0.recent.count + $0.older.count } }
    }

    private func lane(_ owner: ObjectIdentifier) -> Lane {
        // Addresses are aligned, so their low bits are alike; Fibonacci hashing spreads the others.
        let spread = UInt64(UInt(bitPattern: owner)) &* 0x9E37_79B9_7F4A_7C15
        return lanes[Int(truncatingIfNeeded: spread >> 32) & (lanes.count - 1)]
    }

    private struct Entry {
        var principal: Principal
        var expiry: NumericDate
    }

    private final class Lane: Sendable {
        let state: Mutex<State>

        init(halfCapacity: Int) {
            state = Mutex(State(halfCapacity: halfCapacity))
        }
    }

    /// Two tables instead of a list of recency: a full `recent` becomes `older`, and what is found in `older` moves
    /// back.
    private struct State: ~Copyable {
        let halfCapacity: Int
        var digests = RecentDigests()
        var generation: UInt64 = 0
        var recent: [SHA256Value: Entry] = [:]
        var older: [SHA256Value: Entry] = [:]

        init(halfCapacity: Int) {
            self.halfCapacity = halfCapacity
        }

        mutating func find(_ token: Substring, now: NumericDate, generation: UInt64) -> Found {
            let (key, isRecent) = digests.digest(of: token)
            let nobody = Found.nobody(Vacancy(key: key, generation: generation))
            guard catchUp(with: generation) else { return nobody }
            if let entry = recent[key] {
                if now < entry.expiry {
                    if !isRecent { digests.keep(token, key) }
                    return .principal(entry.principal)
                }
                recent[key] = nil
                if isRecent { digests.forget(token) }
            } else if let entry = older.removeValue(forKey: key), now < entry.expiry {
                store(entry, for: key)
                return .principal(entry.principal)
            }
            return nobody
        }

        mutating func insert(_ entry: Entry, at place: Vacancy) {
            guard catchUp(with: place.generation) else { return }
            store(entry, for: place.key)
        }

        private mutating func store(_ entry: Entry, for key: SHA256Value) {
            if recent.count >= halfCapacity {
                swap(&recent, &older)
                recent.removeAll(keepingCapacity: true)
            }
            recent[key] = entry
        }

        /// False when `generation` is from before the last emptying seen here.
        private mutating func catchUp(with generation: UInt64) -> Bool {
            if generation > self.generation {
                recent.removeAll()
                older.removeAll()
                digests.removeAll()
                self.generation = generation
            }
            return generation == self.generation
        }
    }
}
