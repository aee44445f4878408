// An issuer's private key, and libcrypto's own verification beside which ours is measured.

import COpenSSL
import JSON

@testable import HostAuth
@testable import HostBase
@testable import HostCaller

/// A key made for one run.
@safe
final class SigningKey {
    let algorithm: SignatureAlgorithm
    private let key: OpaquePointer

    init(_ algorithm: SignatureAlgorithm) {
        self.algorithm = algorithm
        let context = unsafe EVP_PKEY_CTX_new_from_name(nil, algorithm == .rs256 ? "RSA" : "EC", nil)
        defer { unsafe EVP_PKEY_CTX_free(context) }
        precondition(unsafe EVP_PKEY_keygen_init(context) == 1)
        if algorithm == .rs256 {
            precondition(unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2048) == 1)
        } else {
            precondition(unsafe EVP_PKEY_CTX_set_group_name(context, "P-256") == 1)
        }
        var made: OpaquePointer?
        precondition(unsafe EVP_PKEY_generate(context, &made) == 1)
        guard let made = unsafe made else { fatalError("libcrypto makes no key") }
        unsafe key = made
    }

    deinit { unsafe EVP_PKEY_free(key) }

    func jwk(id: String) -> JSONValue {
        var members: JSONObject = ["kid": .string(id), "use": "sig", "alg": .string(algorithm.name)]
        if algorithm == .rs256 {
            members["kty"] = "RSA"
            members["n"] = number(OSSL_PKEY_PARAM_RSA_N, nil)
            members["e"] = number(OSSL_PKEY_PARAM_RSA_E, nil)
        } else {
            members["kty"] = "EC"
            members["crv"] = "P-256"
            members["x"] = number(OSSL_PKEY_PARAM_EC_PUB_X, 32)
            members["y"] = number(OSSL_PKEY_PARAM_EC_PUB_Y, 32)
        }
        return .object(members)
    }

    /// A token, and what is signed and the signature as libcrypto wants them.
    func token(_ claims: JSONValue, id: String) -> (text: String, signed: [UInt8], signature: [UInt8]) {
        let header: JSONValue = ["alg": .string(algorithm.name), "typ": "JWT", "kid": .string(id)]
        let input = Base64.url.encode(header.bytes()) + "." + Base64.url.encode(claims.bytes())
        let signed = Array(input.utf8)
        let context = unsafe EVP_MD_CTX_new()
        defer { unsafe EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: 512)
        var length = signature.count
        precondition(unsafe EVP_DigestSignInit_ex(context, nil, "SHA2-256", nil, nil, key, nil) == 1)
        precondition(unsafe EVP_DigestSign(context, &signature, &length, signed, signed.count) == 1)
        signature = Array(signature.prefix(length))
        let fixed = algorithm == .rs256 ? signature : Self.fixedWidth(der: signature)
        return (input + "." + Base64.url.encode(fixed), signed, signature)
    }

    /// What a program in C would do: one context, initialised for each signature. Returns how many verified.
    func verifyBare(_ message: [UInt8], _ signature: [UInt8], times: Int) -> Int {
        let context = unsafe EVP_MD_CTX_new()
        defer { unsafe EVP_MD_CTX_free(context) }
        let digest = unsafe EVP_MD_fetch(nil, "SHA2-256", nil)
        defer { unsafe EVP_MD_free(digest) }
        var good = 0
        for _ in 0..<times {
            unsafe EVP_MD_CTX_reset(context)
            if unsafe EVP_DigestVerifyInit(context, nil, digest, nil, key) == 1,
                unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
            {
                good += 1
            }
        }
        return good
    }

    private func number(_ name: String, _ width: Int?) -> JSONValue {
        var value: OpaquePointer?
        precondition(unsafe EVP_PKEY_get_bn_param(key, name, &value) == 1)
        defer { unsafe BN_free(value) }
        let count = width ?? Int(unsafe BN_num_bits(value) + 7) / 8
        var bytes = [UInt8](repeating: 0, count: count)
        precondition(unsafe BN_bn2binpad(value, &bytes, Int32(count)) == Int32(count))
        return .string(Base64.url.encode(bytes))
    }

    /// R and S as a token has them, from DER (RFC 7518 section 3.4).
    private static func fixedWidth(der: [UInt8]) -> [UInt8] {
        var rest = der.dropFirst(2)
        var result: [UInt8] = []
        for _ in 0..<2 {
            rest = rest.dropFirst()
            let count = Int(rest.removeFirst())
            let digits = rest.prefix(count).drop { $0 == 0 }
            result += [UInt8](repeating: 0, count: 32 - digits.count) + digits
            rest = rest.dropFirst(count)
        }
        return result
    }
}
