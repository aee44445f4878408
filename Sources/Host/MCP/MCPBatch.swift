// Several messages in one body, as 2025-03-26 has it: each is dealt with on its own, the responses come back together.

import JSONSchema
import NIOCore
import NIOHTTP1
import Synchronization

/// A batch within a session (JSON-RPC 2.0 section 6).
struct MCPBatch: Sendable {
    /// The most messages in one body: each may be a call.
    static let limit = 32

    static let notTaken = RPCError(
        .invalidRequest, "The body must be one message; only revision 2025-03-26 takes several at once.")
    static let wrongSize = RPCError(.invalidRequest, "A batch has 1 to \(limit) messages.")

    let request: MCPRequest
    /// The client's, seen through trusted proxies.
    let address: String?
    let session: MCPSession
    let calls: ToolCalls
    /// The `result` of `tools/list`.
    let page: @Sendable (_ cursor: String?) throws(RPCError) -> [UInt8]

    /// - Parameters:
    ///   - ended: called once for each call, on any thread.
    ///   - answer: called once, when every message is dealt with.
    func run(
        _ root: JSONNode, on eventLoop: any EventLoop, ended: @escaping @Sendable (BatchedCall) -> Void,
        answer: @escaping @Sendable (Response) -> Void
    ) {
        let responses = BatchResponses(count: root.count)
        for (position, node) in root.elements.enumerated() {
            let request = MCPRequest(
                edition: request.edition, principal: request.principal, fields: request.fields,
                id: "\(request.id).\(position + 1)",
                endpoint: request.endpoint)
            element(node, request, on: eventLoop, ended) { body in
                guard let all = responses.settle(position, body) else { return }
                answer(all.isEmpty ? Response(status: .accepted) : .json(RPCEnvelope.batch(all)))
            }
        }
    }

    /// - Parameter settle: called once, with the response where one is due.
    private func element(
        _ node: JSONNode, _ request: MCPRequest, on eventLoop: any EventLoop,
        _ ended: @escaping @Sendable (BatchedCall) -> Void, _ settle: @escaping @Sendable ([UInt8]?) -> Void
    ) {
        let message: RPCMessage
        do {
            message = try RPCMessage.read(node)
        } catch {
            return settle(error.error.body(id: error.id))
        }
        do throws(RPCError) {
            let demand = try LegacyCodec.demand(message)
            if case .cancel(let id) = demand {
                calls.open.cancel(CancellableCalls.Key(session: session, request: id))
            }
            guard let id = message.id else { return settle(nil) }
            switch demand {
            case .ping:
                settle(RPCEnvelope.response(id: id, result: RPCEnvelope.emptyResult))
            case .list(let cursor):
                settle(RPCEnvelope.response(id: id, result: try page(cursor)))
            case .emptyList(let list):
                settle(RPCEnvelope.response(id: id, result: list.result))
            case .call(let demand):
                var log = BatchedCall(request: request)
                log.tool = request.edition.snapshot.tool(named: demand.name)
                call(demand, id, log, on: eventLoop, ended, settle)
            case .initialize:
                throw RPCError(.invalidRequest, "initialize stands alone.")
            case .discover, .listen, .cancel, .nothing:
                throw RPCError.unknownMethod(message.method, .legacy)
            }
        } catch {
            settle(message.id.map { error.body(id: $0) })
        }
    }

    private func call(
        _ demand: CallDemand, _ id: RPCID, _ log: BatchedCall, on eventLoop: any EventLoop,
        _ ended: @escaping @Sendable (BatchedCall) -> Void, _ settle: @escaping @Sendable ([UInt8]?) -> Void
    ) {
        do {
            let call = try calls.prepare(demand, of: log.tool, log.request, from: address, .legacy, inHead: false)
            var log = log
            log.traceparent = call.context.traceparent
            _ = calls.run(call, id: id, .legacy, session: session, on: eventLoop) { [log] ending in
                ended(log.ended(ending.reason))
                settle(ending.body)
            }
        } catch {
            switch error {
            case .error(let error):
                ended(log.ended(error.code.label))
                settle(error.body(id: id))
            case .unmade(let problem):
                let ending = calls.unmade(problem, id: id, .legacy, of: log.request)
                ended(log.ended(ending.reason))
                settle(ending.body)
            case .refused(let objection, _):
                ended(log.ended(objection.reason))
                settle(request.edition.refusals.error(objection).body(id: id))
            }
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
