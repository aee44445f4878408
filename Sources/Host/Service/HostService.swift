// What the host answers: decides on request heads, serves documents, and hands calls to the pipeline.

import HostAuth
import HostBase
import HostCaller
import HostCalls
import HostDocuments
import HostDoor
import HostHTTP
import HostMCP
import HostObservation
import HostTools
import NIOCore
import NIOHTTP1

/// Everything behind the connections. What is in force it takes from the store of editions once for each request, at
/// its head; nothing below asks again.
public final class HostService: HTTPService {
    private let log: RequestLog
    private let observers: CallObservers
    private let cors: CORS
    private let auth: AuthSettings
    /// What proves to OpenAI that this host is its operator's; `nil` where there is nothing to show.
    private let appsChallenge: String?
    private let editions: Editions
    private let door: Door
    private let conditions: @Sendable () -> [(issuer: String, condition: JWKSCache.Condition)]
    private let state: HostState
    private let authorizationServer: AuthorizationServerDocuments?
    private let tools: ToolEndpoint
    let mcp: MCPEndpoint
    private let rebinding: RebindingGuard
    private let errands = Errands("documents", limit: System.coreCount)

    public init(
        auth: AuthSettings, appsChallenge: String?, editions: Editions, door: Door, cors: CORS,
        rebinding: RebindingGuard, resultLimit: ResultLimit,
        conditions: @escaping @Sendable () -> [(issuer: String, condition: JWKSCache.Condition)],
        embedded: EmbeddedAuthorizationServer?, pipeline: CallPipeline, sessions: SessionIDs, log: LineLogHandler,
        observers: [any CallObserver] = [], state: HostState = HostState()
    ) {
        self.auth = auth
        self.appsChallenge = appsChallenge
        self.editions = editions
        self.conditions = conditions
        self.state = state
        self.log = RequestLog(handler: log)
        self.observers = CallObservers(log: CallLog(handler: log), others: observers)
        self.door = door
        authorizationServer = embedded.map { AuthorizationServerDocuments(server: $0) }
        self.cors = cors
        self.rebinding = rebinding
        tools = ToolEndpoint(pipeline: pipeline, resultLimit: resultLimit)
        let mcp = MCPEndpoint(
            door: door, pipeline: pipeline, resultLimit: resultLimit, sessions: sessions,
            knowsCallers: auth.mode != .none)
        self.mcp = mcp
        // Streams hold no edition; they hear of the next one.
        editions.subscribe { mcp.changed(from: $0.mcp, to: $1.mcp) }
    }

    // MARK: HTTPService

    public func isAnsweredInACrowd(_ path: String) -> Bool {
        Route(path: path)?.isHealth == true
    }

    public func exchange(_ head: HTTPRequestHead, _ fields: RequestFields, id: String, peer: Peer) -> Exchange {
        HostExchange(head, fields, id: id, peer: peer, edition: editions.current)
    }

    public func plan(_ head: HTTPRequestHead, _ exchange: Exchange, on eventLoop: any EventLoop) -> Plan {
        plan(head, Self.own(exchange), on: eventLoop)
    }

    public func handle(_ exchange: Exchange, body: [UInt8], _ reply: Responder) {
        let exchange = Self.own(exchange)
        switch exchange.purpose {
        case .call(let request): call(request, body, reply)
        case .mcp(let request): mcp.handle(request, body: body, for: exchange, reply)
        case .token(let request): reply.answer(answer(to: request, body: body, in: exchange.edition))
        case nil: preconditionFailure("a request is read for nothing")
        }
    }

    public func ended(_ exchange: Exchange, _ end: ExchangeEnd) {
        // What never was a request is none of the host's own.
        let own = exchange as? HostExchange
        if let own, own.report(end, to: observers) { return }
        log.ended(exchange, own, status: end.status, reason: end.reason)
        for report in own?.reports(ofBatch: end) ?? [] { observers.ended(report) }
    }

    /// Whatever is asked about an exchange is asked about one that was made here.
    private static func own(_ exchange: Exchange) -> HostExchange {
        guard let exchange = exchange as? HostExchange else { preconditionFailure("an exchange of another service") }
        return exchange
    }

    // MARK: Deciding

    private func plan(_ head: HTTPRequestHead, _ exchange: HostExchange, on eventLoop: any EventLoop) -> Plan {
        let target: RequestTarget
        do {
            target = try RequestHeadError.checked(head, exchange.fields)
        } catch {
            return .answer(error.response)
        }
        if exchange.fields.contains(.expect), let refusal = Self.refusal(ofExpectationsIn: exchange.fields) {
            return .answer(refusal)
        }
        var fields = exchange.fields
        if let authority = target.authority { fields.replaceHost(with: authority) }
        let request = Request(
            method: head.method, path: target.path, query: target.query, headers: head.headers, fields: fields,
            id: exchange.id)
        let route = Route(path: request.path)
        // Where nothing else stands between a web page and the tools; at the MCP endpoint always.
        if auth.mode == .none || route == .mcp,
            let objection = rebinding.objection(to: request.fields, anyHost: route?.isHealth == true)
        {
            return .answer(objection)
        }
        guard let route else { return .answer(Self.answer(withoutRouteTo: request)) }
        var allow: String { route.methods.map(\.rawValue).joined(separator: ", ") }
        if request.method == .OPTIONS {
            let preflight = cors.preflight(
                request, methods: route.methods, moreHeaders: exchange.edition.mcp.catalogue.headerFields)
            return .answer(preflight ?? Response(status: .noContent, headers: [("allow", allow)]))
        }
        guard route.methods.contains(request.method) else {
            guard request.method.isKnown else {
                return .answer(ConnectionProblem.unknownMethod.response())
            }
            return .answer(
                Problem(
                    .methodNotAllowed, "method_not_allowed", "Allowed here: \(allow).", headers: [("allow", allow)]
                ).response())
        }
        return plan(request, route, exchange, on: eventLoop)
    }

    private func plan(
        _ request: Request, _ route: Route, _ exchange: HostExchange, on eventLoop: any EventLoop
    ) -> Plan {
        switch route {
        case .tool(let name):
            return planAuthenticated(.call(name), request, exchange, on: eventLoop)
        case .token:
            guard authorizationServer != nil else { return .answer(notEmbedded(exchange.edition)) }
            exchange.purpose = .token(
                TokenRequest(
                    authorization: request.fields[.authorization],
                    contentType: request.fields.first(.contentType)))
            return .read
        case .mcp:
            return planAuthenticated(.mcp, request, exchange, on: eventLoop)
        case .openAPI, .actionsManifest:
            guard auth.guardsDocuments else {
                return planDocument(route, request, exchange.edition, on: eventLoop)
            }
            return planAuthenticated(.document(route), request, exchange, on: eventLoop)
        default:
            return .answer(document(route, request, exchange.edition))
        }
    }

    /// What only a known caller gets.
    private enum Demand: Sendable {
        /// To call the tool of this name.
        case call(String)
        case mcp
        /// `DISCOVERY_AUTH`: a document about the tools that this caller may call.
        case document(Route)
    }

    private func planAuthenticated(
        _ demand: Demand, _ request: Request, _ exchange: HostExchange, on eventLoop: any EventLoop
    ) -> Plan {
        let fields = request.fields
        let credentials = Credentials(
            authorization: fields.single(.authorization), userToken: fields.single(.userToken),
            apiKey: fields.single(.apiKey))
        // Taken out once: what is counted is the edition, and neither its policy nor what it serves.
        let edition = exchange.edition
        let reception = door.receive(credentials, from: exchange.client, under: edition.policy, on: eventLoop)
        return plan(demand, for: reception, request, exchange, edition, on: eventLoop)
    }

    /// Goes on with what the door says.
    private func plan(
        _ demand: Demand, for reception: Reception, _ request: Request, _ exchange: HostExchange,
        _ edition: Edition, on eventLoop: any EventLoop
    ) -> Plan {
        switch reception {
        case .admitted(let principal):
            exchange.principal = principal
            do {
                return try plan(demand, by: principal, request, exchange, edition, on: eventLoop)
            } catch {
                note(CallEnding(error), of: demand, exchange)
                return .answer(objection(error, to: demand, request, edition))
            }
        case .turnedAway(let objection, let principal):
            exchange.principal = principal
            note(CallEnding(objection), of: demand, exchange)
            // Whoever is known hears of a name that no tool has before anything else.
            if let principal, case .refused = objection, case .call(let name) = demand,
                edition.snapshot.tool(named: name) == nil
            {
                return .answer(tools.unknown(name, edition, for: principal))
            }
            return .answer(self.objection(objection, to: demand, request, edition))
        case .later(let future): return plan(demand, whenReceived: future, request, exchange, edition, on: eventLoop)
        }
    }

    /// Apart from what nearly every request takes, as what is kept for later is copied.
    @inline(never)
    private func plan(
        _ demand: Demand, whenReceived reception: EventLoopFuture<Reception>, _ request: Request,
        _ exchange: HostExchange, _ edition: Edition, on eventLoop: any EventLoop
    ) -> Plan {
        let bound = NIOLoopBound(exchange, eventLoop: eventLoop)
        return .later(
            reception.map { self.plan(demand, for: $0, request, bound.value, edition, on: eventLoop) })
    }

    private func plan(
        _ demand: Demand, by principal: Principal, _ request: Request, _ exchange: HostExchange,
        _ edition: Edition, on eventLoop: any EventLoop
    ) throws(Objection) -> Plan {
        switch demand {
        case .call(let name):
            switch try tools.plan(name, request, principal, exchange.client, edition, door) {
            case .answer(let response):
                note(CallEnding(.unfit), of: demand, exchange)
                return .answer(response)
            case .read(let call): exchange.purpose = .call(call)
            }
            return .read
        case .mcp:
            switch mcp.plan(request, principal, edition.mcp) {
            case .answer(let response): return .answer(response)
            case .read(let message): exchange.purpose = .mcp(message)
            }
            return .read
        case .document(let route):
            let allowed = edition.snapshot.tools.map(\.descriptor).filter {
                edition.policy.shows($0.scopes, to: principal)
            }
            return later(on: eventLoop) {
                do throws(Problem) {
                    let documents = edition.documents.documents(for: allowed)
                    return try Self.toolDocument(route, request, documents).response(to: request)
                } catch {
                    return error.response()
                }
            } orElse: {
                Self.noThread
            }
        }
    }

    /// A call is answered by its head. Of one whose caller is not known it is no matter that its tool is none.
    private func note(_ ending: CallEnding, of demand: Demand, _ exchange: HostExchange) {
        guard case .call(let name) = demand else { return }
        exchange.turnedAway = exchange.edition.snapshot.tool(named: name)
        if exchange.turnedAway != nil {
            exchange.ending = ending
        } else if exchange.principal != nil {
            exchange.ending = CallEnding(.unknown)
        }
    }

    private func objection(
        _ objection: Objection, to demand: Demand, _ request: Request, _ edition: Edition
    ) -> Response {
        let (answers, deployment) = (edition.answers, edition.deployment)
        switch demand {
        case .call(let name):
            let tool = edition.snapshot.tool(named: name)
            // Where nobody gets to know the tools without a credential, no answer tells that there is one of this name.
            let scopes =
                auth.guardsDocuments
                ? edition.scopes : tool.map { deployment.scopes(for: $0.descriptor) } ?? deployment.requiredScopes
            return answers.response(
                objection, suffix: isResource(name, in: edition) ? request.path : "", scopes: scopes)
        case .mcp:
            return answers.response(objection, endpoint: MCPEndpoint.endpoint(request), scopes: edition.scopes)
        case .document:
            return answers.response(objection, suffix: "", scopes: deployment.requiredScopes)
        }
    }

    // MARK: Answering

    private func answer(to request: TokenRequest, body: [UInt8], in edition: Edition) -> Response {
        guard let authorizationServer else { return notEmbedded(edition) }
        return authorizationServer.answer(to: request, body: body, scopes: edition.scopes)
    }

    private func call(_ request: ToolRequest, _ body: [UInt8], _ reply: Responder) {
        let arguments: [UInt8]
        do {
            arguments = try tools.arguments(in: body, for: request)
        } catch {
            return reply.answer(error.response(), ending: CallEnding(.unfit))
        }
        let tools = tools
        // Made where the call ended: other connections need not wait while a large result is looked at.
        let call = tools.call(request, arguments: arguments, on: reply.eventLoop) { end in
            let (response, outcome) = tools.response(to: end.outcome)
            reply.answer(response, ending: CallEnding(outcome, end))
        }
        if let call { reply.hold(call) }
    }

    /// RFC 9110 section 10.1.1: a list, of which everything has to be understood.
    private static func refusal(ofExpectationsIn fields: RequestFields) -> Response? {
        let expectations = fields.list(.expect)
        if !expectations.isEmpty, expectations.allSatisfy({ $0.lowercased() == "100-continue" }) { return nil }
        return Problem(.expectationFailed, "expectation", "The only expectation understood is 100-continue.")
            .response(closing: true)
    }

    /// The answer to a request without a route. `*` is the host as a whole, which allows what it does in some place; at
    /// any other path there is nothing.
    private static func answer(withoutRouteTo request: Request) -> Response {
        guard request.path == "*" else {
            return Problem(.notFound, "not_found", "There is nothing at this path; /openapi.json lists what there is.")
                .response()
        }
        let methods: [HTTPMethod] = [.GET, .HEAD, .POST, .OPTIONS]
        return Response(
            status: .noContent, headers: [("allow", methods.map(\.rawValue).joined(separator: ", "))])
    }

    /// Where a token would be got, or what is needed to check one: each mode says what there is in its place.
    private func notEmbedded(_ edition: Edition) -> Response {
        let way =
            auth.mode.takesTokens
            ? "\(ProtectedResourceMetadata.wellKnown) names who does." : edition.deployment.credentials.demand
        return Problem(.notFound, "not_found", "This host issues no tokens. \(way)").response()
    }

    private static let noThread = Problem(
        .serviceUnavailable, "busy", "The host has no thread for it; try again in a moment.",
        headers: [("retry-after", "1")]
    ).response()

    /// RFC 6749 section 4.1.2.1: as no client has a redirect URI here, whoever comes is told and never sent on.
    private static let nobodyLogsIn = Problem(
        .badRequest, "unsupported_response_type",
        "This authorization server knows no users. Its client gets tokens by client credentials: "
            + "POST \(EmbeddedAuthorizationServer.tokenPath)."
    ).response()

    // MARK: Documents

    private func document(_ route: Route, _ request: Request, _ edition: Edition) -> Response {
        let documents = edition.documents
        switch route {
        case .index: return Response.json(Index.body(documents.deployment))
        case .health, .ready: return Health(edition.snapshot, state, issuers: conditions().map(\.condition)).readiness()
        case .live: return Health.liveness(stuckLoops: state.stuckLoops)
        case .logo: return documents.whole.logo.response(to: request)
        case .legal: return documents.whole.legalPage.response(to: request)
        case .authorizationServer:
            switch documents.authorizationServer {
            case .document(let document): return document.response(to: request)
            case .redirect(let location):
                return Response(status: .found, headers: [("location", location), ("cache-control", "no-store")])
            case .none(let reason): return Problem(.notFound, "not_found", reason).response()
            }
        case .authorization: return authorizationServer == nil ? notEmbedded(edition) : Self.nobodyLogsIn
        case .keys: return authorizationServer?.keys.response(to: request) ?? notEmbedded(edition)
        case .protectedResource(let suffix):
            guard isProtected(suffix, in: edition) else {
                return Problem(.notFound, "not_found", "There is no protected resource at this path.").response()
            }
            return documents.whole.protectedResource(suffix: suffix).response(to: request)
        case .openAIAppsChallenge:
            guard let token = appsChallenge else {
                return Problem(.notFound, "not_found", "There is no such token here.").response()
            }
            return ServedDocument(token, mediaType: "text/plain", isKept: false).response(to: request)
        case .tool, .mcp, .token, .openAPI, .actionsManifest:
            return Problem(.notFound, "not_found", "There is no document at this path.").response()
        }
    }

    /// The host as a whole, the MCP endpoint, and each tool.
    private func isProtected(_ suffix: String, in edition: Edition) -> Bool {
        if suffix.isEmpty || suffix == "/" { return true }
        switch Route(path: suffix) {
        case .mcp: return true
        case .tool(let name): return isResource(name, in: edition)
        default: return false
        }
    }

    /// Whether there is a resource for a tool of this name: with `DISCOVERY_AUTH` for every name that a tool might
    /// have, since whoever has no credential is not to find out which ones there are.
    private func isResource(_ name: String, in edition: Edition) -> Bool {
        auth.guardsDocuments ? ToolDescriptor.isName(name) : edition.snapshot.tool(named: name) != nil
    }

    /// A document about all tools, which everybody may read.
    private func planDocument(
        _ route: Route, _ request: Request, _ edition: Edition, on eventLoop: any EventLoop
    ) -> Plan {
        let document: ServedDocument
        do throws(Problem) {
            document = try Self.toolDocument(route, request, edition.documents.whole)
        } catch {
            return .answer(error.response())
        }
        guard document.isSlow(for: request) else { return .answer(document.response(to: request)) }
        return later(on: eventLoop) {
            document.response(to: request)
        } orElse: {
            // Late is better than not at all.
            document.response(to: request)
        }
    }

    /// An answer that takes too long for an event loop.
    ///
    /// - Parameter refusal: made on the event loop, where the system has no thread.
    private func later(
        on eventLoop: any EventLoop, _ answer: @escaping @Sendable () -> Response,
        orElse refusal: @escaping @Sendable () -> Response
    ) -> Plan {
        let promise = eventLoop.makePromise(of: Plan.self)
        errands.run {
            promise.succeed(.answer(answer()))
        } orElse: {
            promise.succeed(.answer(refusal()))
        }
        return .later(promise.futureResult)
    }

    private static func toolDocument(
        _ route: Route, _ request: Request, _ documents: DiscoveryDocuments
    ) throws(Problem) -> ServedDocument {
        let query = try DocumentQuery(request.query, of: route)
        return route == .openAPI ? try query.document(of: documents) : documents.actionsManifest
    }
}
