// Owns the RSA private key of the embedded authorization server.

import COpenSSL

/// Why a private key could not be made or read.
public enum SigningKeyFault: String, Error, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    case generation = "libcrypto could not make an RSA key"
    case notPEM = "it is not an unencrypted private key in PEM form"
    case notRSA = "it is not an RSA key"
    case tooShort = "it has less than 2048 bits"
    case inconsistent = "its numbers do not belong together"

    public var description: String { rawValue }
}

/// An RSA key pair that signs RS256.
///
/// `@unchecked Sendable`: never changed once made; libcrypto locks what signing writes inside the key (blinding).
@safe
public final class SigningKey: @unchecked Sendable {
    private let key: OpaquePointer

    private init(adopting key: OpaquePointer) {
        unsafe self.key = key
    }

    deinit {
        unsafe EVP_PKEY_free(key)
    }

    /// A new key. Takes tens to hundreds of milliseconds.
    public static func generate(bits: Int = 2048) throws(SigningKeyFault) -> SigningKey {
        guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, "RSA", nil) else { throw .generation }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_keygen_init(context) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(max(bits, 2048))) == 1,
            unsafe EVP_PKEY_generate(context, &key) == 1,
            let key = unsafe key
        else {
            ERR_clear_error()
            throw .generation
        }
        return unsafe SigningKey(adopting: key)
    }

    /// Reads PKCS #8 (or PKCS #1) PEM without a pass phrase, and checks that its halves belong together.
    public convenience init(pem: [UInt8]) throws(SigningKeyFault) {
        let read = unsafe pem.withUnsafeBufferPointer { pem -> OpaquePointer? in
            guard let bio = unsafe BIO_new_mem_buf(pem.baseAddress, Int32(pem.count)) else { return nil }
            defer { unsafe BIO_free(bio) }
            // A callback that has no pass phrase: libcrypto's default asks on the terminal.
            return unsafe PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in -1 }, nil)
        }
        guard let key = unsafe read else {
            ERR_clear_error()
            throw .notPEM
        }
        unsafe self.init(adopting: key)
        guard unsafe EVP_PKEY_is_a(key, "RSA") == 1 else { throw .notRSA }
        guard unsafe EVP_PKEY_get_bits(key) >= 2048 else { throw .tooShort }
        guard isConsistent() else { throw .inconsistent }
    }

    /// PKCS #8 PEM, unencrypted.
    public func pem() -> [UInt8] {
        guard let bio = unsafe BIO_new(BIO_s_mem()) else { fatalError("out of memory") }
        defer { unsafe BIO_free(bio) }
        guard unsafe PEM_write_bio_PKCS8PrivateKey(bio, key, nil, nil, 0, nil, nil) == 1 else {
            fatalError("libcrypto could not write a key that it made")
        }
        var bytes = [UInt8](repeating: 0, count: unsafe BIO_ctrl_pending(bio))
        let count = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            unsafe BIO_read(bio, buffer.baseAddress, Int32(buffer.count))
        }
        return Array(bytes.prefix(Int(max(count, 0))))
    }

    /// RS256 (RFC 7518 section 3.3). About half a millisecond with 2048 bits.
    public func sign(_ message: [UInt8]) -> [UInt8]? {
        guard let context = unsafe EVP_MD_CTX_new() else { return nil }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestSignInit_ex(context, nil, "SHA2-256", nil, nil, key, nil) == 1 else { return nil }
        var signature = [UInt8](repeating: 0, count: Int(unsafe EVP_PKEY_get_size(key)))
        var length = signature.count
        let done = unsafe signature.withUnsafeMutableBufferPointer { signature in
            unsafe message.withUnsafeBufferPointer { message in
                unsafe EVP_DigestSign(context, signature.baseAddress, &length, message.baseAddress, message.count)
            }
        }
        guard done == 1 else {
            ERR_clear_error()
            return nil
        }
        return Array(signature.prefix(length))
    }

    /// Modulus and public exponent, big-endian, minimal octets.
    public var publicNumbers: (modulus: [UInt8], exponent: [UInt8]) {
        (number(OSSL_PKEY_PARAM_RSA_N), number(OSSL_PKEY_PARAM_RSA_E))
    }

    private func number(_ name: String) -> [UInt8] {
        var value: OpaquePointer?
        guard unsafe EVP_PKEY_get_bn_param(key, name, &value) == 1, let value = unsafe value else { return [] }
        defer { unsafe BN_free(value) }
        var bytes = [UInt8](repeating: 0, count: Int(unsafe BN_num_bits(value) + 7) / 8)
        _ = unsafe bytes.withUnsafeMutableBufferPointer { unsafe BN_bn2bin(value, $0.baseAddress) }
        return bytes
    }

    /// Whether the public half verifies what the private half signs, which is all that is asked of the key; libcrypto's
    /// own check looks for the primes once more, and takes fifty milliseconds of every start.
    private func isConsistent() -> Bool {
        let message = Array("consistent".utf8)
        guard let signature = sign(message), let context = unsafe EVP_MD_CTX_new() else { return false }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestVerifyInit_ex(context, nil, "SHA2-256", nil, nil, key, nil) == 1 else { return false }
        let verified = unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
        if !verified { ERR_clear_error() }
        return verified
    }
}
