// The MCP endpoint: checks a request, lets a codec say what it asks for, and does it.

import JSONSchema
import NIOCore
import NIOHTTP1

/// Serves every tool of the snapshot in both eras at one path.
final class MCPEndpoint: Sendable {
    static let path = "/mcp"
    /// The same endpoint for whoever writes a slash behind it.
    static let pathWithSlash = "/mcp/"

    private let door: Door
    private let sessions: SessionIDs
    private let log: RequestLog
    private let calls: ToolCalls
    private let subscriptions = Subscriptions()
    /// Without authentication everybody has the same name, and only addresses tell callers apart.
    private let knowsCallers: Bool

    /// How long a stream of `subscriptions/listen` lives; then its client asks again, with a credential that is still good.
    private static let subscriptionLifetime = TimeAmount.minutes(30)
    /// Depth of arguments that REST takes, and the two levels that a message puts around them.
    static let jsonLimits = JSONLimits(depth: JSONLimits().depth + 2)

    /// - Parameter knowsCallers: whether there is authentication.
    init(
        door: Door, pipeline: CallPipeline, resultLimit: ResultLimit, sessions: SessionIDs, log: RequestLog,
        knowsCallers: Bool
    ) {
        self.door = door
        self.sessions = sessions
        self.log = log
        self.knowsCallers = knowsCallers
        calls = ToolCalls(pipeline: pipeline, door: door, resultLimit: resultLimit)
    }

    /// Another edition is in force: those who listen are told where its list of tools is another one.
    func changed(from former: MCPEdition, to latter: MCPEdition) {
        if !latter.catalogue.lists(theSameAs: former.catalogue) { subscriptions.toolsChanged(in: latter.number) }
    }

    // MARK: Before the body

    /// Whether the head is one that the endpoint takes.
    func plan(
        _ request: Request, _ principal: Principal, _ edition: MCPEdition
    ) -> HeadDecision<MCPRequest> {
        guard ToolEndpoint.isJSON(request.fields) else {
            return .answer(ToolEndpoint.notJSON.response())
        }
        guard ToolEndpoint.isPlain(request.fields) else {
            return .answer(ToolEndpoint.compressed.response())
        }
        guard let forms = MediaRanges.forms(request.fields) else {
            return .answer(
                Problem(
                    .notAcceptable, "not_acceptable",
                    "Send Accept: \(MediaRanges.json), \(MediaRanges.events), or one of them: nothing else comes back."
                ).response())
        }
        return .read(
            MCPRequest(
                edition: edition, principal: principal, fields: MCPFields(request.headers, request.fields),
                id: request.id, endpoint: Self.endpoint(request), forms: forms))
    }

    /// The endpoint under the name that its client uses.
    static func endpoint(_ request: Request) -> String {
        request.path.utf8.count > path.utf8.count ? pathWithSlash : path
    }

    // MARK: With the body

    /// Answers a request, now or later. Runs on the connection's event loop.
    func handle(_ request: MCPRequest, body: [UInt8], for exchange: MCPExchange, _ reply: Reply) {
        let reply = request.forms == .events ? reply.inEvents : reply
        if quickCall(request, body, exchange, reply) { return }
        exchange.note = MCPNote(method: "unreadable")
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: body, limits: Self.jsonLimits)
        } catch {
            let text = "The body is not JSON: \(error.reason) (line \(error.line), column \(error.column))."
            return reply.answer(RPCError(.parse, text).response(id: nil))
        }
        if document.root.kind == .array { return batch(document.root, request, exchange, reply) }
        let message: RPCMessage
        do {
            message = try RPCMessage.read(document.root)
        } catch {
            return reply.answer(error.error.response(id: error.id))
        }
        exchange.note = MCPNote(method: MCPDemand.label(of: message.method))
        switch EraChoice(
            header: request.fields.version, meta: message.meta?[.version]?.string(like: request.fields.version),
            method: message.method)
        {
        case .refused(let error):
            reply.answer(error.response(id: message.id))
        case .modern:
            exchange.note?.era = ProtocolVersion.Era.modern.rawValue
            modern(message, request, exchange, reply)
        case .legacy(let version):
            exchange.note?.era = ProtocolVersion.Era.legacy.rawValue
            legacy(message, version, request, exchange, reply)
        }
    }

    /// - Returns: whether the message was one that is read quickly; else nothing has happened.
    private func quickCall(
        _ request: MCPRequest, _ body: [UInt8], _ exchange: MCPExchange, _ reply: Reply
    ) -> Bool {
        guard let name = QuickCall.name(in: request.fields) else { return false }
        guard let tool = request.edition.snapshot.tool(named: name),
            // Those need the arguments one by one.
            request.edition.catalogue.headerParameters(of: name).isEmpty,
            let message = QuickCall.read(body, calling: name, with: tool.inputSchema)
        else { return false }
        exchange.note = MCPNote(method: MCPDemand.callMethod, era: ProtocolVersion.Era.modern.rawValue)
        let demand = CallDemand(name: name, arguments: message.arguments)
        call(demand, of: tool, message.id, .modern, nil, request, exchange, reply)
        return true
    }

    private func modern(_ message: RPCMessage, _ request: MCPRequest, _ exchange: MCPExchange, _ reply: Reply) {
        do {
            let demand = try ModernCodec.demand(message, request.fields)
            guard let id = message.id else { return reply.answer(Response(status: .accepted)) }
            try requireScopes(request, for: demand)
            switch demand {
            case .discover:
                reply.answer(.json(RPCEnvelope.response(id: id, result: request.edition.facts.discovery)))
            case .list(let cursor):
                reply.answer(.json(RPCEnvelope.response(id: id, result: try page(cursor, request, .modern))))
            case .call(let demand):
                call(demand, id, .modern, nil, request, exchange, reply)
            case .listen(let filter):
                listen(id, filter, request, exchange, reply)
            case .initialize, .ping, .emptyList, .cancel, .nothing:
                throw RPCError.unknownMethod(message.method, .modern)
            }
        } catch let error as RPCError {
            reply.answer(error.response(id: message.id))
        } catch let objection as Objection {
            reply.answer(refusal(objection, nil, request, id: message.id))
        } catch {
            reply.answer(RPCError(.internalError, "The request could not be answered.").response(id: message.id))
        }
    }

    private func legacy(
        _ message: RPCMessage, _ version: ProtocolVersion?, _ request: MCPRequest, _ exchange: MCPExchange,
        _ reply: Reply
    ) {
        var session: MCPSession?
        if message.method != "initialize" || message.id == nil {
            do {
                session = try self.session(request, isNeeded: LegacyCodec.needsSession(message))
            } catch {
                return reply.answer(error.error.response(id: message.id, status: error.status))
            }
        }
        do {
            let demand = try LegacyCodec.demand(message)
            if case .cancel(let id) = demand, let session {
                calls.open.cancel(CancellableCalls.Key(session: session, request: id))
            }
            guard let id = message.id else { return reply.answer(Response(status: .accepted)) }
            try requireScopes(request, for: demand)
            switch demand {
            case .initialize(let version):
                let (sessionID, _) = sessions.mint(version, for: request.principal)
                let result = request.edition.facts.initialization(version)
                reply.answer(.json(RPCEnvelope.response(id: id, result: result)).with("mcp-session-id", sessionID))
            case .ping:
                reply.answer(.json(RPCEnvelope.response(id: id, result: RPCEnvelope.emptyResult)))
            case .list(let cursor):
                reply.answer(.json(RPCEnvelope.response(id: id, result: try page(cursor, request, .legacy))))
            case .emptyList(let list):
                reply.answer(.json(RPCEnvelope.response(id: id, result: list.result)))
            case .call(let demand):
                call(demand, id, .legacy, session, request, exchange, reply)
            case .discover, .listen, .cancel, .nothing:
                throw RPCError.unknownMethod(message.method, .legacy)
            }
        } catch let error as RPCError {
            // The client libraries of this era take any other status for a broken transport.
            reply.answer(error.response(id: message.id, status: message.id == nil ? nil : .ok))
        } catch let objection as Objection {
            reply.answer(refusal(objection, nil, request, id: message.id))
        } catch {
            reply.answer(RPCError(.internalError, "The request could not be answered.").response(id: message.id))
        }
    }

    private struct SessionFault: Error {
        var error: RPCError
        var status: HTTPResponseStatus

        init(_ status: HTTPResponseStatus, _ message: String) {
            error = RPCError(.invalidRequest, message)
            self.status = status
        }
    }

    private func session(_ request: MCPRequest, isNeeded: Bool) throws(SessionFault) -> MCPSession? {
        if let name = request.fields.repeated {
            throw SessionFault(.badRequest, "\(name) stands more than once in the head.")
        }
        guard let id = request.fields.sessionID else {
            guard isNeeded else { return nil }
            throw SessionFault(.badRequest, "Begin with initialize, and send the Mcp-Session-Id of its answer.")
        }
        guard let session = sessions.read(id, for: request.principal) else {
            throw SessionFault(.notFound, "There is no such session; begin again with initialize.")
        }
        return session
    }

    // MARK: Doing

    /// A call asks for the scopes of its tool as well, and says so at once.
    private func requireScopes(_ request: MCPRequest, for demand: MCPDemand) throws(Objection) {
        if case .call = demand { return }
        try door.inquire(by: request.principal)
    }

    private func page(
        _ cursor: String?, _ request: MCPRequest, _ era: ProtocolVersion.Era
    ) throws(RPCError) -> [UInt8] {
        let tools = request.edition.snapshot.tools
        let visibility = ToolCatalogue.Visibility(count: tools.count) {
            door.shows(tools[$0].descriptor.scopes, to: request.principal)
        }
        return try request.edition.catalogue.page(cursor, for: visibility, era)
    }

    private func call(
        _ demand: CallDemand, _ id: RPCID, _ era: ProtocolVersion.Era, _ session: MCPSession?, _ request: MCPRequest,
        _ exchange: MCPExchange, _ reply: Reply
    ) {
        let tool = request.edition.snapshot.tool(named: demand.name)
        call(demand, of: tool, id, era, session, request, exchange, reply)
    }

    /// - Parameter tool: that of the demand's name; `nil` where there is none.
    private func call(
        _ demand: CallDemand, of tool: ServedTool?, _ id: RPCID, _ era: ProtocolVersion.Era,
        _ session: MCPSession?, _ request: MCPRequest, _ exchange: MCPExchange, _ reply: Reply
    ) {
        exchange.note?.tool = tool
        var call: PreparedCall
        do {
            call = try calls.prepare(demand, of: tool, request, from: exchange.client, era)
        } catch {
            switch error {
            case .error(let error): reply.answer(error.response(id: id, status: era == .legacy ? .ok : nil))
            case .refused(let objection, let tool): reply.answer(refusal(objection, tool, request, id: id))
            case .unmade(let problem): reply.answer(calls.unmade(problem, id: id, era, of: request).response)
            }
            return
        }
        exchange.note?.traceparent = call.context.traceparent
        guard let token = demand.progressToken, exchange.takesStreams, request.forms != .json else {
            let started = calls.run(call, id: id, era, session: session, on: reply.eventLoop) {
                reply.answer($0.response)
            }
            // Before 2026-07-28 a client that goes away has not cancelled.
            if era == .modern, let started { reply.hold(started) }
            return
        }
        let stream = CallStream(reply: reply, token: token, era: era)
        reply.hold(stream)
        call.context = call.context.reporting { stream.report($0, $1, $2) }
        stream.attach(
            calls.run(call, id: id, era, session: session, on: reply.eventLoop) { stream.end($0) })
    }

    private func listen(
        _ id: RPCID, _ filter: ListenFilter, _ request: MCPRequest, _ exchange: MCPExchange, _ reply: Reply
    ) {
        let subscriptions = subscriptions
        let owner = knowsCallers ? request.principal.id : exchange.client ?? request.principal.id
        let subscription = Subscription(
            id: id, owner: owner, filter: filter, reply: reply, lifetime: Self.subscriptionLifetime,
            serverInfo: request.edition.facts.info
        ) { subscriptions.remove($0) }
        guard exchange.takesStreams else {
            return reply.answer(RPCError(.invalidRequest, "A stream needs HTTP/1.1.").response(id: id))
        }
        guard request.forms != .json else {
            let error = RPCError(
                .invalidRequest,
                "This is answered by a stream: send Accept: \(MediaRanges.json), \(MediaRanges.events).")
            return reply.answer(error.response(id: id, status: .notAcceptable))
        }
        guard subscriptions.add(subscription, whoseClientKnows: request.edition.number) else {
            let error = RPCError(.internalError, "Too many streams listen, of this caller or of all; try again later.")
            return reply.answer(error.response(id: id, status: .serviceUnavailable).with("retry-after", "60"))
        }
        reply.hold(subscription)
        subscription.open()
    }

    private func refusal(
        _ objection: Objection, _ tool: ServedTool?, _ request: MCPRequest, id: RPCID?
    ) -> Response {
        request.edition.refusals.response(objection, to: tool, endpoint: request.endpoint, id: id)
    }

    private func batch(_ root: JSONNode, _ request: MCPRequest, _ exchange: MCPExchange, _ reply: Reply) {
        exchange.note = MCPNote(method: "batch", era: ProtocolVersion.Era.legacy.rawValue)
        let stated = request.fields.version.map { ProtocolVersion($0) }
        if case .some(let version) = stated, version?.takesBatches != true {
            return reply.answer(MCPBatch.notTaken.response(id: nil))
        }
        do {
            guard let session = try session(request, isNeeded: true), session.version.takesBatches
            else { return reply.answer(MCPBatch.notTaken.response(id: nil)) }
            guard (1...MCPBatch.limit).contains(root.count) else {
                return reply.answer(MCPBatch.wrongSize.response(id: nil))
            }
            do {
                try requireScopes(request, for: .nothing)
            } catch {
                return reply.answer(refusal(error, nil, request, id: nil))
            }
            let batch = MCPBatch(request: request, address: exchange.client, session: session, calls: calls) {
                cursor throws(RPCError) in
                try self.page(cursor, request, .legacy)
            }
            let (log, address) = (log, exchange.client)
            batch.run(root, on: reply.eventLoop) { call in
                log.ended(call, address: address)
            } answer: {
                reply.answer($0)
            }
        } catch {
            reply.answer(error.error.response(id: nil, status: error.status))
        }
    }
}
