// Starts packs, each on a thread of its own and all at once: one that hangs delays the host by its deadline and no more.

import Dispatch
import JSONSchema
import Logging
import NIOCore
import Synchronization
import ToolABI

/// Calls `start` of packs.
struct PackStarter {
    let calls: CallTable
    let pool: WorkerPool
    let limits: Settings.Tools
    var outbound: Outbound?
    let logger: Logger

    /// A pack and the configuration it is given.
    struct Candidate: Sendable {
        var pack: Pack
        var config: JSONObject
    }

    /// - Returns: for each candidate the running pack, or why it does not run.
    func start(_ candidates: [Candidate]) -> [Result<RunningPack, PackRefusal>] {
        let deadline = NIODeadline.now() + limits.startTimeout
        let attempts = candidates.map { candidate in
            let link = HostLink(
                packID: candidate.pack.identity.id, calls: calls,
                outbound: outbound.map { ($0, $0.policy(for: candidate.pack.policy.http)) }, logger: logger)
            let attempt = Attempt(candidate: candidate, link: link, deadline: deadline)
            if !Thread.start("pack-start", { attempt.run() }) {
                attempt.fail("the system has no thread for it")
            }
            return attempt
        }
        return attempts.map { attempt in
            let end = attempt.wait(until: deadline)
            return end.map { instance in
                unsafe RunningPack(
                    pack: attempt.candidate.pack, link: attempt.link, instance: instance.pointer, calls: calls,
                    pool: pool, limits: limits)
            }
        }
    }

    /// What `start` made, on its way between two threads.
    ///
    /// `@unchecked Sendable`: only the pack looks behind the pointer.
    @safe struct Instance: @unchecked Sendable {
        let pointer: UnsafeMutableRawPointer?
    }

    private final class Attempt: Sendable {
        let candidate: Candidate
        let link: HostLink
        private let deadline: NIODeadline
        private let done = DispatchSemaphore(value: 0)
        private let end = Mutex<Result<Instance, PackRefusal>?>(nil)

        init(candidate: Candidate, link: HostLink, deadline: NIODeadline) {
            self.candidate = candidate
            self.link = link
            self.deadline = deadline
        }

        func fail(_ reason: String) {
            link.http?.close()
            end.withLock { $0 = .failure(PackRefusal(file: candidate.pack.file.name, reason: reason)) }
            done.signal()
        }

        func run() {
            candidate.pack.table.expectCrashes(of: candidate.pack.identity.id)
            guard let start = unsafe candidate.pack.table.functions.start else {
                unsafe finish(Instance(pointer: nil))
                return
            }
            let subject = CrashSubject(pack: candidate.pack.identity.id)
            let entry = unsafe subject.enter()
            var instance: UnsafeMutableRawPointer?
            var error = unsafe tool_result()
            unsafe error.struct_size = unsafe UInt32(MemoryLayout<tool_result>.size)
            var json = JSONValue.object(candidate.config).bytes()
            let count = UInt64(json.count)
            let status = unsafe json.withUnsafeMutableBytes { bytes in
                var config = unsafe tool_str(
                    data: UnsafePointer(bytes.baseAddress?.assumingMemoryBound(to: CChar.self)), size: count)
                return unsafe start(
                    link.pointer, &config, Int64(clamping: deadline.uptimeNanoseconds), &instance, &error)
            }
            let result = unsafe PackResult(
                taking: error, status: status, limit: HostLink.defaultResultLimit, from: subject)
            entry.leave()
            if status == TOOL_OK {
                unsafe finish(Instance(pointer: instance))
            } else {
                fail("its start failed: " + (result.message.isEmpty ? "status \(status)" : result.message))
            }
        }

        private func finish(_ instance: Instance) {
            end.withLock { $0 = .success(instance) }
            done.signal()
        }

        /// How long a signal that asks for a stop may go unnoticed.
        private static let step = TimeAmount.milliseconds(100)

        func wait(until deadline: NIODeadline) -> Result<Instance, PackRefusal> {
            while NIODeadline.now() < deadline, !HostSignals.isStopAsked {
                let left = min(deadline - .now(), Self.step).nanoseconds
                if done.wait(timeout: .now() + .nanoseconds(Int(max(0, left)))) == .success { break }
            }
            // A start that ends later stays without a caller: the pack is given up.
            guard let end = end.withLock({ $0 }) else {
                link.http?.close()
                let reason =
                    HostSignals.isStopAsked
                    ? "its start had not ended when the host was asked to stop"
                    : "its start did not end in time (TOOL_START_TIMEOUT); the pack is given up"
                return .failure(PackRefusal(file: candidate.pack.file.name, reason: reason))
            }
            return end
        }
    }
}
