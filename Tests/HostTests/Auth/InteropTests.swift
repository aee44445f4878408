// Tokens to and from two independent libraries, which `make test` installs.

import Foundation
import JSON
import Testing

@testable import HostAuth
@testable import HostBase
@testable import HostCaller

@Suite struct InteropTests {
    private func variable(_ name: String) throws -> String {
        try #require(
            ProcessInfo.processInfo.environment[name],
            "\(name) is not set: run the tests with `make test`, which sets it")
    }

    @Test func tokensOfOthersAreVerified() throws {
        let file = try URL(fileURLWithPath: variable("INTEROP_TOKENS"))
        let document = try JSONValue(parsing: [UInt8](Data(contentsOf: file)))
        let keys = try JSONWebKeySet(parsing: try #require(document["jwks"]).bytes())
        #expect(keys.keys.count == 5)
        #expect(keys.skipped == [])
        var settings = IssuerPreset.generic.configuration(issuer: "https://issuer.example")
        settings.audiences = ["tools"]
        settings.typePolicy = .accessToken
        let verifier = TokenVerifier(configuration: settings)
        let tokens = try #require(document["tokens"]?.array)
        #expect(tokens.count == 21)
        for item in tokens {
            let token = try #require(item["token"]?.string)
            let verified = try verifier.verify(try CompactJWS(token), keys: keys, now: ProviderToken.now + 1)
            #expect(verified.principal.subject == "Ünï", "\(item)")
            #expect(verified.principal.clientID == "client-1", "\(item)")
            #expect(verified.principal.scopes == ["read", "write"], "\(item)")
        }
    }

    @Test func othersVerifyOurTokens() throws {
        let python = try variable("TOOLHOST_PYTHON")
        let script = try "\(variable("TOOLHOST_ROOT"))/scripts/interop_tokens.py"
        let folder = try TemporaryFolder()
        let server = try EmbeddedAuthorizationServer.open(stateFolder: folder.path, publicURL: "http://localhost:3001")
        let body = "grant_type=client_credentials&client_id=\(server.clientID)&client_secret=\(server.clientSecret)"
        let answer = server.respond(
            to: TokenRequest(contentType: "application/x-www-form-urlencoded", body: Array(body.utf8)), scopes: ["a"])
        let token = try #require(try JSONValue(parsing: answer.body)["access_token"]?.string)
        func verify(_ token: String) throws -> Int32 {
            let given: JSONValue = [
                "jwks": server.jwks, "token": .string(token), "issuer": "http://localhost:3001",
                "audience": "http://localhost:3001",
            ]
            try folder.write(given.description, "given.json")
            let process = Process()
            process.executableURL = URL(fileURLWithPath: python)
            process.arguments = [script, "verify", "\(folder.path)/given.json"]
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            return process.terminationStatus
        }
        #expect(try verify(token) == 0)
        #expect(try verify(String(token.dropLast(2)) + "AA") != 0)
    }
}
