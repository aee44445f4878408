// Asks the system what addresses a name stands for, off the event loops and not twice at the same time.

import Glibc
import HostBase
import HostNetwork
import NIOCore
import Synchronization

/// Looks names up with `getaddrinfo` and remembers the answer for a moment.
public final class NameLookup: Sendable {
    struct Fault: Error, Sendable, CustomStringConvertible {
        var reason: String
        var description: String { reason }
        /// This host has not what it takes to ask.
        var isShortage = false
    }

    private struct Entry: Sendable {
        var addresses: EventLoopFuture<[SocketAddress]>
        /// `nil` while the system is being asked, however long that takes.
        var end: NIODeadline?
    }

    /// Long enough for the calls of a burst, short enough to follow a backend that moves.
    private let memory: TimeAmount
    /// Blocks.
    private let resolve: @Sendable (Origin) throws -> [SocketAddress]

    private let entries = Mutex<[Origin: Entry]>([:])

    /// - Parameters:
    ///   - memory: How long an answer is used again.
    ///   - resolve: Asks the system, but in tests.
    init(
        memory: TimeAmount = .seconds(5),
        resolve: @escaping @Sendable (Origin) throws -> [SocketAddress] = { try NameLookup.resolve($0) }
    ) {
        self.memory = memory
        self.resolve = resolve
    }

    /// The addresses of an origin's host in the system's order of preference, with the origin's port.
    func addresses(of origin: Origin, on eventLoop: any EventLoop) -> EventLoopFuture<[SocketAddress]> {
        if let address = try? SocketAddress(ipAddress: origin.host, port: origin.port) {
            return eventLoop.makeSucceededFuture([address])
        }
        let now = NIODeadline.now()
        let (future, promise) = entries.withLock { entries in
            if let entry = entries[origin], entry.end.map({ now < $0 }) ?? true {
                return (entry.addresses, EventLoopPromise<[SocketAddress]>?.none)
            }
            let promise = eventLoop.makePromise(of: [SocketAddress].self)
            entries[origin] = Entry(addresses: promise.futureResult)
            return (promise.futureResult, promise)
        }
        if let promise {
            let answer = promise.futureResult
            answer.whenComplete { self.conclude(origin, answer, isKept: (try? $0.get()) != nil) }
            // Not with Dispatch, which lets its caller wait, here an event loop, until the system has a thread.
            let isStarted = Thread.start("name-lookup") { promise.completeWith(Result { try self.resolve(origin) }) }
            if !isStarted { promise.fail(Fault(reason: "this host has no thread to look it up", isShortage: true)) }
        }
        return future.hop(to: eventLoop)
    }

    private func conclude(_ origin: Origin, _ answer: EventLoopFuture<[SocketAddress]>, isKept: Bool) {
        entries.withLock { entries in
            guard entries[origin]?.addresses === answer else { return }
            entries[origin] = isKept ? Entry(addresses: answer, end: .now() + memory) : nil
        }
    }

    /// None of the addresses answered: the next attempt asks again. Where the system is being asked already, its answer
    /// will do.
    func forget(_ origin: Origin) {
        entries.withLock { entries in
            if entries[origin]?.end != nil { entries[origin] = nil }
        }
    }

    /// Blocks.
    private static func resolve(_ origin: Origin) throws(Fault) -> [SocketAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(origin.host, String(origin.port), &hints, &list)
        let number = errno
        guard status == 0 else {
            let shortage =
                (status == EAI_SYSTEM ? LocalShortage.reason(of: number) : nil)
                ?? (status == EAI_MEMORY ? LocalShortage.reason(of: ENOMEM) : nil) ?? LocalShortage.now
            throw Fault(
                reason: shortage ?? (unsafe String(cString: gai_strerror(status))), isShortage: shortage != nil)
        }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = unsafe list
        while let item = unsafe next {
            if let address = unsafe item.pointee.ai_addr {
                switch unsafe item.pointee.ai_family {
                case AF_INET:
                    let bytes = unsafe UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in.self)
                    addresses.append(SocketAddress(bytes))
                case AF_INET6:
                    let bytes = unsafe UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in6.self)
                    addresses.append(SocketAddress(bytes))
                default: break
                }
            }
            unsafe next = item.pointee.ai_next
        }
        return addresses
    }
}
