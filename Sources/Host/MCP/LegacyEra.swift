// The legacy era (2025-03-26, 2025-06-18, 2025-11-25): a handshake, then requests within its session, perhaps several
// at once.

import HostDoor
import HostHTTP
import JSON
import NIOHTTP1

/// Does what messages of the legacy era ask for.
struct LegacyEra: Sendable {
    let door: Door
    let calls: ToolCalls
    let sessions: SessionIDs

    /// - Returns: `nil` for a message that is no request or in no session: that is answered now.
    func question(_ message: RPCMessage, _ turn: Turn) -> Question? {
        turn.exchange.note?.era = ProtocolVersion.Era.legacy.rawValue
        let session: MCPSession?
        do {
            session = try sessions.session(of: turn.request, for: message)
        } catch {
            turn.reply.answer(error.response(id: message.id))
            return nil
        }
        guard case .request(let id) = message.kind else {
            if let session { notice(message, in: session) }
            turn.reply.answer(Response(status: .accepted))
            return nil
        }
        return turn.asks(id, .legacy, in: session)
    }

    /// A message that nobody waits for an answer to.
    func notice(_ message: RPCMessage, in session: MCPSession) {
        guard let request = LegacyCodec.cancelled(message) else { return }
        calls.open.cancel(CancellableCalls.Key(session: session, request: request))
    }

    /// - Throws: what the client has to change.
    func answer(_ demand: LegacyDemand, _ question: Question) throws(RPCError) {
        if !demand.isCall, let refusal = door.refusal(of: question) { return question.turn.reply.answer(refusal) }
        switch demand {
        case .initialize(let version):
            let id = sessions.mint(version, for: question.request.principal)
            let response = question.response(question.request.edition.facts.initialization(version))
            question.turn.reply.answer(response.with("mcp-session-id", id))
        case .ping: question.answer(RPCEnvelope.emptyResult)
        case .list(let cursor): question.answer(try question.page(cursor))
        case .emptyList(let list): question.answer(list.result)
        case .call(let demand): calls.answer(demand, question)
        }
    }

    // MARK: Several at once

    func answer(batch root: JSONNode, _ turn: Turn) {
        turn.exchange.note = MCPNote(method: "batch", era: ProtocolVersion.Era.legacy.rawValue)
        do {
            let session = try sessions.session(ofBatch: root, turn.request)
            if let refusal = door.refusal(ofBatch: turn) { return turn.reply.answer(refusal) }
            MCPBatch(turn: turn, session: session, era: self).run(root)
        } catch {
            turn.reply.answer(error.response(id: nil))
        }
    }
}
