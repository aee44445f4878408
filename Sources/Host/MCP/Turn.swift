// One request to the endpoint, and what it needs to be dealt with: handed on as one value from the head to the answer.

import HostHTTP
import NIOHTTP1

/// A body that has come, until it is answered. Lives on the event loop of its connection.
struct Turn {
    /// In a batch, the element's. It has the edition that all of the turn sees.
    var request: MCPRequest
    let exchange: MCPExchange
    let reply: Responder

    /// - Parameter session: whose cancellations a call obeys; `nil` where there is none.
    func asks(_ id: RPCID, _ era: ProtocolVersion.Era, in session: MCPSession? = nil) -> Question {
        Question(turn: self, id: id, era: era, session: session)
    }
}

/// A message that wants a response: a body has one of them, or as many as its batch has.
struct Question {
    let turn: Turn
    let id: RPCID
    let era: ProtocolVersion.Era
    let session: MCPSession?

    var request: MCPRequest { turn.request }

    /// The `result` of `tools/list`, see `MCPEdition`.
    func page(_ cursor: String?) throws(RPCError) -> [UInt8] {
        try request.edition.page(cursor, for: request.principal, era)
    }

    func answer(_ result: [UInt8]) {
        turn.reply.answer(response(result))
    }

    func answer(_ error: RPCError) {
        turn.reply.answer(response(error))
    }

    func response(_ result: [UInt8]) -> Response {
        .json(RPCEnvelope.response(id: id, result: result))
    }

    func response(_ error: RPCError) -> Response {
        error.response(id: id, status: era.row.errorsHaveStatus ? nil : .ok)
    }
}
