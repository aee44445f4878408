// Reads structs that may be older or newer than this host's header: never by the host's own sizeof alone.

import ToolABI

/// The sizes that structs of the other side had in version 1.0, in bytes. They never change, however the structs grow;
/// a smaller struct belongs to no version.
public enum ABIStruct {
    static let pack = 120
    static let descriptor = 160
    public static let result = 80
    public static let httpRequest = 88

    /// As much of a struct as both sides know; what only this host knows reads as zero.
    ///
    /// - Parameter size: its `struct_size`.
    @unsafe public static func copy<T: BitwiseCopyable>(_ source: UnsafePointer<T>, size: UInt32, zero: T) -> T {
        var copy = zero
        unsafe withUnsafeMutableBytes(of: &copy) { bytes in
            let count = min(bytes.count, Int(size))
            unsafe bytes.copyMemory(from: UnsafeRawBufferPointer(start: source, count: count))
        }
        return copy
    }
}
