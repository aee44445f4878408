// The host's own token for a backend: one fetch at a time, a new one before the old one ends, patience after failures.

import NIOCore
import Testing

@testable import HostOutbound

@Suite struct TokenCacheTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private var cache = TokenCache()

    private static func token(_ value: String, lifetime: TimeAmount? = .seconds(100)) -> TokenCache.Token {
        TokenCache.Token(value: value, lifetime: lifetime, now: start)
    }

    private mutating func need(after seconds: Int64) -> TokenCache.Need {
        cache.need(Self.start + .seconds(seconds))
    }

    @Test mutating func onlyOneFetches() {
        let needs = (0..<3).map { _ in need(after: 0) }
        #expect(needs == [.fetch, .wait, .wait])
        cache.fetched(Self.token("a"))
        let then = need(after: 1)
        #expect(then == .use("a", renews: false))
    }

    @Test mutating func isRenewedInTheBackgroundAndOnce() {
        cache.fetched(Self.token("a"))
        let needs = [79, 80, 81].map { need(after: $0) }
        #expect(needs == [.use("a", renews: false), .use("a", renews: true), .use("a", renews: false)])
        cache.fetched(TokenCache.Token(value: "b", lifetime: .seconds(100), now: Self.start + .seconds(82)))
        let then = need(after: 95)
        #expect(then == .use("b", renews: false))
    }

    @Test mutating func isNotUsedToItsVeryEnd() {
        cache.fetched(Self.token("a"))
        let needs = [need(after: 89), need(after: 90)]
        #expect(needs == [.use("a", renews: true), .wait])
    }

    @Test mutating func aFailureIsNotRepeatedAtOnce() {
        _ = need(after: 0)
        cache.failed(Self.start)
        let needs = [need(after: 1), need(after: 2)]
        #expect(needs == [.refuse(.seconds(1)), .fetch])
    }

    @Test mutating func aFailedRenewalLeavesTheOldToken() {
        cache.fetched(Self.token("a"))
        _ = need(after: 80)
        cache.failed(Self.start + .seconds(80))
        let needs = [81, 82].map { need(after: $0) }
        #expect(needs == [.use("a", renews: false), .use("a", renews: true)])
    }

    @Test mutating func aRejectedTokenGoesButNotItsSuccessor() {
        cache.fetched(Self.token("a"))
        let rejection = cache.reject("a", Self.start)
        let first = need(after: 1)
        #expect(rejection == .retry && first == .fetch)
        cache.fetched(Self.token("b"))
        let late = cache.reject("a", Self.start + .seconds(1))
        let second = need(after: 2)
        #expect(late == .retry && second == .use("b", renews: false))
    }

    @Test mutating func aBackendThatTakesNoTokenHasOneFetchedInThirtySeconds() {
        cache.fetched(Self.token("a"))
        _ = cache.reject("a", Self.start)
        cache.fetched(Self.token("b"))
        let (again, kept) = (cache.reject("b", Self.start + .seconds(29)), need(after: 29))
        #expect(again == .stands && kept == .use("b", renews: false))
        let (later, then) = (cache.reject("b", Self.start + .seconds(30)), need(after: 30))
        #expect(later == .retry && then == .fetch)
    }

    @Test func lifetimesAreTakenWithCare() {
        let (none, negative) = (Self.token("a", lifetime: nil), Self.token("a", lifetime: .seconds(-5)))
        #expect(none.end == Self.start + .seconds(290) && none.renewal == Self.start + .seconds(240))
        #expect(negative.end == Self.start)
        #expect(Self.token("a", lifetime: .seconds(10)).end == Self.start + .seconds(9))
    }

    // MARK: The answer of the endpoint

    private func read(_ body: String, status: Int = 200) -> Result<TokenCache.Token, BackendCredentials.Fault> {
        BackendCredentials.token(
            in: WireReply(status: status, fields: [], body: ByteBuffer(string: body)), now: Self.start)
    }

    @Test func aTokenIsRead() throws {
        let token = try read(#"{"access_token":"a.b-c","token_type":"bearer","expires_in":60}"#).get()
        #expect(token == TokenCache.Token(value: "a.b-c", lifetime: .seconds(60), now: Self.start))
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"access_token":7,"token_type":"Bearer"}"#, #"{"access_token":"a b","token_type":"Bearer"}"#,
        #"{"access_token":"a\r\nX: y","token_type":"Bearer"}"#, #"{"access_token":"a","token_type":"mac"}"#,
        #"{"access_token":"a"}"#, #"{"access_token":"","token_type":"Bearer"}"#,
    ])
    func whatIsNoTokenIsRefused(body: String) {
        #expect(throws: BackendCredentials.Fault.self) { try read(body).get() }
    }

    @Test func otherStatusesAreFaults() {
        let good = #"{"access_token":"a","token_type":"Bearer"}"#
        for status in [201, 302, 400, 401, 500] {
            #expect(throws: BackendCredentials.Fault.self) { try read(good, status: status).get() }
        }
    }

    @Test func formsAreEncoded() {
        #expect(BackendCredentials.formEncoded("a b&c=d/é~") == "a+b%26c%3Dd%2F%C3%A9%7E")
    }
}
