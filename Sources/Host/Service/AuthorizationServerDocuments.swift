// The embedded authorization server over HTTP: its keys and its token endpoint.

import HostAuth
import HostDocuments
import HostHTTP
import JSON
import NIOHTTP1

/// What clients get from the embedded authorization server.
struct AuthorizationServerDocuments: Sendable {
    let keys: ServedDocument
    private let server: EmbeddedAuthorizationServer

    init(server: EmbeddedAuthorizationServer) {
        self.server = server
        keys = ServedDocument(server.jwks.bytes())
    }

    /// - Parameter scopes: those that there is a use for.
    func answer(to request: TokenRequest, body: [UInt8], scopes: [String]) -> Response {
        var request = request
        request.body = body
        let answer = server.respond(to: request, scopes: scopes)
        return Response(
            status: HTTPResponseStatus(statusCode: answer.status), headers: answer.headers, body: .bytes(answer.body),
            reason: answer.outcome)
    }
}
