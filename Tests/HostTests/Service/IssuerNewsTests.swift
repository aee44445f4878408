// What an issuer says about itself becomes a part of an edition, and stays what it is there.

import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import HostApp
@testable import HostAuth
@testable import HostDocuments
@testable import HostService

@Suite struct IssuerNewsTests {
    private static let named = "https://named.example"
    private static let other = "https://other.example"
    /// Where each may publish what it says, the first one first.
    private static let places = ["openid-configuration", "oauth-authorization-server"].map { "/.well-known/\($0)" }

    /// Two issuers, of which documents name one, and a store that hears of both.
    private final class World {
        let settings: Settings
        let editions: Editions
        let told = Arrivals(of: "changes")
        private let directory: IssuerDirectory
        private let loop = EmbeddedEventLoop()
        private let pages: Pages

        private final class Pages: Sendable {
            let texts = Mutex<[String: String]>([:])
        }

        init(_ discovery: AuthSettings.Discovery) throws {
            var settings = try TestEditions.settings([
                "MCP_AUTH_MODE": "oauth2", "OAUTH2_ISSUER": named, "OAUTH2_AUDIENCE": "a",
                "OAUTH2_DISCOVERY": discovery.rawValue,
            ])
            settings.auth.issuers.append(TrustedIssuer(issuer: other))
            self.settings = settings
            let editions = try TestEditions.editions(settings)
            self.editions = editions
            let pages = Pages()
            self.pages = pages
            directory = Application.issuers(settings.auth, of: editions, TestEditions.logger) { url, loop in
                struct Absent: Error {}
                guard let text = pages.texts.withLock({ $0[url] }) else { return loop.makeFailedFuture(Absent()) }
                return loop.makeSucceededFuture(FetchedDocument(body: Array(text.utf8)))
            }
            editions.subscribe { [told] _, _ in told.note() }
        }

        /// An issuer says another thing at one place alone, and is asked.
        func say(_ issuer: String, _ token: String, at place: Int = 0) throws {
            pages.texts.withLock { texts in
                for place in places { texts[issuer + place] = nil }
                texts[issuer + places[place]] =
                    #"{"issuer":"\#(issuer)","token_endpoint":"https://\#(token).example/"}"#
            }
            // Nobody knows where its keys are: that is looked up whenever they are asked for.
            let rules = try #require(directory.issuers.first { $0.rules.issuer == issuer }).rules
            let keys = directory.keySetFetch(rules, loop)
            loop.run()
            #expect(throws: IssuerDirectory.NoKeysURL.self) { try keys.wait() }
        }
    }

    /// What an edition tells of the authorization server.
    private static func told(_ edition: Edition) -> String {
        let schemes = "\(edition.deployment.security)"
        switch edition.documents.authorizationServer {
        case .document(let document): return schemes + String(decoding: document.bytes, as: UTF8.self)
        case .redirect(let location): return schemes + location
        case .none(let reason): return reason
        }
    }

    @Test(arguments: AuthSettings.Discovery.allCases)
    func thePartsOfAnEditionAlwaysSayTheSame(discovery: AuthSettings.Discovery) throws {
        let world = try World(discovery)
        let first = world.editions.current
        var tellings = [Self.told(first)]
        var editions = [first]
        for (place, token) in ["one", "two"].enumerated() {
            try world.say(Self.named, token, at: place)
            try world.told.wait()
            let edition = world.editions.current
            let telling = Self.told(edition)
            #expect(telling.contains("https://\(token).example/"))
            #expect(discovery == .mirror || telling.hasSuffix(Self.named + Self.places[place]))
            editions.append(edition)
            tellings.append(telling)
        }
        let maker = TestEditions.maker(world.settings)
        for (edition, telling) in zip(editions, tellings) {
            #expect(Self.told(edition) == telling)
            #expect(Self.told(try maker.edition(9, of: edition.parts)) == telling)
        }
    }

    @Test func newsOfAnIssuerThatDocumentsDoNotNameChangeNothing() throws {
        let world = try World(.mirror)
        try world.say(Self.other, "other")
        try world.say(Self.named, "named")
        try world.told.wait()
        #expect(world.editions.current.number == 2)
        #expect(Self.told(world.editions.current).contains("https://named.example/"))
    }

    /// An edition that has a way back to the store that has it would stay for ever.
    @Test func aStoreThatNobodyHasIsGone() throws {
        func last() throws -> WeakEdition {
            let world = try World(.mirror)
            try world.say(Self.named, "named")
            try world.told.wait()
            return WeakEdition(world.editions.current)
        }
        #expect(WeakEdition.areGone([try last()]))
    }
}
