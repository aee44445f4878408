// Strings for packs, put one behind the other into memory that was measured before.

import ToolABI

extension tool_str {
    /// A copy that is never freed, for what packs may look at as long as the process lives.
    @unsafe static func forever(_ text: String) -> tool_str {
        guard !text.isEmpty else { return unsafe tool_str() }
        let bytes = Array(text.utf8)
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        for (index, byte) in bytes.enumerated() {
            unsafe (copy + index).initialize(to: CChar(bitPattern: byte))
        }
        return unsafe tool_str(data: UnsafePointer(copy), size: UInt64(bytes.count))
    }
}

/// Hands out the rest of an allocation from front to back; what has an alignment comes first.
@unsafe struct ABILayout {
    var next: UnsafeMutableRawPointer

    mutating func reserve<T>(_ type: T.Type, _ count: Int) -> UnsafeMutablePointer<T> {
        defer { unsafe next += count * MemoryLayout<T>.size }
        return unsafe next.bindMemory(to: type, capacity: count)
    }

    mutating func append(_ bytes: [UInt8]) -> tool_str {
        unsafe bytes.withUnsafeBytes { unsafe append($0) }
    }

    mutating func append(_ text: String) -> tool_str {
        guard !text.isEmpty else { return unsafe tool_str() }
        var text = text
        return text.withUTF8 { unsafe append(UnsafeRawBufferPointer($0)) }
    }

    private mutating func append(_ bytes: UnsafeRawBufferPointer) -> tool_str {
        guard bytes.count > 0, let base = bytes.baseAddress else { return unsafe tool_str() }
        unsafe next.copyMemory(from: base, byteCount: bytes.count)
        defer { unsafe next += bytes.count }
        return unsafe tool_str(
            data: UnsafePointer(next.assumingMemoryBound(to: CChar.self)), size: UInt64(bytes.count))
    }
}
