// What the host answers: decides on request heads, serves documents, and hands calls to the pipeline.

import JSONSchema
import Logging
import NIOCore
import NIOHTTP1

/// Everything behind the connections. Immutable: other packs and other settings take a new process.
final class HostService: Sendable {
    let http: Settings.HTTP
    let log: RequestLog
    let requestIDs = RequestIDs()
    private let cors: CORS
    private let addresses: ClientAddress
    private let forwarding: ForwardingNotice
    private let settings: Settings
    /// The parts of the deployment that no issuer changes.
    private let deployment: Deployment
    private let published: PublishedDocuments
    private let snapshot: Snapshot
    private let access: AccessPolicy
    private let conditions: @Sendable () -> [(issuer: String, condition: JWKSCache.Condition)]
    private let state: HostState
    private let authorizationServer: AuthorizationServerDocuments?
    let tools: ToolEndpoint
    let mcp: MCPEndpoint
    private let refusals: Refusals
    private let rebinding: RebindingGuard
    private let errands = Errands("documents", limit: System.coreCount)

    init(
        settings: Settings, snapshot: Snapshot, published: PublishedDocuments, access: AccessPolicy,
        conditions: @escaping @Sendable () -> [(issuer: String, condition: JWKSCache.Condition)],
        embedded: EmbeddedAuthorizationServer?, pipeline: CallPipeline, sessions: SessionIDs, log: RequestLog,
        logger: Logger, state: HostState = HostState()
    ) {
        self.settings = settings
        self.published = published
        self.conditions = conditions
        self.state = state
        deployment = published.current.deployment
        http = settings.http
        self.log = log
        addresses = ClientAddress(trusted: settings.http.trustedProxies)
        forwarding = ForwardingNotice(logger: logger)
        self.snapshot = snapshot
        self.access = access
        let scopes = deployment.scopes(for: snapshot.tools.map(\.descriptor))
        authorizationServer = embedded.map { AuthorizationServerDocuments(server: $0, scopes: scopes) }
        rebinding = RebindingGuard(
            host: settings.host, publicURL: deployment.publicURL, corsOrigins: settings.http.corsOrigins,
            allowedHosts: settings.mcp.allowedHosts)
        refusals = Refusals(deployment: deployment, authMode: settings.authMode)
        let resultLimit = ResultLimit(characters: settings.tools.maxResultCharacters)
        tools = ToolEndpoint(pipeline: pipeline, resultLimit: resultLimit)
        mcp = MCPEndpoint(
            settings: settings, snapshot: snapshot, access: access, refusals: refusals, pipeline: pipeline,
            resultLimit: resultLimit, sessions: sessions, log: log)
        cors = CORS(origins: settings.http.corsOrigins, moreHeaders: mcp.headerFields)
    }

    func peer(_ address: SocketAddress?) -> Peer {
        addresses.peer(address)
    }

    /// The id that a trusted proxy gave the request, or a new one.
    func requestID(_ fields: RequestFields, peer: Peer) -> String {
        if peer.isTrusted, let given = fields.first(.requestID), RequestIDs.isUsable(given) {
            return given
        }
        return requestIDs.next()
    }

    // MARK: Deciding

    func plan(_ head: HTTPRequestHead, _ exchange: Exchange, on eventLoop: any EventLoop) -> Plan {
        let client = addresses.client(exchange.fields, peer: exchange.peer)
        exchange.client = client.name
        if let unread = client.unread {
            forwarding.met(unread, from: exchange.peer, takenFor: client.name, on: eventLoop)
        }
        let target: RequestTarget
        do {
            target = try RequestHeadError.checked(head, exchange.fields)
        } catch {
            return .answer(error.response)
        }
        if exchange.fields.contains(.expect), let refusal = Self.refusal(ofExpectationsIn: exchange.fields) {
            return .answer(refusal)
        }
        var request = Request(
            method: head.method, path: target.path, query: target.query, headers: head.headers,
            fields: exchange.fields, id: exchange.id)
        if let authority = target.authority { request.fields.replaceHost(with: authority) }
        let route = Route(path: request.path)
        // Where nothing else stands between a web page and the tools; at the MCP endpoint always.
        if settings.authMode == .none || route == .mcp,
            let objection = rebinding.objection(to: request.fields, anyHost: route?.isHealth == true)
        {
            return .answer(objection)
        }
        guard let route else { return .answer(Self.answer(withoutRouteTo: request)) }
        var allow: String { route.methods.map(\.rawValue).joined(separator: ", ") }
        if request.method == .OPTIONS {
            let preflight = cors.preflight(request, methods: route.methods)
            return .answer(preflight ?? Response(status: .noContent, headers: [("allow", allow)]))
        }
        guard route.methods.contains(request.method) else {
            guard Route.knownMethods.contains(request.method) else { return .answer(Self.unknownMethod) }
            return .answer(
                Problem(
                    .methodNotAllowed, "method_not_allowed", "Allowed here: \(allow).", headers: [("allow", allow)]
                ).response())
        }
        return plan(request, route, exchange, on: eventLoop)
    }

    private func plan(_ request: Request, _ route: Route, _ exchange: Exchange, on eventLoop: any EventLoop) -> Plan {
        switch route {
        case .tool(let name):
            return planAuthenticated(.call(name), request, exchange, on: eventLoop)
        case .token:
            guard authorizationServer != nil else { return .answer(notEmbedded) }
            return .token(
                TokenRequest(
                    authorization: request.fields[.authorization],
                    contentType: request.fields.first(.contentType)))
        case .mcp:
            return planAuthenticated(.mcp, request, exchange, on: eventLoop)
        case .openAPI, .actionsManifest:
            guard settings.auth.guardsDocuments else {
                return planDocument(route, request, on: eventLoop)
            }
            return planAuthenticated(.document(route), request, exchange, on: eventLoop)
        default:
            return .answer(document(route, request))
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
        _ demand: Demand, _ request: Request, _ exchange: Exchange, on eventLoop: any EventLoop
    ) -> Plan {
        let fields = request.fields
        let credentials = Credentials(
            authorization: fields.single(.authorization), userToken: fields.single(.userToken),
            apiKey: fields.single(.apiKey))
        let outcome = access.authenticate(credentials, on: eventLoop)
        return plan(demand, by: outcome, request, exchange, on: eventLoop)
    }

    /// Goes on with who the credentials belong to.
    private func plan(
        _ demand: Demand, by outcome: AuthenticationOutcome, _ request: Request, _ exchange: Exchange,
        on eventLoop: any EventLoop
    ) -> Plan {
        switch outcome {
        case .accepted(let principal):
            exchange.principal = principal
            do {
                return try plan(demand, by: principal, request, on: eventLoop)
            } catch {
                return .answer(refusal(error, of: demand, request))
            }
        case .refused(let failure):
            return .answer(refusal(failure, of: demand, request))
        case .pending(let future):
            let bound = NIOLoopBound(exchange, eventLoop: eventLoop)
            return .later(
                future.map { self.plan(demand, by: $0, request, bound.value, on: eventLoop) })
        }
    }

    private func plan(
        _ demand: Demand, by principal: Principal, _ request: Request, on eventLoop: any EventLoop
    ) throws(AuthenticationFailure) -> Plan {
        switch demand {
        case .call(let name): return try tools.plan(name, request, principal, snapshot, access)
        case .mcp: return try mcp.plan(request, principal)
        case .document(let route):
            try access.admit(principal)
            let allowed = snapshot.tools.map(\.descriptor).filter { access.allows(principal, $0) }
            return later(on: eventLoop) {
                do throws(Problem) {
                    let documents = self.published.documents(for: allowed)
                    return try Self.toolDocument(route, request, documents).response(to: request)
                } catch {
                    return error.response()
                }
            } orElse: {
                Self.noThread
            }
        }
    }

    private func refusal(
        _ failure: AuthenticationFailure, of demand: Demand, _ request: Request
    ) -> Response {
        var allScopes: [String] { deployment.scopes(for: snapshot.tools.map(\.descriptor)) }
        switch demand {
        case .call(let name):
            let tool = snapshot.tool(named: name)
            // Where nobody gets to know the tools without a credential, no answer tells that there is one of this name.
            let scopes =
                settings.auth.guardsDocuments
                ? allScopes : tool.map { deployment.scopes(for: $0.descriptor) } ?? deployment.requiredScopes
            return refusals.response(failure, suffix: isResource(tool: name) ? request.path : "", scopes: scopes)
        case .mcp:
            return refusals.response(failure, suffix: MCPEndpoint.endpoint(request), scopes: allScopes)
        case .document:
            return refusals.response(failure, suffix: "", scopes: deployment.requiredScopes)
        }
    }

    // MARK: Answering

    func answer(to request: TokenRequest, body: [UInt8]) -> Response {
        guard let authorizationServer else { return notEmbedded }
        return authorizationServer.answer(to: request, body: body)
    }

    /// - Parameter line: what is wrong with the request's first line.
    func answer(to error: HTTPParserError, line: RequestLine.Fault?) -> Response {
        switch (error, line) {
        case (.headerOverflow, _):
            Problem(
                .requestHeaderFieldsTooLarge, "head_too_large",
                "The request head is larger than \(http.maxHeaderBytes) bytes (HTTP_MAX_HEADER_BYTES) or has more than "
                    + "\(http.maxHeaderFields) fields (HTTP_MAX_HEADER_FIELDS)."
            ).response(closing: true)
        case (_, .form): badLine
        case (.invalidURL, _):
            Problem(
                .badRequest, "bad_request",
                "This is not a well-formed HTTP/1.1 request: its target has a byte that belongs percent-encoded there "
                    + "(RFC 9112 section 3.2)."
            ).response(closing: true)
        case (.invalidMethod, _), (_, .method): Self.unknownMethod.closingConnection
        case (.invalidVersion, _), (_, .version):
            Problem(.httpVersionNotSupported, "http_version", "HTTP/1.1 and HTTP/1.0 are understood.")
                .response(closing: true)
        default:
            Problem(
                .badRequest, "bad_request",
                "This is not a well-formed HTTP/1.1 request: its fields or its chunks are not as RFC 9112 has them."
            ).response(closing: true)
        }
    }

    /// The answer to a first line that is none.
    let badLine = Problem(
        .badRequest, "bad_request",
        "This is not a well-formed HTTP/1.1 request: its first line is a method, a target and HTTP/1.1 with one space between "
            + "them, and CR and LF behind them (RFC 9112 section 3)."
    ).response(closing: true)

    /// The head of an answer whose body follows in pieces.
    func head(_ response: Response, for exchange: Exchange) -> HTTPResponseHead {
        var headers = HTTPHeaders()
        forEachField(of: response, exchange) { headers.add(name: $0, value: $1) }
        return HTTPResponseHead(version: .http1_1, status: response.status, headers: headers)
    }

    /// A whole answer as it goes out.
    func bytes(_ response: Response, for exchange: Exchange, _ allocator: ByteBufferAllocator) -> ByteBuffer {
        if let content = response.content {
            return content.withSpan { content in
                var bytes = ResponseBytes(response.status, bodySize: content.count, allocator)
                bytes.field("content-length", String(content.count))
                forEachField(of: response, exchange) { bytes.field($0, $1) }
                return bytes.finish(body: content)
            }
        }
        if let result = response.result {
            var bytes = ResponseBytes(response.status, bodySize: result.room, allocator)
            forEachField(of: response, exchange) { bytes.field($0, $1) }
            return bytes.finish(body: result)
        }
        var body = response.body
        if response.headers.first?.value == "application/problem+json" {
            body = Problem.addRequestID(exchange.id, to: body)
        }
        // Neither status has a body (RFC 9110 sections 15.3.5 and 15.4.5).
        let isEmpty = response.status == .noContent || response.status == .notModified
        let isSent = !isEmpty && exchange.method != .HEAD
        var bytes = ResponseBytes(response.status, bodySize: isSent ? body.count : 0, allocator)
        if !isEmpty { bytes.field("content-length", String(body.count)) }
        forEachField(of: response, exchange) { bytes.field($0, $1) }
        return bytes.finish(body: (isSent ? body : []).span)
    }

    /// An answer's own fields and those that every answer carries.
    private func forEachField(
        of response: Response, _ exchange: Exchange, _ add: (_ name: String, _ value: String) -> Void
    ) {
        for (name, value) in response.headers { add(name, value) }
        add("x-request-id", exchange.id)
        add("x-content-type-options", "nosniff")
        add("date", HTTPDate.now())
        cors.forEachField(for: exchange.fields, add)
        if !exchange.keepsAlive {
            add("connection", "close")
        } else if exchange.version == .http1_0 {
            add("connection", "keep-alive")
        }
    }

    /// RFC 9110 section 10.1.1: a list, of which everything has to be understood.
    private static func refusal(ofExpectationsIn fields: RequestFields) -> Response? {
        let expectations = fields.list(.expect)
        if !expectations.isEmpty, expectations.allSatisfy({ $0.lowercased() == "100-continue" }) { return nil }
        return Problem(.expectationFailed, "expectation", "The only expectation understood is 100-continue.")
            .response(closing: true)
    }

    /// Of the host as a whole, what there is in some place; of a path that leads nowhere, nothing.
    private static func answer(withoutRouteTo request: Request) -> Response {
        guard request.path == "*" else {
            return Problem(.notFound, "not_found", "There is nothing at this path; /openapi.json lists what there is.")
                .response()
        }
        let methods: [HTTPMethod] = [.GET, .HEAD, .POST, .OPTIONS]
        return Response(
            status: .noContent, headers: [("allow", methods.map(\.rawValue).joined(separator: ", "))])
    }

    /// RFC 9110 section 9.1: 501 for a method that the host knows nowhere, 405 for one that it knows and this resource lacks.
    private static let unknownMethod = Problem(
        .notImplemented, "not_implemented",
        "This method is not known; GET, HEAD, POST and OPTIONS are what resources of this host may allow."
    ).response()

    /// Where a token would be got, or what is needed to check one: each mode says what there is in its place.
    private var notEmbedded: Response {
        let way =
            settings.authMode.takesTokens
            ? "\(ProtectedResourceMetadata.wellKnown) names who does." : "\(deployment.credentials.demand)"
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

    private func document(_ route: Route, _ request: Request) -> Response {
        switch route {
        case .index: return Response.json(Index.body(published.current.deployment))
        case .health, .ready: return Health(snapshot, state, issuers: conditions().map(\.condition)).readiness()
        case .live: return Health.liveness(stuckLoops: state.stuckLoops)
        case .logo: return published.current.documents.logo.response(to: request)
        case .legal: return published.current.documents.legalPage.response(to: request)
        case .authorizationServer:
            switch published.current.authorizationServer {
            case .document(let document): return document.response(to: request)
            case .redirect(let location):
                return Response(status: .found, headers: [("location", location), ("cache-control", "no-store")])
            case .none(let reason): return Problem(.notFound, "not_found", reason).response()
            }
        case .authorization: return authorizationServer == nil ? notEmbedded : Self.nobodyLogsIn
        case .keys: return authorizationServer?.keys.response(to: request) ?? notEmbedded
        case .protectedResource(let suffix):
            guard isProtected(suffix) else {
                return Problem(.notFound, "not_found", "There is no protected resource at this path.").response()
            }
            return published.current.documents.protectedResource(suffix: suffix).response(to: request)
        case .openAIAppsChallenge:
            guard let token = settings.mcp.appsChallenge else {
                return Problem(.notFound, "not_found", "There is no such token here.").response()
            }
            return ServedDocument(token, mediaType: "text/plain", isKept: false).response(to: request)
        case .tool, .mcp, .token, .openAPI, .actionsManifest:
            return Problem(.notFound, "not_found", "There is no document at this path.").response()
        }
    }

    /// The host as a whole, the MCP endpoint, and each tool.
    private func isProtected(_ suffix: String) -> Bool {
        if suffix.isEmpty || suffix == "/" { return true }
        switch Route(path: suffix) {
        case .mcp: return true
        case .tool(let name): return isResource(tool: name)
        default: return false
        }
    }

    /// Whether there is a resource for a tool of this name: with `DISCOVERY_AUTH` for every name that a tool might have,
    /// since whoever has no credential is not to find out which ones there are.
    private func isResource(tool name: String) -> Bool {
        settings.auth.guardsDocuments ? DescriptorReader.isToolName(name) : snapshot.tool(named: name) != nil
    }

    /// A document about all tools, which everybody may read.
    private func planDocument(_ route: Route, _ request: Request, on eventLoop: any EventLoop) -> Plan {
        let document: ServedDocument
        do throws(Problem) {
            document = try Self.toolDocument(route, request, published.current.documents)
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

extension AuthenticationFailure {
    /// The `code` of the problem document.
    var code: String {
        switch kind {
        case .missing: "unauthenticated"
        case .malformed: "invalid_request"
        case .invalid: "invalid_token"
        case .insufficientScope: "insufficient_scope"
        case .forbidden: "forbidden"
        case .unavailable: "unavailable"
        }
    }
}
