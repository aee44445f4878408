// A server's open connections: how many there may be, and what all of them are told.

import Glibc
import NIOCore
import Synchronization

/// The open connections, up to a limit.
final class OpenConnections: Sendable {
    enum Admission {
        /// The stage that the host is in; `isSpare`: beyond the limit, for somebody who asks how the host is.
        case added(StopStage?, isSpare: Bool)
        case full
    }

    /// How many connections beyond the limit are let in to ask for health.
    private static let spare = 16

    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        /// What was told last, which later ones are told as they come.
        var stage: StopStage?
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    var count: Int { state.withLock(\.channels.count) }

    func add(_ channel: any Channel) -> Admission {
        state.withLock { state in
            let isSpare = state.channels.count >= limit
            guard state.channels.count < limit + Self.spare else { return .full }
            state.channels[ObjectIdentifier(channel)] = channel
            return .added(state.stage, isSpare: isSpare)
        }
    }

    func remove(_ channel: any Channel) {
        state.withLock { _ = $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    /// Told to each on its own event loop.
    ///
    /// - Returns: whether there was any.
    @discardableResult func tell(_ stage: StopStage) -> Bool {
        let channels = state.withLock { state in
            state.stage = stage
            return Array(state.channels.values)
        }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(stage) }
        return !channels.isEmpty
    }

    func waitUntilEmpty(by deadline: NIODeadline) {
        while state.withLock({ !$0.channels.isEmpty }), NIODeadline.now() < deadline { usleep(2000) }
    }

    /// - Returns: how many there were.
    func closeAll() -> Int {
        let count = self.count
        tell(.cut)
        return count
    }
}
