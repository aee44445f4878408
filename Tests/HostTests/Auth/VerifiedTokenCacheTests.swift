// What is remembered, for how long, and what makes it be forgotten. Time is handed in.

import Testing

@testable import ToolHost

@Suite struct VerifiedTokenCacheTests {
    private final class Owner: Sendable {}

    private let owner = Owner()
    private var me: ObjectIdentifier { ObjectIdentifier(owner) }
    private let start = NumericDate(seconds: 1_000_000)

    private func verified(_ client: String, for seconds: Double) -> VerifiedToken {
        VerifiedToken(
            principal: Principal(clientID: client, clientIssuer: "i", scopes: []), expiry: start + seconds)
    }

    @Test func findsWhatWasInserted() {
        let cache = VerifiedTokenCache()
        cache.insert("a", verified("A", for: 100), generation: cache.generation, now: start, owner: me)
        cache.insert("b", verified("B", for: 100), generation: cache.generation, now: start, owner: me)
        #expect(cache.principal(of: "a", now: start, owner: me)?.clientID == "A")
        #expect(cache.principal(of: "b", now: start, owner: me)?.clientID == "B")
        #expect(cache.principal(of: "ab", now: start, owner: me) == nil)
        #expect(cache.principal(of: "", now: start, owner: me) == nil)
    }

    @Test func expiresWithTheToken() {
        let cache = VerifiedTokenCache()
        cache.insert("a", verified("A", for: 10), generation: cache.generation, now: start, owner: me)
        #expect(cache.principal(of: "a", now: start + 9.9, owner: me) != nil)
        #expect(cache.principal(of: "a", now: start + 10, owner: me) == nil)
        #expect(cache.count == 0)
    }

    @Test func expiresAfterAMinute() {
        let cache = VerifiedTokenCache()
        cache.insert("a", verified("A", for: 1e308), generation: cache.generation, now: start, owner: me)
        #expect(cache.principal(of: "a", now: start + 59, owner: me) != nil)
        #expect(cache.principal(of: "a", now: start + 60, owner: me) == nil)
    }

    /// Within its leeway a token is accepted, but not remembered.
    @Test func doesNotKeepWhatHasExpired() {
        let cache = VerifiedTokenCache()
        cache.insert("a", verified("A", for: -1), generation: cache.generation, now: start, owner: me)
        #expect(cache.count == 0)
    }

    @Test func forgetsWhenKeysChange() {
        let cache = VerifiedTokenCache()
        let before = cache.generation
        cache.insert("a", verified("A", for: 100), generation: before, now: start, owner: me)
        cache.empty()
        #expect(cache.principal(of: "a", now: start, owner: me) == nil)
        // Verified with the keys from before.
        cache.insert("b", verified("B", for: 100), generation: before, now: start, owner: me)
        #expect(cache.principal(of: "b", now: start, owner: me) == nil)
        cache.insert("c", verified("C", for: 100), generation: cache.generation, now: start, owner: me)
        #expect(cache.principal(of: "c", now: start, owner: me) != nil)
    }

    /// The same, where the emptying comes between two insertions on a part that has not looked since.
    @Test func lateInsertionIsNotFound() {
        let cache = VerifiedTokenCache(lanes: 1)
        let before = cache.generation
        cache.empty()
        cache.insert("a", verified("A", for: 100), generation: before, now: start, owner: me)
        #expect(cache.principal(of: "a", now: start, owner: me) == nil)
    }

    @Test func isBoundedAndKeepsWhatIsUsed() {
        let cache = VerifiedTokenCache(capacity: 100, lanes: 1)
        let generation = cache.generation
        cache.insert("used", verified("U", for: 100), generation: generation, now: start, owner: me)
        for number in 0..<10_000 {
            cache.insert("t\(number)", verified("T", for: 100), generation: generation, now: start, owner: me)
            if number % 20 == 0 { #expect(cache.principal(of: "used", now: start, owner: me) != nil) }
            #expect(cache.count <= 100)
        }
        #expect(cache.principal(of: "t9999", now: start, owner: me) != nil)
        #expect(cache.principal(of: "t0", now: start, owner: me) == nil)
    }

    @Test func servesThreadsAtOnce() async {
        let cache = VerifiedTokenCache(lanes: 2)
        let start = start
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    let owner = Owner()
                    for number in 0..<500 {
                        let token = "token \(task) \(number)"
                        let verified = VerifiedToken(
                            principal: Principal(clientID: token, clientIssuer: "i", scopes: []), expiry: start + 50)
                        cache.insert(
                            token[...], verified, generation: cache.generation, now: start,
                            owner: ObjectIdentifier(owner))
                        let found = cache.principal(of: token[...], now: start, owner: ObjectIdentifier(owner))
                        #expect(found == nil || found?.clientID == token)
                        if number % 100 == 0 { cache.empty() }
                    }
                }
            }
        }
    }
}
