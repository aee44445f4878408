// Strings that packs and handlers of signals may look at for ever.

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
