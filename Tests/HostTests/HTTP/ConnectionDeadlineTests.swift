// What a connection waits for: until when, and how rarely a task has to be scheduled for it.

import NIOCore
import Testing

@testable import HostApp
@testable import HostHTTP

@Suite struct ConnectionDeadlineTests {
    enum Event: Sendable {
        case wait(ConnectionDeadline.Wait, at: Int64)
        case hurry(ConnectionDeadline.Wait, at: Int64)
        case fired(at: Int64)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var events: [Event]
        /// With times in seconds.
        var orders: [String]

        var testDescription: String { name }
    }

    /// Four times that cannot be mistaken for each other.
    private static func deadline() throws -> ConnectionDeadline {
        let times = [
            "HTTP_HEADER_TIMEOUT": "10s", "HTTP_BODY_TIMEOUT": "20s", "HTTP_IDLE_TIMEOUT": "60s",
            "HTTP_WRITE_TIMEOUT": "30s", "PUBLIC_URL": "https://a.example",
        ]
        let settings = try Settings(
            source: SettingsSource(environment: times, file: [:]), workingDirectory: "/srv")
        return ConnectionDeadline(settings.http)
    }

    private static func order(_ event: Event, _ deadline: inout ConnectionDeadline) -> String {
        func time(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .seconds(seconds) }
        func text(_ time: NIODeadline) -> String { "\(time.uptimeNanoseconds / 1_000_000_000)" }
        func text(_ order: ConnectionDeadline.Order) -> String {
            switch order {
            case .nothing: "nothing"
            case .schedule(let time): "schedule \(text(time))"
            case .replace(let time): "replace \(text(time))"
            }
        }
        switch event {
        case .wait(let wait, let now): return text(deadline.wait(for: wait, isHurried: false, now: time(now)))
        case .hurry(let wait, let now): return text(deadline.wait(for: wait, isHurried: true, now: time(now)))
        case .fired(let now):
            switch deadline.fired(now: time(now)) {
            case .nothing: return "nothing"
            case .early(let time): return "early \(text(time))"
            case .over: return "over"
            }
        }
    }

    @Test(arguments: rows) func eventsLeadToOrders(row: Row) throws {
        var deadline = try Self.deadline()
        #expect(row.events.map { Self.order($0, &deadline) } == row.orders)
    }

    static let rows = [
        Row(name: "no head in time", events: [.wait(.head, at: 0), .fired(at: 10)], orders: ["schedule 10", "over"]),
        Row(
            name: "each wait has its time", events: [.wait(.taking, at: 0), .wait(.sign, at: 0), .wait(.rest, at: 0)],
            orders: ["schedule 30", "replace 15", "replace 2"]),
        Row(
            name: "a busy connection schedules once",
            events: [
                .wait(.request, at: 0), .wait(.nothing, at: 1), .wait(.request, at: 2), .wait(.request, at: 3),
            ], orders: ["schedule 60", "nothing", "nothing", "nothing"]),
        Row(
            name: "a task that is too early looks again",
            events: [.wait(.request, at: 0), .wait(.request, at: 40), .fired(at: 60), .fired(at: 100)],
            orders: ["schedule 60", "nothing", "early 100", "over"]),
        Row(
            name: "one that would look too late is replaced",
            events: [.wait(.request, at: 0), .wait(.body, at: 1), .fired(at: 21)],
            orders: ["schedule 60", "replace 21", "over"]),
        Row(
            name: "while nothing is waited for, a task finds nothing and is gone",
            events: [.wait(.head, at: 0), .wait(.nothing, at: 1), .fired(at: 10), .wait(.request, at: 11)],
            orders: ["schedule 10", "nothing", "nothing", "schedule 71"]),
        Row(
            name: "who has to hurry has three seconds to send something",
            events: [
                .hurry(.head, at: 0), .hurry(.body, at: 0), .hurry(.taking, at: 0), .hurry(.arrival, at: 0),
            ], orders: ["schedule 3", "nothing", "nothing", "nothing"]),
        Row(
            name: "what is hurried later is not waited for as long as before",
            events: [.wait(.body, at: 0), .hurry(.body, at: 1), .fired(at: 4)],
            orders: ["schedule 20", "replace 4", "over"]),
        Row(
            name: "a time that has come is over at that very moment, and not before",
            events: [.wait(.arrival, at: 0), .fired(at: 2), .fired(at: 3)],
            orders: ["schedule 3", "early 3", "over"]),
    ]
}
