// Several messages in one body, as 2025-03-26 has it: each is dealt with on its own, the responses come back together.

import HostCalls
import HostHTTP
import HostObservation
import JSON
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

    /// Answers when every message is dealt with. The exchange reports the calls when it ends, also where that is
    /// before.
    func run(_ root: JSONNode) {
        let (batch, reply) = (OpenBatch(count: root.count), turn.reply)
        turn.exchange.batch = batch
        for (position, node) in root.elements.enumerated() {
            element(node, at: position, of: batch) { body, report in
                guard let all = batch.settle(position, body, report) else { return }
                reply.answer(all.isEmpty ? Response(status: .accepted) : .json(RPCEnvelope.batch(all)))
            }
        }
    }

    private func element(
        _ node: JSONNode, at position: Int, of batch: OpenBatch, _ settle: @escaping Settle
    ) {
        do {
            let message = try RPCMessage.read(node)
            guard case .request(let id) = message.kind else {
                era.notice(message, in: session)
                return settle(nil, nil)
            }
            var turn = turn
            turn.request = turn.request.element(position)
            let question = turn.asks(id, .legacy, in: session)
            answer(message, question, { batch.begins(position, $0) }, settle)
        } catch {
            settle(error.error.body(id: error.id), nil)
        }
    }

    /// - Parameter begins: told of a call that is about to run.
    private func answer(
        _ message: RPCMessage, _ question: Question, _ begins: (BatchedCall) -> Void, _ settle: @escaping Settle
    ) {
        func succeed(_ result: [UInt8]) { settle(RPCEnvelope.response(id: question.id, result: result), nil) }
        do throws(RPCError) {
            switch try LegacyCodec.demand(message) {
            case .initialize: throw RPCError(.invalidRequest, "initialize stands alone.")
            case .ping: succeed(RPCEnvelope.emptyResult)
            case .list(let cursor): succeed(try question.page(cursor))
            case .emptyList(let list): succeed(list.result)
            case .call(let demand): call(demand, question, begins, settle)
            }
        } catch {
            let call = message.method == MCPMethod.call ? batchedCall(of: nil, question) : nil
            settle(error.body(id: question.id), call?.report(CallEnding(.unfit), reason: error.code.label))
        }
    }

    private func call(
        _ demand: CallDemand, _ question: Question, _ begins: (BatchedCall) -> Void, _ settle: @escaping Settle
    ) {
        let request = question.request
        let tool = request.edition.snapshot.tool(named: demand.name)
        var call = batchedCall(of: tool, question)
        do {
            let prepared = try PreparedCall(demand, of: tool, question, era.door, inHead: false)
            call.traceparent = prepared.context.traceparent
            begins(call)
            _ = era.calls.run(prepared, question) { [call] ending in
                settle(ending.body, call.report(ending.report ?? CallEnding(.failed), reason: ending.reason))
            }
        } catch {
            call.traceparent = error.traceparent
            let ending = era.calls.ending(of: error, question)
            settle(ending.body, call.report(ending.report ?? CallEnding(.failed), reason: ending.reason))
        }
    }

    /// - Parameter tool: `nil` where nobody knows which one was meant.
    private func batchedCall(of tool: ServedTool?, _ question: Question) -> BatchedCall {
        BatchedCall(request: question.request, address: question.turn.exchange.client, tool: tool)
    }
}
