// A hundred callers while the agents API is killed and started again: nobody hangs, nothing is ordered twice.

import Foundation
import JSON
import Synchronization
import Testing

@Suite("Agents API: a restart under load")
struct AgentsRestartTests {
    private static let deadline = 15

    /// What one caller came to.
    private struct Outcome: Sendable {
        let tool: String
        let talk: String
        let answer: HTTPResponse?
    }

    @Test("A hundred calls in parallel each get an answer or a clear error, and no order is placed twice")
    func hundred() throws {
        let environment = [
            "TOOL_TIMEOUT": "\(Self.deadline)s", "OUTBOUND_CIRCUIT_FAILURES": "20", "OUTBOUND_CIRCUIT_PAUSE": "200ms",
        ]
        try AgentsShop.with(environment) { shop throws in
            _ = try shop.host.token()
            let outcomes = Mutex<[Outcome]>([])
            let group = DispatchGroup()
            // Every effect happens before its answer is on the way: what is lost with the server was done.
            let call: @Sendable (Int) -> Void = { number in
                defer { group.leave() }
                let tool = AgentsShop.tools[number.isMultiple(of: 2) ? 3 : number % 6]
                let talk = "as:wait-\(number % 30 / 10).\(number % 10):caller-\(number)"
                let answer = try? shop.call(tool.name, tool.arguments, in: talk)
                outcomes.withLock { $0.append(Outcome(tool: tool.name, talk: talk, answer: answer)) }
            }
            let callers = { (numbers: Range<Int>) in
                for number in numbers {
                    group.enter()
                    Thread.detachNewThread { call(number) }
                }
            }
            // In the middle of it some were answered and some wait for their answer; the rest comes when nobody
            // listens.
            callers(0..<70)
            #expect(eventually { outcomes.withLock { $0.count } >= 20 })
            shop.server.kill()
            callers(70..<100)
            let again = try AgentsServer(after: shop.server)
            // Longer than any call may take: a call that hangs is told apart from a machine that is slow.
            #expect(group.wait(timeout: .now() + .seconds(4 * Self.deadline)) == .success, "somebody still waits")

            let all = outcomes.withLock { $0 }
            #expect(all.count == 100)
            var tally: [String: Int] = [:]
            var notSent: Set<String> = []
            for outcome in all {
                let answer = try #require(outcome.answer, "\(outcome.talk) got nothing at all")
                if answer.status == 200 {
                    tally["\(outcome.tool) 200", default: 0] += 1
                    continue
                }
                #expect([503, 504].contains(answer.status), "\(outcome.talk): \(answer.text)")
                let detail = try #require(answer.problem?["detail"]?.string, "\(answer.text)")
                #expect(!detail.isEmpty)
                let kind = detail.contains("is not known") ? "outcome open" : "come again"
                if outcome.tool == "checkout", kind == "come again" { notSent.insert(outcome.talk) }
                tally["\(outcome.tool) \(answer.status) \(kind)", default: 0] += 1
            }
            let orders = again.events.filter { $0["event"] == "effect" && $0["action"] == "checkout" }
            let sums = tally.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            print("Of 100 callers: \(sums.joined(separator: ", ")); orders placed: \(orders.count)")
            let byCaller = Dictionary(grouping: orders) { $0["thread"]?.string ?? "" }
            for (talk, orders) in byCaller { #expect(orders.count == 1, "\(talk) ordered \(orders.count) times") }
            for talk in notSent { #expect(byCaller[talk] == nil, "\(talk) was told to come again, and has ordered") }
            for outcome in all where outcome.tool == "checkout" && outcome.answer?.status == 200 {
                #expect(byCaller[outcome.talk]?.count == 1, "\(outcome.talk) was told of an order that there is not")
            }
            // The test is only worth something when the restart did hurt, and when it was survived.
            #expect(all.contains { $0.answer?.status != 200 })
            #expect(all.contains { $0.answer?.status == 200 })
            #expect(eventually { (try? shop.call("view_cart", "{}", in: "after").status) == 200 })
        }
    }
}
