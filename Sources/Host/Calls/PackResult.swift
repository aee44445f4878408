// A tool_result taken over within limits: its content stays where it is, its message is copied. With fewer references
// counted in the SDK, that took an inline call from 1,176 instructions above its tool's own work to 429.

import ToolABI

/// What a pack answered, owned by the host: its content is given back when this ends, unless a call keeps it.
///
/// `@unchecked Sendable`: the ABI promises that a buffer that was handed over does not change until it is released, on
/// any thread.
@safe public struct PackResult: ~Copyable, @unchecked Sendable {
    /// As the pack gave it, known or not.
    public let status: tool_status
    public let retryAfterMilliseconds: UInt32
    /// Nothing where it is not looked at because of the fault.
    @usableFromInline let content: PackBytes
    /// What else some results have.
    @usableFromInline var rest: Rest?

    public var message: String { rest?.message ?? "" }
    /// What about the result breaks the contract.
    public var fault: String? { rest?.fault }

    @usableFromInline final class Rest: Sendable {
        let message: String
        let fault: String?

        init(message: String, fault: String?) {
            (self.message, self.fault) = (message, fault)
        }
    }

    /// The most bytes of a result where a tool states no limit of its own.
    public static let defaultLimit = 8 << 20
    /// Longest message that is kept, in bytes.
    private static let messageLimit = 16 * 1024

    /// Takes what the result holds. Each of its buffers is released once: the content's when nobody needs it any more.
    ///
    /// - Parameters:
    ///   - result: must not be used again.
    ///   - limit: the most bytes of content.
    ///   - subject: whose result it is.
    @inlinable
    @inline(__always)
    @unsafe public init(taking result: inout tool_result, status: tool_status, limit: Int, from subject: CrashSubject) {
        self.status = status
        retryAfterMilliseconds = unsafe result.retry_after_ms
        let isUsable = unsafe Self.isUsable(result.content, limit)
        // As of nearly all calls, which is looked at once.
        if unsafe isUsable && result.message.size == 0 && result.message.release == nil {
            content = unsafe PackBytes(result.content, subject)
            return
        }
        if unsafe !isUsable || result.message.size > 0 { rest = unsafe Self.rest(of: result, limit) }
        if isUsable {
            content = unsafe PackBytes(result.content, subject)
        } else {
            unsafe Self.release(result.content)
            content = unsafe PackBytes(tool_bytes(), subject)
        }
        unsafe Self.release(result.message)
    }

    /// What came from elsewhere, copied.
    ///
    /// - Parameters:
    ///   - content: with memory that its `release` gives back.
    ///   - fault: what about the result breaks the contract.
    ///   - subject: whose result it is.
    @unsafe public init(
        status: tool_status, retryAfterMilliseconds: UInt32, content: tool_bytes, message: String, fault: String?,
        from subject: CrashSubject
    ) {
        self.status = status
        self.retryAfterMilliseconds = retryAfterMilliseconds
        self.content = unsafe PackBytes(content, subject)
        rest = message.isEmpty && fault == nil ? nil : Rest(message: message, fault: fault)
    }

    @inlinable
    @inline(__always)
    static func isUsable(_ content: tool_bytes, _ limit: Int) -> Bool {
        unsafe content.size <= UInt64(limit) && (content.data != nil || content.size == 0)
    }

    @inline(never)
    @usableFromInline
    static func rest(of result: tool_result, _ limit: Int) -> Rest {
        var (message, fault) = ("", String?.none)
        if unsafe result.content.size > UInt64(limit) {
            fault = unsafe "its result has \(result.content.size) bytes; the limit is \(limit)"
        } else if unsafe !isUsable(result.content, limit) {
            fault = unsafe "its result's content is NULL but has \(result.content.size) bytes"
        }
        let size = unsafe Int(min(result.message.size, UInt64(messageLimit)))
        if size > 0 {
            if let start = unsafe result.message.data {
                message = unsafe String(decoding: UnsafeBufferPointer(start: start, count: size), as: UTF8.self)
            } else {
                fault = unsafe "its result's message is NULL but has \(result.message.size) bytes"
            }
        }
        return Rest(message: message, fault: fault)
    }

    @usableFromInline
    static func release(_ bytes: tool_bytes) {
        unsafe bytes.release?(bytes.owner, bytes.data, bytes.size)
    }

    /// Lends the content for the time of `body`.
    public func withContent<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        unsafe body(content.buffer.span)
    }

    /// A copy of the content.
    var contentArray: [UInt8] { unsafe Array(content.buffer) }

    /// The content for somebody who keeps it from now on.
    consuming func takeContent() -> PackBytes { content }
}

/// A buffer that a pack handed over, given back at the end of this value.
///
/// `@unchecked Sendable`: see ``PackResult``.
@usableFromInline
@safe struct PackBytes: ~Copyable, @unchecked Sendable {
    @usableFromInline let bytes: tool_bytes
    /// Who gives it back.
    @usableFromInline let subject: CrashSubject

    @inlinable
    @inline(__always)
    init(_ bytes: tool_bytes, _ subject: CrashSubject) {
        unsafe self.bytes = bytes
        self.subject = subject
    }

    fileprivate var buffer: UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(start: bytes.data, count: Int(bytes.size))
    }

    /// - Parameter owner: has this value.
    func text(keptBy owner: AnyObject) -> ResultText {
        // Storage that is never released may be written to for the next answer.
        guard unsafe bytes.release != nil else { return unsafe ResultText(copying: buffer.span) }
        return unsafe ResultText(bytes, keptBy: owner)
    }

    deinit {
        if let release = unsafe bytes.release { unsafe Self.giveBack(bytes, release, subject) }
    }

    /// Never a part of its caller, so that a profile tells what it takes.
    @inline(never)
    private static func giveBack(
        _ bytes: tool_bytes,
        _ release: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<UInt8>?, UInt64) -> Void,
        _ subject: CrashSubject
    ) {
        let entry = unsafe subject.enter()
        unsafe subject.judge { unsafe release(bytes.owner, bytes.data, bytes.size) }
        entry.leave()
    }
}
