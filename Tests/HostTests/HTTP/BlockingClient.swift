// A client of servers in this process that waits for what it is sent.

import Glibc
import NIOCore

/// One blocking connection to a server of this process.
final class BlockingClient {
    private let descriptor: Int32

    init?(_ address: SocketAddress) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        // What is sent in two parts goes out in two, at once.
        var isAtOnce: Int32 = 1
        _ = unsafe setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isAtOnce, socklen_t(MemoryLayout<Int32>.size))
        let isConnected = unsafe address.withSockAddr { unsafe connect(descriptor, $0, socklen_t($1)) } == 0
        guard isConnected else {
            close(descriptor)
            return nil
        }
    }

    deinit { close(descriptor) }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
    }

    /// Goes away.
    func leave() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// What comes until `end` has come, or the other side has closed.
    ///
    /// - Parameter size: of what is taken at a time; 1 takes nothing that comes behind `end`.
    func receive(until end: String, atMost size: Int = 4096) -> String {
        var text: [UInt8] = []
        var part = [UInt8](repeating: 0, count: size)
        while !String(decoding: text, as: UTF8.self).hasSuffix(end) || end.isEmpty {
            let count = unsafe part.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { break }
            text += part[..<count]
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// One answer with a Content-Length.
    func receiveAnswer() -> String {
        let head = receive(until: "\r\n\r\n", atMost: 1)
        let length = head.split(separator: "\r\n").lazy.compactMap { line in
            line.lowercased().hasPrefix("content-length: ") ? Int(line.dropFirst(16)) : nil
        }.first
        return head + receive(exactly: length ?? 0)
    }

    private func receive(exactly count: Int) -> String {
        var text = [UInt8](repeating: 0, count: count)
        var have = 0
        while have < count {
            let more = unsafe text.withUnsafeMutableBytes {
                unsafe recv(descriptor, $0.baseAddress?.advanced(by: have), count - have, 0)
            }
            guard more > 0 else { break }
            have += more
        }
        return String(decoding: text[..<have], as: UTF8.self)
    }
}
