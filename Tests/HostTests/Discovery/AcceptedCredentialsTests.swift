// Every text tells the way in that the deployment has, in each mode.

import JSONSchema
import Testing

@testable import ToolHost

@Suite struct AcceptedCredentialsTests {
    static let issuer = ["OAUTH2_ISSUER": "https://login.example.com", "OAUTH2_AUDIENCE": "api"]
    static let key = ["MCP_API_KEY": "0123456789abcdef"]

    struct Mode: Sendable, CustomTestStringConvertible {
        var name: String
        var values: [String: String] = [:]
        var tells: [String] = []
        var testDescription: String { name }
    }

    static let token = "Authorization: Bearer TOKEN"
    static let modes = [
        Mode(name: "none"), Mode(name: "embedded", tells: [token, "https://a.example/oauth2/token"]),
        Mode(name: "oauth2", values: issuer, tells: [token, "issue"]),
        Mode(name: "api-key", values: key, tells: ["X-MCP-API-Key"]),
        Mode(
            name: "hybrid", values: issuer.merging(key) { $1 }, tells: [token, "X-MCP-API-Key", "issue"]),
    ]

    func deployment(_ mode: Mode) throws -> (Deployment, Settings.AuthMode) {
        let settings = try Settings(
            source: SettingsSource(environment: mode.values.merging(["MCP_AUTH_MODE": mode.name]) { $1 }, file: [:]),
            workingDirectory: "/srv")
        return (Deployment(settings: settings, publicURL: "https://a.example"), settings.authMode)
    }

    func tellsTheWayIn(_ text: String?, _ mode: Mode) -> Bool {
        let all = ["Bearer", "X-MCP-API-Key"]
        guard let text else { return false }
        return mode.tells.allSatisfy(text.contains)
            && all.allSatisfy { word in text.contains(word) == mode.tells.contains { $0.contains(word) } }
    }

    @Test(arguments: modes)
    func refusalsTellTheWayIn(mode: Mode) throws {
        let (deployment, authMode) = try deployment(mode)
        let refusals = Refusals(deployment: deployment, authMode: authMode)
        for failure in [AuthenticationFailure.missing, .malformed(.severalCredentials), .invalid(.apiKey)] {
            let body = refusals.response(failure, suffix: "", scopes: []).body
            let detail = try JSONValue(parsing: body)["detail"]?.string
            #expect(tellsTheWayIn(detail, mode), "\(detail ?? "")")
            #expect(detail?.contains("access token is required") == false)
        }
        let scope = AuthenticationFailure(kind: .insufficientScope(["a"]), reason: "")
        let body = refusals.response(scope, suffix: "", scopes: []).body
        #expect(try JSONValue(parsing: body)["detail"] == "The credential lacks a scope that is needed.")
    }

    @Test(arguments: modes)
    func documentsTellTheWayIn(mode: Mode) throws {
        let (deployment, _) = try deployment(mode)
        let index = try JSONValue(parsing: Index.body(deployment))
        #expect(tellsTheWayIn(index["authentication"]?.string, mode))
        let document = try OpenAPIDocument(tools: [ShopTools.all[0]], deployment: deployment).value
        let refusal = document["components"]?["responses"]?["Problem401"]?["description"]
        // Where tokens come from stands in the document once, as a security scheme.
        #expect(
            refusal?.string == (mode.name == "none" ? nil : "No valid credentials. " + deployment.credentials.demand))
        let auth = ActionsManifest(tools: [], deployment: deployment).value["auth"]
        let types = [
            "none": "none", "embedded": "service_http", "oauth2": "service_http", "api-key": "service_http",
            "hybrid": "service_http",
        ]
        #expect(auth?["type"]?.string == types[mode.name])
        #expect(auth?["custom_auth_header"]?.string == (mode.name == "api-key" ? "X-MCP-API-Key" : nil))
        let schemes = ToolEntry.value(ShopTools.all[0], deployment, .modern)["securitySchemes"]?[0]?["type"]?.string
        #expect(schemes == (mode.name == "none" ? "noauth" : mode.name == "api-key" ? nil : "oauth2"))
    }

    @Test(arguments: modes)
    func theGreetingTellsTheWayIn(mode: Mode) throws {
        let (deployment, _) = try deployment(mode)
        // Of the embedded server the client's own id and secret are greeted with instead.
        guard mode.name != "embedded" else { return }
        let greeting = Welcome(
            publicURL: "https://a.example", snapshot: Snapshot(packs: [], tools: [], refusals: [], disabled: []),
            embedded: nil, credentials: deployment.credentials)
        if mode.name == "none" {
            #expect(!greeting.text.contains("Bearer") && greeting.authorization == "")
        } else {
            #expect(tellsTheWayIn(greeting.text, mode))
            #expect(
                greeting.authorization
                    == (mode.name == "api-key"
                        ? "-H \"X-MCP-API-Key: $KEY\" " : "-H \"Authorization: Bearer $TOKEN\" "))
        }
    }
}
