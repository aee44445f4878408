// The specification of the bytes of one call: all that its pack is told of it, in one block that may be copied
// anywhere.
//
// Everything is in the byte order of the machine, and the block begins at a multiple of 8. It holds the very structs
// that the pack reads, except that nothing points anywhere: where they have a pointer there is an offset in bytes from
// where the block begins, and 0 for null. An engine adds where the block lies to each of them, once
// (CallBinding.swift).
//
//   offset  bytes
//        0      4  version of this layout: 1
//        4      4  bytes of the whole block
//        8      4  the word, an atomic one: 0, or the status that `cancelled` answers. An engine may have it elsewhere
//       12      4  0
//       16    208  tool_call. A text without bytes has offset 0
//      224     32  tool_attr: the one attribute; without texts where there is none
//      256         tool_str for each scope of the caller
//                  texts, one behind the other; no zero stands behind them
//
// What depends on the caller alone lies in front, as one piece that each of the caller's calls copies
// (CallerPart.swift).

import ToolABI

/// Where the parts of a call's block begin.
public enum BlockLayout {
    static let version: UInt32 = 1
    public static let size = 4
    public static let word = 8
    public static let call = 16
    public static let attribute = 224
    public static let scopes = 256
}

/// Puts texts into a block, one behind the other. What it returns points nowhere: `data` is an offset.
@unsafe public struct BlockWriter {
    public let block: UnsafeMutableRawPointer
    public var next: Int

    public init(block: UnsafeMutableRawPointer, next: Int) {
        unsafe self.block = block
        unsafe self.next = next
    }

    @inlinable
    @inline(__always)
    public mutating func append(_ bytes: [UInt8]) -> tool_str {
        unsafe bytes.withUnsafeBytes { unsafe append($0) }
    }

    @inlinable
    @inline(__always)
    public mutating func append(_ text: String) -> tool_str {
        guard !text.isEmpty else { return unsafe tool_str() }
        var text = text
        return text.withUTF8 { unsafe append(UnsafeRawBufferPointer($0)) }
    }

    @inlinable
    @inline(__always)
    mutating func append(_ bytes: UnsafeRawBufferPointer) -> tool_str {
        guard bytes.count > 0, let base = bytes.baseAddress else { return unsafe tool_str() }
        unsafe (block + next).copyMemory(from: base, byteCount: bytes.count)
        defer { unsafe next += bytes.count }
        return unsafe tool_str(data: UnsafePointer(bitPattern: next), size: UInt64(bytes.count))
    }
}
