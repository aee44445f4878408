// Several messages in one body, as 2025-03-26 has it: each is dealt with on its own, the responses come back together.

import JSONSchema
import NIOCore
import NIOHTTP1
import Synchronization

/// A batch within a session (JSON-RPC 2.0 section 6).
struct MCPBatch {
    /// The most messages in one body: each may be a call.
    static let limit = 32

    static let notTaken = RPCError(
        .invalidRequest, "The body must be one message; only revision 2025-03-26 takes several at once.")
    static let wrongSize = RPCError(.invalidRequest, "A batch has 1 to \(limit) messages.")

    /// Called once with the response, where one is due, and with the report of a call.
    private typealias Settle = @Sendable ([UInt8]?, CallReport?) -> Void

    let turn: Turn
    let session: MCPSession
    let era: LegacyEra

    /// Answers when every message is dealt with.
    func run(_ root: JSONNode) {
        let (responses, reply, observers) = (BatchResponses(count: root.count), turn.reply, era.observers)
        for (position, node) in root.elements.enumerated() {
            element(node, at: position) { body, report in
                guard let (all, reports) = responses.settle(position, body, report) else { return }
                let response = all.isEmpty ? Response(status: .accepted) : .json(RPCEnvelope.batch(all))
                reply.onLoop {
                    reply.answer(response)
                    for report in reports { observers.ended(report) }
                }
            }
        }
    }

    private func element(_ node: JSONNode, at position: Int, _ settle: @escaping Settle) {
        do {
            let message = try RPCMessage.read(node)
            guard case .request(let id) = message.kind else {
                era.notice(message, in: session)
                return settle(nil, nil)
            }
            var turn = turn
            turn.request = turn.request.element(position)
            answer(message, turn.asks(id, .legacy, in: session), settle)
        } catch {
            settle(error.error.body(id: error.id), nil)
        }
    }

    private func answer(_ message: RPCMessage, _ question: Question, _ settle: @escaping Settle) {
        func succeed(_ result: [UInt8]) { settle(RPCEnvelope.response(id: question.id, result: result), nil) }
        do throws(RPCError) {
            switch try LegacyCodec.demand(message) {
            case .initialize: throw RPCError(.invalidRequest, "initialize stands alone.")
            case .ping: succeed(RPCEnvelope.emptyResult)
            case .list(let cursor): succeed(try question.page(cursor))
            case .emptyList(let list): succeed(list.result)
            case .call(let demand): call(demand, question, settle)
            }
        } catch {
            settle(error.body(id: question.id), nil)
        }
    }

    private func call(_ demand: CallDemand, _ question: Question, _ settle: @escaping Settle) {
        let request = question.request
        let tool = request.edition.snapshot.tool(named: demand.name)
        var call = BatchedCall(request: request, address: question.turn.exchange.client, tool: tool)
        do {
            let prepared = try PreparedCall(demand, of: tool, question, era.door, inHead: false)
            call.traceparent = prepared.context.traceparent
            _ = era.calls.run(prepared, question) { [call] ending in
                settle(ending.body, call.report(ending))
            }
        } catch {
            call.traceparent = error.traceparent
            let ending = era.calls.ending(of: error, question)
            settle(ending.body, call.report(ending))
        }
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
    func report(_ ending: ProgressQueue.Ending) -> CallReport {
        CallReport(
            client: request.principal.clientID, subject: request.principal.subject, address: address,
            requestID: request.id, traceparent: traceparent, way: .batch(era: ProtocolVersion.Era.legacy.rawValue),
            tool: tool?.name, pack: tool?.desk.id, ending: ending.report ?? CallEnding(.failed),
            reason: ending.reason, status: 0, time: NIODeadline.now() - started)
    }
}

/// The responses of a batch, until the last one is there.
final class BatchResponses: Sendable {
    private struct State {
        var bodies: [[UInt8]?]
        /// Of calls, in the order in which they ended.
        var reports: [CallReport] = []
        var open: Int
    }

    private let state: Mutex<State>

    init(count: Int) {
        state = Mutex(State(bodies: Array(repeating: nil, count: count), open: count))
    }

    /// One message is dealt with. Any thread.
    ///
    /// - Parameters:
    ///   - body: `nil` where no response is due.
    ///   - report: where it was a call.
    /// - Returns: all responses in the order of their messages, and all reports, once this was the last one.
    func settle(
        _ position: Int, _ body: [UInt8]?, _ report: CallReport?
    ) -> (bodies: [[UInt8]], reports: [CallReport])? {
        state.withLock { state in
            state.bodies[position] = body
            if let report { state.reports.append(report) }
            state.open -= 1
            return state.open == 0 ? (state.bodies.compactMap { $0 }, state.reports) : nil
        }
    }
}
