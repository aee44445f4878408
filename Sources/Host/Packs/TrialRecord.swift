// How a trial tells what a pack describes: in a form that nothing a pack writes anywhere looks like by accident.

import HostBase

/// Bytes with a head that only the process which was asked can write: what it was given, and a digest of what follows.
///
/// Name and version of the form (8 bytes), the nonce (16), the number of bytes (8, the lowest first), their SHA-256
/// with the nonce in front (32), the bytes.
struct TrialRecord {
    /// What came from the trial so far.
    enum Reading: Equatable {
        case incomplete
        case complete([UInt8])
        /// Something else was written there.
        case foreign
        /// More is announced than is taken.
        case tooLarge
    }

    static let nonceSize = 16
    /// The most bytes that a pack's description may have.
    static let limit = 64 << 20
    private static let form = Array("trial/1\n".utf8)
    private static let headSize = form.count + nonceSize + 8 + 32

    let nonce: [UInt8]

    func bytes(_ content: [UInt8]) -> [UInt8] {
        let count = UInt64(content.count)
        let size = (0..<8).map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
        return Self.form + nonce + size + digest(content) + content
    }

    func reading(_ bytes: [UInt8]) -> Reading {
        let start = Self.form + nonce
        guard bytes.prefix(start.count).elementsEqual(start.prefix(bytes.count)) else { return .foreign }
        guard bytes.count >= Self.headSize else { return .incomplete }
        let count = bytes[start.count..<start.count + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard count <= UInt64(Self.limit) else { return .tooLarge }
        guard bytes.count >= Self.headSize + Int(count) else { return .incomplete }
        let content = Array(bytes[Self.headSize..<Self.headSize + Int(count)])
        let expected = bytes[(start.count + 8)..<Self.headSize]
        return digest(content).elementsEqual(expected) ? .complete(content) : .foreign
    }

    private func digest(_ content: [UInt8]) -> [UInt8] { Digest.sha256.hash(nonce + content) }
}
