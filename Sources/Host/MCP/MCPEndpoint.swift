// The MCP endpoint: checks a head, reads a body as far as all eras have it in common, and hands it on.

import HostCaller
import HostCalls
import HostDoor
import HostHTTP
import JSON
import NIOCore
import NIOHTTP1

/// Serves every tool of a request's edition in both eras at one path.
public final class MCPEndpoint: Sendable {
    public static let path = "/mcp"
    /// Leads to this endpoint, too, for whoever writes a slash behind the path.
    static let pathWithSlash = "/mcp/"

    private let calls: ToolCalls
    private let listening: Listening
    private let eras: Eras

    /// Depth of arguments that REST takes, and the two levels that a message puts around them.
    static let jsonLimits = JSONLimits(depth: JSONLimits().depth + 2)

    /// - Parameter knowsCallers: whether there is authentication.
    public init(
        door: Door, pipeline: CallPipeline, resultLimit: ResultLimit, sessions: SessionIDs,
        knowsCallers: Bool
    ) {
        calls = ToolCalls(pipeline: pipeline, door: door, resultLimit: resultLimit)
        listening = Listening(knowsCallers: knowsCallers)
        eras = Eras(
            legacy: LegacyEra(door: door, calls: calls, sessions: sessions),
            modern: ModernEra(door: door, calls: calls, listening: listening))
    }

    /// Another edition is in force: those who listen are told where somebody may find another list of tools.
    public func changed(from former: MCPEdition, to latter: MCPEdition) {
        if !latter.lists(theSameAs: former) { listening.toolsChanged(in: latter.number) }
    }

    // MARK: Before the body

    /// Whether the head is one that the endpoint takes.
    public func plan(
        _ request: Request, _ principal: Principal, _ edition: MCPEdition
    ) -> HeadDecision<MCPRequest> {
        guard CallFields.isJSON(request.fields) else {
            return .answer(CallFields.notJSON.response())
        }
        guard CallFields.isPlain(request.fields) else {
            return .answer(CallFields.compressed.response())
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
    public static func endpoint(_ request: Request) -> String {
        request.path.utf8.count > path.utf8.count ? pathWithSlash : path
    }

    // MARK: With the body

    /// Answers a request, now or later. Runs on the connection's event loop.
    public func handle(_ request: MCPRequest, body: [UInt8], for exchange: MCPExchange, _ reply: Responder) {
        let turn = Turn(
            request: request, exchange: exchange, reply: request.forms == .events ? reply.inEvents : reply)
        if quickCall(body, turn) { return }
        exchange.note = MCPNote(method: "unreadable")
        do {
            let root = try Self.root(of: body)
            if root.kind == .array { return eras.answer(batch: root, turn) }
            let message = try RPCMessage.read(root)
            exchange.note = MCPNote(method: MCPMethod.label(of: message.method))
            eras.answer(message, turn)
        } catch {
            turn.reply.answer(error.error.response(id: error.id))
        }
    }

    /// - Returns: whether the message was one that is read quickly; else nothing has happened.
    private func quickCall(_ body: [UInt8], _ turn: Turn) -> Bool {
        guard let name = QuickCall.name(in: turn.request.fields),
            let tool = turn.request.edition.snapshot.tool(named: name),
            // Those need the arguments one by one.
            turn.request.edition.catalogue.headerParameters(of: name).isEmpty,
            let call = QuickCall.read(body, calling: name, with: tool.inputSchema)
        else { return false }
        turn.exchange.note = MCPNote(method: MCPMethod.call, era: ProtocolVersion.Era.modern.rawValue)
        calls.answer(call.demand(name), of: tool, turn.asks(call.id, .modern))
        return true
    }

    private static func root(of body: [UInt8]) throws(RPCMessage.Malformed) -> JSONNode {
        do {
            return try JSONDocument(parsing: body, limits: jsonLimits).root
        } catch {
            let text = "The body is not JSON: \(error.reason) (line \(error.line), column \(error.column))."
            throw RPCMessage.Malformed(error: RPCError(.parse, text), id: nil)
        }
    }
}
