// The deadlines of open calls, for each event loop: nearly all calls are over long before, so calling one off must cost
// nothing that grows with how many there are.

import NIOConcurrencyHelpers
import NIOCore

/// Deadlines of the calls that one event loop has started. Any thread.
///
/// Calls of one timeout stand in one row, in which the earliest comes first by itself; one task of the event loop waits
/// for the earliest of all. A task for each call would be looked for among all tasks of the loop when the call is over,
/// and each connection has one: with 1,024 connections that was a tenth of a call.
final class DeadlineLine: Sendable {
    /// A call's place in the line, given up once.
    struct Place: Sendable {
        fileprivate let line: DeadlineLine
        fileprivate let number: Int32
        fileprivate let turn: UInt32

        /// The deadline does not matter any more.
        func cancel() { line.remove(self) }
    }

    fileprivate struct Node {
        var call: Call?
        var row: Int32
        var next: Int32 = -1
        var previous: Int32 = -1
        /// How often the node was used: a place of an earlier use is none any more.
        var turn: UInt32 = 0
    }

    fileprivate struct Row {
        var first: Int32 = -1
        var last: Int32 = -1
    }

    fileprivate struct State {
        var nodes: [Node] = []
        var free: [Int32] = []
        var rows: [Row] = []
        /// Of the rows by their timeouts, in nanoseconds.
        var numbers: [Int64: Int32] = [:]
        /// The task that waits, and until when.
        var task: (due: NIODeadline, scheduled: Scheduled<Void>)?
    }

    let eventLoop: any EventLoop
    private let state = NIOLockedValueBox(State())

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Has the call's desk told when its deadline passes.
    func insert(_ call: Call) -> Place {
        state.withLockedValue { state in
            let place = state.insert(call)
            if state.task.map({ call.deadline < $0.due }) ?? true { wait(until: call.deadline, &state) }
            return Place(line: self, number: place, turn: state.nodes[Int(place)].turn)
        }
    }

    private func remove(_ place: Place) {
        // The last reference must not go away under the lock.
        let call = state.withLockedValue { state -> Call? in
            guard state.nodes[Int(place.number)].turn == place.turn else { return nil }
            return state.remove(place.number)
        }
        _ = consume call
    }

    private func wait(until due: NIODeadline, _ state: inout State) {
        state.task?.scheduled.cancel()
        state.task = (due, eventLoop.scheduleTask(deadline: due) { self.look() })
    }

    private func look() {
        let now = eventLoop.now
        let late = state.withLockedValue { state in
            state.task = nil
            let late = state.take(until: now)
            if let due = state.earliest { wait(until: due, &state) }
            return late
        }
        for call in late { call.tool.desk.deadlinePassed(call) }
    }
}

extension DeadlineLine.State {
    fileprivate mutating func insert(_ call: Call) -> Int32 {
        let row = row(of: call.tool.timeout.nanoseconds)
        let number: Int32
        if let used = free.popLast() {
            number = used
            nodes[Int(number)].call = call
            nodes[Int(number)].row = row
        } else {
            number = Int32(nodes.count)
            nodes.append(.init(call: call, row: row))
        }
        // Mostly the last one: the clock does not go back, but another thread may have been quicker.
        var before = rows[Int(row)].last
        while before >= 0, let other = nodes[Int(before)].call, other.deadline > call.deadline {
            before = nodes[Int(before)].previous
        }
        let after = before >= 0 ? nodes[Int(before)].next : rows[Int(row)].first
        link(before, number, row)
        link(number, after, row)
        return number
    }

    private mutating func row(of timeout: Int64) -> Int32 {
        if let number = numbers[timeout] { return number }
        let number = Int32(rows.count)
        rows.append(.init())
        numbers[timeout] = number
        return number
    }

    private mutating func link(_ before: Int32, _ after: Int32, _ row: Int32) {
        if before >= 0 { nodes[Int(before)].next = after } else { rows[Int(row)].first = after }
        if after >= 0 { nodes[Int(after)].previous = before } else { rows[Int(row)].last = before }
    }

    fileprivate mutating func remove(_ number: Int32) -> Call? {
        let node = nodes[Int(number)]
        link(node.previous, node.next, node.row)
        nodes[Int(number)].call = nil
        nodes[Int(number)].turn &+= 1
        free.append(number)
        return node.call
    }

    /// Takes out the calls whose deadlines have passed.
    fileprivate mutating func take(until now: NIODeadline) -> [Call] {
        var late: [Call] = []
        for row in rows.indices {
            while rows[row].first >= 0, let call = nodes[Int(rows[row].first)].call, call.deadline <= now {
                late.append(call)
                _ = remove(rows[row].first)
            }
        }
        return late
    }

    fileprivate var earliest: NIODeadline? {
        rows.compactMap { $0.first >= 0 ? nodes[Int($0.first)].call?.deadline : nil }.min()
    }
}
