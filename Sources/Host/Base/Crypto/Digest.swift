// SHA-2 through libcrypto: what tokens are hashed with, and what signatures are made over.

import COpenSSL

/// A SHA-2 function.
public enum Digest: Sendable, Hashable {
    case sha256, sha384, sha512

    /// Length of the output in bytes.
    var length: Int {
        switch self {
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    /// Digest of `bytes`.
    public func hash(_ bytes: [UInt8]) -> [UInt8] {
        hash(bytes.span)
    }

    /// Digest of `bytes` in lower-case hexadecimal.
    public func hexadecimal(_ bytes: [UInt8]) -> String {
        hash(bytes).hexadecimal
    }

    func hash(_ bytes: Span<UInt8>) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: length)
        let done = unsafe bytes.withUnsafeBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe EVP_Digest(
                    input.baseAddress, input.count, output.baseAddress, nil, implementation.function, nil)
            }
        }
        // A digest over memory fails only when memory runs out; an all-zero digest must never pass for one.
        precondition(done == 1, "libcrypto has no \(self)")
        return output
    }

    /// Fetched once: an implicit fetch in each operation costs more than hashing a token.
    var implementation: DigestImplementation {
        switch self {
        case .sha256: .sha256
        case .sha384: .sha384
        case .sha512: .sha512
        }
    }
}

/// Owns one fetched `EVP_MD`.
///
/// `@unchecked Sendable`: a fetched `EVP_MD` never changes, and libcrypto counts its references atomically.
@safe
final class DigestImplementation: @unchecked Sendable {
    static let sha256 = DigestImplementation("SHA2-256")
    static let sha384 = DigestImplementation("SHA2-384")
    static let sha512 = DigestImplementation("SHA2-512")

    let function: OpaquePointer

    private init(_ name: String) {
        guard let function = unsafe EVP_MD_fetch(nil, name, nil) else {
            fatalError("libcrypto has no \(name): its default provider is not loaded")
        }
        unsafe self.function = function
    }

    deinit {
        unsafe EVP_MD_free(function)
    }
}
