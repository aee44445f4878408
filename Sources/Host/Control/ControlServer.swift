// Answers whoever asks a host over its control socket, on a thread of its own: neither event loops nor workers take
// part, so that a host that is stuck can be asked, too.

import Glibc
import HostBase
import JSON
import Logging
import NIOCore

/// Serves a control socket until the process ends.
public final class ControlServer: Sendable {
    /// The most connections at once.
    static let mostConnections = 8
    /// How long nobody is let in after there was no descriptor for it.
    private static let pause = TimeAmount.milliseconds(200)

    private let key: ControlKey
    private let socket: ControlSocket
    private let commands: [ControlCommand]
    private let logger: Logger

    /// Whoever connects from now on waits until the server is started.
    ///
    /// - Throws: a whole sentence.
    public init(in folder: HostFolder, commands: [ControlCommand], logger: Logger) throws {
        // Before anybody can connect: whoever does reads it.
        key = try ControlKey(making: folder)
        socket = try ControlSocket(in: folder)
        self.commands = commands
        self.logger = logger
    }

    /// - Returns: whether the system had a thread for it.
    public func start() -> Bool {
        Thread.start("control") { self.serve() }
    }

    private struct Connection {
        let descriptor: Int32
        var exchange: ControlExchange
    }

    private func serve() {
        var open: [Connection] = []
        var pausedUntil = NIODeadline.uptimeNanoseconds(0)
        while true {
            let now = NIODeadline.now()
            let isPaused = pausedUntil > now
            var watched = open.map { connection in
                pollfd(
                    fd: connection.descriptor, events: Int16(connection.exchange.answer == nil ? POLLIN : POLLOUT),
                    revents: 0)
            }
            watched.append(pollfd(fd: isPaused ? -1 : socket.descriptor, events: Int16(POLLIN), revents: 0))
            let next = (open.map(\.exchange.deadline) + (isPaused ? [pausedUntil] : [])).min()
            _ = unsafe poll(&watched, nfds_t(watched.count), next.map { Self.milliseconds(until: $0, now) } ?? -1)
            open = zip(open, watched).compactMap { connection, news in
                advance(connection, hasNews: news.revents != 0)
            }
            guard watched[watched.count - 1].revents != 0 else { continue }
            switch socket.accept() {
            case .peer(let descriptor):
                let connection = Connection(descriptor: descriptor, exchange: ControlExchange(key, at: .now()))
                guard open.count < Self.mostConnections else {
                    refuse(descriptor, .busy, "\(open.count) connections are open, and there may be no more: ask again")
                    break
                }
                open.append(connection)
            case .stranger(let descriptor):
                refuse(descriptor, .forbidden, "only root and the user of this host may ask: use sudo or runuser")
            case .nobody: break
            case .shortage: pausedUntil = .now() + Self.pause
            case .closed:
                logger.error("the control socket was closed by somebody else: the host cannot be asked any more")
                for connection in open { close(connection.descriptor) }
                return
            }
        }
    }

    /// For poll(2), rounded up.
    private static func milliseconds(until deadline: NIODeadline, _ now: NIODeadline) -> Int32 {
        Int32(clamping: max(0, (deadline - now).nanoseconds + 999_999) / 1_000_000)
    }

    /// - Returns: `nil` where the connection is closed.
    private func advance(_ connection: Connection, hasNews: Bool) -> Connection? {
        var connection = connection
        if hasNews, connection.exchange.answer == nil, !receive(&connection) {
            close(connection.descriptor)
            return nil
        }
        let isOverdue = connection.exchange.deadline <= .now()
        if isOverdue, connection.exchange.answer == nil {
            let told = "no request came within \(ControlExchange.patience.text)"
            answer(&connection, .failure(ControlFault(.timeout, told)))
        } else if isOverdue {
            close(connection.descriptor)
            return nil
        }
        guard let rest = connection.exchange.answer else { return connection }
        let count = unsafe rest.withUnsafeBytes { bytes in
            unsafe send(connection.descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        }
        if count < 0, errno == EAGAIN || errno == EINTR { return connection }
        guard count >= 0, !connection.exchange.sent(count) else {
            close(connection.descriptor)
            return nil
        }
        return connection
    }

    /// One piece at a time, so that nobody who sends without end keeps the others waiting.
    ///
    /// - Returns: whether the peer is still there.
    private func receive(_ connection: inout Connection) -> Bool {
        var piece = [UInt8](repeating: 0, count: 16 << 10)
        let count = unsafe recv(connection.descriptor, &piece, piece.count, 0)
        guard count >= 0 else { return errno == EAGAIN || errno == EINTR }
        switch count > 0 ? connection.exchange.received(piece[..<count]) : connection.exchange.ended() {
        case .none: break
        case .request(let line):
            do throws(ControlFault) {
                answer(&connection, .success(try ControlCommand.answer(to: line, of: commands)))
            } catch {
                answer(&connection, .failure(error))
            }
        case .stranger:
            let told =
                "the first line is not the key of this host: send the line in \(ControlKey.name) of its folder, then the "
                + "request, or use toolhost status and toolhost pack restart, which do"
            answer(&connection, .failure(ControlFault(.forbidden, told)))
        case .tooLarge:
            let told = "a request has at most \(ControlExchange.longestRequest) bytes"
            answer(&connection, .failure(ControlFault(.tooLarge, told)))
        case .gone: return false
        }
        return true
    }

    private func answer(_ connection: inout Connection, _ result: Result<JSONValue, ControlFault>) {
        connection.exchange.answer(ControlAnswer.line(result), at: .now())
    }

    /// A short answer finds room in a connection that is new.
    private func refuse(_ descriptor: Int32, _ code: ControlFault.Code, _ told: String) {
        let line = ControlAnswer.line(.failure(ControlFault(code, told)))
        _ = unsafe send(descriptor, line, line.count, Int32(MSG_NOSIGNAL))
        close(descriptor)
    }
}
