// A customer who orders again and again and outlives the hosts that serve it.

import JSON
import Synchronization

/// What shoppers were told, for the final reckoning.
final class OrderLedger: Sendable {
    private struct State {
        var orders: [String: String] = [:]
        var surprises: [String] = []
    }

    private let state = Mutex(State())

    /// Order ids by idempotency key.
    var orders: [String: String] { state.withLock { $0.orders } }
    /// Answers that should not have been.
    var surprises: [String] { state.withLock { $0.surprises } }

    func acknowledge(_ key: String, order: String) {
        state.withLock { state in
            if let before = state.orders.updateValue(order, forKey: key), before != order {
                state.surprises.append("\(key) became \(before) and \(order)")
            }
        }
    }

    func surprise(_ text: String) { state.withLock { $0.surprises.append(text) } }
}

/// Fills a cart and checks out with an idempotency key. A checkout without an answer is sent again, with the same key.
final class OrderingShopper: Sendable {
    private struct State {
        var hasPaymentMethod = false
        var count = 0
        /// A checkout that was sent and not answered.
        var open: (key: String, body: String)?
    }

    private struct Refused: Error {}

    private let name: String
    private let ledger: OrderLedger
    private let expected: Set<String>
    private let state = Mutex(State())

    /// - Parameter expected: codes of failures after which it simply goes on.
    init(_ name: String, _ ledger: OrderLedger, expected: Set<String> = []) {
        self.name = name
        self.ledger = ledger
        self.expected = expected
    }

    /// Orders until the host is gone.
    func shop(at host: RunningHost) {
        do {
            while true {
                try settle(at: host)
                try order(at: host)
            }
        } catch {}  // the host was killed, or gave a surprise that is noted
    }

    /// Orders until it is over, whatever becomes of single calls, and settles what is open then.
    func shop(at host: RunningHost, until isOver: () -> Bool) {
        while !isOver() {
            do {
                try settle(at: host)
                try order(at: host)
            } catch {}  // as expected, or a surprise that is noted
        }
        let isSettled = eventually {
            try? settle(at: host)
            return state.withLock { $0.open == nil }
        }
        if !isSettled { ledger.surprise("\(name) cannot settle its last order") }
    }

    /// Sends the open checkout again, if there is one.
    func settle(at host: RunningHost) throws {
        guard let open = state.withLock({ $0.open }) else { return }
        let answer = try call(host, "checkout", open.body, key: open.key)
        guard let order = answer["orderId"]?.string else { return ledger.surprise("no order id: \(answer)") }
        ledger.acknowledge(open.key, order: order)
        state.withLock { $0.open = nil }
    }

    private func order(at host: RunningHost) throws {
        if !state.withLock({ $0.hasPaymentMethod }) {
            _ = try call(host, "add_payment_method", #"{"type":"credit_card"}"#)
            state.withLock { $0.hasPaymentMethod = true }
        }
        _ = try call(host, "add_to_cart", #"{"productCode":"kill-001","quantity":2}"#)
        let cart = try call(host, "view_cart", "{}")
        let body = JSONValue.object(["cartSummary": cart["summary"] ?? nil]).description
        state.withLock { state in
            state.count += 1
            state.open = ("\(name)-\(state.count)", body)
        }
        try settle(at: host)
    }

    private func call(_ host: RunningHost, _ tool: String, _ body: String, key: String? = nil) throws -> JSONValue {
        var fields = ["openai-ephemeral-user-id": name]
        if let key { fields["Idempotency-Key"] = "\"\(key)\"" }
        let answer = try host.call(tool, body, fields)
        guard answer.status == 200, let json = answer.json else {
            if let code = answer.problem?["code"]?.string, expected.contains(code) { throw Refused() }
            ledger.surprise("\(tool): \(answer.status) \(answer.text)")
            throw Refused()
        }
        return json
    }
}
