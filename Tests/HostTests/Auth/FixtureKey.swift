// Signs as identity providers do, with every algorithm and every mistake a test wants.

import COpenSSL
import JSON

@testable import HostAuth
@testable import HostBase

/// A private key of any kind. Made anew in each run.
///
/// `@unchecked Sendable`: never changed once made.
@safe
final class FixtureKey: @unchecked Sendable {
    let type: KeyType
    private let key: OpaquePointer

    static let rsa = FixtureKey(.rsa)
    static let otherRSA = FixtureKey(.rsa)
    static let p256 = FixtureKey(.p256)
    static let p384 = FixtureKey(.p384)
    static let p521 = FixtureKey(.p521)
    static let ed25519 = FixtureKey(.ed25519)

    static func of(_ type: KeyType) -> FixtureKey {
        switch type {
        case .rsa: rsa
        case .p256: p256
        case .p384: p384
        case .p521: p521
        case .ed25519: ed25519
        }
    }

    init(_ type: KeyType, bits: Int32 = 2048) {
        self.type = type
        let name =
            switch type {
            case .rsa: "RSA"
            case .ed25519: "ED25519"
            default: "EC"
            }
        let context = unsafe EVP_PKEY_CTX_new_from_name(nil, name, nil)
        defer { unsafe EVP_PKEY_CTX_free(context) }
        precondition(unsafe EVP_PKEY_keygen_init(context) == 1)
        switch type {
        case .rsa: precondition(unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, bits) == 1)
        case .p256: precondition(unsafe EVP_PKEY_CTX_set_group_name(context, "P-256") == 1)
        case .p384: precondition(unsafe EVP_PKEY_CTX_set_group_name(context, "P-384") == 1)
        case .p521: precondition(unsafe EVP_PKEY_CTX_set_group_name(context, "P-521") == 1)
        case .ed25519: break
        }
        var made: OpaquePointer?
        precondition(unsafe EVP_PKEY_generate(context, &made) == 1)
        unsafe key = made!
    }

    deinit {
        unsafe EVP_PKEY_free(key)
    }

    /// The public half as a JWK; `changes` replaces members, `nil` removes them.
    func jwk(_ id: String? = nil, _ changes: [String: JSONValue?] = [:]) -> JSONValue {
        var members: JSONObject
        switch type {
        case .rsa:
            members = [
                "kty": "RSA", "n": encoded(number(OSSL_PKEY_PARAM_RSA_N, nil)),
                "e": encoded(number(OSSL_PKEY_PARAM_RSA_E, nil)),
            ]
        case .ed25519:
            var bytes = [UInt8](repeating: 0, count: 32)
            var count = bytes.count
            precondition(unsafe EVP_PKEY_get_raw_public_key(key, &bytes, &count) == 1)
            members = ["kty": "OKP", "crv": "Ed25519", "x": encoded(bytes)]
        case .p256, .p384, .p521:
            let curve = type == .p256 ? "P-256" : type == .p384 ? "P-384" : "P-521"
            members = [
                "kty": "EC", "crv": .string(curve),
                "x": encoded(number(OSSL_PKEY_PARAM_EC_PUB_X, type.coordinateLength)),
                "y": encoded(number(OSSL_PKEY_PARAM_EC_PUB_Y, type.coordinateLength)),
            ]
        }
        if let id { members["kid"] = .string(id) }
        for (name, value) in changes { members[name] = value }
        return .object(members)
    }

    var publicKey: PublicKey {
        get throws { try JSONWebKey(jwk()).publicKey }
    }

    /// A signature in the form of JWS: R and S of fixed width for ECDSA.
    func sign(_ message: String, _ algorithm: SignatureAlgorithm, saltLength: Int32 = RSA_PSS_SALTLEN_DIGEST) -> [UInt8]
    {
        let context = unsafe EVP_MD_CTX_new()
        defer { unsafe EVP_MD_CTX_free(context) }
        var keyContext: OpaquePointer?
        let digest: String? = algorithm.digest.map { "SHA\($0.length * 8)" }
        precondition(unsafe EVP_DigestSignInit_ex(context, &keyContext, digest, nil, nil, key, nil) == 1)
        if algorithm.usesPSS {
            precondition(unsafe EVP_PKEY_CTX_set_rsa_padding(keyContext, RSA_PKCS1_PSS_PADDING) == 1)
            precondition(unsafe EVP_PKEY_CTX_set_rsa_pss_saltlen(keyContext, saltLength) == 1)
        }
        let bytes = Array(message.utf8)
        var signature = [UInt8](repeating: 0, count: 1024)
        var length = signature.count
        precondition(unsafe EVP_DigestSign(context, &signature, &length, bytes, bytes.count) == 1)
        signature = Array(signature.prefix(length))
        guard let width = type.coordinateLength else { return signature }
        return Self.fixedWidth(der: signature, width)
    }

    /// A compact JWS over these members. `header` may state anything; `algorithm` says what is really done.
    func token(
        _ claims: JSONObject, header: JSONObject = [:], as algorithm: SignatureAlgorithm = .rs256
    ) -> String {
        var members: JSONObject = ["alg": .string(algorithm.name)]
        for (name, value) in header { members[name] = value }
        return token(header: JSONValue.object(members).bytes(), payload: JSONValue.object(claims).bytes(), algorithm)
    }

    /// A compact JWS over these bytes, JSON or not.
    func token(header: [UInt8], payload: [UInt8], _ algorithm: SignatureAlgorithm = .rs256) -> String {
        let input = Base64.url.encode(header) + "." + Base64.url.encode(payload)
        return input + "." + Base64.url.encode(sign(input, algorithm))
    }

    private func encoded(_ bytes: [UInt8]) -> JSONValue {
        .string(Base64.url.encode(bytes))
    }

    private func number(_ name: String, _ width: Int?) -> [UInt8] {
        var value: OpaquePointer?
        precondition(unsafe EVP_PKEY_get_bn_param(key, name, &value) == 1)
        defer { unsafe BN_free(value) }
        let count = width ?? Int(unsafe BN_num_bits(value) + 7) / 8
        var bytes = [UInt8](repeating: 0, count: count)
        precondition(unsafe BN_bn2binpad(value, &bytes, Int32(count)) == Int32(count))
        return bytes
    }

    private static func fixedWidth(der: [UInt8], _ width: Int) -> [UInt8] {
        // SEQUENCE, its length (one or two bytes), then two INTEGERs.
        var rest = der.dropFirst(der[1] == 0x81 ? 3 : 2)
        var result: [UInt8] = []
        for _ in 0..<2 {
            rest = rest.dropFirst()
            let count = Int(rest.removeFirst())
            let digits = rest.prefix(count).drop { $0 == 0 }
            result += [UInt8](repeating: 0, count: width - digits.count) + digits
            rest = rest.dropFirst(count)
        }
        return result
    }
}

extension PublicKey {
    func accepts(_ signature: [UInt8], _ message: String, _ algorithm: SignatureAlgorithm) -> Bool {
        let bytes = Array(message.utf8)
        return verifies(signature, of: bytes.span, algorithm: algorithm)
    }
}
