// The door as MCP asks it where a tool is not called: there the answer is that of the endpoint.

import HostDoor
import HostHTTP

/// A call is asked about where it is prepared.
extension Door {
    /// - Returns: the answer to somebody who may not ask for what is no call; `nil` for everybody else.
    func refusal(of question: Question) -> Response? {
        refusal(of: question.request, id: question.id)
    }

    /// - Returns: the answer to somebody who may not send a batch, whatever is in it; `nil` for everybody else.
    func refusal(ofBatch turn: Turn) -> Response? {
        refusal(of: turn.request, id: nil)
    }

    private func refusal(of request: MCPRequest, id: RPCID?) -> Response? {
        do {
            try inquire(by: request.principal, under: request.edition.policy)
            return nil
        } catch {
            return request.edition.answers.response(error, to: nil, endpoint: request.endpoint, id: id)
        }
    }
}
