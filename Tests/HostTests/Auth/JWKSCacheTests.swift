// When keys are fetched and which are used, second by second. No network, no waiting.

import JSON
import Testing

@testable import HostAuth
@testable import HostBase

@Suite struct JWKSCacheTests {
    private let start = NumericDate(seconds: 1000)
    private var cache = JWKSCache()

    private static let one = try? keys([FixtureKey.rsa.jwk("one")])
    private static let two = try? keys([FixtureKey.rsa.jwk("one"), FixtureKey.otherRSA.jwk("two")])

    private static func keys(_ keys: [JSONValue]) throws -> JSONWebKeySet {
        try JSONWebKeySet(parsing: JSONValue.object(["keys": .array(keys)]).bytes())
    }

    /// A decision in a form that can be compared.
    private enum Seen: Equatable {
        case use(String?, fetch: Int?)
        case wait(fetch: Int?)
        case refuse(RefusalReason)
        case unavailable(Int)

        init(_ decision: JWKSCache.Decision) {
            self =
                switch decision {
                case .use(let key, let fetch): .use(key.id, fetch: fetch)
                case .wait(let fetch): .wait(fetch: fetch)
                case .refuse(let reason): .refuse(reason)
                case .unavailable(let seconds): .unavailable(seconds)
                }
        }
    }

    private mutating func ask(_ id: String? = "one", at seconds: Double) -> Seen {
        Seen(cache.key(id: id, algorithm: .rs256, now: start + seconds))
    }

    private mutating func askAgain(_ id: String? = "one", at seconds: Double) -> Seen {
        Seen(cache.keyAfterWaiting(id: id, algorithm: .rs256, now: start + seconds))
    }

    @discardableResult
    private mutating func fetched(
        _ set: JSONWebKeySet?, _ number: Int, at seconds: Double, maximumAge: Double? = nil
    ) throws -> Bool {
        cache.fetched(try #require(set), maximumAge: maximumAge, number: number, now: start + seconds)
    }

    private mutating func failed(_ number: Int, at seconds: Double) {
        cache.failed(number: number, now: start + seconds)
    }

    @Test mutating func firstUseFetchesOnce() throws {
        #expect(cache.condition(now: start) == .empty)
        #expect(ask(at: 0) == .wait(fetch: 1))
        #expect(ask(at: 0.1) == .wait(fetch: nil))
        #expect(ask("two", at: 0.2) == .wait(fetch: nil))
        #expect(try fetched(Self.one, 1, at: 1))
        #expect(askAgain(at: 1) == .use("one", fetch: nil))
        #expect(ask(at: 1) == .use("one", fetch: nil))
        #expect(cache.condition(now: start + 1) == .fresh)
        #expect(cache.generation == 1)
    }

    @Test mutating func refreshesAheadInTheBackground() throws {
        _ = ask(at: 0)
        try fetched(Self.one, 1, at: 0)
        #expect(ask(at: 719) == .use("one", fetch: nil))
        #expect(ask(at: 720) == .use("one", fetch: 2))
        #expect(ask(at: 721) == .use("one", fetch: nil))
        // The same keys again: nothing that was verified need be forgotten.
        #expect(!(try fetched(Self.one, 2, at: 722)))
        #expect(cache.generation == 1)
        #expect(ask(at: 722 + 719) == .use("one", fetch: nil))
        #expect(ask(at: 722 + 720) == .use("one", fetch: 3))
    }

    @Test(arguments: [(Double?.none, 720.0), (10, 240), (3600, 2880), (1e9, 69_120), (-5, 240), (.infinity, 69_120)])
    mutating func ageIsTheIssuersWithinBounds(maximumAge: Double?, refresh: Double) throws {
        _ = ask(at: 0)
        try fetched(Self.one, 1, at: 0, maximumAge: maximumAge)
        #expect(ask(at: refresh - 1) == .use("one", fetch: nil))
        #expect(ask(at: refresh) == .use("one", fetch: 2))
    }

    @Test mutating func unknownKeyIsFetchedOnce() throws {
        _ = ask(at: 0)
        try fetched(Self.one, 1, at: 0)
        // Cool-down since the last fetch.
        #expect(ask("two", at: 29) == .refuse(.unknownKeyID))
        #expect(ask("two", at: 30) == .wait(fetch: 2))
        #expect(ask("two", at: 30.1) == .wait(fetch: nil))
        #expect(ask("one", at: 30.1) == .use("one", fetch: nil))
        #expect(try fetched(Self.two, 2, at: 31))
        #expect(askAgain("two", at: 31) == .use("two", fetch: nil))
        #expect(cache.generation == 2)
    }

    @Test mutating func unknownKeysAreRemembered() throws {
        _ = ask(at: 0)
        try fetched(Self.one, 1, at: 0)
        #expect(ask("bogus", at: 40) == .wait(fetch: 2))
        try fetched(Self.one, 2, at: 41)
        #expect(askAgain("bogus", at: 41) == .refuse(.unknownKeyID))
        #expect(ask("bogus", at: 100) == .refuse(.unknownKeyID))
        #expect(ask("bogus", at: 102) == .wait(fetch: 3))
    }

    @Test mutating func bogusKeyFloodFetchesOnceInThirtySeconds() throws {
        _ = ask(at: 0)
        try fetched(Self.one, 1, at: 0)
        var fetches = 0
        for number in 0..<30_000 {
            let now = 30 + Double(number) / 1000
            if case .wait(let fetch?) = ask("bogus \(number)", at: now) {
                fetches += 1
                try fetched(Self.one, fetch, at: now)
                _ = askAgain("bogus \(number)", at: now)
            }
            #expect(ask("one", at: now) == .use("one", fetch: nil))
        }
        #expect(fetches == 1)
    }

    @Test mutating func rotationClearsWhatWasUnknown() throws {
        _ = ask(at: 0)
        try fetched(Self.one, 1, at: 0)
        #expect(ask("two", at: 30) == .wait(fetch: 2))
        try fetched(Self.one, 2, at: 30)
        #expect(askAgain("two", at: 30) == .refuse(.unknownKeyID))
        // A bogus key causes the next fetch, and it brings the new key.
        #expect(ask("bogus", at: 60) == .wait(fetch: 3))
        #expect(try fetched(Self.two, 3, at: 60))
        #expect(ask("two", at: 61) == .use("two", fetch: nil))
    }

    @Test mutating func withoutKeysItIsUnavailableAndBacksOff() throws {
        #expect(ask(at: 0) == .wait(fetch: 1))
        failed(1, at: 0)
        #expect(askAgain(at: 0) == .unavailable(1))
        #expect(ask(at: 0.5) == .unavailable(1))
        #expect(ask(at: 1) == .wait(fetch: 2))
        failed(2, at: 1)
        #expect(ask(at: 1.5) == .unavailable(2))
        #expect(ask(at: 3) == .wait(fetch: 3))
        failed(3, at: 3)
        #expect(ask(at: 3) == .unavailable(4))
        var time = 7.0
        for number in 4..<40 {
            #expect(ask(at: time) == .wait(fetch: number))
            failed(number, at: time)
            time += 60
        }
        #expect(ask(at: time - 1) == .unavailable(1))
        #expect(ask(at: time) == .wait(fetch: 40))
        try fetched(Self.one, 40, at: time)
        #expect(ask(at: time) == .use("one", fetch: nil))
    }

    /// What this host lacks says nothing of the issuer: the wait does not grow, and no key is called unknown for it.
    @Test mutating func aShortageOfTheHostDoesNotBackOff() throws {
        for number in 1..<20 {
            let time = Double(number)
            #expect(ask(at: time) == .wait(fetch: number))
            cache.failed(number: number, isOwn: true, now: start + time)
            #expect(askAgain(at: time) == .unavailable(1))
        }
        #expect(ask(at: 20) == .wait(fetch: 20))
        try fetched(Self.one, 20, at: 20)
        #expect(ask("two", at: 60) == .wait(fetch: 21))
        cache.failed(number: 21, isOwn: true, now: start + 60)
        #expect(askAgain("two", at: 60) == .unavailable(1))
    }

    @Test mutating func lastKnownGoodServesForADay() throws {
        _ = ask(at: 0)
        try fetched(Self.one, 1, at: 0)
        #expect(ask(at: 900) == .use("one", fetch: 2))
        failed(2, at: 901)
        #expect(cache.condition(now: start + 901) == .stale)
        #expect(ask(at: 901.5) == .use("one", fetch: nil))
        #expect(ask(at: 902) == .use("one", fetch: 3))
        failed(3, at: 902)
        // While the issuer is away, nobody knows whether this key exists.
        #expect(ask("two", at: 903) == .unavailable(1))
        #expect(ask(at: 87_299) == .use("one", fetch: 4))
        failed(4, at: 87_299)
        #expect(ask(at: 87_300) == .unavailable(3))
        #expect(cache.condition(now: start + 87_300) == .empty)
    }

    /// A fetch that failed says nothing about the key, so the caller may come back instead of being told that its token
    /// is bad.
    @Test mutating func failedFetchForAnUnknownKeyIsNotTheTokensFault() throws {
        _ = ask(at: 0)
        try fetched(Self.one, 1, at: 0)
        #expect(ask("two", at: 30) == .wait(fetch: 2))
        failed(2, at: 31)
        #expect(askAgain("two", at: 31) == .unavailable(1))
        #expect(ask("two", at: 40) == .unavailable(20))
        #expect(ask("one", at: 40) == .use("one", fetch: nil))
        #expect(ask("two", at: 60) == .wait(fetch: 3))
        #expect(try fetched(Self.two, 3, at: 61))
        #expect(ask("two", at: 61) == .use("two", fetch: nil))
    }

    /// The cool-down is about fetches that unknown ids cause, not about one that is due.
    @Test mutating func dueRefreshServesUnknownKeysToo() throws {
        _ = ask(at: 0)
        try fetched(Self.one, 1, at: 0)
        #expect(ask("one", at: 720) == .use("one", fetch: 2))
        failed(2, at: 720)
        #expect(ask("two", at: 720.5) == .unavailable(1))
        #expect(ask("two", at: 721) == .wait(fetch: 3))
    }

    @Test mutating func emptySetIsAFailure() throws {
        _ = ask(at: 0)
        try fetched(Self.one, 1, at: 0)
        #expect(ask("two", at: 30) == .wait(fetch: 2))
        #expect(!(try fetched(try Self.keys([]), 2, at: 30)))
        #expect(askAgain("two", at: 30) == .unavailable(1))
        #expect(ask("one", at: 30) == .use("one", fetch: nil))
    }

    @Test mutating func removedKeyIsNoLongerUsed() throws {
        _ = ask(at: 0)
        try fetched(Self.two, 1, at: 0)
        #expect(ask("two", at: 720) == .use("two", fetch: 2))
        #expect(try fetched(Self.one, 2, at: 721))
        #expect(ask("two", at: 722) == .refuse(.unknownKeyID))
    }

    /// A fetch that hangs is given up on, and what it brings in the end does not replace what is newer.
    @Test mutating func lateAnswerIsDropped() throws {
        #expect(ask(at: 0) == .wait(fetch: 1))
        #expect(ask(at: 14.9) == .wait(fetch: nil))
        #expect(ask(at: 15) == .wait(fetch: 2))
        #expect(try fetched(Self.two, 2, at: 16))
        #expect(!cache.isWanted(1))
        #expect(!(try fetched(Self.one, 1, at: 17)))
        failed(1, at: 18)
        #expect(ask("two", at: 19) == .use("two", fetch: nil))
        #expect(cache.generation == 1)
    }

    /// Whoever stopped waiting before the answer came must not teach the cache that the key does not exist.
    @Test mutating func impatienceTeachesNothing() throws {
        _ = ask(at: 0)
        try fetched(Self.one, 1, at: 0)
        #expect(ask("two", at: 30) == .wait(fetch: 2))
        #expect(askAgain("two", at: 35) == .unavailable(1))
        #expect(try fetched(Self.two, 2, at: 40))
        #expect(ask("two", at: 40) == .use("two", fetch: nil))
    }

    @Test mutating func otherFaultsFetchNothing() throws {
        _ = ask(at: 0)
        try fetched(Self.one, 1, at: 0)
        #expect(Seen(cache.key(id: "one", algorithm: .es256, now: start + 100)) == .refuse(.algorithm))
        #expect(ask(nil, at: 100) == .use("one", fetch: nil))
    }
}
