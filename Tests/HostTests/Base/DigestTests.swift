// Hashing and comparing secrets.

import Testing

@testable import HostBase

@Suite struct DigestTests {
    @Test func secretsAreComparedWhole() {
        #expect(ConstantTime.equals("secret", "secret"))
        #expect(!ConstantTime.equals("secret", "secre"))
        #expect(!ConstantTime.equals("", "secret"))
        #expect(!ConstantTime.digestsEqual([1, 2], [1, 3]))
        #expect(!ConstantTime.digestsEqual([1, 2], [1]))
    }

    /// FIPS 180-4, the example "abc".
    @Test func hashes() {
        let abc = Array("abc".utf8)
        #expect(
            Digest.sha256.hash(abc).prefix(8) == [0xBA, 0x78, 0x16, 0xBF, 0x8F, 0x01, 0xCF, 0xEA])
        #expect(Digest.sha384.hash(abc).prefix(4) == [0xCB, 0x00, 0x75, 0x3F])
        #expect(Digest.sha512.hash(abc).prefix(4) == [0xDD, 0xAF, 0x35, 0xA1])
        let empty: [UInt8] = []
        var reusable = ReusableSHA256()
        let first = reusable.hash(abc.span)
        let second = reusable.hash(empty.span)
        let third = reusable.hash(abc.span)
        #expect(first != second)
        #expect(first == third)
    }
}
