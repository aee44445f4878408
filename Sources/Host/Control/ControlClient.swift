// Asks a host of this machine over its control socket: the other end of `ControlServer`, for commands.

import Glibc
import HostBase
import JSON
import NIOCore

/// One question and its answer, within bounds of size and time.
public struct ControlClient {
    /// How long a host may take to begin to listen, once its folder is taken.
    private static let startPatience = TimeAmount.seconds(1)
    /// How long an answer may take: longer than the host's own patience, so that its words arrive.
    static let patience = TimeAmount.seconds(15)

    private let host: LivingHost
    private let deadline: NIODeadline

    private init(_ host: LivingHost, _ deadline: NIODeadline) {
        self.host = host
        self.deadline = deadline
    }

    /// Blocks.
    ///
    /// - Throws: `ControlFault` with the host's words, or as `absent` where it does not answer.
    public static func ask(_ request: JSONValue, of host: LivingHost) throws(ControlFault) -> JSONValue {
        let client = ControlClient(host, .now() + patience)
        let descriptor = try client.connect()
        defer { close(descriptor) }
        // It was there before there was anything to connect to.
        try client.send(try client.key() + request.bytes() + [UInt8(ascii: "\n")], to: descriptor)
        return try ControlAnswer.value(of: try client.line(from: descriptor))
    }

    private func connect() throws(ControlFault) -> Int32 {
        let path = SocketPath(folder: host.path, descriptor: host.descriptor)
        let descriptor = SocketPath.open()
        guard descriptor >= 0 else { throw silent() }
        let started = NIODeadline.now() + Self.startPatience
        while unsafe path.withAddress({ unsafe Glibc.connect(descriptor, $0, $1) }) != 0 {
            // It is about to bind, to listen, or to let those in who wait.
            let mayCome = errno == ENOENT || errno == ECONNREFUSED || errno == EAGAIN
            guard mayCome, NIODeadline.now() < started else {
                let fault = silent()
                close(descriptor)
                throw fault
            }
            usleep(10_000)
        }
        return descriptor
    }

    private func key() throws(ControlFault) -> [UInt8] {
        do {
            return try ControlKey.line(of: host)
        } catch {
            throw silent(error.reason, of: ControlKey.name)
        }
    }

    private func send(_ request: [UInt8], to descriptor: Int32) throws(ControlFault) {
        var rest = request[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { bytes in
                unsafe Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EPIPE {
                // Who reads no further has answered.
                return
            } else {
                try wait(for: POLLOUT, of: descriptor)
            }
        }
    }

    private func line(from descriptor: Int32) throws(ControlFault) -> [UInt8] {
        var line: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe recv(descriptor, &piece, piece.count, 0)
            guard count != 0 else { throw silent("it ended before it had answered") }
            guard count > 0 else {
                try wait(for: POLLIN, of: descriptor)
                continue
            }
            let end = piece[..<count].firstIndex(of: UInt8(ascii: "\n"))
            line += piece[..<(end ?? count)]
            if end != nil { return line }
            guard line.count < ControlAnswer.longest else { throw silent("its answer has no end") }
        }
    }

    /// After a call that would have waited.
    private func wait(for events: Int32, of descriptor: Int32) throws(ControlFault) {
        guard errno == EAGAIN || errno == EINTR else { throw silent() }
        let left = deadline - .now()
        guard left > .zero else { throw silent("it has not answered within \(Self.patience.text)") }
        var watched = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        _ = unsafe poll(&watched, 1, Int32(clamping: left.nanoseconds / 1_000_000 + 1))
    }

    /// - Parameters:
    ///   - reason: by default that of the system.
    ///   - name: of the file in the host's folder that it is about.
    private func silent(_ reason: String? = nil, of name: String = SocketPath.name) -> ControlFault {
        let reason = reason ?? FileStatus.Failure(errno).reason
        let place = "\(host.path)/\(name)"
        return ControlFault(.absent, "host \(host.number) lives but cannot be asked (\(place)): \(reason)")
    }
}
