// Owns a public key inside libcrypto and verifies signatures with it.

import COpenSSL
import Synchronization

/// Why key material was not accepted.
public enum KeyFault: String, Error, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    case tooShort = "it is an RSA key of less than 2048 bits"
    case tooLong = "it is an RSA key of more than 8192 bits"
    case exponent = "its RSA exponent is even, 1, or longer than 64 bits"
    case modulus = "its RSA modulus is even"
    case coordinates = "a coordinate of it is not as long as its curve wants"
    case notOnCurve = "its point is not on its curve"
    case refused = "libcrypto refuses it"

    public var description: String { rawValue }
}

/// An RSA, ECDSA or Ed25519 public key.
///
/// `@unchecked Sendable`: the `EVP_PKEY` is never changed once made, and libcrypto lets threads use one key for
/// verification at the same time (`EVP_PKEY` is reference counted atomically, its provider data read only).
@safe
public final class PublicKey: @unchecked Sendable {
    public let type: KeyType
    private let key: OpaquePointer
    /// Contexts that are ready to verify with this key. Setting one up takes longer than all of our own work on a
    /// token; a copy is quick, and copying does not change the original. With that and less work of our own, a token
    /// takes 1.3 times as long as its bare signature, and not 2.5 times.
    private let prepared = Mutex<[SignatureAlgorithm: PreparedContext]>([:])

    /// Takes over `key`.
    init(adopting key: OpaquePointer, type: KeyType) {
        unsafe self.key = key
        self.type = type
    }

    deinit {
        unsafe EVP_PKEY_free(key)
    }

    /// An RSA key from big-endian numbers. NIST SP 800-131A and RFC 7518 section 3.3 want 2048 bits; more than 8192
    /// would only buy an attacker who controls a key set CPU time.
    public convenience init(rsaModulus modulus: [UInt8], exponent: [UInt8]) throws(KeyFault) {
        let significant = modulus.drop { $0 == 0 }
        let bits = significant.count * 8 - (significant.first?.leadingZeroBitCount ?? 0)
        guard bits >= 2048 else { throw .tooShort }
        guard bits <= 8192 else { throw .tooLong }
        guard let last = modulus.last, last & 1 == 1 else { throw .modulus }
        let exponentDigits = exponent.drop { $0 == 0 }
        guard let lowest = exponentDigits.last, lowest & 1 == 1, exponentDigits.count <= 8, Array(exponentDigits) != [1]
        else { throw .exponent }
        let key = unsafe KeyParameters.publicKey(
            type: "RSA", numbers: [("n", modulus), ("e", exponent)])
        guard let key = unsafe key else { throw .refused }
        unsafe self.init(adopting: key, type: .rsa)
    }

    /// A key on a NIST curve from coordinates of full length (RFC 7518 section 6.2.1.2). The point is checked to be on
    /// the curve.
    public convenience init(curve: KeyType, x: [UInt8], y: [UInt8]) throws(KeyFault) {
        let group: String
        switch curve {
        case .p256: group = "P-256"
        case .p384: group = "P-384"
        case .p521: group = "P-521"
        case .rsa, .ed25519: throw .refused
        }
        guard x.count == curve.coordinateLength, y.count == curve.coordinateLength else { throw .coordinates }
        let key = unsafe KeyParameters.publicKey(
            type: "EC", text: ("group", group), octets: ("pub", [0x04] + x + y))
        guard let key = unsafe key else { throw .notOnCurve }
        unsafe self.init(adopting: key, type: curve)
        guard isConsistent() else { throw .notOnCurve }
    }

    /// An Ed25519 key of 32 bytes (RFC 8037 section 2).
    public convenience init(ed25519 bytes: [UInt8]) throws(KeyFault) {
        guard bytes.count == 32 else { throw .coordinates }
        let key = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe EVP_PKEY_new_raw_public_key_ex(nil, "ED25519", nil, buffer.baseAddress, buffer.count)
        }
        guard let key = unsafe key else {
            ERR_clear_error()
            throw .refused
        }
        unsafe self.init(adopting: key, type: .ed25519)
    }

    /// Whether both are the same key, whatever it is called.
    public func isSame(as other: PublicKey) -> Bool {
        let same = unsafe EVP_PKEY_eq(key, other.key) == 1
        ERR_clear_error()
        return same
    }

    private func isConsistent() -> Bool {
        guard let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key, nil) else { return false }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        let valid = unsafe EVP_PKEY_public_check(context) == 1
        if !valid { ERR_clear_error() }
        return valid
    }

    /// Whether `signature` is this key's over `message`. False for an algorithm of another kind of key and for a
    /// signature of a wrong form; a fault of libcrypto is false as well.
    public func verifies(_ signature: [UInt8], of message: Span<UInt8>, algorithm: SignatureAlgorithm) -> Bool {
        guard algorithm.keyType == type else { return false }
        var signature = signature
        if let coordinateLength = type.coordinateLength {
            guard let der = ECDSASignature.der(fromFixedWidth: signature, coordinateLength: coordinateLength) else {
                return false
            }
            signature = der
        }
        guard let context = unsafe EVP_MD_CTX_new() else { return false }
        defer { unsafe EVP_MD_CTX_free(context) }
        let valid =
            unsafe prepare(context, algorithm)
            && message.withUnsafeBufferPointer { message in
                unsafe signature.withUnsafeBufferPointer { signature in
                    unsafe EVP_DigestVerify(
                        context, signature.baseAddress, signature.count, message.baseAddress, message.count) == 1
                }
            }
        // Failures leave records in the thread's queue, where the next caller would find them.
        if !valid { ERR_clear_error() }
        return valid
    }

    /// Makes `context` ready, by copying one that is where libcrypto can (Ed25519 it cannot).
    private func prepare(_ context: OpaquePointer, _ algorithm: SignatureAlgorithm) -> Bool {
        guard algorithm.digest != nil else { return unsafe begin(context, algorithm) }
        let original = prepared.withLock { prepared -> PreparedContext? in
            if let known = prepared[algorithm] { return known }
            guard let made = unsafe PreparedContext({ unsafe begin($0, algorithm) }) else { return nil }
            prepared[algorithm] = made
            return made
        }
        guard let original else { return false }
        return unsafe EVP_MD_CTX_copy_ex(context, original.context) == 1
    }

    private func begin(_ context: OpaquePointer, _ algorithm: SignatureAlgorithm) -> Bool {
        var keyContext: OpaquePointer?
        let digestName = algorithm.digest?.opensslName
        guard unsafe EVP_DigestVerifyInit_ex(context, &keyContext, digestName, nil, nil, key, nil) == 1 else {
            return false
        }
        guard algorithm.usesPSS else { return true }
        // RSA_PSS_SALTLEN_DIGEST: the salt is as long as the hash (RFC 7518 section 3.5), and no other length verifies.
        return unsafe EVP_PKEY_CTX_set_rsa_padding(keyContext, RSA_PKCS1_PSS_PADDING) == 1
            && EVP_PKEY_CTX_set_rsa_pss_saltlen(keyContext, RSA_PSS_SALTLEN_DIGEST) == 1
    }
}

/// Owns a context that is initialised and never used itself.
///
/// `@unchecked Sendable`: only copied from once made, which reads it and counts references atomically.
@safe
private final class PreparedContext: @unchecked Sendable {
    let context: OpaquePointer

    /// `nil` when `begin` fails.
    init?(_ begin: (OpaquePointer) -> Bool) {
        guard let context = unsafe EVP_MD_CTX_new() else { return nil }
        unsafe self.context = context
        guard unsafe begin(context) else { return nil }
    }

    deinit { unsafe EVP_MD_CTX_free(context) }
}

extension Digest {
    fileprivate var opensslName: String {
        switch self {
        case .sha256: "SHA2-256"
        case .sha384: "SHA2-384"
        case .sha512: "SHA2-512"
        }
    }
}
