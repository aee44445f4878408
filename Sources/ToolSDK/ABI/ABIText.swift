// Text and buffers on their way across the contract: borrowed, kept for ever, or handed over with their owner.

import ToolABI

extension String {
    /// Copies. Bytes that are not UTF-8 are repaired, since a pack cannot refuse its host.
    init(_ text: tool_str) {
        guard unsafe text.size > 0, let data = unsafe text.data else {
            self = ""
            return
        }
        let bytes = unsafe UnsafeRawBufferPointer(start: data, count: Int(text.size))
        self = unsafe String(decoding: bytes, as: UTF8.self)
    }

    /// Lends the text for the time of `body`.
    func withABIText<Result>(_ body: (tool_str) -> Result) -> Result {
        var copy = self
        return copy.withUTF8 { bytes in
            let start = unsafe UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
            return unsafe body(tool_str(data: start, size: UInt64(bytes.count)))
        }
    }
}

extension tool_str {
    /// The bytes, valid as long as whoever made the text promises.
    var bytes: UnsafeBufferPointer<UInt8> {
        let start = unsafe UnsafeRawPointer(data)?.assumingMemoryBound(to: UInt8.self)
        return unsafe UnsafeBufferPointer(start: start, count: start == nil ? 0 : Int(size))
    }

    /// Whether this text is `other`, compared without copying.
    func equals(_ other: String) -> Bool {
        var copy = other
        return copy.withUTF8 { unsafe bytes.elementsEqual($0) }
    }

    /// A copy that lives as long as the process, as everything in a pack's table does.
    static func immortal(_ text: String) -> tool_str {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { return unsafe tool_str(data: nil, size: 0) }
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        for (index, byte) in bytes.enumerated() { unsafe copy[index] = CChar(bitPattern: byte) }
        return unsafe tool_str(data: UnsafePointer(copy), size: UInt64(bytes.count))
    }
}

/// Keeps bytes alive while the host reads them.
private final class ByteOwner {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }
}

extension tool_bytes {
    static var none: tool_bytes {
        unsafe tool_bytes(data: nil, size: 0, release: nil, owner: nil)
    }

    /// Hands bytes over without copying them: their storage stays put while its owner, which nobody can change, is
    /// retained, and the host's call of `release` gives up that one reference.
    static func handingOver(_ bytes: consuming [UInt8]) -> tool_bytes {
        guard !bytes.isEmpty else { return unsafe none }
        let owner = ByteOwner(bytes)
        let (start, count) = unsafe owner.bytes.withUnsafeBufferPointer { ($0.baseAddress, $0.count) }
        return unsafe tool_bytes(
            data: start, size: UInt64(count),
            release: { owner, _, _ in
                guard let owner = unsafe owner else { return }
                unsafe Unmanaged<ByteOwner>.fromOpaque(owner).release()
            },
            owner: Unmanaged.passRetained(owner).toOpaque())
    }

    static func handingOver(_ text: String) -> tool_bytes {
        unsafe handingOver(Array(text.utf8))
    }

    /// Hands over the answer of a call with its record, which the host's call of `release` gives back for another call.
    ///
    /// - Parameter record: owned by the caller until now.
    static func handingOver(answerOf record: Unmanaged<CallRecord>) -> tool_bytes {
        let answer = unsafe record._withUnsafeGuaranteedRef { unsafe $0.answer }
        return unsafe tool_bytes(
            data: answer.baseAddress, size: UInt64(answer.count),
            release: { owner, _, _ in
                guard let owner = unsafe owner else { return }
                unsafe SpareRecords.giveBack(.fromOpaque(owner))
            },
            owner: record.toOpaque())
    }
}
