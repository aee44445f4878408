// The embedded authorization server over HTTP: its keys and its token endpoint.

import JSONSchema
import NIOHTTP1

/// What clients get from the embedded authorization server.
struct AuthorizationServerDocuments: Sendable {
    let keys: ServedDocument
    private let server: EmbeddedAuthorizationServer
    private let scopes: [String]

    init(server: EmbeddedAuthorizationServer, scopes: [String]) {
        self.server = server
        self.scopes = scopes
        keys = ServedDocument(server.jwks.bytes())
    }

    func answer(to request: TokenRequest, body: [UInt8]) -> Response {
        var request = request
        request.body = body
        let answer = server.respond(to: request, scopes: scopes)
        return Response(
            status: HTTPResponseStatus(statusCode: answer.status), headers: answer.headers, body: .bytes(answer.body),
            reason: answer.outcome)
    }
}
