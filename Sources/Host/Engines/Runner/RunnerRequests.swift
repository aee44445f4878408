// The requests of a pack in a process of its own: what comes over the rings, and how the process learns of their ends.

import DequeModule
import HostCalls
import HostLanes
import HostNetwork
import HostOutbound
import NIOCore
import Synchronization
import ToolABI

/// The requests of one life of a runner. Any thread.
///
/// What the runner writes is copied once and judged then, whatever it has refused itself.
final class RunnerRequests: Sendable {
    /// A request that has ended, and of which the runner is to learn.
    private struct End {
        var number: tool_http_id
        var head: [UInt8]
        /// Keeps the body, and its part of the pack's budget.
        var outcome: OutboundOutcome
    }

    private struct State {
        /// Ends that there was no room for.
        var waiting: Deque<End> = []
        /// Somebody will try those again.
        var isTrying = false
        var isOver = false
    }

    /// The most bytes that an answer's body may have: such a block is one of two that an arena has.
    static let longestBody = RunnerMap.arena / 2
    /// How long to wait until there may be room.
    private static let pause = TimeAmount.milliseconds(2)
    /// Ends that are told before others have a turn.
    private static let turn = 256

    private let requests: PackRequests
    private let map: RunnerMap
    private let memory: SharedMemory
    private let said: ArenaReader
    private let blocks: ArenaLender
    private let outcomes: HintSender
    private let broken: @Sendable (RunnerLink.Violation) -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - requests: that nobody else makes or closes.
    ///   - broken: told, once, where the runner breaks what it has to keep.
    init(
        _ requests: PackRequests, _ map: RunnerMap, _ memory: SharedMemory,
        broken: @escaping @Sendable (RunnerLink.Violation) -> Void
    ) {
        self.requests = requests
        self.map = map
        self.memory = memory
        self.broken = broken
        said = ArenaReader(.results, map, memory)
        blocks = ArenaLender(.outcomes, map, memory)
        outcomes = HintSender(.outcomes, map, memory)
    }

    // MARK: What the runner says

    /// - Parameter call: finds a call that the runner has, by its number.
    func begin(_ entry: LaneEntry, for call: (tool_call_id) -> Call?) throws(RunnerLink.Violation) {
        defer {
            giveBack(entry.offset)
            if entry.more > 0 { giveBack(entry.most) }
        }
        guard entry.id > 0, entry.size <= UInt64(RequestHead.longest), let bytes = said.copy(entry.offset, entry.size),
            let head = RequestHead(bytes), entry.more <= RequestCheck.bodyLimit,
            let body = unsafe said.address(entry.most, entry.more)
        else { throw RunnerLink.Violation(text: "a request of \(entry.size) and \(entry.more) bytes") }
        let number = entry.id
        let found = head.call == 0 ? nil : call(head.call)
        // The pack may just have settled it.
        guard head.call == 0 || found != nil else { return ended(number, .failure(.cancelled)) }
        let beginning = unsafe requests.begin(
            head, body: UnsafeRawBufferPointer(start: body, count: Int(entry.more)), number: number, for: found
        ) { [self] in ended(number, $0) }
        switch beginning {
        case .begun: break
        case .closed: ended(number, .failure(.cancelled))
        case .known: throw RunnerLink.Violation(text: "two requests of one number")
        }
    }

    func forget(_ entry: LaneEntry) { requests.cancel(entry.id) }

    func watch(_ entry: LaneEntry) throws(RunnerLink.Violation) {
        defer { giveBack(entry.offset) }
        guard entry.size <= UInt64(RequestHead.longestURL), let bytes = said.copy(entry.offset, entry.size),
            let text = String(validating: bytes, as: UTF8.self), let url = OutboundURL(text),
            [TOOL_OK, TOOL_E_UNAVAILABLE].contains(requests.watch(url))
        else { throw RunnerLink.Violation(text: "a backend to be watched that it may not have watched") }
    }

    /// The runner may use the block again.
    private func giveBack(_ offset: UInt64) {
        guard offset < UInt64(RunnerMap.arena) else { return }
        map.mark(at: Int(offset), of: .results, in: memory).set(1)
    }

    // MARK: What the host knows

    /// See ``PackRequests/callEnded(_:isSettled:)``.
    func callEnded(_ call: tool_call_id, isSettled: Bool) { requests.callEnded(call, isSettled: isSettled) }

    /// The runner is gone: its requests end, and nobody is told of what comes of them.
    func end() {
        state.withLock { state in
            state.isOver = true
            state.waiting = []
        }
        requests.close()
    }

    // MARK: What the runner is told

    /// Never waits: what there is no room for is tried again.
    private func ended(_ number: tool_http_id, _ outcome: OutboundOutcome) {
        let end = End(number: number, head: ResponseHead(outcome).bytes, outcome: outcome)
        let (isOver, isFirst) = state.withLock { ($0.isOver, $0.waiting.isEmpty) }
        if isOver || isFirst && send(end) { return }
        let (startsTrying, isTooMany) = state.withLock { state in
            guard !state.isOver else { return (false, false) }
            // No pack has more open than that: this one sends, and takes no ends. From now on it is told of none.
            guard state.waiting.count < RequestCheck.openLimit else {
                state.isOver = true
                state.waiting = []
                return (false, true)
            }
            state.waiting.append(end)
            defer { state.isTrying = true }
            return (!state.isTrying, false)
        }
        if isTooMany { broken(RunnerLink.Violation(text: "it does not take ends of requests")) }
        if startsTrying { tryLater() }
    }

    private func tryLater() {
        requests.outbound.eventLoop.scheduleTask(in: Self.pause) { self.tryAgain() }
    }

    private func tryAgain() {
        for _ in 0..<Self.turn {
            let next = state.withLock { state in
                let next = state.waiting.popFirst()
                if next == nil { state.isTrying = false }
                return next
            }
            guard let next else { return }
            if send(next) { continue }
            let isOver = state.withLock { state in
                if !state.isOver { state.waiting.prepend(next) }
                return state.isOver
            }
            if !isOver { tryLater() }
            return
        }
        // Others have their turn in between.
        requests.outbound.eventLoop.execute { self.tryAgain() }
    }

    /// - Returns: `false` where there is no room.
    private func send(_ end: End) -> Bool {
        guard let head = blocks.lend(end.head) else { return false }
        var entry = LaneEntry(.outcome, id: end.number, offset: UInt64(head), size: UInt64(end.head.count))
        let hasRoom = unsafe end.outcome.withBody { body in
            guard body.count > 0 else { return true }
            guard let offset = unsafe blocks.lend(body) else { return false }
            (entry.most, entry.more) = (UInt64(offset), UInt64(body.count))
            return true
        }
        if hasRoom, outcomes.send(entry) { return true }
        blocks.takeBack(head)
        if entry.more > 0 { blocks.takeBack(Int(entry.most)) }
        return false
    }
}
