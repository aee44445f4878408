// The deadlines of open calls: each is told of once, in time, and not after it was called off.

import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import HostCaller
@testable import HostCalls

@Suite struct DeadlineLineTests {
    /// What happens to a call, by its place in the test's list.
    enum Event: Sendable {
        case insert(Int)
        case cancel(Int)
        /// So many milliseconds after the begin.
        case time(Int64)
    }

    /// A call's deadline, in milliseconds after the begin, and which tool it is of.
    struct Planned: Sendable {
        var deadline: Int64
        var tool = 0
    }

    struct Row: Sendable {
        var calls: [Planned]
        var events: [Event]
        /// The calls that are over at the end of the events, because their deadlines had passed.
        var late: Set<Int>
    }

    @Test(arguments: [
        Row(calls: [.init(deadline: 5)], events: [.insert(0), .time(4)], late: []),
        Row(calls: [.init(deadline: 5)], events: [.insert(0), .time(5)], late: [0]),
        Row(calls: [.init(deadline: 5)], events: [.insert(0), .cancel(0), .time(9)], late: []),
        Row(calls: [.init(deadline: 5)], events: [.insert(0), .time(6), .cancel(0), .cancel(0), .time(9)], late: [0]),
        Row(
            calls: [.init(deadline: 5), .init(deadline: 7), .init(deadline: 9)],
            events: [.insert(0), .insert(1), .insert(2), .cancel(1), .time(8)], late: [0]),
        // The first one is called off, the task waits for it all the same, and then for the next.
        Row(
            calls: [.init(deadline: 5), .init(deadline: 50)],
            events: [.insert(0), .cancel(0), .insert(1), .time(49)], late: []),
        Row(
            calls: [.init(deadline: 5), .init(deadline: 50)],
            events: [.insert(0), .cancel(0), .insert(1), .time(6), .time(50)], late: [1]),
        // Another tool's timeout is shorter.
        Row(
            calls: [.init(deadline: 50), .init(deadline: 5, tool: 1), .init(deadline: 20, tool: 1)],
            events: [.insert(0), .insert(1), .insert(2), .time(20)], late: [1, 2]),
        // Not in the order of their deadlines.
        Row(
            calls: [.init(deadline: 9), .init(deadline: 3), .init(deadline: 6)],
            events: [.insert(0), .insert(1), .insert(2), .time(6)], late: [1, 2]),
        // A place that was used before.
        Row(
            calls: [.init(deadline: 5), .init(deadline: 9), .init(deadline: 12)],
            events: [.insert(0), .insert(1), .cancel(0), .insert(2), .cancel(0), .time(12)], late: [1, 2]),
    ])
    func whoIsLate(_ row: Row) throws {
        let loop = EmbeddedEventLoop()
        let line = DeadlineLine(loop)
        let stage = try Stage(.table)
        let tools = try [stage.tool(.pend), stage.tool(.pend, timeout: .seconds(1))]
        let context = CallDetails(requestID: "", principal: Principal(clientID: "", clientIssuer: "", scopes: []))
        let late = Mutex<[Int]>([])
        let calls = row.calls.enumerated().map { index, planned in
            Call(
                id: UInt64(index + 1), tool: tools[planned.tool], context: context, arguments: [],
                deadline: .uptimeNanoseconds(0) + .milliseconds(planned.deadline), isInline: false, home: 0,
                respond: { _ in late.withLock { $0.append(index) } })
        }
        var places: [Int: DeadlineLine.Place] = [:]
        for event in row.events {
            switch event {
            case .insert(let index): places[index] = line.insert(calls[index])
            case .cancel(let index): places[index]?.cancel()
            case .time(let milliseconds): loop.advanceTime(to: .uptimeNanoseconds(0) + .milliseconds(milliseconds))
            }
        }
        #expect(late.withLock { $0.sorted() } == row.late.sorted())
        for place in places.values { place.cancel() }
    }
}
