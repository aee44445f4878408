// What a batch keeps until it ends: the responses that go back together, and what is reported of its calls.

import HostCaller
import HostCalls
import HostObservation
import NIOCore
import Synchronization

/// The messages of one batch, each of which is dealt with once, on any thread. It ends with its exchange, whether or
/// not all of them are.
public final class OpenBatch: Sendable {
    private struct State {
        var bodies: [[UInt8]?]
        /// Calls that run, by position.
        var calls: [BatchedCall?]
        /// Reports of calls that have ended, in the order in which they did.
        var reports: [CallReport] = []
        var open: Int
        var isOver = false
    }

    private let state: Mutex<State>

    init(count: Int) {
        state = Mutex(
            State(
                bodies: Array(repeating: nil, count: count), calls: Array(repeating: nil, count: count), open: count))
    }

    /// A call is about to run: it is reported even where it never ends.
    func begins(_ position: Int, _ call: BatchedCall) {
        state.withLock { $0.calls[position] = call }
    }

    /// One message is dealt with. Harmless once the batch is over.
    ///
    /// - Parameters:
    ///   - body: `nil` where no response is due.
    ///   - report: where it was a call.
    /// - Returns: all responses in the order of their messages, once this was the last one.
    func settle(_ position: Int, _ body: [UInt8]?, _ report: CallReport?) -> [[UInt8]]? {
        state.withLock { state in
            guard !state.isOver else { return nil }
            state.bodies[position] = body
            state.calls[position] = nil
            if let report { state.reports.append(report) }
            state.open -= 1
            return state.open == 0 ? state.bodies.compactMap { $0 } : nil
        }
    }

    /// The batch is answered, or nobody waits for it any more.
    ///
    /// - Parameters:
    ///   - outcome: of calls that have not ended.
    ///   - reason: of theirs.
    /// - Returns: a report of each call: those that have ended in their order, then the others in that of their
    ///   messages.
    public func end(_ outcome: CallEnding.Outcome, reason: String?) -> [CallReport] {
        let (ended, running) = state.withLock { state in
            defer { (state.isOver, state.bodies, state.calls, state.reports) = (true, [], [], []) }
            return (state.reports, state.calls)
        }
        return ended + running.compactMap { $0?.report(CallEnding(outcome), reason: reason) }
    }
}

/// A call of a batch, for its report.
struct BatchedCall: Sendable {
    /// Under an id of its own.
    let request: MCPRequest
    let address: String?
    let tool: ServedTool?
    let started = NIODeadline.now()
    var traceparent = ""

    init(request: MCPRequest, address: String?, tool: ServedTool?) {
        self.request = request
        self.address = address
        self.tool = tool
    }

    /// It ends now.
    func report(_ ending: CallEnding, reason: String?) -> CallReport {
        CallReport(
            client: request.principal.clientID, subject: request.principal.subject, address: address,
            requestID: request.id, traceparent: traceparent, way: .batch(era: ProtocolVersion.Era.legacy.rawValue),
            tool: tool?.name, pack: tool?.desk.id, ending: ending, reason: reason, status: 0,
            time: NIODeadline.now() - started)
    }
}
