// Which published keys are used, which are skipped and why, and which one a token gets.

import JSON
import Testing

@testable import HostAuth
@testable import HostBase

@Suite struct JSONWebKeyTests {
    private func set(_ keys: [JSONValue]) throws -> JSONWebKeySet {
        try JSONWebKeySet(parsing: JSONValue.object(["keys": .array(keys)]).bytes())
    }

    @Test(arguments: [KeyType.rsa, .p256, .p384, .p521, .ed25519])
    func readsEveryType(type: KeyType) throws {
        let key = try JSONWebKey(FixtureKey.of(type).jwk("a", ["use": "sig", "key_ops": ["verify"]]))
        #expect(key.id == "a")
        #expect(key.publicKey.type == type)
        #expect(key.publicKey.isSame(as: try FixtureKey.of(type).publicKey))
    }

    @Test func oneBrokenKeyLeavesTheOthers() throws {
        let set = try set([
            FixtureKey.rsa.jwk("good"),
            "text", [:], ["kty": "oct", "k": "AAAA"], ["kty": "AKP"],
            FixtureKey.rsa.jwk("enc", ["use": "enc"]),
            FixtureKey.rsa.jwk("wrap", ["key_ops": ["wrapKey"]]),
            FixtureKey.rsa.jwk("ops", ["key_ops": "verify"]),
            FixtureKey.rsa.jwk("oaep", ["alg": "RSA-OAEP"]),
            FixtureKey.rsa.jwk("es", ["alg": "ES256"]),
            FixtureKey.rsa.jwk("no n", ["n": JSONValue?.none]),
            FixtureKey.rsa.jwk("wrong padding", ["n": "AQAB="]),
            FixtureKey.rsa.jwk("number", ["n": 5]),
            FixtureKey.p256.jwk("k1", ["crv": "secp256k1"]),
            FixtureKey.p256.jwk("swapped", ["crv": "P-384"]),
            FixtureKey.p256.jwk("off", ["y": FixtureKey.p256.jwk()["x"]]),
            FixtureKey.ed25519.jwk("x", ["crv": "X25519"]),
            FixtureKey.ed25519.jwk("short", ["x": "AAAA"]),
            ["kty": "RSA", "kid": 7],
            FixtureKey.p256.jwk("also good"),
        ])
        #expect(set.keys.map(\.id) == ["good", "also good"])
        #expect(
            set.skipped.map(\.reason) == [
                .notAnObject, .memberMissing("kty"), .unknownType, .unknownType,
                .notForSignatures, .notForSignatures, .memberInvalid("key_ops"),
                .unknownAlgorithm, .algorithmOfOtherType,
                .memberMissing("n"), .memberInvalid("n"), .memberInvalid("n"),
                .unknownCurve, .key(.notOnCurve), .key(.notOnCurve),
                .unknownCurve, .key(.coordinates), .memberInvalid("kid"),
            ])
        #expect(set.skipped.map(\.index) == Array(1...18))
        #expect(set.skipped[4].keyID == "enc")
    }

    @Test func refusesWeakRSA() throws {
        func reason(_ changes: [String: JSONValue?], of key: FixtureKey = .rsa) -> KeySkipReason? {
            do throws(KeySkipReason) {
                _ = try JSONWebKey(key.jwk("a", changes))
                return nil
            } catch {
                return error
            }
        }
        #expect(reason([:], of: FixtureKey(.rsa, bits: 1024)) == .key(.tooShort))
        #expect(reason([:], of: FixtureKey(.rsa, bits: 2047)) == .key(.tooShort))
        #expect(reason(["n": .string(Base64.url.encode([UInt8](repeating: 0xFF, count: 1025)))]) == .key(.tooLong))
        #expect(reason(["n": .string(Base64.url.encode([UInt8](repeating: 0xFE, count: 256)))]) == .key(.modulus))
        #expect(reason(["e": "AQ"]) == .key(.exponent))
        #expect(reason(["e": "Ag"]) == .key(.exponent))
        #expect(reason(["e": "AA"]) == .key(.exponent))
        #expect(reason(["e": .string(Base64.url.encode([1, 0, 0, 0, 0, 0, 0, 0, 1]))]) == .key(.exponent))
    }

    private func octets(_ key: FixtureKey, _ name: String) throws -> [UInt8] {
        try #require(key.jwk()[name]?.string.flatMap { Base64.url.decode($0) })
    }

    /// As Java's `BigInteger`, padded Base64 and serializers of whole objects write keys.
    @Test func numbersAreReadWhereTheyAreCertain() throws {
        let (modulus, exponent) = (try octets(.rsa, "n"), try octets(.rsa, "e"))
        func text(_ bytes: [UInt8]) -> JSONValue { .string(Base64.url.encode(bytes)) }
        func padded(_ bytes: [UInt8]) -> JSONValue {
            let text = Base64.url.encode(bytes)
            return .string(text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4))
        }
        let nothing: [String: JSONValue?] = [
            "use": .null, "key_ops": .null, "alg": .null, "issuer": .null, "x5c": .null, "x5t": .null, "d": .null,
        ]
        for changes: [String: JSONValue?] in [
            ["n": text([0] + modulus)], ["n": text([0, 0] + modulus)], ["n": padded(modulus)],
            ["n": padded([0] + modulus)], ["n": .string(Base64.standard.encode(modulus))],
            ["e": text([0] + exponent)], ["e": "AAEAAQ"], ["e": "AAEAAQ=="], ["e": "AAAAAAAAAAAAAQAB"], nothing,
        ] {
            let key = try JSONWebKey(FixtureKey.rsa.jwk("a", changes))
            #expect(key.publicKey.isSame(as: try FixtureKey.rsa.publicKey), "\(changes)")
            #expect(key.algorithm == nil && key.issuer == nil)
        }
        #expect(try JSONWebKey(FixtureKey.rsa.jwk("a", ["kid": .null])).id == nil)
        for bad: JSONValue in ["AQAB=", "AQAB==", "AQAB====", "AQA=B", "=", "====", "AQ=", "AQA", "AB+_", "", "A"] {
            #expect(throws: KeySkipReason.self, "\(bad)") { try JSONWebKey(FixtureKey.rsa.jwk("a", ["e": bad])) }
        }
        let both = Base64.url.encode([0xFB] + [UInt8](repeating: 0xFF, count: 252)) + "-_+/"
        #expect(throws: KeySkipReason.memberInvalid("n")) {
            try JSONWebKey(FixtureKey.rsa.jwk("a", ["n": .string(both)]))
        }
        #expect(throws: KeySkipReason.memberMissing("n")) { try JSONWebKey(FixtureKey.rsa.jwk("a", ["n": .null])) }
        #expect(throws: KeySkipReason.unknownAlgorithm) { try JSONWebKey(FixtureKey.rsa.jwk("a", ["alg": "rs256"])) }
    }

    /// About one coordinate in 256 begins with a zero.
    @Test(arguments: [KeyType.p256, .p384, .p521])
    func coordinatesAreReadWhereTheyAreCertain(type: KeyType) throws {
        var key = FixtureKey(type)
        for _ in 0..<20_000 {
            if try octets(key, "x")[0] == 0 { break }
            key = FixtureKey(type)
        }
        let (x, y) = (try octets(key, "x"), try octets(key, "y"))
        try #require(x[0] == 0)
        func read(_ x: [UInt8], _ y: [UInt8]) throws -> JSONWebKey {
            try JSONWebKey(
                key.jwk("a", ["x": .string(Base64.url.encode(x)), "y": .string(Base64.url.encode(y))]))
        }
        for (x, y) in [(x, y), (Array(x.drop { $0 == 0 }), y), ([0] + x, y), (x, [0, 0] + y)] {
            #expect(try read(x, y).publicKey.isSame(as: try key.publicKey))
        }
        for (x, y) in [([1] + x, y), (x + [0], y), ([0], y), (x, Array(y.dropLast()))] {
            #expect(throws: KeySkipReason.self) { try read(x, y) }
        }
    }

    /// Octets and no number: one that is missing is missing.
    @Test func anEdwardsKeyHasItsLength() throws {
        let x = try octets(.ed25519, "x")
        for bytes in [[0] + x, Array(x.dropFirst())] {
            #expect(throws: KeySkipReason.key(.coordinates)) {
                try JSONWebKey(FixtureKey.ed25519.jwk("a", ["x": .string(Base64.url.encode(bytes))]))
            }
        }
    }

    @Test func oneKeyThatIsListedTwiceIsOne() throws {
        let twice = try set([
            FixtureKey.rsa.jwk("a"), FixtureKey.rsa.jwk("a", ["alg": "RS256"]), FixtureKey.rsa.jwk("b"),
        ])
        #expect(try twice.key(id: "a", algorithm: .rs256).publicKey.isSame(as: try FixtureKey.rsa.publicKey))
        #expect(try twice.key(id: nil, algorithm: .rs256).publicKey.isSame(as: try FixtureKey.rsa.publicKey))
        let others = try set([FixtureKey.rsa.jwk("a"), FixtureKey.rsa.jwk("a"), FixtureKey.otherRSA.jwk("a")])
        #expect(throws: RefusalReason.ambiguousKey) { try others.key(id: "a", algorithm: .rs256) }
        // Entra binds keys to issuers: the one is not the other.
        let bound = try set([FixtureKey.rsa.jwk("a", ["issuer": "https://x"]), FixtureKey.rsa.jwk("a")])
        #expect(throws: RefusalReason.ambiguousKey) { try bound.key(id: "a", algorithm: .rs256) }
    }

    @Test func choosesByKeyIDAndAlgorithm() throws {
        let set = try set([
            FixtureKey.rsa.jwk("shared"), FixtureKey.p256.jwk("shared"),
            FixtureKey.p384.jwk("pinned", ["alg": "ES384"]),
            FixtureKey.otherRSA.jwk("ps", ["alg": "PS256"]), FixtureKey.ed25519.jwk(),
        ])
        #expect(try set.key(id: "shared", algorithm: .rs256).publicKey.type == .rsa)
        #expect(try set.key(id: "shared", algorithm: .es256).publicKey.type == .p256)
        #expect(try set.key(id: nil, algorithm: .ed25519).publicKey.type == .ed25519)
        #expect(throws: RefusalReason.algorithm) { try set.key(id: "ps", algorithm: .rs256) }
        #expect(throws: RefusalReason.algorithm) { try set.key(id: "pinned", algorithm: .es256) }
        #expect(throws: RefusalReason.unknownKeyID) { try set.key(id: "Shared", algorithm: .rs256) }
        #expect(throws: RefusalReason.unknownKeyID) { try set.key(id: "", algorithm: .rs256) }
        #expect(throws: RefusalReason.unknownKeyID) { try set.key(id: nil, algorithm: .es512) }
        // Two RSA keys could have made a PS256 signature; neither is the default.
        #expect(throws: RefusalReason.ambiguousKey) { try set.key(id: nil, algorithm: .ps256) }
    }

    @Test func sameKeyIDAndTypeIsAmbiguous() throws {
        let set = try set([FixtureKey.rsa.jwk("a"), FixtureKey.otherRSA.jwk("a")])
        #expect(throws: RefusalReason.ambiguousKey) { try set.key(id: "a", algorithm: .rs256) }
    }

    /// RFC 7520 gives its RSA and its EC key the same `kid`.
    @Test func publishedKeysShareAKeyID() throws {
        let vectors = PublishedVector.all.filter { ["RFC 7520 4.1", "RFC 7520 4.3"].contains($0.source) }
        let set = try set(vectors.map { try JSONValue(parsing: $0.key) })
        #expect(try set.key(id: "bilbo.baggins@hobbiton.example", algorithm: .es512).publicKey.type == .p521)
        #expect(try set.key(id: "bilbo.baggins@hobbiton.example", algorithm: .rs256).publicKey.type == .rsa)
    }

    @Test func refusesWhatIsNoSet() {
        #expect(throws: JSONWebKeySet.Fault.self) { try JSONWebKeySet(parsing: Array("<html>".utf8)) }
        #expect(throws: JSONWebKeySet.Fault.noKeysMember) { try JSONWebKeySet(parsing: Array("{}".utf8)) }
        #expect(throws: JSONWebKeySet.Fault.noKeysMember) { try JSONWebKeySet(parsing: Array(#"{"keys":{}}"#.utf8)) }
        #expect(throws: JSONWebKeySet.Fault.tooManyKeys(65)) {
            try set([JSONValue](repeating: [:], count: 65))
        }
    }

    @Test func equivalenceIsAboutKeysAndNames() throws {
        let a = try set([FixtureKey.rsa.jwk("a"), "broken"])
        #expect(a.isEquivalent(to: try set([FixtureKey.rsa.jwk("a", ["use": "sig"])])))
        #expect(!a.isEquivalent(to: try set([FixtureKey.rsa.jwk("b")])))
        #expect(!a.isEquivalent(to: try set([FixtureKey.otherRSA.jwk("a")])))
        #expect(!a.isEquivalent(to: try set([])))
    }
}
