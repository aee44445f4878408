// When a connection looks again: the tasks that its deadline asks for, and the moment before a stop.

import NIOCore

extension Connection {
    func lookSoon(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: Self.lastLook) {
            let (connection, context) = bound.value
            connection.perform(connection.state.looked(isMidPart: connection.progress.isMidPart), context)
        }
    }

    /// Enough for an event loop to read what the system already has for it.
    private static let lastLook = TimeAmount.milliseconds(5)

    func watch(_ wait: ConnectionDeadline.Wait, _ context: ChannelHandlerContext) {
        switch deadline.wait(for: wait, isHurried: state.isHurried, now: context.eventLoop.now) {
        case .nothing: break
        case .schedule(let time): schedule(at: time, context)
        case .replace(let time):
            timer?.cancel()
            schedule(at: time, context)
        }
    }

    private func schedule(at time: NIODeadline, _ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(deadline: time) {
            let (connection, context) = bound.value
            connection.look(context)
        }
    }

    private func look(_ context: ChannelHandlerContext) {
        timer = nil
        switch deadline.fired(now: context.eventLoop.now) {
        case .nothing: break
        case .early(let time): schedule(at: time, context)
        case .over:
            let canTake = context.channel.isWritable
            perform(state.timesOut(isMidPart: progress.isMidPart, canTake: canTake), context)
        }
    }
}
