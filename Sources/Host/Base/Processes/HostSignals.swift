// Signals from the first moment on: those that end the host, and those that would have ended it by accident.

import Glibc
import Logging
import NIOCore
import SignalPipe
import ToolABI

/// Catches signals for a host that serves. One that comes while the host starts is not lost: it is answered right
/// after.
public final class HostSignals {
    /// Why the host stops.
    public enum Stop: Sendable, Equatable {
        /// Somebody asks for it by a signal, such as `SIGTERM`.
        case asked(String)
        /// A pack asks for it, or has closed what signals come through; it is known or not.
        case byPack(String?, signal: String)
        /// The host cannot do its work any more.
        case givenUp
    }

    /// How often one signal that changes nothing is told of.
    private static let interval = TimeAmount.seconds(10)

    private let onTerminal = isatty(STDERR_FILENO) == 1
    private var told: [Int32: NIODeadline] = [:]

    /// Once in a process, on its main thread and before any other thread is started.
    ///
    /// - Throws: where the system has no pipe to give.
    public init() throws {
        let code = signal_pipe_open()
        guard code == 0 else { throw IOError(errnoCode: code, reason: "the pipe for signals") }
        // Whoever started this process may have wished not to hear of its children; then none could be waited for.
        signal(SIGCHLD, SIG_DFL)
        signal(SIGPIPE, SIG_IGN)
        for number in SignalAnswer.caught {
            // nohup(1): it outlives its terminal.
            if number == SIGHUP, signal_pipe_is_ignored(number) != 0 { continue }
            let answer = SignalAnswer(to: number, onTerminal: onTerminal)
            signal_pipe_catch(number, answer.isUrgent(number) ? 1 : 0)
        }
    }

    /// Whether a signal has come that asks for a stop.
    public static var isStopAsked: Bool { signal_pipe_is_stop_asked() != 0 }

    /// Blocks until a signal asks for a stop, and tells of the others.
    ///
    /// - Parameter meanwhile: called every second.
    public func wait(_ logger: Logger, meanwhile: (() -> Void)?) -> Stop {
        while true {
            var news = unsafe signal_news()
            switch unsafe signal_pipe_read(&news, meanwhile == nil ? -1 : 1000) {
            case 0: break
            case 1: if let stop = unsafe answer(news, logger) { return stop }
            default: return .byPack(nil, signal: "none: their pipe was closed")
            }
            meanwhile?()
        }
    }

    private func answer(_ news: signal_news, _ logger: Logger) -> Stop? {
        let number = unsafe news.number
        if number == 0 { return .givenUp }
        let name = SignalName.text(number)
        let pack = unsafe news.pack.text
        switch SignalAnswer(to: number, onTerminal: onTerminal) {
        case .stop:
            return unsafe news.is_own != 0 ? .byPack(pack, signal: name) : .asked(name)
        case .remark(let remark):
            let now = NIODeadline.now()
            if let last = told[number], now - last < Self.interval { return nil }
            told[number] = now
            var metadata: Logger.Metadata = ["signal": "\(name)", "reason": "\(remark)"]
            if let pack { metadata["pack"] = "\(pack)" }
            logger.notice("a signal changed nothing", metadata: metadata)
            return nil
        }
    }
}
