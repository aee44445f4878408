// Credentials that are nearly right: the client is told what is wrong with them, and never sees them again.

import JSON
import Testing

@Suite("Credential hints", .host(["good"]))
struct CredentialHintTests {
    /// Looks like a token; nothing of it may come back.
    private static let secret = "eyJhbGciOiJSUzI1NiJ9.c3dvcmRmaXNo.NDcxMQ"

    struct Row: CustomTestStringConvertible, Sendable {
        var field: String
        var status: Int
        var words: String
        var testDescription: String { field }
    }

    static let rows = [
        Row(field: secret, status: 401, words: "names no scheme"),
        Row(field: "\"\(secret)\"", status: 401, words: "names no scheme"),
        Row(field: "Token \(secret)", status: 401, words: "another scheme"),
        Row(field: "Basic \(secret)", status: 401, words: "another scheme"),
        Row(field: "Authorization: Bearer \(secret)", status: 401, words: "another scheme"),
        Row(field: "Bearer\(secret)", status: 401, words: "no space"),
        Row(field: "bearer:\(secret)", status: 401, words: "something else than a space"),
        Row(field: "Bearer: \(secret)", status: 401, words: "something else than a space"),
        Row(field: "Bearer\t\(secret)", status: 401, words: "something else than a space"),
        Row(field: "Bearer Bearer \(secret)", status: 400, words: "twice"),
        Row(field: "Bearer \"\(secret)\"", status: 400, words: "quotation marks"),
        Row(field: "Bearer ${\(secret)}", status: 400, words: "placeholder"),
        Row(field: "Bearer <\(secret)>", status: 400, words: "placeholder"),
        Row(field: "Bearer undefined", status: 401, words: "placeholder"),
        Row(field: "Bearer", status: 400, words: "no token"),
        Row(field: "Bearer \(secret) \(secret)", status: 400, words: "character"),
        Row(field: "Bearer \(secret)", status: 401, words: "not valid here"),
    ]

    @Test("The answer says what is wrong, on every route", arguments: rows)
    func told(_ row: Row) throws {
        let host = try RunningHost.current
        let call = try host.request(
            "POST", "/tools/echo", ["Authorization": row.field, "Content-Type": "application/json"], body: "{}")
        let message = try host.post(MCPPost.modern("tools/list").with { $0.credential = ("Authorization", row.field) })
        for answer in [call, message.http] {
            #expect(answer.status == row.status, "\(answer.text)")
            #expect(answer.problem?["detail"]?.string?.contains(row.words) == true, "\(answer.text)")
            let challenge = try #require(answer["WWW-Authenticate"])
            // RFC 6750 section 3.1: no code where there was no bearer token, and what was wrong with one there was.
            switch (row.status, row.words) {
            case (400, _):
                #expect(
                    challenge.contains("error=\"invalid_request\"") && challenge.contains(row.words), "\(challenge)")
            case (_, "not valid here"), (_, "placeholder"):
                #expect(challenge.contains("error=\"invalid_token\"") && challenge.contains(row.words), "\(challenge)")
            default:
                #expect(!challenge.contains("error"), "\(challenge)")
            }
            #expect(challenge.contains("resource_metadata="))
            let all = answer.text + answer.fields.map(\.value).joined()
            #expect(!all.contains("c3dvcmRmaXNo") && !all.contains("undefined"))
        }
    }

    @Test("The log has a reason of its own for a field without the scheme")
    func logged() throws {
        let host = try RunningHost.current
        let answer = try host.request("POST", "/tools/echo", ["Authorization": Self.secret], body: "{}")
        let id = try #require(answer["X-Request-Id"])
        #expect(host.logLine { $0["request_id"]?.string == id }?["reason"]?.string == "scheme")
        #expect(!host.scratch.text("log").contains("c3dvcmRmaXNo"))
        let none = try host.request("POST", "/tools/echo", body: "{}")
        let detail = none.problem?["detail"]?.string
        #expect(detail?.hasPrefix("A credential is required. Send an access token ") == true, "\(detail ?? "")")
    }

    @Test("A second token is told by the name of its own field")
    func userToken() throws {
        let provider = try FixtureProvider()
        try RunningHost.with(HostOptions(environment: provider.environment(["OAUTH2_USER_TOKENS": "true"]))) {
            host throws in
            #expect(host.hasKeys())
            let answer = try host.call(token: provider.token(), "echo", ["X-User-Token": Self.secret])
            #expect(answer.status == 401)
            #expect(
                answer.problem?["detail"]?.string?.contains("X-User-Token names no scheme") == true, "\(answer.text)")
            #expect(host.logLine { $0["reason"]?.string == "user_token_scheme" } != nil)
        }
    }
}
