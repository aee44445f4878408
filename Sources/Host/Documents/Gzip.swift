// Compresses documents with the system's zlib.

import CZLIB

/// The gzip format (RFC 1952).
enum Gzip {
    /// `bytes` as one member, the same for the same bytes; `nil` where there is no memory for it.
    static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count <= Int(UInt32.max) >> 1 else { return nil }
        var stream = unsafe z_stream()
        // zlib remembers where its stream is, so it has one address from beginning to end.
        return unsafe withUnsafeMutablePointer(to: &stream) { stream in
            guard unsafe czlib_begin_gzip(stream) == Z_OK else { return nil }
            defer { unsafe deflateEnd(stream) }
            let bound = unsafe Int(deflateBound(stream, UInt(bytes.count)))
            var isDone = false
            // zlib takes its input as mutable and leaves it alone.
            var input = bytes
            let result = unsafe [UInt8](unsafeUninitializedCapacity: bound) { output, count in
                unsafe input.withUnsafeMutableBufferPointer { input in
                    unsafe stream.pointee.next_in = input.baseAddress
                    unsafe stream.pointee.avail_in = UInt32(input.count)
                    unsafe stream.pointee.next_out = output.baseAddress
                    unsafe stream.pointee.avail_out = UInt32(bound)
                    isDone = unsafe deflate(stream, Z_FINISH) == Z_STREAM_END
                    count = unsafe bound - Int(stream.pointee.avail_out)
                }
            }
            return isDone ? result : nil
        }
    }
}
