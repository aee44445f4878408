// One life of a pack's runner as its calls see it: which of them are there, where their blocks lie, and what comes
// back.

import Dispatch
import Glibc
import HostBase
import HostCaller
import HostCalls
import HostLanes
import NIOConcurrencyHelpers
import NIOCore
import Synchronization
import ToolABI

/// The shared memory of one runner, with the calls that it has. Any thread.
///
/// What the runner writes is copied once and judged then; the block of a call is never read back.
final class RunnerLink: Sendable {
    /// A call that the runner has.
    private struct Ticket {
        enum Phase {
            case inside, pending
            /// It was completed from within `invoke`, which has not come back.
            case completedInside
        }

        var call: Call
        /// Of its block in the host's arena.
        var offset: Int
        var phase = Phase.inside
        /// Since when it is seen that its deadline has passed and `invoke` has not come back. A host that stood still
        /// counts nothing before that.
        var overdue: NIODeadline?
    }

    private struct State {
        var tickets: [Ticket?]
        var free: [Int]
        var space = ArenaSpace(size: RunnerMap.arena)
        /// Nothing goes there any more.
        var isClosed = false
        var isOver = false
        var speakers = Speakers()
    }

    private final class Flag: Sendable {
        let flag = Atomic(false)
    }

    /// What the runner did that no runner does.
    struct Violation: Error {
        var text: String

        static let idleRings = Violation(text: "it wakes the host again and again for nothing")
        static let noRings = Violation(text: "it does not wake the host for its answers")
    }

    let map: RunnerMap
    let memory: SharedMemory
    private let calls: CallSender
    private let loops: [any EventLoop]
    private let isWaking: [Flag]
    /// Of each event loop: more was sent than could be read, and the next part is read after a while.
    private let isFlooded: [Flag]
    /// Of each event loop: it has read all there was, and waits to be woken.
    private let isResting: [Flag]
    private let hints: HintSender
    private let answers: [AnswerReceiver]
    private let results: ArenaReader
    /// `nil` where nothing is sent for packs.
    let requests: RunnerRequests?
    private let arena: Int
    private let subject: CrashSubject
    private let desk: @Sendable () -> PackDesk?
    /// Told, once, where the runner breaks what it has to keep.
    private let broken: @Sendable (Violation) -> Void
    private let isBroken = Atomic(false)
    /// How often answers were found that nobody was woken for, since somebody was.
    private let missed = Atomic(0)
    /// By chance that may be once or twice: the runner is just about to do it, or a worker is held up that has answers
    /// to tell of.
    private static let mostMissed = 20
    private let lastMiss = Atomic<UInt64>(0)
    /// Nanoseconds.
    private static let missInterval: UInt64 = 100_000_000
    /// Not a `Mutex`, for the reason that ``PackDesk`` gives.
    private let state: NIOLockedValueBox<State>

    /// Longest text of a result's message.
    private static let messageLimit: UInt64 = 16 << 10
    /// Entries that are dealt with before others have a turn.
    private static let turn = 256
    /// How long a runner waits that sends faster than one can read. Other than a task that is due at once it lets the
    /// loop look for what others have sent.
    private static let pause = TimeAmount.milliseconds(1)

    init(
        map: RunnerMap, memory: SharedMemory, loops: [any EventLoop], pack: String, requests: RunnerRequests?,
        desk: @escaping @Sendable () -> PackDesk?, broken: @escaping @Sendable (Violation) -> Void
    ) {
        self.requests = requests
        self.map = map
        self.memory = memory
        self.desk = desk
        self.broken = broken
        calls = CallSender(map, memory)
        self.loops = loops
        isWaking = loops.map { _ in Flag() }
        isFlooded = loops.map { _ in Flag() }
        isResting = loops.map { _ in Flag() }
        hints = HintSender(.hints, map, memory)
        answers = (0..<map.loops).map { AnswerReceiver(.answers(loop: $0), map, memory) }
        results = ArenaReader(.results, map, memory)
        arena = map.start(of: .calls)
        subject = CrashSubject(pack: pack)
        state = NIOLockedValueBox(
            State(tickets: Array(repeating: nil, count: map.calls), free: Array((0..<map.calls).reversed())))
    }

    // MARK: To the runner

    enum Sending {
        case sent
        /// There is no room in its memory.
        case full
        /// The runner's life is over, or nearly so.
        case over
    }

    /// Hands a call over.
    func send(_ call: Call) -> Sending {
        let size = call.block.size
        let place = state.withLockedValue { state -> (ticket: Int, offset: Int, isOnly: Bool)? in
            guard !state.isClosed, let ticket = state.free.last, let offset = state.space.take(size) else { return nil }
            let isOnly = state.free.count == map.calls
            state.free.removeLast()
            state.tickets[ticket] = Ticket(call: call, offset: offset)
            return (ticket, offset, isOnly)
        }
        guard let (ticket, offset, isOnly) = place else { return state.withLockedValue(\.isClosed) ? .over : .full }
        let block = unsafe memory.start + arena + offset
        unsafe block.copyMemory(from: call.block.start, byteCount: size)
        // Nobody waits for it any more since it has a ticket: that may just have been written over.
        let word = call.standing
        if word != TOOL_OK { unsafe SharedWord(at: block + BlockLayout.word).set(UInt32(bitPattern: word)) }
        let entry = LaneEntry(
            .call, code: UInt32(call.tool.number), id: call.id, ticket: UInt64(ticket), offset: UInt64(offset),
            size: UInt64(size), more: UInt64(call.tool.maxResultBytes),
            most: UInt64(call.home) | (call.tool.isBrief ? LaneEntry.isBrief : 0))
        if calls.put(entry) {
            // With no other call there is none to wait for.
            if isOnly { calls.wake() } else { wake(from: call.home) }
            return .sent
        }
        return state.withLockedValue { takeBack(call, ticket, &$0) }
    }

    /// There was no room on the ring for a call that has a ticket.
    private func takeBack(_ call: Call, _ ticket: Int, _ state: inout State) -> Sending {
        // Its end may have come meanwhile, and whoever brings that about answers the call. The same holds for a runner
        // that guesses numbers: it may have answered what it was never given, and the ticket may be another's now.
        guard !state.isOver, let held = state.tickets[ticket], held.call === call, held.phase == .inside else {
            return .sent
        }
        Self.free(ticket, &state)
        return .full
    }

    /// Once for all calls that an event loop has read at once. Woken at the first of them, a worker would share the
    /// processor with the loop and fall asleep between one call and the next.
    private func wake(from home: Int) {
        let loop = loops[home]
        guard loop.inEventLoop else { return calls.wake() }
        guard !isWaking[home].flag.exchange(true, ordering: .relaxed) else { return }
        loop.execute { [self] in
            isWaking[home].flag.store(false, ordering: .relaxed)
            calls.wake()
        }
    }

    /// A worker that does not come back keeps calls waiting that it would have taken, and answers that it would have
    /// told of.
    func nudge() {
        calls.nudge()
        for (number, lane) in answers.enumerated() where lane.hasMore {
            loops[number].execute { self.lookAgain(loop: number) }
        }
    }

    /// On the event loop, which has heard all that woke it before.
    private func lookAgain(loop: Int) {
        if isResting[loop].flag.load(ordering: .relaxed), answers[loop].hasMore {
            // One a while, however often and on however many lanes it is looked for.
            let now = NIODeadline.now().uptimeNanoseconds
            let last = lastMiss.load(ordering: .relaxed)
            if now - min(last, now) >= Self.missInterval, lastMiss.exchange(now, ordering: .relaxed) == last {
                let count = missed.add(1, ordering: .relaxed).newValue
                if count >= Self.mostMissed { return violated(.noRings) }
            }
        }
        _ = receiveAll(loop: loop)
    }

    /// Waits until what has come for event loops is dealt with, on whatever thread but theirs.
    ///
    /// - Parameter time: the longest.
    func receiveSoon(within time: DispatchTimeInterval) {
        let done = DispatchSemaphore(value: 0)
        for (number, loop) in loops.enumerated() {
            loop.execute {
                _ = self.receiveAll(loop: number)
                done.signal()
            }
        }
        let end = DispatchTime.now() + time
        for _ in loops { if done.wait(timeout: end) == .timedOut { return } }
    }

    /// It has woken an event loop.
    func hasRung() {
        if missed.load(ordering: .relaxed) > 0 { missed.store(0, ordering: .relaxed) }
    }

    /// Nobody waits for a call any more.
    ///
    /// - Returns: whether the runner has it.
    func cancel(_ id: tool_call_id, _ reason: tool_status) -> Bool {
        let entry = state.withLockedValue { state -> LaneEntry? in
            guard !state.isOver, let ticket = state.tickets.firstIndex(where: { $0?.call.id == id }),
                let offset = state.tickets[ticket]?.offset
            else { return nil }
            // While the ticket is held nobody else has this block.
            unsafe SharedWord(at: memory.start + arena + offset + BlockLayout.word).set(UInt32(bitPattern: reason))
            return LaneEntry(.cancel, code: UInt32(bitPattern: reason), id: id, ticket: UInt64(ticket))
        }
        guard let entry else { return false }
        // Where there is no room the pack asks `cancelled`, as it may.
        _ = hints.send(entry)
        return true
    }

    // MARK: From the runner

    /// What came of one look at what there is for an event loop.
    struct Turn {
        /// Entries that were dealt with.
        var count = 0
        /// Those among them of which a runner may send as many as it likes, however many calls it has.
        var extras = 0
        var mayHaveMore = false

        /// It sends faster than one can read.
        var isFlood: Bool { mayHaveMore && extras > count / 2 }
    }

    /// Deals with all that came for one event loop, on that loop, in parts.
    ///
    /// - Returns: whether there was something that is read at once.
    func receiveAll(loop: Int) -> Bool {
        let isFlooded = isFlooded[loop]
        guard !isFlooded.flag.load(ordering: .relaxed) else { return false }
        let turn = receive(loop: loop)
        if turn.isFlood {
            isFlooded.flag.store(true, ordering: .relaxed)
            loops[loop].scheduleTask(in: Self.pause) { [self] in
                isFlooded.flag.store(false, ordering: .relaxed)
                _ = receiveAll(loop: loop)
            }
        } else if turn.mayHaveMore {
            loops[loop].execute { _ = self.receiveAll(loop: loop) }
        }
        return turn.count > 0
    }

    /// Deals with a part of what came for one event loop, on that loop.
    func receive(loop: Int) -> Turn {
        guard !isBroken.load(ordering: .relaxed) else { return Turn() }
        let lane = answers[loop]
        isResting[loop].flag.store(false, ordering: .relaxed)
        var turn = Turn()
        while turn.count < Self.turn {
            guard let entry = lane.take() ?? lane.rest() else {
                isResting[loop].flag.store(true, ordering: .relaxed)
                return turn
            }
            turn.count += 1
            if !LaneKind.settles(entry.kind) { turn.extras += 1 }
            do throws(Violation) {
                try deal(with: entry)
            } catch {
                violated(error)
                return turn
            }
        }
        turn.mayHaveMore = true
        return turn
    }

    /// The runner breaks what it has to keep. Of what it says nothing is looked at any more.
    func violated(_ violation: Violation) {
        // At its end calls are answered that its last entries may be about.
        guard !state.withLockedValue(\.isOver), !isBroken.exchange(true, ordering: .relaxed) else { return }
        broken(violation)
    }

    private func deal(with entry: LaneEntry) throws(Violation) {
        switch LaneKind(rawValue: entry.kind) {
        case .pending:
            let call = try takePending(entry)
            desk()?.cameBack(call, .pending)
        case .returned:
            try expect(entry)
            let result = try result(entry)
            let call = try takeReturned(entry)
            desk()?.cameBack(call, .ended(result))
        case .completed:
            try expect(entry)
            let result = try result(entry)
            let call = try takeCompleted(entry)
            desk()?.complete(call, result)
        case .progress: try progress(entry)
        case .request: try service().begin(entry) { id in call(id, ticket: entry.ticket) }
        case .forget: try service().forget(entry)
        case .watch: try service().watch(entry)
        default: throw Violation(text: "an entry of kind \(entry.kind)")
        }
    }

    private func service() throws(Violation) -> RunnerRequests {
        guard let requests else { throw Violation(text: "it uses a service that it was not given") }
        return requests
    }

    /// A call that the runner has.
    private func call(_ id: tool_call_id, ticket: UInt64) -> Call? {
        state.withLockedValue { state in
            Self.ticket(ticket, of: id, in: state).flatMap { state.tickets[$0]?.call }
        }
    }

    /// Nothing is copied that nobody wants.
    private func expect(_ entry: LaneEntry) throws(Violation) {
        let isExpected = state.withLockedValue { state in
            guard let number = Self.ticket(of: entry, in: state), let ticket = state.tickets[number] else {
                return false
            }
            return Self.isWithinLimit(entry, ticket.call)
        }
        guard isExpected else { throw Violation(text: "a result of a call that it does not have, or more than it may") }
    }

    private func takePending(_ entry: LaneEntry) throws(Violation) -> Call {
        let found = state.withLockedValue { state -> Call? in
            guard let number = Self.ticket(of: entry, in: state), let ticket = state.tickets[number] else { return nil }
            switch ticket.phase {
            case .inside:
                state.tickets[number]?.phase = .pending
                state.tickets[number]?.overdue = nil
            case .completedInside: Self.free(number, &state)
            case .pending: return nil
            }
            return ticket.call
        }
        guard let found else { throw Violation(text: "it says that a call is pending which it does not have") }
        return found
    }

    private func takeReturned(_ entry: LaneEntry) throws(Violation) -> Call {
        let found = state.withLockedValue { state -> Call? in
            guard let number = Self.ticket(of: entry, in: state), let ticket = state.tickets[number],
                ticket.phase == .inside, Self.isWithinLimit(entry, ticket.call)
            else { return nil }
            if entry.most & LaneEntry.hasSpoken != 0 { state.speakers.add(ticket.call) }
            Self.free(number, &state)
            return ticket.call
        }
        guard let found else { throw Violation(text: "it returns a call that it does not have, or more than it may") }
        return found
    }

    private func takeCompleted(_ entry: LaneEntry) throws(Violation) -> Call {
        let found = state.withLockedValue { state -> Call? in
            guard let number = Self.ticket(of: entry, in: state), let ticket = state.tickets[number],
                Self.isWithinLimit(entry, ticket.call)
            else { return nil }
            if entry.most & LaneEntry.hasSpoken != 0 { state.speakers.add(ticket.call) }
            switch ticket.phase {
            case .inside: state.tickets[number]?.phase = .completedInside
            case .pending: Self.free(number, &state)
            case .completedInside: return nil
            }
            return ticket.call
        }
        guard let found else {
            throw Violation(text: "it completes a call that it does not have, or with more than it may")
        }
        return found
    }

    private func progress(_ entry: LaneEntry) throws(Violation) {
        defer { giveBack(entry) }
        guard entry.size >= 16, entry.size <= 16 + 8192, let bytes = results.copy(entry.offset, entry.size) else {
            throw Violation(text: "progress of \(entry.size) bytes")
        }
        let call = call(entry.id, ticket: entry.ticket)
        // It may have been settled since.
        guard let call, let listener = call.context.onProgress else { return }
        func number(_ start: Int) -> Double {
            Double(bitPattern: bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) })
        }
        let (done, total) = (number(0), number(8))
        guard done.isFinite, total.isFinite else { return }
        listener(done, total, bytes.count > 16 ? String(decoding: bytes[16...], as: UTF8.self) : nil)
    }

    /// The result of an entry, copied.
    private func result(_ entry: LaneEntry) throws(Violation) -> PackResult {
        defer { giveBack(entry) }
        let isFault = entry.most & LaneEntry.isFault != 0
        guard entry.more <= Self.messageLimit, entry.size <= UInt64(RunnerMap.arena),
            let place = unsafe results.address(entry.offset, entry.size + entry.more)
        else { throw Violation(text: "a result of \(entry.size) bytes at \(entry.offset)") }
        var content = unsafe tool_bytes()
        if entry.size > 0 {
            let copy = UnsafeMutableRawPointer.allocate(byteCount: Int(entry.size), alignment: 8)
            unsafe copy.copyMemory(from: place, byteCount: Int(entry.size))
            unsafe content.data = UnsafePointer(copy.assumingMemoryBound(to: UInt8.self))
            unsafe content.size = entry.size
            unsafe content.release = { _, data, _ in unsafe UnsafeMutableRawPointer(mutating: data)?.deallocate() }
        }
        // Copied as well: a string is looked at before it is made, and what lies there may change in between.
        let words = unsafe UnsafeRawBufferPointer(start: place + Int(entry.size), count: Int(entry.more))
        let text = entry.more == 0 ? "" : unsafe String(decoding: Array(words), as: UTF8.self)
        return unsafe PackResult(
            status: tool_status(bitPattern: entry.code), retryAfterMilliseconds: UInt32(truncatingIfNeeded: entry.most),
            content: content, message: isFault ? "" : text, fault: isFault ? text : nil, from: subject)
    }

    /// The runner may use the block again.
    func giveBack(_ entry: LaneEntry) {
        guard entry.size > 0 || entry.more > 0, entry.offset < UInt64(RunnerMap.arena) else { return }
        map.mark(at: Int(entry.offset), of: .results, in: memory).set(1)
    }

    /// A call that was settled, and of which lines of the log are read only now.
    func speaker(_ id: tool_call_id) -> Speakers.Speaker? { state.withLockedValue { $0.speakers[id] } }

    private static func ticket(of entry: LaneEntry, in state: State) -> Int? {
        ticket(entry.ticket, of: entry.id, in: state)
    }

    private static func ticket(_ ticket: UInt64, of id: tool_call_id, in state: State) -> Int? {
        guard ticket < UInt64(state.tickets.count), !state.isOver else { return nil }
        return state.tickets[Int(ticket)]?.call.id == id ? Int(ticket) : nil
    }

    /// Whether a result is no larger than the call's tool says: a runner looks before it says it.
    private static func isWithinLimit(_ entry: LaneEntry, _ call: Call) -> Bool {
        entry.size <= UInt64(call.tool.maxResultBytes)
    }

    private static func free(_ number: Int, _ state: inout State) {
        guard let ticket = state.tickets[number] else { return }
        state.space.giveBack(ticket.offset)
        state.tickets[number] = nil
        state.free.append(number)
    }

    // MARK: The end

    /// A call that the runner had at its end.
    struct Left {
        var call: Call
        var isInside: Bool
        /// A worker had taken it up, by what the runner has left. That decides whom to blame; what a caller is told
        /// must hold whatever a pack has written there.
        var wasTaken: Bool
    }

    /// From now on no call goes there.
    func close() { state.withLockedValue { $0.isClosed = true } }

    /// What it is to be waited for where it is to end in order.
    struct Load {
        /// No call is there.
        var isEmpty: Bool
        /// One has not come back from `invoke`: the pack cannot be stopped.
        var isInside: Bool
        /// Of the calls.
        var lastDeadline: NIODeadline
    }

    var load: Load {
        state.withLockedValue { state in
            let tickets = state.tickets.compactMap(\.self)
            return Load(
                isEmpty: tickets.isEmpty, isInside: tickets.contains { $0.phase != .pending },
                lastDeadline: tickets.map(\.call.deadline).max() ?? .uptimeNanoseconds(0))
        }
    }

    /// From now on nothing goes there and nothing is taken from there.
    ///
    /// - Returns: the calls that it has not settled.
    func end() -> [Left] {
        requests?.end()
        let untaken = calls.untaken
        return state.withLockedValue { state in
            state.isClosed = true
            state.isOver = true
            defer { state.tickets = Array(repeating: nil, count: map.calls) }
            return state.tickets.compactMap { ticket in
                ticket.map {
                    Left(call: $0.call, isInside: $0.phase != .pending, wasTaken: !untaken.contains($0.call.id))
                }
            }
        }
    }

    /// The tool of a call that keeps a thread for so long beyond its deadline, and the latest deadline of the others;
    /// `nil` where there is no such call. To be asked again and again.
    func stuck(longerThan time: TimeAmount, at now: NIODeadline) -> (tool: String, othersUntil: NIODeadline)? {
        let late = state.withLockedValue { state -> [Call] in
            var late: [Call] = []
            for number in state.tickets.indices {
                guard let ticket = state.tickets[number], ticket.phase != .pending, now >= ticket.call.deadline else {
                    continue
                }
                let since = ticket.overdue ?? now
                state.tickets[number]?.overdue = since
                if now - since >= time { late.append(ticket.call) }
            }
            return late
        }
        guard !late.isEmpty else { return nil }
        // Those that wait behind it in vain keep no thread.
        let untaken = calls.untaken
        guard let stuck = late.filter({ !untaken.contains($0.id) }).min(by: { $0.begun < $1.begun }) else { return nil }
        return (stuck.tool.name, load.lastDeadline)
    }

    /// Whether no call is there but such as are beyond their deadlines.
    var isIdle: Bool {
        state.withLockedValue { state in state.tickets.allSatisfy { $0 == nil || $0?.overdue != nil } }
    }

    /// What the runner has answered before its end, on whatever thread: nobody else reads its memory any more.
    func settleAnswers() {
        for loop in 0..<map.loops {
            for _ in 0...answers[loop].most / Self.turn {
                guard receive(loop: loop).mayHaveMore else { break }
            }
        }
    }
}
