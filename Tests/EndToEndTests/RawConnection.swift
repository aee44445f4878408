// A TCP connection that sends exactly the bytes it is told to, well-formed or not, and reads responses off it.

import Glibc

/// A blocking connection to 127.0.0.1 for one thread.
final class RawConnection {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let descriptor: Int32
    /// What was received and not yet read.
    private var buffer: [UInt8] = []

    /// - Parameter timeout: seconds that a read may wait before it fails.
    init(port: Int, timeout: Int = 30) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(description: "no socket: errno \(errno)") }
        var time = timeval(tv_sec: timeout, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            unsafe setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            // Everything is initialised by now, so that deinit runs and closes.
            throw Failure(description: "no connection: errno \(errno)")
        }
    }

    deinit { close(descriptor) }

    /// How long a read waits from now on.
    func setTimeout(milliseconds: Int) {
        var time = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = unsafe rest.withUnsafeBytes { bytes in
                unsafe Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { throw Failure(description: "cannot send: errno \(errno)") }
            rest = rest.dropFirst(sent)
        }
    }

    /// Says that nothing more will be sent.
    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Makes the peer see a reset instead of an orderly end when this object goes away.
    func resetOnClose() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    }

    /// Receives once into the buffer; false at the end of the stream.
    private func receive() throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65536)
        let count = unsafe chunk.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
        // A reset is an end too: a server that refuses a request may close with bytes unread.
        if count == 0 || (count < 0 && errno == ECONNRESET) { return false }
        guard count > 0 else { throw Failure(description: "nothing to read in time: errno \(errno)") }
        buffer += chunk[..<count]
        return true
    }

    /// The next response. - Parameter head: whether it answers HEAD and so has no body.
    func response(head: Bool = false) throws -> HTTPResponse {
        while true {
            if let (response, length) = try HTTPResponse.parse(buffer, toHead: head, atEnd: false) {
                buffer.removeFirst(length)
                return response
            }
            guard try receive() else { break }
        }
        guard let (response, length) = try HTTPResponse.parse(buffer, toHead: head, atEnd: true) else {
            throw Failure(description: "closed after \(buffer.count) bytes: \(String(decoding: buffer, as: UTF8.self))")
        }
        buffer.removeFirst(length)
        return response
    }

    /// The head of the next response, for a body that is read as it comes.
    func responseHead() throws -> HTTPResponse {
        while true {
            if let (head, length) = try HTTPResponse.parse(buffer, toHead: true, atEnd: false) {
                buffer.removeFirst(length)
                return head
            }
            guard try receive() else { throw Failure(description: "closed before the end of the head") }
        }
    }

    /// The next chunk of a body in the chunked coding (RFC 9112 section 7.1); `nil` behind the last one. A connection
    /// that ends before that is a failure.
    func chunk() throws -> [UInt8]? {
        while true {
            if let end = buffer.firstIndex(of: 10) {
                let line = String(decoding: buffer[..<end], as: UTF8.self).filter { !$0.isWhitespace }
                guard let size = Int(line, radix: 16) else { throw Failure(description: "not a chunk size: \(line)") }
                if buffer.count >= end + 1 + size + 2 {
                    let bytes = Array(buffer[(end + 1)..<(end + 1 + size)])
                    buffer.removeFirst(end + 1 + size + 2)
                    return size == 0 ? nil : bytes
                }
            }
            guard try receive() else { throw Failure(description: "closed within a body in chunks") }
        }
    }

    /// Everything up to the end of the stream.
    func rest() throws -> [UInt8] {
        while try receive() {}
        defer { buffer = [] }
        return buffer
    }

    /// Whether the peer has ended the stream without sending anything more.
    func isClosedByPeer() throws -> Bool { try rest().isEmpty }
}
