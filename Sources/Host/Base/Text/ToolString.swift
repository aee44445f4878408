// Texts as the ABI has them: what packs say, and what packs and handlers of signals may look at for ever.

import ToolABI

extension tool_str {
    /// As a text; `nil` where it is empty.
    public var text: String? {
        guard let data = unsafe data, unsafe size > 0 else { return nil }
        return unsafe String(decoding: UnsafeRawBufferPointer(start: data, count: Int(size)), as: UTF8.self)
    }

    /// A copy that is never freed, for what packs may look at as long as the process lives.
    @unsafe public static func forever(_ text: String) -> tool_str {
        guard !text.isEmpty else { return unsafe tool_str() }
        let bytes = Array(text.utf8)
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        for (index, byte) in bytes.enumerated() {
            unsafe (copy + index).initialize(to: CChar(bitPattern: byte))
        }
        return unsafe tool_str(data: UnsafePointer(copy), size: UInt64(bytes.count))
    }
}
