// What is remembered, for how long, and what makes it be forgotten. Time is handed in.

import Testing

@testable import HostAuth
@testable import HostBase
@testable import HostCaller

extension VerifiedTokenCache {
    fileprivate func principal(of token: Substring, now: NumericDate, owner: ObjectIdentifier) -> Principal? {
        guard case .principal(let principal) = find(token, now: now, owner: owner) else { return nil }
        return principal
    }

    /// As whoever looks for a token, does not find it and verifies it.
    fileprivate func insert(_ token: Substring, _ verified: VerifiedToken, now: NumericDate, owner: ObjectIdentifier) {
        guard case .nobody(let place) = find(token, now: now, owner: owner) else { return }
        insert(verified, at: place, now: now, owner: owner)
    }

    fileprivate func place(of token: Substring, now: NumericDate, owner: ObjectIdentifier) throws -> Vacancy {
        guard case .nobody(let place) = find(token, now: now, owner: owner) else { throw Remembered() }
        return place
    }

    fileprivate struct Remembered: Error {}
}

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
        cache.insert("a", verified("A", for: 100), now: start, owner: me)
        cache.insert("b", verified("B", for: 100), now: start, owner: me)
        #expect(cache.principal(of: "a", now: start, owner: me)?.clientID == "A")
        #expect(cache.principal(of: "b", now: start, owner: me)?.clientID == "B")
        #expect(cache.principal(of: "ab", now: start, owner: me) == nil)
        #expect(cache.principal(of: "", now: start, owner: me) == nil)
    }

    /// What is known of a token is only what it is called here, not whether it still holds.
    @Test func looksAgainAtATokenThatJustCame() {
        let cache = VerifiedTokenCache(lanes: 1)
        let token = "header.payload.signature"[...]
        cache.insert(token, verified("A", for: 10), now: start, owner: me)
        for _ in 0..<3 { #expect(cache.principal(of: token, now: start, owner: me)?.clientID == "A") }
        #expect(cache.principal(of: "Header.payload.signature", now: start, owner: me) == nil)
        #expect(cache.principal(of: token, now: start + 10, owner: me) == nil)
        cache.insert(token, verified("B", for: 100), now: start, owner: me)
        #expect(cache.principal(of: token, now: start, owner: me)?.clientID == "B")
        cache.empty()
        #expect(cache.principal(of: token, now: start, owner: me) == nil)
    }

    @Test func expiresWithTheToken() {
        let cache = VerifiedTokenCache()
        cache.insert("a", verified("A", for: 10), now: start, owner: me)
        #expect(cache.principal(of: "a", now: start + 9.9, owner: me) != nil)
        #expect(cache.principal(of: "a", now: start + 10, owner: me) == nil)
        #expect(cache.count == 0)
    }

    @Test func expiresAfterAMinute() {
        let cache = VerifiedTokenCache()
        cache.insert("a", verified("A", for: 1e308), now: start, owner: me)
        #expect(cache.principal(of: "a", now: start + 59, owner: me) != nil)
        #expect(cache.principal(of: "a", now: start + 60, owner: me) == nil)
    }

    /// Within its leeway a token is accepted, but not remembered.
    @Test func doesNotKeepWhatHasExpired() {
        let cache = VerifiedTokenCache()
        cache.insert("a", verified("A", for: -1), now: start, owner: me)
        #expect(cache.count == 0)
    }

    @Test func forgetsWhenKeysChange() throws {
        let cache = VerifiedTokenCache()
        cache.insert("a", verified("A", for: 100), now: start, owner: me)
        let before = try cache.place(of: "b", now: start, owner: me)
        cache.empty()
        #expect(cache.principal(of: "a", now: start, owner: me) == nil)
        // Verified with the keys from before.
        cache.insert(verified("B", for: 100), at: before, now: start, owner: me)
        #expect(cache.principal(of: "b", now: start, owner: me) == nil)
        cache.insert("c", verified("C", for: 100), now: start, owner: me)
        #expect(cache.principal(of: "c", now: start, owner: me) != nil)
    }

    /// The same, where the emptying comes between two insertions on a part that has not looked since.
    @Test func lateInsertionIsNotFound() throws {
        let cache = VerifiedTokenCache(lanes: 1)
        let before = try cache.place(of: "a", now: start, owner: me)
        cache.empty()
        cache.insert(verified("A", for: 100), at: before, now: start, owner: me)
        #expect(cache.principal(of: "a", now: start, owner: me) == nil)
    }

    @Test func isBoundedAndKeepsWhatIsUsed() {
        let cache = VerifiedTokenCache(capacity: 100, lanes: 1)
        cache.insert("used", verified("U", for: 100), now: start, owner: me)
        for number in 0..<10_000 {
            cache.insert("t\(number)", verified("T", for: 100), now: start, owner: me)
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
                            token[...], verified, now: start,
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
