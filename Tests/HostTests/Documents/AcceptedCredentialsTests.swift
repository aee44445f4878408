// Every text tells the way in that the deployment has, in each mode.

import JSON
import Testing

@testable import HostApp
@testable import HostAuth
@testable import HostCalls
@testable import HostDocuments
@testable import HostDoor
@testable import HostMCP
@testable import HostService

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

    func deployment(_ mode: Mode) throws -> (Deployment, AuthMode) {
        let settings = try Settings(
            source: SettingsSource(environment: mode.values.merging(["MCP_AUTH_MODE": mode.name]) { $1 }, file: [:]),
            workingDirectory: "/srv")
        return (
            Deployment(service: settings.service, auth: settings.auth, publicURL: "https://a.example"),
            settings.auth.mode
        )
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
        let refusals = ObjectionAnswers(deployment: deployment, authMode: authMode)
        for failure in [AuthenticationFailure.missing, .malformed(.severalCredentials), .invalid(.apiKey)] {
            let body = refusals.response(.refused(failure), suffix: "", scopes: []).bytes
            let detail = try JSONValue(parsing: body)["detail"]?.string
            #expect(tellsTheWayIn(detail, mode), "\(detail ?? "")")
            #expect(detail?.contains("access token is required") == false)
        }
    }

    @Test(arguments: modes)
    func refusalsNameTheScopesThatAreNeeded(mode: Mode) throws {
        let (deployment, authMode) = try deployment(mode)
        let refusals = ObjectionAnswers(deployment: deployment, authMode: authMode)
        let failure = AuthenticationFailure(kind: .insufficientScope(["orders.write", "facts"]), reason: "")
        let problem = try JSONValue(parsing: refusals.response(.refused(failure), suffix: "", scopes: []).bytes)
        let detail = try #require(problem["detail"]?.string)
        #expect(detail.hasPrefix("The credential lacks a scope that is needed. Needed: orders.write, facts."))
        #expect(detail.contains("token") == mode.tells.contains(Self.token))
        #expect(detail.contains("which scopes a key has") == mode.tells.contains("X-MCP-API-Key"), "\(detail)")
        #expect(problem["scopes"] == ["orders.write", "facts"])
        let overMCP = RPCError.refused(failure, refusals.sentence(failure))
        #expect(overMCP.message == detail && overMCP.data?["scopes"] == problem["scopes"])
        let unnamed = refusals.response(
            .refused(AuthenticationFailure(kind: .insufficientScope([]), reason: "")), suffix: "", scopes: [])
        #expect(try JSONValue(parsing: unnamed.bytes)["detail"] == "The credential lacks a scope that is needed.")
        #expect(try JSONValue(parsing: unnamed.bytes)["scopes"] == nil)
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
            // Every variable of the example is read before it.
            let variable = mode.name == "api-key" ? "KEY" : "TOKEN"
            #expect(
                greeting.text.contains("  read -rs \(variable)\n") && greeting.authorization.contains("$\(variable)")
            )
            var guarded = greeting
            #expect(greeting.text.contains("\n  ./test-chatgpt-endpoints.sh https://a.example\n"))
            guarded.guardedState = "/srv/var"
            let needed = ["api-key": "TOOLHOST_API_KEY=$KEY ./test-", "oauth2": "TOOLHOST_CLIENT_ID="]
            #expect(guarded.text.contains(needed[mode.name] ?? "TOOLHOST_API_KEY="), "\(guarded.text)")
            #expect(
                greeting.authorization
                    == (mode.name == "api-key"
                        ? "-H \"X-MCP-API-Key: $KEY\" " : "-H \"Authorization: Bearer $TOKEN\" "))
        }
    }
}
