// A client of a control socket that sends exactly what it is told to, and waits for what comes.

import Glibc
import HostBase

@testable import HostControl

/// One blocking connection to a socket in a folder.
final class UnixClient {
    private let descriptor: Int32

    /// - Parameter hasKey: whether the host's key is sent at once.
    init?(_ folder: HostFolder, hasKey: Bool = true) {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let path = SocketPath(folder: folder.path, descriptor: folder.descriptor)
        let isConnected = unsafe path.withAddress { unsafe connect(descriptor, $0, $1) } == 0
        guard isConnected else { return nil }
        if hasKey, let key = unsafe fopen("\(folder.path)/control.key", "r") {
            var bytes = [UInt8](repeating: 0, count: 256)
            let count = unsafe fread(&bytes, 1, bytes.count, key)
            unsafe fclose(key)
            send(Array(bytes[..<count]))
        }
    }

    deinit { close(descriptor) }

    /// As much as is taken: the other end may have answered meanwhile.
    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// Says that nothing more will be sent.
    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// What comes until the other side has closed; `nil` where it does not.
    func everything() -> String? {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe recv(descriptor, &piece, piece.count, 0)
            // A reset: it has not read all.
            if count == 0 || (count < 0 && errno == ECONNRESET) { return String(decoding: bytes, as: UTF8.self) }
            guard count > 0 else { return nil }
            bytes += piece[..<count]
        }
    }
}
