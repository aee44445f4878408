// Out of descriptors: the listening socket would wake its event loop without end, and clients would wait without an
// answer.

import Glibc
import HostBase
import Logging
import NIOCore
import NIOPosix

/// In the pipeline of the listening socket. Sees a connection fail to be accepted, stops accepting, answers those that
/// wait with the descriptors that were kept for it, and goes on when there is room. Connections that are open go on
/// meanwhile.
final class AcceptPause: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private let logger: Logger
    private let state: HostState
    private let spares = SpareDescriptors()
    private var shortage = AcceptShortage()
    private var answered = 0
    private var look: Scheduled<Void>?

    private static let answer = Array(CurtAnswer.shortage.utf8)

    init(logger: Logger, state: HostState) {
        self.logger = logger
        self.state = state
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let failure = error as? IOError, Self.isShortage(failure.errnoCode) else {
            return context.fireErrorCaught(error)
        }
        setReading(false, context)
        let isNew = shortage.failed(.now())
        state.set(refusesConnections: true)
        if isNew {
            answered = 0
            logger.error(
                "no connection can be accepted: those that come are answered with 503 until there is room",
                metadata: [
                    "reason": "\(FileStatus.Failure(failure.errnoCode).reason)",
                    "open_files_limit": "\(FileDescriptors.current.limit)",
                    "advice": "\(Self.advice(failure.errnoCode))",
                ])
        }
        if look == nil { lookLater(context) }
    }

    /// The descriptors of the process or of the machine, memory for sockets, or what its user may watch (epoll(7)).
    private static func isShortage(_ number: Int32) -> Bool {
        [EMFILE, ENFILE, ENOBUFS, ENOMEM, ENOSPC].contains(number)
    }

    private static func advice(_ number: Int32) -> String {
        switch number {
        case EMFILE: "raise the limit (ulimit -n), or find the pack that leaks: ls -l /proc/\(getpid())/fd"
        case ENOSPC:
            "some process of the host's user watches too many descriptors (fs.epoll.max_user_watches): look for lines "
                + "of tfd in /proc/PID/fdinfo/*"
        default: "the whole machine is short of it"
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        // Nobody asked for it: some other error closed the socket, and the host cannot be reached any more.
        if !state.isStopping { lose() }
        context.fireChannelInactive()
    }

    func channelActive(context: ChannelHandlerContext) {
        watch(context)
        context.fireChannelActive()
    }

    /// A pack may close or shut what it did not open, and nobody is told of that.
    private func watch(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .seconds(1)) {
            let (pause, context) = bound.value
            guard context.channel.isActive, !pause.state.isStopping else { return }
            guard pause.listens(context) else { return pause.lose() }
            pause.watch(context)
        }
    }

    private func listens(_ context: ChannelHandlerContext) -> Bool {
        let answer = try? context.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
            var (listens, size): (Int32, socklen_t) = (0, socklen_t(MemoryLayout<Int32>.size))
            return unsafe getsockopt($0, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens != 0
        }
        return answer ?? true
    }

    private func lose() {
        state.set(refusesConnections: true)
        logger.critical("the listening socket was closed: the host stops, to be started anew")
        state.giveUp()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        look?.cancel()
        look = nil
    }

    private func lookLater(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        look = context.eventLoop.scheduleTask(in: AcceptShortage.interval) {
            let (pause, context) = bound.value
            pause.look = nil
            pause.lookAround(context)
        }
    }

    private func lookAround(_ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        spares.refill()
        let hasRoom = spares.isFull && spares.hasRoom(for: SpareDescriptors.count) && WatchRoom.isThere
        var isOver = false
        switch shortage.looked(hasRoom: hasRoom, .now()) {
        case .wait:
            break
        case .resume:
            state.set(refusesConnections: false)
            setReading(true, context)
        case .end(let time):
            logger.notice(
                "connections are accepted again",
                metadata: ["after": "\(time.text)", "refused": "\(answered)"])
            isOver = true
        }
        if isOver, !spares.dismiss() { return }
        if shortage.isPaused { answered += refuse(context) }
        lookLater(context)
    }

    /// - Returns: how many connections were answered.
    private func refuse(_ context: ChannelHandlerContext) -> Int {
        let count = try? context.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
            spares.serve($0, Self.answer)
        }
        return (count ?? nil) ?? 0
    }

    private func setReading(_ isOn: Bool, _ context: ChannelHandlerContext) {
        context.channel.setOption(.autoRead, value: isOn).whenFailure { _ in }
    }
}
