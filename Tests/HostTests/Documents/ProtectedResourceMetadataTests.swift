// RFC 9728: exact identifiers, and nothing that is empty.

import JSON
import Testing

@testable import HostDocuments

@Suite struct ProtectedResourceMetadataTests {
    @Test(arguments: ["", "/mcp", "/tools/search_products"])
    func resourceIsThePublicURLAndTheSuffix(suffix: String) {
        let metadata = ProtectedResourceMetadata.value(
            suffix: suffix, deployment: ShopTools.deployment, scopes: ["tools:call"])
        #expect(
            metadata == [
                "resource": .string("https://tools.example.com" + suffix),
                "authorization_servers": ["https://login.example.com"],
                "scopes_supported": ["tools:call"],
                "bearer_methods_supported": ["header"],
                "resource_name": "Shop",
            ])
    }

    @Test func whatHasNoValueIsLeftOut() {
        var deployment = ShopTools.deployment
        deployment.authorizationServers = []
        deployment.security = []
        deployment.title = ""
        let metadata = ProtectedResourceMetadata.value(suffix: "", deployment: deployment, scopes: [])
        #expect(metadata == ["resource": "https://tools.example.com"])
    }

    @Test func documentationIsNamedWhereThereIsSome() {
        var deployment = ShopTools.deployment
        deployment.documentationURL = "https://docs.example.com"
        let metadata = ProtectedResourceMetadata.value(suffix: "", deployment: deployment, scopes: [])
        #expect(metadata["resource_documentation"] == "https://docs.example.com")
    }

    @Test(arguments: [
        ("https://h.example", "", "https://h.example/.well-known/oauth-protected-resource"),
        ("https://h.example", "/mcp", "https://h.example/.well-known/oauth-protected-resource/mcp"),
        ("https://h.example:8443/base", "/mcp", "https://h.example:8443/.well-known/oauth-protected-resource/base/mcp"),
        ("http://[::1]:3001", "", "http://[::1]:3001/.well-known/oauth-protected-resource"),
    ])
    func wellKnownPathGoesBetweenHostAndPath(publicURL: String, suffix: String, expected: String) {
        var deployment = ShopTools.deployment
        deployment.publicURL = publicURL
        #expect(ProtectedResourceMetadata.url(suffix: suffix, publicURL: deployment.publicURL) == expected)
    }
}
