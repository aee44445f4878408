// The manifest: its golden file, its limits, and what it says about authentication.

import JSON
import Testing

@testable import HostDocuments
@testable import HostTools

@Suite struct ActionsManifestTests {
    func manifest(_ change: (inout Deployment) -> Void = { _ in }) -> JSONValue {
        var deployment = ShopTools.deployment
        change(&deployment)
        return ActionsManifest(tools: ShopTools.all, deployment: deployment).value
    }

    @Test func isLikeItsGoldenFile() throws {
        try expectGolden(manifest(), "ai-plugin.json")
    }

    @Test func linksLeadToTheHost() {
        #expect(manifest()["api"]?["url"] == "https://tools.example.com/.well-known/openapi.json")
        #expect(manifest()["logo_url"] == "https://tools.example.com/logo.svg")
        #expect(manifest()["legal_info_url"] == "https://tools.example.com/legal")
    }

    @Test func operatorMayLinkElsewhere() {
        let manifest = manifest {
            $0.logoURL = "https://example.com/logo.png"
            $0.legalURL = "https://example.com/terms"
        }
        #expect(manifest["logo_url"] == "https://example.com/logo.png")
        #expect(manifest["legal_info_url"] == "https://example.com/terms")
    }

    @Test func withoutAPageForUsersTheServiceAuthenticatesItself() {
        #expect(
            manifest()["auth"]
                == ["type": "service_http", "authorization_type": "bearer", "verification_tokens": [:]])
    }

    @Test func withAPageForUsersItIsOAuth() {
        let token = "https://login.example.com/token"
        let scheme = SecurityScheme.clientCredentials(
            tokenURL: token, authorizationURL: "https://login.example.com/authorize")
        let auth = manifest { $0.security = [scheme] }["auth"]
        #expect(
            auth == [
                "type": "oauth", "client_url": "https://login.example.com/authorize",
                "authorization_url": .string(token), "scope": "tools:call orders:write",
                "authorization_content_type": "application/x-www-form-urlencoded", "verification_tokens": [:],
            ])
        let entra = manifest {
            $0.security = [scheme]
            $0.tokenScope = "app/.default"
        }["auth"]
        #expect(entra?["scope"] == "app/.default")
    }

    @Test func openDeploymentNeedsNone() {
        #expect(manifest { $0.security = [] }["auth"] == ["type": "none"])
    }

    func description(tools count: Int, description: Int, summary: Int = 10) -> String {
        let tools = (0..<count).map { number in
            var tool = ShopTools.tool("t\(number)", "T", String(repeating: "s", count: summary))
            tool.description = String(repeating: "d", count: description)
            return tool
        }
        return ActionsManifest.descriptionForModel(tools: tools, deployment: ShopTools.deployment)
    }

    @Test func descriptionForModelTellsOfEachTool() {
        let text = description(tools: 2, description: 5)
        #expect(
            text == ShopTools.deployment.description + "\n\nt0: ssssssssss\n\nddddd\n\nt1: ssssssssss\n\nddddd")
    }

    @Test func textsOfOneLineStandInLines() {
        let tools = ["a", "b"].map { ShopTools.tool($0, "T", "Does \($0).") }
        #expect(
            ActionsManifest.descriptionForModel(tools: tools, deployment: ShopTools.deployment)
                == ShopTools.deployment.description + "\n\na: Does a.\nb: Does b.")
    }

    @Test func aKeyTravelsInItsOwnField() {
        let auth = manifest { $0.security = [.apiKey(header: "X-MCP-API-Key")] }["auth"]
        #expect(
            auth == [
                "type": "service_http", "authorization_type": "custom", "custom_auth_header": "X-MCP-API-Key",
                "verification_tokens": [:],
            ])
    }

    @Test func longDescriptionsGiveWayToSummaries() {
        let text = description(tools: 2, description: 4_000)
        #expect(text == ShopTools.deployment.description + "\n\nt0: ssssssssss\nt1: ssssssssss")
    }

    @Test func toolsBeyondTheLimitAreLeftOutWhole() {
        let text = description(tools: 100, description: 300, summary: 300)
        let lines = text.split(separator: "\n")
        #expect(text.unicodeScalars.count <= ActionsManifest.descriptionForModelLimit)
        #expect(text.unicodeScalars.count > ActionsManifest.descriptionForModelLimit - 400)
        #expect(lines.dropFirst().dropLast().allSatisfy { $0.hasSuffix(String(repeating: "s", count: 300)) })
        #expect(lines.last == "Further tools, described in the OpenAPI document: \(100 - (lines.count - 2))")
    }

    @Test func descriptionThatFillsTheManifestStandsAlone() {
        var deployment = ShopTools.deployment
        deployment.description = String(repeating: "x", count: 8_000)
        #expect(
            ActionsManifest.descriptionForModel(tools: ShopTools.all, deployment: deployment)
                == deployment.description)
    }

    @Test func legalPageSaysWhatIsKnown() {
        var deployment = ShopTools.deployment
        #expect(LegalPage.text(deployment).contains("no terms of use"))
        deployment.legalText = "Be kind."
        #expect(LegalPage.text(deployment) == "Shop\n\nBe kind.\n\nContact: support@example.com\n")
    }
}
