// A digest that is not made again is the token's own, whatever other tokens look like.

import Testing

@testable import HostAuth
@testable import HostBase

@Suite struct RecentDigestsTests {
    private static func digest(_ token: Substring) -> SHA256Value {
        var hash = ReusableSHA256()
        return hash.hash(token.utf8.span)
    }

    /// Of every length around the steps in which tokens are compared, and as long as they come.
    static let lengths = Array(0...70) + [700, 701, 8192]

    @Test(arguments: lengths) func remembersWhatWasKept(length: Int) {
        let token = Substring(String(repeating: "eyJhbGciOi", count: length / 10 + 1).prefix(length))
        var digests = RecentDigests()
        #expect(digests.digest(of: token).value == Self.digest(token))
        #expect(!digests.digest(of: token).wasKept)
        digests.keep(token, Self.digest(token))
        let found = digests.digest(of: token)
        #expect(found.wasKept)
        #expect(found.value == Self.digest(token))
        digests.forget(token)
        #expect(!digests.digest(of: token).wasKept || token.isEmpty)
        #expect(digests.digest(of: token).value == Self.digest(token))
        digests.keep(token, Self.digest(token))
        #expect(digests.digest(of: token).wasKept)
        digests.removeAll()
        #expect(!digests.digest(of: token).wasKept)
    }

    /// Tokens with one end have one place, so that every other byte has to be looked at.
    @Test(arguments: lengths.dropFirst()) func tellsApartWhatDiffersInOneByte(length: Int) {
        let token = [UInt8](repeating: UInt8(ascii: "a"), count: length)
        let kept = String(decoding: token, as: UTF8.self)[...]
        var digests = RecentDigests()
        digests.keep(kept, Self.digest(kept))
        for index in stride(from: 0, to: length, by: max(1, length / 70)) {
            var other = token
            other[index] = UInt8(ascii: "b")
            let text = String(decoding: other, as: UTF8.self)[...]
            let found = digests.digest(of: text)
            #expect(!found.wasKept)
            #expect(found.value == Self.digest(text))
        }
    }

    @Test func tellsApartWhatIsLonger() {
        var digests = RecentDigests()
        let token = String(repeating: "a", count: 64)[...]
        digests.keep(token, Self.digest(token))
        for other in ["a\(token)", String(token.dropFirst()), "aaaaaaaa"].map({ $0[...] }) {
            #expect(!digests.digest(of: other).wasKept)
            #expect(digests.digest(of: other).value == Self.digest(other))
        }
        #expect(digests.digest(of: "").value == Self.digest(""))
    }

    @Test func keepsTheLaterOfTwoInOnePlace() {
        var digests = RecentDigests()
        let (first, second) = ("first.signature"[...], "later.signature"[...])
        digests.keep(first, Self.digest(first))
        digests.keep(second, Self.digest(second))
        #expect(digests.digest(of: second).wasKept)
        #expect(!digests.digest(of: first).wasKept)
        #expect(digests.digest(of: first).value == Self.digest(first))
    }
}
