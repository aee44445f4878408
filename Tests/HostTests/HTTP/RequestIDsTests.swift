// Ids of requests: told apart, short, and fit to stand anywhere.

import Testing

@testable import HostHTTP

@Suite struct RequestIDsTests {
    @Test func areToldApart() {
        let (ids, others) = (RequestIDs(), RequestIDs())
        let made = (0..<40_000).map { _ in ids.next() }
        #expect(Set(made).count == made.count)
        #expect(!made.contains(others.next()))
        #expect(made.allSatisfy { RequestIDs.isUsable($0) })
        let prefix = made[0].prefix { $0 != "-" }
        #expect(prefix.count == 8)
        #expect(made.prefix(32).map { String($0.dropFirst(9)) } == (1...32).map { String($0, radix: 32) })
    }

    @Test(arguments: ["", "a b", "a\nb", "\u{e4}", "a\"b", String(repeating: "a", count: 129)])
    func whatCannotBeLoggedIsNotUsable(_ id: String) {
        #expect(!RequestIDs.isUsable(id))
    }
}
