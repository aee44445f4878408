// The threads of a runner that take up calls: as many as are needed at the same time, up to a limit, and they stay.

import Glibc
import HostBase
import HostEngines
import HostLanes
import Synchronization
import ToolABI

/// Takes calls from the host and gives them to the pack. Each thread is a `[worker]` in the words of `tool_abi.h`;
/// there is no `[loop]`.
final class RunnerWorkers: Sendable {
    private let pack: RunningTable
    private let calls: RunnerCalls
    private let posts: RunnerPosts
    private let queue: CallReceiver
    private let hints: HintReceiver
    private let limit: Int
    private let slow = SlowTools()
    private let started = Atomic<Int>(0)
    /// Threads that are about to take a call or wait for one.
    private let idle = Atomic<Int>(0)

    init(
        _ pack: RunningTable, _ calls: RunnerCalls, _ posts: RunnerPosts, _ map: RunnerMap, _ memory: SharedMemory,
        limit: Int
    ) {
        self.pack = pack
        self.calls = calls
        self.posts = posts
        self.limit = limit
        queue = CallReceiver(map, memory)
        hints = HintReceiver(.hints, map, memory)
    }

    func begin() {
        // Without a first one nothing would ever run: the host starts another process then.
        guard startOne(), startOne(), Thread.start("pack-cancel", { self.listen() }) else { _exit(70) }
    }

    private func startOne() -> Bool {
        let number = started.add(1, ordering: .relaxed).oldValue
        guard number < limit else {
            started.subtract(1, ordering: .relaxed)
            return true
        }
        idle.add(1, ordering: .relaxed)
        if Thread.start("tool-worker", { self.work(number) }) { return true }
        idle.subtract(1, ordering: .relaxed)
        started.subtract(1, ordering: .relaxed)
        return false
    }

    private func work(_ number: Int) {
        var held = HeldAnswers()
        // Calls since it slept.
        var streak = 0
        while true {
            let entry: LaneEntry
            if let next = queue.take() {
                entry = next
            } else {
                wake(&held)
                if streak > 1, let next = queue.takeSoon() {
                    entry = next
                } else {
                    entry = queue.next(worker: number)
                    streak = 0
                }
            }
            streak += 1
            let isBrief = entry.most & LaneEntry.isBrief != 0 && !slow.contains(Int(entry.code))
            let isLast = idle.subtract(1, ordering: .relaxed).newValue == 0
            // What is brief is over so soon that this thread takes the next call as well. Where it is not, the host
            // has another one look.
            if !isBrief {
                wake(&held)
                queue.share()
            }
            // The next call needs somebody, too. Where the system has no thread it waits for one of these.
            if isLast { _ = startOne() }
            let begun = isBrief ? RunnerCalls.now : 0
            run(entry, isHeld: isBrief)
            if isBrief { slow.record(Int(entry.code), RunnerCalls.now - begun) }
            if isBrief, held.add(lane: entry.lane) { wake(&held) }
            idle.add(1, ordering: .relaxed)
        }
    }

    private func wake(_ held: inout HeldAnswers) {
        for lane in held.takeLanes() { posts.wake(lane: lane) }
    }

    private func run(_ entry: LaneEntry, isHeld: Bool) {
        let id = entry.id
        guard let call = unsafe calls.begin(entry, bind: { unsafe CallBinding.bind($0) }) else { _exit(70) }
        let limit = Int(clamping: entry.more)
        let outcome = unsafe pack.invoke(Int(entry.code), call, limit: limit)
        switch consume outcome {
        case .pending:
            if case .pending(let one) = calls.cameBack(id, isPending: true) { posts.pending(id, one) }
        case .ended(let result):
            switch calls.cameBack(id, isPending: false) {
            case .returned(let one): posts.answer(.returned, id, one, result, isHeld: isHeld)
            case .twice(let one):
                posts.pending(id, one)
                posts.twice(id)
            case .pending, nil: break
            }
        }
    }

    /// Passes on that nobody waits for a call any more.
    private func listen() {
        while true {
            let entry = hints.next()
            pack.cancel(entry.id, tool_status(bitPattern: entry.code))
        }
    }
}
