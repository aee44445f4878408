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

    /// Called once with the response, where one is due.
    private typealias Settle = @Sendable ([UInt8]?) -> Void

    let turn: Turn
    let session: MCPSession
    let era: LegacyEra

    /// Answers when every message is dealt with.
    func run(_ root: JSONNode) {
        let (responses, reply) = (BatchResponses(count: root.count), turn.reply)
        for (position, node) in root.elements.enumerated() {
            element(node, at: position) { body in
                guard let all = responses.settle(position, body) else { return }
                reply.answer(all.isEmpty ? Response(status: .accepted) : .json(RPCEnvelope.batch(all)))
            }
        }
    }

    private func element(_ node: JSONNode, at position: Int, _ settle: @escaping Settle) {
        do {
            let message = try RPCMessage.read(node)
            guard case .request(let id) = message.kind else {
                era.notice(message, in: session)
                return settle(nil)
            }
            var turn = turn
            turn.request = turn.request.element(position)
            answer(message, turn.asks(id, .legacy, in: session), settle)
        } catch {
            settle(error.error.body(id: error.id))
        }
    }

    private func answer(_ message: RPCMessage, _ question: Question, _ settle: @escaping Settle) {
        func succeed(_ result: [UInt8]) { settle(RPCEnvelope.response(id: question.id, result: result)) }
        do throws(RPCError) {
            switch try LegacyCodec.demand(message) {
            case .initialize: throw RPCError(.invalidRequest, "initialize stands alone.")
            case .ping: succeed(RPCEnvelope.emptyResult)
            case .list(let cursor): succeed(try era.door.page(cursor, for: question))
            case .emptyList(let list): succeed(list.result)
            case .call(let demand): call(demand, question, settle)
            }
        } catch {
            settle(error.body(id: question.id))
        }
    }

    private func call(_ demand: CallDemand, _ question: Question, _ settle: @escaping Settle) {
        var call = BatchedCall(request: question.request)
        call.tool = question.request.edition.snapshot.tool(named: demand.name)
        let (log, address) = (era.log, question.turn.exchange.client)
        do {
            let prepared = try PreparedCall(demand, of: call.tool, question, era.door, inHead: false)
            call.traceparent = prepared.context.traceparent
            _ = era.calls.run(prepared, question) { [call] ending in
                log.ended(call.ended(ending.reason), address: address)
                settle(ending.body)
            }
        } catch {
            let ending = era.calls.ending(of: error, question)
            log.ended(call.ended(ending.reason), address: address)
            settle(ending.body)
        }
    }
}

/// A call of a batch, for the log.
struct BatchedCall: Sendable {
    /// Under an id of its own.
    let request: MCPRequest
    let started = NIODeadline.now()
    var tool: ServedTool?
    var traceparent = ""
    /// Why it failed; `nil` when it did not.
    var reason: String?

    init(request: MCPRequest) {
        self.request = request
    }

    func ended(_ reason: String?) -> BatchedCall {
        var copy = self
        copy.reason = reason
        return copy
    }
}

/// The responses of a batch, until the last one is there.
final class BatchResponses: Sendable {
    private struct State {
        var bodies: [[UInt8]?]
        var open: Int
    }

    private let state: Mutex<State>

    init(count: Int) {
        state = Mutex(State(bodies: Array(repeating: nil, count: count), open: count))
    }

    /// One message is dealt with. Any thread.
    ///
    /// - Parameter body: `nil` where no response is due.
    /// - Returns: all responses in the order of their messages, once this was the last one.
    func settle(_ position: Int, _ body: [UInt8]?) -> [[UInt8]]? {
        state.withLock { state in
            state.bodies[position] = body
            state.open -= 1
            return state.open == 0 ? state.bodies.compactMap { $0 } : nil
        }
    }
}
