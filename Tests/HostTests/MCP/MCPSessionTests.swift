// Session ids: signed, bound to who got them, and nothing that anybody has to remember.

import Testing

@testable import HostBase
@testable import HostCaller
@testable import HostMCP

@Suite struct MCPSessionTests {
    private let ids = SessionIDs(secret: Array(repeating: 7, count: 32))
    private let shop = Principal(clientID: "shop", clientIssuer: "https://a.example", scopes: [])

    @Test(arguments: [ProtocolVersion.march2025, .june2025, .november2025])
    func anIdIsGoodForThePrincipalItWasMadeFor(version: ProtocolVersion) {
        let id = ids.mint(version, for: shop)
        let session = ids.read(id, for: shop)
        #expect(id.utf8.allSatisfy { (0x21...0x7E).contains($0) })
        #expect(session?.version == version)
        let withScopes = Principal(clientID: shop.clientID, clientIssuer: shop.clientIssuer, scopes: ["more"])
        #expect(ids.read(id, for: withScopes) == session)
    }

    @Test func noTwoSessionsAreTheSame() {
        #expect(ids.mint(.june2025, for: shop) != ids.mint(.june2025, for: shop))
    }

    @Test func anIdIsWorthNothingToOthers() {
        let id = ids.mint(.june2025, for: shop)
        let other = Principal(clientID: "other", clientIssuer: "https://a.example", scopes: [])
        let elsewhere = Principal(clientID: "shop", clientIssuer: "https://b.example", scopes: [])
        let user = Principal(
            subject: "u", subjectIssuer: "https://a.example", clientID: "shop", clientIssuer: "https://a.example",
            scopes: [])
        for principal in [other, elsewhere, user] { #expect(ids.read(id, for: principal) == nil) }
        #expect(SessionIDs(secret: Array(repeating: 8, count: 32)).read(id, for: shop) == nil)
    }

    @Test func noBitOfAnIdMayChange() throws {
        let id = ids.mint(.june2025, for: shop)
        let bytes = try #require(Base64.url.decode(id))
        for position in bytes.indices {
            var changed = bytes
            changed[position] ^= 1
            #expect(ids.read(Base64.url.encode(changed), for: shop) == nil)
        }
        for text in ["", "x", "session-1", id + "A", String(id.dropLast()), id + "=", " " + id] {
            #expect(ids.read(text, for: shop) == nil)
        }
    }

    @Test func theSecretSurvivesARestart() throws {
        let folder = try TemporaryFolder()
        let id = try SessionIDs.open(stateFolder: folder.path).mint(.june2025, for: shop)
        let again = try SessionIDs.open(stateFolder: folder.path)
        #expect(again.read(id, for: shop)?.version == .june2025)
    }

    @Test func aDamagedSecretIsNotUsed() throws {
        let folder = try TemporaryFolder()
        try SecretFile.prepareFolder("\(folder.path)/auth")
        let isNew = try SecretFile.create("\(folder.path)/auth/mcp-session.key", Array("short\n".utf8))
        #expect(isNew)
        #expect(throws: SecretFileFault.self) { try SessionIDs.open(stateFolder: folder.path) }
    }
}
