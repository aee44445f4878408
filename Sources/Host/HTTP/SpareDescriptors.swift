// Descriptors kept for bad times: with none left a connection cannot even be refused.

import CGlibc
import Glibc

/// A few descriptors that stand for nothing, and the connections that they are lent to. Used on one thread.
///
/// No system call accepts a connection onto a descriptor that is held already: one is closed first, and another thread
/// may get it. The way back has no such gap, since `dup3` puts `/dev/null` where the connection was.
final class SpareDescriptors {
    /// How many are kept.
    static let count = 8

    private struct Guest {
        var descriptor: Int32
        /// Rounds that it has been there.
        var rounds = 0
    }

    /// The first one is never lent: the others are its copies.
    private var spares: [Int32] = []
    private var guests: [Guest] = []
    /// How often a spare one was closed and somebody else got it.
    private(set) var lost = 0

    /// As long as this, in rounds, a client may take to read its answer while nobody else waits.
    private static let patience = 10
    /// What is read of a client at a time, so that one that sends without end holds nothing up.
    private static let mostRead = 64 << 10

    init() {
        refill()
    }

    deinit {
        for descriptor in spares + guests.map(\.descriptor) { close(descriptor) }
    }

    var isFull: Bool { spares.count + guests.count >= Self.count }

    /// Takes back what was lost, where there is room.
    func refill() {
        while !isFull {
            let descriptor = Self.open()
            guard descriptor >= 0 else { return }
            spares.append(descriptor)
        }
    }

    /// Whether as many more could be had now.
    func hasRoom(for count: Int) -> Bool {
        var opened: [Int32] = []
        defer { for descriptor in opened { close(descriptor) } }
        while opened.count < count {
            let descriptor = Self.open()
            guard descriptor >= 0 else { return false }
            opened.append(descriptor)
        }
        return true
    }

    /// Some roots have no devices.
    private static func open() -> Int32 {
        let descriptor = unsafe Glibc.open("/dev/null", O_RDWR | O_CLOEXEC)
        if descriptor >= 0 || errno == EMFILE || errno == ENFILE { return descriptor }
        return unsafe Glibc.open("/", O_RDONLY | O_CLOEXEC)
    }

    /// Answers connections that wait at a listening socket, and lets go of those that were answered before.
    ///
    /// - Returns: how many were answered.
    func serve(_ listening: Int32, _ answer: [UInt8]) -> Int {
        dismiss()
        var answered = 0
        while Self.isWaited(at: listening), let connection = accept(from: listening) {
            answered += 1
            unsafe answer.withUnsafeBytes { bytes in
                _ = unsafe send(connection, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
            // The answer is over; what the client still sends is read for a moment, since closing over it would reset
            // the connection and could destroy the answer on its way.
            shutdown(connection, Int32(SHUT_WR))
            guests.append(Guest(descriptor: connection))
        }
        return answered
    }

    /// Lets go of connections that were answered before.
    ///
    /// - Returns: whether some are left.
    @discardableResult func dismiss() -> Bool {
        for index in guests.indices { guests[index].rounds += 1 }
        let over = guests.filter { !Self.drain($0.descriptor) || $0.rounds > Self.patience }
        for guest in over { release(guest.descriptor) }
        return !guests.isEmpty
    }

    private static func isWaited(at listening: Int32) -> Bool {
        var look = pollfd(fd: listening, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&look, 1, 0) == 1 && look.revents & Int16(POLLIN) != 0
    }

    private func accept(from listening: Int32) -> Int32? {
        if spares.count < 2, let oldest = guests.first, oldest.rounds > 0 { release(oldest.descriptor) }
        guard spares.count > 1 else { return nil }
        close(spares.removeLast())
        let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let connection = accept_with_flags(listening, nil, nil, flags)
        guard connection >= 0 else {
            let before = spares.count
            refill()
            if spares.count == before { lost += 1 }
            return nil
        }
        return connection
    }

    /// - Returns: whether the client may still send something.
    private static func drain(_ connection: Int32) -> Bool {
        var piece = [UInt8](repeating: 0, count: mostRead)
        let count = unsafe piece.withUnsafeMutableBytes { bytes in
            unsafe recv(connection, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT))
        }
        return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR))
    }

    /// Makes a connection a spare descriptor again.
    private func release(_ connection: Int32) {
        guests.removeAll { $0.descriptor == connection }
        if let keeper = spares.first, duplicate_onto(keeper, connection, O_CLOEXEC) == connection {
            spares.append(connection)
        } else {
            close(connection)
        }
    }
}
