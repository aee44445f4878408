// `tools/call` on the way to the one pipeline that REST uses, too: what to call, for whom, and what its ending reads like.

import JSONSchema
import NIOCore
import NIOHTTP1

/// A call that is allowed and whose arguments fit.
struct PreparedCall: Sendable {
    var tool: ServedTool
    var arguments: [UInt8]
    var context: CallContext
    /// What it was prepared in, which writes its result too.
    var edition: MCPEdition
    /// Path of the endpoint as the client asked for it.
    var endpoint: String
}

/// Why a call is not made.
enum CallObjection: Error {
    /// The request makes no sense.
    case error(RPCError)
    /// This caller may not call this tool.
    case refused(Objection, ServedTool)
    /// The model may do better: it chose arguments that do not fit, or it is too early.
    case unmade(Problem)
}

/// Prepares calls and runs them. A class, since every open call refers to it.
final class ToolCalls: Sendable {
    let open = CancellableCalls()
    private let pipeline: CallPipeline
    private let door: Door
    private let resultLimit: ResultLimit

    init(pipeline: CallPipeline, door: Door, resultLimit: ResultLimit) {
        self.pipeline = pipeline
        self.door = door
        self.resultLimit = resultLimit
    }

    // MARK: Preparing

    /// - Parameters:
    ///   - tool: the one of the name that is called; `nil` where there is none.
    ///   - address: the client's, seen through trusted proxies.
    ///   - inHead: whether the head speaks for this one call, as it cannot for a batch.
    func prepare(
        _ demand: CallDemand, of tool: ServedTool?, _ request: MCPRequest, from address: String?,
        _ era: ProtocolVersion.Era, inHead: Bool = true
    ) throws(CallObjection) -> PreparedCall {
        guard let tool else {
            let question = request.edition.snapshot.question(about: demand.name, for: request.principal, door)
            throw .error(
                RPCError(
                    .invalidParams,
                    "Unknown tool: \(demand.name.prefix(64)). "
                        + (question.isEmpty ? "tools/list names the tools there are." : question)))
        }
        do {
            try door.call(
                tool.name, of: tool.descriptor.packID, scopes: tool.descriptor.scopes, by: request.principal,
                from: address)
        } catch {
            if case .notNow(let notNow) = error { throw .unmade(Problem(inResult: notNow)) }
            throw .refused(error, tool)
        }
        do {
            if era == .modern {
                for parameter in request.edition.catalogue.headerParameters(of: tool.name) {
                    try parameter.check(demand.arguments.node, request.fields.parameters)
                }
            }
            let context = try context(demand, request, inHead: inHead)
            return PreparedCall(
                tool: tool, arguments: try arguments(demand, tool), context: context,
                edition: request.edition, endpoint: request.endpoint)
        } catch let error as RPCError {
            throw .error(error)
        } catch let error as CallPipeline.ArgumentsError {
            throw .unmade(Problem(error))
        } catch {
            throw .error(RPCError(.internalError, "The request could not be read."))
        }
    }

    private func arguments(
        _ demand: CallDemand, _ tool: ServedTool
    ) throws(CallPipeline.ArgumentsError) -> [UInt8] {
        switch demand.arguments {
        case .none:
            return try CallPipeline.check(CallPipeline.noArguments, for: tool)
        case .node(let node):
            return try CallPipeline.check(node, for: tool)
        case .text(let text, let fits):
            return fits ? text : try CallPipeline.check(text, for: tool)
        }
    }

    private func context(
        _ demand: CallDemand, _ request: MCPRequest, inHead: Bool
    ) throws(RPCError) -> CallContext {
        let fields = request.fields.common
        func text(_ field: String?, _ key: RequestMeta.Key) -> String? {
            ToolEndpoint.plainText(inHead ? field : nil) ?? ToolEndpoint.plainText(demand.meta?[key]?.string)
        }
        return CallContext(
            requestID: request.id, principal: request.principal,
            ephemeralUser: text(fields.first(.ephemeralUser), .openAISubject),
            conversationID: text(fields.first(.conversationID), .openAISession) ?? "",
            idempotencyKey: try idempotencyKey(demand, inHead ? fields[.idempotencyKey] : []),
            traceparent: text(fields.first(.traceparent), .traceparent) ?? "",
            userToken: CallContext.verifiedUserToken(fields[.userToken], of: request.principal))
    }

    /// From the head or from the message; both may name it when they agree.
    private func idempotencyKey(_ demand: CallDemand, _ fields: [String]) throws(RPCError) -> String {
        let inMessage = demand.meta?[.idempotencyKey]
        if inMessage == nil, fields.isEmpty { return "" }
        var keys = fields
        if let node = inMessage {
            guard let key = node.string else {
                throw RPCError(.invalidParams, "\(MetaKey.idempotencyKey) must be a string.")
            }
            keys.append(key)
        }
        let read = keys.map { ToolEndpoint.idempotencyKey($0) }
        guard let first = read.first else { return "" }
        guard let key = first, !read.contains(nil) else {
            throw RPCError(
                .invalidParams,
                "Idempotency-Key, and \(MetaKey.idempotencyKey) in _meta, must be a string of 1 to 255 printable "
                    + "characters.")
        }
        guard read.allSatisfy({ $0 == key }) else {
            throw RPCError(
                .invalidParams,
                "Idempotency-Key and \(MetaKey.idempotencyKey) in _meta differ, and a call has one key: send one of "
                    + "them, or the same in both.")
        }
        return key
    }

    // MARK: Running

    /// - Parameters:
    ///   - session: whose cancellations the call obeys; `nil` where there is none.
    ///   - ended: called once, on any thread, perhaps before this returns.
    /// - Returns: the call, to be abandoned when nobody waits for it any more; `nil` when it did not start.
    func run(
        _ call: PreparedCall, id: RPCID, _ era: ProtocolVersion.Era, session: MCPSession?, on eventLoop: any EventLoop,
        ended: @escaping @Sendable (ProgressQueue.Ending) -> Void
    ) -> Call? {
        let key = session.map { CancellableCalls.Key(session: $0, request: id) }
        if let key, !open.open(key) {
            let error = RPCError(.invalidRequest, "This session has an open request with this id.")
            ended(ProgressQueue.Ending(body: error.body(id: id), reason: error.code.label))
            return nil
        }
        let (requestID, edition, endpoint) = (call.context.requestID, call.edition, call.endpoint)
        let started = pipeline.start(call.tool, arguments: call.arguments, context: call.context, on: eventLoop) {
            end in
            if let key, self.open.close(key) {
                ended(ProgressQueue.Ending(body: nil, reason: "cancelled"))
            } else {
                ended(self.ending(end.outcome, id: id, era, edition, requestID: requestID, endpoint))
            }
        }
        if let key, let started { open.started(key) { started.tool.desk.abandon(started) } }
        return started
    }

    private func ending(
        _ outcome: CallOutcome, id: RPCID, _ era: ProtocolVersion.Era, _ edition: MCPEdition, requestID: String,
        _ endpoint: String
    ) -> ProgressQueue.Ending {
        do {
            let content = try resultLimit.result(of: outcome)
            return ProgressQueue.Ending(message: .result(edition.results(era).success(content, id: id)), reason: nil)
        } catch {
            var kind: AuthenticationFailure.Kind?
            if case .failure(let failure) = outcome, failure.status == .denied { kind = .insufficientScope([]) }
            let body = edition.results(era).failure(
                error, id: id, requestID: requestID,
                challenge: kind.flatMap { edition.challenge($0, endpoint: endpoint) })
            return ProgressQueue.Ending(body: body, reason: error.code)
        }
    }

    /// The result of a call that was not made, in words for the model.
    func unmade(
        _ problem: Problem, id: RPCID, _ era: ProtocolVersion.Era, of request: MCPRequest
    ) -> ProgressQueue.Ending {
        ProgressQueue.Ending(
            body: request.edition.results(era).failure(problem, id: id, requestID: request.id), reason: problem.code)
    }
}
