// Starts packs, each on a thread of its own and all at once: one that hangs delays the host by its deadline and no
// more.

import Dispatch
import HostBase
import HostCalls
import HostEngines
import HostOutbound
import HostSandbox
import HostTools
import JSON
import Logging
import NIOCore

/// Starts packs.
struct PackStarter {
    let calls: CallTable
    let pool: WorkerPool
    let limits: CallSettings
    let timeout: TimeAmount
    let restarts: RestartSettings
    /// The folder of what processes wrote before they ended; `nil` where there is none.
    var lastWords: String?
    /// Those that calls come from.
    let loops: [any EventLoop]
    var outbound: Outbound?
    let logger: Logger

    /// A pack and the configuration it is given.
    struct Candidate: Sendable {
        var pack: ReadyPack
        var config: JSONObject
        /// What opens to it because of that.
        var paths: [OpenPath]

        /// Whether its process is first replaced by one to which the paths open; that has the time of a load.
        var isLoadedAgain: Bool {
            guard case .process(let keeper) = pack.place else { return false }
            return keeper.firstPlan.opening(paths) != keeper.firstPlan
        }
    }

    /// - Returns: for each candidate the running pack, or why it does not run.
    func start(_ candidates: [Candidate]) -> [Result<Pack, PackRefusal>] {
        let now = NIODeadline.now()
        let attempts = candidates.map { candidate in
            let attempt = Attempt(desk(for: candidate))
            let config = JSONValue.object(candidate.config).bytes()
            if !Thread.start("pack-start", { attempt.run(config, now + timeout) }) {
                attempt.giveUp("the system has no thread for it")
            }
            return attempt
        }
        return zip(candidates, attempts).map { candidate, attempt in
            if let reason = attempt.wait(until: now + timeout * (candidate.isLoadedAgain ? 2 : 1)) {
                let hint = DenialHint.text(reason, candidate.pack.level)
                return .failure(PackRefusal(file: candidate.pack.described.file.name, reason: reason + hint))
            }
            return .success(
                Pack(
                    file: candidate.pack.described.file.name, version: candidate.pack.described.identity.version,
                    desk: attempt.desk))
        }
    }

    private func desk(for candidate: Candidate) -> PackDesk {
        let pack = candidate.pack
        let described = pack.described
        let log = PackLog(packID: described.identity.id, logger: logger)
        let outbound = outbound.map { ($0, $0.policy(for: described.policy.http)) }
        switch pack.place {
        case .host(let table):
            let names = Dictionary(uniqueKeysWithValues: described.tools.map { ($0.index, $0.tool.descriptor.name) })
            let engine = InProcessEngine(
                table, tools: names, calls: calls, log: log, outbound: outbound, shortage: pool.shortage)
            return PackDesk(engine: engine, log: log, calls: calls, pool: pool, limits: limits)
        case .process(let keeper):
            let engine = RunnerEngine(
                keeper, plan: keeper.firstPlan.opening(candidate.paths), loops: loops, calls: calls, log: log,
                restarts: restarts, outbound: outbound,
                lastWords: lastWords.map { LastWordsFolder($0, logger: logger) })
            let desk = PackDesk(engine: engine, log: log, calls: calls, pool: pool, limits: limits)
            engine.serve(desk)
            return desk
        }
    }

    private final class Attempt: Sendable {
        let desk: PackDesk
        private let done = DispatchSemaphore(value: 0)

        init(_ desk: PackDesk) {
            self.desk = desk
        }

        func run(_ config: [UInt8], _ deadline: NIODeadline) {
            desk.engine.start(config: config, deadline: deadline)
            done.signal()
        }

        func giveUp(_ reason: String) {
            desk.engine.giveUp(reason)
            done.signal()
        }

        /// How long a signal that asks for a stop may go unnoticed.
        private static let step = TimeAmount.milliseconds(100)

        /// - Returns: why the pack does not run; `nil` where it does.
        func wait(until deadline: NIODeadline) -> String? {
            while NIODeadline.now() < deadline, !HostSignals.isStopAsked {
                let left = min(deadline - .now(), Self.step).nanoseconds
                if done.wait(timeout: .now() + .nanoseconds(Int(max(0, left)))) == .success { break }
            }
            // A start that ends later stays without a caller.
            desk.engine.giveUp(
                HostSignals.isStopAsked
                    ? "its start had not ended when the host was asked to stop"
                    : "its start did not end in time (TOOL_START_TIMEOUT); the pack is given up")
            guard case .refused(let reason) = desk.engine.state else { return nil }
            return reason
        }
    }
}
