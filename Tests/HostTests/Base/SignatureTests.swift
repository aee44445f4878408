// Verification against published values, and against everything that is nearly right.

import JSON
import Testing

@testable import HostAuth
@testable import HostBase

@Suite struct SignatureTests {
    @Test(arguments: PublishedVector.all)
    func verifiesPublishedSignature(vector: PublishedVector) throws {
        let key = try JSONWebKey(JSONValue(parsing: vector.key))
        let algorithm = try #require(SignatureAlgorithm(name: vector.algorithm))
        let dot = try #require(vector.token.lastIndex(of: "."))
        let input = String(vector.token[..<dot])
        var signature = try #require(Base64.url.decode(String(vector.token[dot...].dropFirst())))
        #expect(key.allows(algorithm))
        #expect(key.publicKey.accepts(signature, input, algorithm))

        signature[signature.count / 2] ^= 1
        #expect(!key.publicKey.accepts(signature, input, algorithm))
    }

    @Test(arguments: SignatureAlgorithm.allCases)
    func verifiesOwnSignatureOnly(algorithm: SignatureAlgorithm) throws {
        let key = FixtureKey.of(algorithm.keyType)
        let signature = key.sign("message", algorithm)
        let publicKey = try key.publicKey
        #expect(publicKey.accepts(signature, "message", algorithm))
        #expect(!publicKey.accepts(signature, "messagf", algorithm))
        #expect(!publicKey.accepts([], "message", algorithm))
        #expect(!publicKey.accepts(signature + [0], "message", algorithm))
        #expect(!publicKey.accepts(signature.dropLast(), "message", algorithm))
        for other in SignatureAlgorithm.allCases where other != algorithm {
            #expect(!publicKey.accepts(signature, "message", other))
        }
    }

    /// One key serves all event loops at once; what it keeps ready for that is shared.
    @Test(arguments: SignatureAlgorithm.allCases)
    func verifiesOnSeveralThreadsAtOnce(algorithm: SignatureAlgorithm) async throws {
        let key = FixtureKey.of(algorithm.keyType)
        let publicKey = try key.publicKey
        let signatures = (0..<8).map { key.sign("message \($0)", algorithm) }
        let right = await withTaskGroup(of: Int.self) { group in
            for task in 0..<8 {
                group.addTask {
                    (0..<40).count { round in
                        let place = (task + round) % 8
                        return publicKey.accepts(signatures[place], "message \(place)", algorithm)
                            && !publicKey.accepts(signatures[place], "message \(place + 1)", algorithm)
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(right == 8 * 40)
    }

    /// RFC 7518 section 3.5: the salt is as long as the hash. Others are valid PSS, but not PS256.
    @Test(arguments: [Int32(0), 20, 31, 33, 222])
    func refusesOtherSaltLength(length: Int32) throws {
        let signature = FixtureKey.rsa.sign("message", .ps256, saltLength: length)
        #expect(!(try FixtureKey.rsa.publicKey.accepts(signature, "message", .ps256)))
    }

    /// DER is what libcrypto makes, and what JWS does not use.
    @Test func refusesDERForECDSA() throws {
        let fixed = FixtureKey.p256.sign("message", .es256)
        let der = try #require(ECDSASignature.der(fromFixedWidth: fixed, coordinateLength: 32))
        #expect(!(try FixtureKey.p256.publicKey.accepts(der, "message", .es256)))
    }

    /// CVE-2022-21449: a signature of zeros.
    @Test(arguments: [KeyType.p256, .p384, .p521])
    func refusesZeroes(type: KeyType) throws {
        let width = try #require(type.coordinateLength)
        let algorithm = try #require(SignatureAlgorithm.allCases.first { $0.keyType == type })
        let zeroes = [UInt8](repeating: 0, count: 2 * width)
        #expect(!(try FixtureKey.of(type).publicKey.accepts(zeroes, "m", algorithm)))
    }

    @Test func derKeepsNumbersPositiveAndShort() {
        #expect(
            ECDSASignature.der(fromFixedWidth: [0x80, 0x01], coordinateLength: 1) == [0x30, 7, 2, 2, 0, 0x80, 2, 1, 1])
        #expect(ECDSASignature.der(fromFixedWidth: [0, 0, 0, 5], coordinateLength: 2) == [0x30, 6, 2, 1, 0, 2, 1, 5])
        #expect(ECDSASignature.der(fromFixedWidth: [1, 2, 3], coordinateLength: 2) == nil)
        let long = ECDSASignature.der(fromFixedWidth: [UInt8](repeating: 0xFF, count: 132), coordinateLength: 66)
        #expect(long?.prefix(5) == [0x30, 0x81, 138, 2, 67])
    }

    @Test func signingKeySurvivesPEM() throws {
        let key = try SigningKey.generate()
        let copy = try SigningKey(pem: key.pem())
        #expect(copy.publicNumbers.modulus == key.publicNumbers.modulus)
        #expect(copy.publicNumbers.exponent == [1, 0, 1])
        let signature = try #require(copy.sign(Array("message".utf8)))
        let numbers = key.publicNumbers
        let publicKey = try PublicKey(rsaModulus: numbers.modulus, exponent: numbers.exponent)
        #expect(publicKey.accepts(signature, "message", .rs256))
    }

    @Test(arguments: ["", "garbage", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
    func refusesOtherPEM(text: String) {
        #expect(throws: SigningKeyFault.notPEM) { try SigningKey(pem: Array(text.utf8)) }
    }
}
