// What a pack answered, where the pack has put it: it is copied once, into what is sent.

import ToolABI

/// JSON in memory that somebody keeps: the call whose result it is, until nobody needs it any more.
///
/// `@unchecked Sendable`: the ABI promises that a buffer that was handed over does not change until it is released.
@safe public struct ResultText: @unchecked Sendable {
    private let start: UnsafePointer<UInt8>?
    public let count: Int
    private let owner: AnyObject

    /// - Parameters:
    ///   - bytes: with data where they have a size.
    ///   - owner: while it lives, the bytes stay.
    @unsafe init(_ bytes: tool_bytes, keptBy owner: AnyObject) {
        unsafe start = bytes.data
        count = unsafe Int(bytes.size)
        self.owner = owner
    }

    /// A text of the host's own.
    init(copying text: Span<UInt8>) {
        let copy = Copy(text)
        unsafe self.init(
            tool_bytes(data: copy.bytes.baseAddress, size: UInt64(copy.bytes.count), release: nil, owner: nil),
            keptBy: copy)
    }

    /// Lends the bytes for the time of `body`.
    @inline(__always)
    public func withSpan<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        withExtendedLifetime(owner) { unsafe body(UnsafeBufferPointer(start: start, count: count).span) }
    }

    /// A copy.
    public var array: [UInt8] {
        withExtendedLifetime(owner) { unsafe Array(UnsafeBufferPointer(start: start, count: count)) }
    }

    @safe private final class Copy {
        let bytes: UnsafeBufferPointer<UInt8>

        init(_ text: Span<UInt8>) {
            let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.count)
            _ = unsafe text.withUnsafeBufferPointer { unsafe copy.initialize(fromContentsOf: $0) }
            unsafe bytes = UnsafeBufferPointer(copy)
        }

        deinit {
            unsafe bytes.deallocate()
        }
    }
}

extension ResultText: Equatable {
    public static func == (one: ResultText, other: ResultText) -> Bool {
        one.array == other.array
    }
}
