// Where answers of a runner come to the event loops: a descriptor for each loop, which is readable once there are some.

import Glibc
import HostBase
import NIOCore
import NIOPosix

/// What wakes the event loops for one runner's life. Ends with it.
final class RunnerLanes: Sendable {
    private let channels: [any Channel]

    /// Blocks until every loop listens.
    ///
    /// - Parameter bells: one for each loop, which belong to this object from now on.
    init(_ link: RunnerLink, loops: [any EventLoop], bells: [Int32]) throws {
        var channels: [any Channel] = []
        for ((number, loop), bell) in zip(loops.enumerated(), bells) {
            do {
                // The loop takes it for granted that it may (NIO ends the process where it may not).
                guard WatchRoom.isThere else { throw FileStatus.Failure(ENOSPC) }
                let channel = try NIOPipeBootstrap(group: loop)
                    .channelOption(.maxMessagesPerRead, value: 1)
                    // A runner that keeps to the rules rings once until somebody has looked.
                    .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 64))
                    .channelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHandler(RunnerBell(link, number))
                        }
                    }
                    .takingOwnershipOfDescriptor(input: bell).wait()
                channels.append(channel)
            } catch {
                for channel in channels { channel.close(promise: nil) }
                for bell in bells[number...] { Glibc.close(bell) }
                throw error
            }
        }
        self.channels = channels
    }

    func close() {
        for channel in channels { channel.close(promise: nil) }
    }
}

/// Has answers dealt with on their event loop, and keeps a runner from taking that from others.
private final class RunnerBell: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let link: RunnerLink
    private let loop: Int
    private var budget = WakeBudget(at: .now())

    init(_ link: RunnerLink, _ loop: Int) {
        self.link = link
        self.loop = loop
    }

    func channelActive(context: ChannelHandlerContext) {
        // What came before it listened rang for nobody.
        _ = link.receiveAll(loop: loop)
    }

    /// Also where somebody else has taken the bytes.
    func channelReadComplete(context: ChannelHandlerContext) {
        link.hasRung()
        if link.receiveAll(loop: loop) { return budget.earn() }
        let (now, channel) = (NIODeadline.now(), context.channel)
        guard let pause = budget.spend(at: now) else { return }
        // A channel that is closed has nothing to listen to.
        try? channel.syncOptions?.setOption(.autoRead, value: false)
        if budget.isEndless(at: now) { return link.violated(.idleRings) }
        context.eventLoop.scheduleTask(in: pause) { try? channel.syncOptions?.setOption(.autoRead, value: true) }
    }
}
