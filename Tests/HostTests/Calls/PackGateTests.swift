// How many workers a pack may occupy: tables of events, and what the gate says to each.

import NIOCore
import Testing

@testable import HostCaller
@testable import HostCalls

@Suite struct PackGateTests {
    enum Event: Sendable {
        /// A call of a tool, by its place in the test's list of calls.
        case admit(Int)
        case left(Int)
        case settled(Int)
        case overran(Int)
        case cameBack(Int)
        case close
    }

    struct Row: Sendable {
        var workers = 2
        var events: [Event]
        /// What each of them says: an admission, the place of a call that may run now, or how many are turned away.
        var said: [String]
    }

    /// Calls 0 to 3 are of a tool without a limit, 4 to 7 of one that runs once at a time.
    @Test(arguments: [
        Row(events: [.admit(0), .admit(1), .admit(2)], said: ["run only", "run", "wait"]),
        Row(
            events: [.admit(0), .admit(1), .admit(2), .left(0), .left(0)], said: ["run only", "run", "wait", "2", "-"]),
        Row(
            events: [.admit(0), .admit(1), .admit(2), .admit(3), .left(0), .left(0), .left(0)],
            said: ["run only", "run", "wait", "wait", "2", "3", "-"]),
        Row(workers: 1, events: [.admit(0), .admit(1), .left(0)], said: ["run only", "wait", "1 only"]),
        Row(events: [.admit(4), .left(4), .admit(5), .settled(4)], said: ["run only", "-", "wait", "5 only"]),
        Row(
            events: [.admit(4), .admit(5), .admit(0), .left(4), .settled(4)],
            said: ["run only", "wait", "run", "-", "5"]),
        Row(events: [.admit(4), .left(4), .settled(4), .admit(5)], said: ["run only", "-", "-", "run only"]),
        Row(
            workers: 1, events: [.admit(0), .admit(1), .overran(0), .admit(2)],
            said: ["run only", "wait", "1 away", "stuck"]),
        Row(
            events: [.admit(0), .admit(1), .admit(2), .overran(0), .admit(3), .overran(0)],
            said: ["run only", "run", "wait", "-", "wait", "2 away"]),
        Row(
            workers: 1, events: [.admit(0), .overran(0), .cameBack(0), .left(0), .admit(1)],
            said: ["run only", "0 away", "unstuck", "-", "run only"]),
        Row(events: [.admit(0), .overran(0), .cameBack(0)], said: ["run only", "-", "-"]),
        Row(
            workers: 1, events: [.admit(0), .admit(1), .close, .admit(2), .left(0)],
            said: ["run only", "wait", "-", "closed", "-"]),
    ])
    func whatTheGateSays(_ row: Row) throws {
        let stage = try Stage(.table)
        let tools = try (stage.tool(.pend), stage.tool(.single))
        let context = CallDetails(requestID: "", principal: Principal(clientID: "", clientIssuer: "", scopes: []))
        let calls = (0..<8).map { index in
            Call(
                id: UInt64(index), tool: index < 4 ? tools.0 : tools.1, context: context, arguments: [],
                deadline: .distantFuture, isInline: false, home: 0, respond: { _ in })
        }
        func told(_ next: PackGate.Next?) -> String {
            next.map { "\($0.call.id)\($0.isOnly ? " only" : "")" } ?? "-"
        }
        var gate = PackGate(workers: row.workers)
        let said = row.events.map { event -> String in
            switch event {
            case .admit(let index):
                switch gate.admit(calls[index]) {
                case .run(let isOnly): isOnly ? "run only" : "run"
                case .wait: "wait"
                case .closed: "closed"
                case .stuck: "stuck"
                }
            case .left(let index): told(gate.left(calls[index]))
            case .settled(let index): told(gate.settled(calls[index]))
            case .overran(let index): gate.overran(calls[index]).map { "\($0.count) away" } ?? "-"
            case .cameBack(let index): gate.cameBack(calls[index]) ? "unstuck" : "-"
            case .close:
                {
                    gate.close()
                    return "-"
                }()
            }
        }
        #expect(said == row.said)
    }
}
