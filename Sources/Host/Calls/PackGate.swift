// How many calls one pack may have inside at once, decided in a value.

import DequeModule

/// Counts a pack's calls on workers and queues what is too much at once. Calls of tools that promise never to block
/// (``ServedTool/isBrief``) stand in a line of their own: no other call keeps them from a worker.
struct PackGate: Sendable {
    enum Admission: Sendable, Equatable {
        /// Give it to a worker now; `isOnly`: no other call of the pack runs.
        case run(isOnly: Bool)
        /// It waits for a place.
        case wait
        /// No further call is let in.
        case closed
        /// Every place is kept by a call beyond its deadline: there is nothing to wait for.
        case stuck
    }

    /// Most calls inside `invoke` at the same time.
    let workers: Int
    private(set) var invoking = 0
    /// Most brief calls inside at the same time.
    static let briefPlaces = 128
    private var briefInside = 0
    /// How many of them are there beyond their deadline.
    private var overdue = 0
    /// No further call is let in.
    private(set) var isClosed = false
    private var waiting: Deque<Call> = []
    private var briefWaiting: Deque<Call> = []
    private var running: [String: Int] = [:]

    init(workers: Int) {
        self.workers = workers
    }

    mutating func admit(_ call: Call) -> Admission {
        guard !isClosed else { return .closed }
        if call.tool.isBrief {
            guard briefInside < Self.briefPlaces else {
                briefWaiting.append(call)
                return .wait
            }
            briefInside += 1
            return .run(isOnly: false)
        }
        if canRun(call) {
            occupy(call)
            return .run(isOnly: invoking == 1)
        }
        guard !isStuck else { return .stuck }
        waiting.append(call)
        return .wait
    }

    /// From now on nothing enters the pack, not even what waits.
    mutating func close() {
        isClosed = true
    }

    /// Whether some worker may be inside the pack.
    var isOccupied: Bool { invoking > 0 || briefInside > 0 }

    /// Whether every place is kept by a call beyond its deadline.
    var isStuck: Bool { overdue >= workers }

    /// A call is inside `invoke` beyond its deadline.
    ///
    /// - Returns: where it has the last place, the calls that waited and are forgotten now.
    mutating func overran(_ call: Call) -> [Call]? {
        guard !call.tool.isBrief else { return nil }
        overdue += 1
        guard overdue == workers else { return nil }
        defer { waiting.removeAll() }
        return Array(waiting)
    }

    /// A call that was inside `invoke` beyond its deadline is about to leave.
    ///
    /// - Returns: whether there was no other place.
    mutating func cameBack(_ call: Call) -> Bool {
        guard !call.tool.isBrief else { return false }
        defer { overdue -= 1 }
        return isStuck
    }

    /// A call that waited and may run now.
    struct Next {
        var call: Call
        var isOnly: Bool
    }

    /// `invoke` came back. Returns a call that may run now.
    mutating func left(_ call: Call) -> Next? {
        if call.tool.isBrief {
            briefInside -= 1
            guard !isClosed, let call = briefWaiting.popFirst() else { return nil }
            briefInside += 1
            return Next(call: call, isOnly: false)
        }
        invoking -= 1
        return next()
    }

    /// The pack is done with a call. Returns a call that may run now.
    mutating func settled(_ call: Call) -> Next? {
        guard !call.tool.isBrief else { return nil }
        if call.tool.maxConcurrency > 0 { running[call.tool.name, default: 1] -= 1 }
        return next()
    }

    private func canRun(_ call: Call) -> Bool {
        let limit = call.tool.maxConcurrency
        return invoking < workers && (limit == 0 || running[call.tool.name, default: 0] < limit)
    }

    private mutating func occupy(_ call: Call) {
        invoking += 1
        if call.tool.maxConcurrency > 0 { running[call.tool.name, default: 0] += 1 }
    }

    private mutating func next() -> Next? {
        guard !isClosed, invoking < workers, let index = waiting.firstIndex(where: canRun) else { return nil }
        let call = waiting.remove(at: index)
        occupy(call)
        return Next(call: call, isOnly: invoking == 1)
    }
}
