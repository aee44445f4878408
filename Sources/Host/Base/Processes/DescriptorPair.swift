// A pair of connected descriptors of which another process gets one.

import CGlibc
import Glibc
import Synchronization

/// Closed with this object. Ours never blocks; neither is inherited unless it is handed on.
public final class DescriptorPair: Sendable {
    /// -1 once they are closed, or somebody else's.
    private let both: Mutex<(ours: Int32, theirs: Int32)>

    public var ours: Int32 { both.withLock { $0.ours } }
    public var theirs: Int32 { both.withLock { $0.theirs } }

    /// A pipe from us to them. `nil` with `errno` where there is none.
    ///
    /// - Parameter handed: how many descriptors the other process is handed in all.
    public static func outgoingPipe(handed: Int) -> DescriptorPair? {
        ends().flatMap { DescriptorPair(ours: $0.writes, theirs: $0.reads, handed) }
    }

    /// Both ways, for processes that trust each other: a descriptor that comes with a message is opened by the system
    /// whether or not anybody asks for it, and closed where it is read, which may wait for as long as its file likes.
    /// `nil` with `errno` where there is none.
    ///
    /// - Parameter handed: how many descriptors the other process is handed in all.
    public static func sockets(handed: Int) -> DescriptorPair? {
        var pair: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, type, 0, &pair) == 0 else { return nil }
        return DescriptorPair(ours: pair[0], theirs: pair[1], handed)
    }

    /// From them to us. `nil` with `errno` where there is none.
    ///
    /// - Parameter handed: how many descriptors the other process is handed in all.
    public static func pipe(handed: Int) -> DescriptorPair? {
        ends().flatMap { DescriptorPair(ours: $0.reads, theirs: $0.writes, handed) }
    }

    private static func ends() -> (reads: Int32, writes: Int32)? {
        var ends: [Int32] = [-1, -1]
        return unsafe make_pipe(&ends, O_CLOEXEC) == 0 ? (ends[0], ends[1]) : nil
    }

    /// As ``pipe(handed:)``, but ours never comes to an end, since it can be written to as well: whoever has theirs
    /// can open the pipe anew, and so take bytes out of it, and have it end and begin again. SwiftNIO ends the process
    /// where it is told of an end and finds none (`readEOF0`).
    ///
    /// - Parameter handed: how many descriptors the other process is handed in all.
    public static func endlessPipe(handed: Int) -> DescriptorPair? {
        guard let pair = pipe(handed: handed) else { return nil }
        let path = "/proc/self/fd/\(pair.ours)"
        let endless = repeatingInterrupted { unsafe open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC) }
        guard endless >= 0 else { return nil }
        pair.both.withLock { both in
            close(both.ours)
            both.ours = endless
        }
        return pair
    }

    /// What one of these functions makes.
    ///
    /// - Parameter handed: how many descriptors the other process is handed in all.
    public static func made(
        _ make: (_ handed: Int) -> DescriptorPair?, handed: Int
    ) throws(FileStatus.Failure) -> DescriptorPair {
        guard let pair = make(handed) else { throw FileStatus.Failure(errno) }
        return pair
    }

    private init?(ours: Int32, theirs: Int32, _ handed: Int) {
        // Above those that have a meaning in the other process, where it would be replaced before it is handed on.
        let moved = fcntl(theirs, F_DUPFD_CLOEXEC, ChildProcess.firstDescriptor(beyond: handed))
        var error = moved < 0 ? errno : 0
        if moved >= 0, fcntl(ours, F_SETFL, O_NONBLOCK) < 0 { error = errno }
        close(theirs)
        guard error == 0 else {
            close(ours)
            if moved >= 0 { close(moved) }
            errno = error
            return nil
        }
        both = Mutex((ours: ours, theirs: moved))
    }

    /// So that the end shows when the other process is gone.
    public func closeTheirs() {
        both.withLock { both in
            if both.theirs >= 0 { close(both.theirs) }
            both.theirs = -1
        }
    }

    /// Ours belongs to the caller from now on.
    public func takeOurs() -> Int32 {
        both.withLock { both in
            defer { both.ours = -1 }
            return both.ours
        }
    }

    deinit {
        closeTheirs()
        let ours = takeOurs()
        if ours >= 0 { close(ours) }
    }
}
