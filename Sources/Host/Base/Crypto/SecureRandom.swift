// Bytes that nobody can guess, and comparisons that tell nobody how far they got.

import COpenSSL

/// Bytes from libcrypto's generator, which the kernel seeds.
public enum SecureRandom {
    /// Traps when the generator fails: there is nothing safe to go on with.
    public static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let done = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            unsafe RAND_bytes(buffer.baseAddress, Int32(buffer.count))
        }
        precondition(done == 1, "libcrypto's random generator failed")
        return bytes
    }
}

/// Compares secrets in a time that depends neither on where they differ nor on the length of the expected one.
public enum ConstantTime {
    public static func equals(_ left: String, _ right: String) -> Bool {
        digestsEqual(Digest.sha256.hash(Array(left.utf8)), Digest.sha256.hash(Array(right.utf8)))
    }

    /// For values of a public length, such as digests.
    public static func digestsEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return unsafe left.withUnsafeBufferPointer { left in
            unsafe right.withUnsafeBufferPointer { right in
                unsafe CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
            }
        }
    }
}
