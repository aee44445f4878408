// SHA-256 for the hot path: a context that is kept, and a result that is a dictionary's key.

import COpenSSL

/// A SHA-256 context that is used again and again by one owner at a time; it allocates nothing per digest.
///
/// Not `Sendable`: it lives inside the `Mutex` of its owner.
@safe
public struct ReusableSHA256: ~Copyable {
    private let context: OpaquePointer

    public init() {
        guard let context = unsafe EVP_MD_CTX_new() else { fatalError("out of memory") }
        unsafe self.context = context
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
    }

    public mutating func hash(_ bytes: Span<UInt8>) -> SHA256Value {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        let done = unsafe bytes.withUnsafeBufferPointer { input in
            unsafe withUnsafeMutableBytes(of: &words) { output in
                unsafe EVP_DigestInit_ex2(context, DigestImplementation.sha256.function, nil) == 1
                    && EVP_DigestUpdate(context, input.baseAddress, input.count) == 1
                    && EVP_DigestFinal_ex(context, output.baseAddress?.assumingMemoryBound(to: UInt8.self), nil) == 1
            }
        }
        precondition(done, "libcrypto could not hash")
        return SHA256Value(words: words)
    }
}

/// A SHA-256 digest as a key of dictionaries: compared whole, hashed by its first word, since every bit of it is as
/// good.
public struct SHA256Value: Hashable, Sendable {
    let words: (UInt64, UInt64, UInt64, UInt64)

    public static func == (left: Self, right: Self) -> Bool {
        left.words == right.words
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
    }
}
