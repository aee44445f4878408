// A tool_result taken over: its buffers copied within limits and given back at once.

import ToolABI

/// What a pack answered, owned by the host.
struct PackResult: Sendable {
    /// As the pack gave it, known or not.
    var status: tool_status
    var retryAfterMilliseconds: UInt32 = 0
    var content: [UInt8] = []
    var message = ""
    /// What about the result breaks the contract; its content was not read then.
    var fault: String?

    /// Longest message that is kept, in bytes.
    private static let messageLimit = 16 * 1024

    /// Copies what the result holds and releases its buffers, each exactly once.
    ///
    /// - Parameter limit: the most bytes of content.
    @unsafe init(taking result: tool_result, status: tool_status, limit: Int) {
        self.status = status
        retryAfterMilliseconds = unsafe result.retry_after_ms
        if unsafe result.content.size > UInt64(limit) {
            fault = unsafe "its result has \(result.content.size) bytes; the limit is \(limit)"
        } else if let bytes = unsafe Self.copy(result.content) {
            content = bytes
        } else {
            fault = unsafe "its result's content is NULL but has \(result.content.size) bytes"
        }
        if unsafe result.message.size > 0 {
            var text = unsafe result.message
            unsafe text.size = unsafe min(text.size, UInt64(Self.messageLimit))
            if let bytes = unsafe Self.copy(text) {
                message = String(decoding: bytes, as: UTF8.self)
            } else {
                fault = unsafe "its result's message is NULL but has \(result.message.size) bytes"
            }
        }
        unsafe Self.release(result.content)
        unsafe Self.release(result.message)
    }

    private static func copy(_ bytes: tool_bytes) -> [UInt8]? {
        guard unsafe bytes.size > 0 else { return [] }
        guard let data = unsafe bytes.data else { return nil }
        return unsafe Array(UnsafeBufferPointer(start: data, count: Int(bytes.size)))
    }

    private static func release(_ bytes: tool_bytes) {
        unsafe bytes.release?(bytes.owner, bytes.data, bytes.size)
    }
}
