// The modern era (2026-07-28): everything is in each request, so each is answered for itself.

import HostDoor
import HostHTTP
import NIOHTTP1

/// Does what messages of the modern era ask for.
struct ModernEra: Sendable {
    let door: Door
    let calls: ToolCalls
    let listening: Listening

    /// - Returns: `nil` for a message that is no request: that is answered now.
    func question(_ message: RPCMessage, _ turn: Turn) -> Question? {
        turn.exchange.note?.era = ProtocolVersion.Era.modern.rawValue
        switch message.kind {
        case .request(let id):
            return turn.asks(id, .modern)
        case .notification:
            // None is defined from client to server over HTTP: a stream is closed to cancel. Header fields are not
            // asked of it.
            turn.reply.answer(Response(status: .accepted))
        case .response:
            turn.reply.answer(Self.nothingAsked.response(id: nil))
        }
        return nil
    }

    /// - Throws: what the client has to change.
    func answer(_ demand: ModernDemand, _ question: Question) throws(RPCError) {
        if !demand.isCall, let refusal = door.refusal(of: question) { return question.turn.reply.answer(refusal) }
        switch demand {
        case .discover: question.answer(question.request.edition.facts.discovery)
        case .list(let cursor): question.answer(try question.page(cursor))
        case .call(let demand): calls.answer(demand, question)
        case .listen(let filter): listening.open(filter, question)
        }
    }

    private static let nothingAsked = RPCError(
        .invalidRequest, "This server sends no requests, so there is nothing to respond to.")
}
