// What a caller that is turned away at the door is told over MCP: in words of HTTP, of JSON-RPC, or for the model.

import HostAuth
import HostCalls
import HostDocuments
import HostDoor
import HostHTTP
import JSON
import NIOHTTP1

extension ObjectionAnswers {
    /// By the head alone, as it is not known yet what the request is.
    ///
    /// - Parameters:
    ///   - endpoint: Path of the endpoint as the client asked for it.
    ///   - scopes: What a token for it needs.
    public func response(_ objection: Objection, endpoint: String, scopes: [String]) -> Response {
        switch objection {
        case .refused: response(objection, suffix: endpoint, scopes: scopes)
        case .notNow(let notNow): Self.response(notNow, id: nil)
        }
    }

    /// 401 and 403 as on every route, with a body that says to which request it belongs.
    ///
    /// - Parameter tool: `nil` where the request is no call.
    func response(_ objection: Objection, to tool: ServedTool?, endpoint: String, id: RPCID?) -> Response {
        switch objection {
        case .refused(let failure):
            let status = HTTPResponseStatus(statusCode: Challenge.status(for: failure.kind))
            var response = error(objection).response(id: id, status: status)
            response.headers += fields(
                failure, suffix: endpoint,
                scopes: tool.map { deployment.scopes(for: $0.descriptor) } ?? deployment.requiredScopes)
            response.reason = failure.reason
            return response
        case .notNow(let notNow):
            return Self.response(notNow, id: id)
        }
    }

    /// Among the responses of a batch, which have no status of their own.
    func error(_ objection: Objection) -> RPCError {
        switch objection {
        case .refused(let failure): .refused(failure, sentence(failure))
        case .notNow(let notNow): RPCError(notNow)
        }
    }

    private static func response(_ notNow: NotNow, id: RPCID?) -> Response {
        var response = RPCError(notNow).response(id: id)
        response.headers += Problem(notNow).headers
        response.reason = NotNow.code
        return response
    }
}

extension RPCError {
    init(_ notNow: NotNow) {
        self.init(
            .rateLimited, notNow.sentence,
            data: [
                "code": .string(NotNow.code), "limit": .string(notNow.limit),
                "retryAfterSeconds": JSONValue(Int64(notNow.seconds)),
            ])
    }
}

extension Problem {
    /// "Not now" in the result of a call, which has no field `Retry-After`: its sentence says when to come again.
    init(inResult notNow: NotNow) {
        self.init(notNow)
        headers = []
    }
}
