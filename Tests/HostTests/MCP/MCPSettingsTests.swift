// What an operator may decide about MCP.

import JSON
import Testing

@testable import HostApp
@testable import HostDocuments
@testable import HostMCP

@Suite struct MCPSettingsTests {
    private func settings(_ values: [String: String]) throws -> MCPSettings {
        try Settings(source: SettingsSource(environment: values, file: [:]), workingDirectory: "/srv").mcp
    }

    @Test func defaultsAreTheServicesOwn() throws {
        let settings = try settings(["SERVICE_DESCRIPTION": "Groceries."])
        #expect(settings.instructions == "Groceries.")
        #expect(settings.pageSize == 200)
        #expect(settings.allowedHosts.isEmpty)
        #expect(settings.appsChallenge == nil)
        #expect(settings.warnings.isEmpty)
    }

    @Test func valuesAreTaken() throws {
        let settings = try settings([
            "MCP_INSTRUCTIONS": "Search first.", "MCP_PAGE_SIZE": "3", "MCP_ALLOWED_HOSTS": "A.internal, b",
            "OPENAI_APPS_CHALLENGE": "token-1",
        ])
        #expect(settings.instructions == "Search first.")
        #expect(settings.pageSize == 3)
        #expect(settings.allowedHosts == ["a.internal", "b"])
        #expect(settings.appsChallenge == "token-1")
    }

    @Test func longInstructionsAreWarnedOf() throws {
        #expect(try settings(["MCP_INSTRUCTIONS": String(repeating: "é", count: 512)]).warnings.isEmpty)
        let warning = try settings(["MCP_INSTRUCTIONS": String(repeating: "é", count: 513)]).warnings.first
        #expect(warning?.contains("513 characters") == true)
    }

    @Test(arguments: [
        ("MCP_PAGE_SIZE", "0"), ("MCP_ALLOWED_HOSTS", "https://a"), ("MCP_ALLOWED_HOSTS", "*.example"),
        ("MCP_ALLOWED_HOSTS", "a:8443"), ("MCP_ALLOWED_HOSTS", "a:"), ("MCP_ALLOWED_HOSTS", "[::1]evil"),
        ("MCP_ALLOWED_HOSTS", "[::1]:80"), ("MCP_ALLOWED_HOSTS", "caf\u{E9}"),
        ("OPENAI_APPS_CHALLENGE", "two words"), ("MCP_INSTRUCTIONS", String(repeating: "a", count: 16_385)),
    ])
    func whatMakesNoSenseIsRefused(name: String, value: String) {
        let error = #expect(throws: SettingsError.self) { try settings([name: value]) }
        #expect(error?.key == name)
    }

    @Test func theHostSaysWhoItIs() throws {
        let version = PublishedVersion("1.0.0", tools: ShopTools.all)
        let facts = ServerFacts(
            deployment: ShopTools.deployment, version: version, instructions: "Search first.", isPublic: false)
        let discovery = try JSONValue(parsing: facts.discovery)
        #expect(discovery["supportedVersions"]?[0] == "2026-07-28")
        #expect(discovery["supportedVersions"]?.array?.count == ProtocolVersion.allCases.count)
        #expect(discovery["capabilities"] == ["tools": ["listChanged": true]])
        #expect(discovery["instructions"] == "Search first.")
        #expect(discovery["cacheScope"] == "private")
        #expect(discovery["resultType"] == "complete")
        #expect(discovery["ttlMs"]?.int64 ?? -1 >= 0)
        #expect(discovery["_meta"]?[MetaKey.serverInfo]?["version"] == .string(version.text))
        let handshake = try JSONValue(parsing: facts.initialization(.june2025))
        #expect(handshake["protocolVersion"] == "2025-06-18")
        #expect(handshake["capabilities"] == ["tools": ["listChanged": false]])
        #expect(handshake["serverInfo"]?["name"] == "shop")
        #expect(handshake["instructions"] == "Search first.")
        let silent = ServerFacts(
            deployment: ShopTools.deployment, version: version, instructions: nil, isPublic: true)
        #expect(try JSONValue(parsing: silent.discovery)["instructions"] == nil)
        #expect(try JSONValue(parsing: silent.discovery)["cacheScope"] == "public")
    }
}
