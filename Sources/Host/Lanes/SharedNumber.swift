// Numbers in shared memory that several processes read and write at once.

import CGlibc
import Synchronization

/// A number of 64 bits at a multiple of 8. Whoever reads one has read what was written before it.
///
/// `@unchecked Sendable`: what it points to is atomic, and stays as long as the memory that it lies in.
@safe public struct SharedNumber: @unchecked Sendable {
    private let place: UnsafeMutablePointer<Atomic<UInt64>>

    @inline(__always)
    @unsafe public init(at place: UnsafeMutableRawPointer) {
        unsafe self.place = place.assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    @inline(__always)
    public var value: UInt64 { unsafe place.pointee.load(ordering: .acquiring) }

    @inline(__always)
    public func set(_ value: UInt64) { unsafe place.pointee.store(value, ordering: .releasing) }

    /// Sets bits, in one order with whatever else all sides do in order.
    @inline(__always)
    public func insert(_ bits: UInt64) { _ = unsafe place.pointee.bitwiseOr(bits, ordering: .sequentiallyConsistent) }

    /// Takes bits away.
    ///
    /// - Returns: those of them that were there.
    @inline(__always)
    public func remove(_ bits: UInt64) -> UInt64 {
        unsafe place.pointee.bitwiseAnd(~bits, ordering: .sequentiallyConsistent).oldValue & bits
    }
}

/// A number of 32 bits at a multiple of 4, on which a thread may sleep.
///
/// `@unchecked Sendable`: see ``SharedNumber``.
@safe public struct SharedWord: @unchecked Sendable {
    private let place: UnsafeMutablePointer<Atomic<UInt32>>

    @inline(__always)
    @unsafe public init(at place: UnsafeMutableRawPointer) {
        unsafe self.place = place.assumingMemoryBound(to: Atomic<UInt32>.self)
    }

    @inline(__always)
    public var value: UInt32 { unsafe place.pointee.load(ordering: .acquiring) }

    @inline(__always)
    public func set(_ value: UInt32) { unsafe place.pointee.store(value, ordering: .releasing) }

    /// Sets the number, in one order with whatever else all sides do in order.
    ///
    /// - Returns: what it was before.
    @inline(__always)
    public func exchange(_ value: UInt32) -> UInt32 {
        unsafe place.pointee.exchange(value, ordering: .sequentiallyConsistent)
    }

    /// Sleeps while the number is `value`; may come back without a reason.
    ///
    /// - Parameter milliseconds: the longest time; `nil` for ever.
    public func wait(while value: UInt32, atMost milliseconds: Int32? = nil) {
        unsafe wait_for_word(UnsafeRawPointer(place).assumingMemoryBound(to: UInt32.self), value, milliseconds ?? -1)
    }

    /// Wakes one thread that sleeps on it, of whatever process.
    public func wake() {
        unsafe wake_for_word(UnsafeRawPointer(place).assumingMemoryBound(to: UInt32.self))
    }
}
