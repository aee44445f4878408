// What is believed of what an issuer publishes, without a network.

import JSON
import Logging
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import HostAuth
@testable import HostBase

@Suite struct IssuerDirectoryTests {
    /// Answers by URL, and remembers who was asked.
    private final class Web: Sendable {
        struct Absent: Error {}
        private let pages: Mutex<[String: String]>
        private let requests = Mutex<[String]>([])

        init(_ pages: [String: String]) { self.pages = Mutex(pages) }

        var asked: [String] { requests.withLock { $0 } }

        func put(_ text: String, at url: String) { pages.withLock { $0[url] = text } }

        func fetch(_ url: String, _ loop: any EventLoop) -> EventLoopFuture<FetchedDocument> {
            requests.withLock { $0.append(url) }
            guard let text = pages.withLock({ $0[url] }) else { return loop.makeFailedFuture(Absent()) }
            return loop.makeSucceededFuture(FetchedDocument(body: Array(text.utf8)))
        }
    }

    private static let issuer = "https://login.microsoftonline.com/t/v2.0"
    private static let own = "\(issuer)/.well-known/openid-configuration"
    private static let v1 = "https://login.microsoftonline.com/t/.well-known/openid-configuration"

    private static func metadata(_ issuer: String, keys: String = "https://k.example/keys") -> String {
        #"{"issuer":"\#(issuer)","jwks_uri":"\#(keys)","token_endpoint":"https://k.example/token"}"#
    }

    private func directory(_ web: Web, jwksURI: String? = nil) -> IssuerDirectory {
        var issuer = TrustedIssuer(issuer: Self.issuer)
        issuer.rules.metadataURL = Self.v1
        issuer.rules.jwksURI = jwksURI
        issuer.expect(audiences: ["a"])
        return IssuerDirectory(
            issuers: [issuer], fetch: { web.fetch($0, $1) },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            steady: TimeSource { NumericDate(seconds: 1000) })
    }

    @Test func metadataOfAnotherIssuerIsPassedOver() {
        let loop = EmbeddedEventLoop()
        let web = Web([Self.v1: Self.metadata("https://sts.windows.net/t/"), Self.own: Self.metadata(Self.issuer)])
        let directory = directory(web)
        directory.refresh(on: loop)
        loop.run()
        #expect(web.asked == [Self.v1, Self.own])
        let found = directory.finding(of: Self.issuer)
        #expect(found?.metadata.document(with: .init())["issuer"]?.string == Self.issuer)
        #expect(found?.location == Self.own)
    }

    @Test func metadataThatIsOnlyAboutOthersIsNeverInUse() {
        let loop = EmbeddedEventLoop()
        let other = Self.metadata("https://sts.windows.net/t/")
        let directory = directory(Web([Self.v1: other, Self.own: other]))
        directory.refresh(on: loop)
        loop.run()
        #expect(directory.finding(of: Self.issuer) == nil)
    }

    @Test func keysComeFromWhereTheMetadataSays() throws {
        let loop = EmbeddedEventLoop()
        let web = Web([Self.own: Self.metadata(Self.issuer), "https://k.example/keys": #"{"keys":[]}"#])
        let directory = directory(web)
        let document = directory.keySetFetch(directory.issuers[0].rules, loop)
        loop.run()
        #expect(try document.wait().body == Array(#"{"keys":[]}"#.utf8))
        #expect(web.asked.last == "https://k.example/keys")
    }

    @Test func aConfiguredURLOfTheKeysNeedsNoMetadata() throws {
        let loop = EmbeddedEventLoop()
        let web = Web(["https://mine.example/keys": #"{"keys":[]}"#])
        let directory = directory(web, jwksURI: "https://mine.example/keys")
        let document = directory.keySetFetch(directory.issuers[0].rules, loop)
        loop.run()
        _ = try document.wait()
        #expect(web.asked == ["https://mine.example/keys"])
    }

    @Test func withoutMetadataAndConfigurationThereAreNoKeys() {
        let loop = EmbeddedEventLoop()
        let directory = directory(Web([:]))
        let document = directory.keySetFetch(directory.issuers[0].rules, loop)
        loop.run()
        #expect(throws: IssuerDirectory.NoKeysURL.self) { try document.wait() }
    }

    /// What this host lacks says nothing of the issuer: nobody else is asked, and soon it is tried again.
    @Test func aShortageOfTheHostIsNotTheIssuersFailure() throws {
        let loop = EmbeddedEventLoop()
        let asked = Mutex<[String]>([])
        let now = Mutex<Double>(1000)
        var issuer = TrustedIssuer(issuer: Self.issuer)
        issuer.rules.metadataURL = Self.v1
        issuer.expect(audiences: ["a"])
        let fault = DocumentFetcher.Fault.shortage("this host is out of something")
        let directory = IssuerDirectory(
            issuers: [issuer],
            fetch: { url, loop in
                asked.withLock { $0.append(url) }
                return loop.makeFailedFuture(fault)
            }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            steady: TimeSource { NumericDate(seconds: now.withLock { $0 }) })
        let document = directory.keySetFetch(issuer.rules, loop)
        loop.run()
        #expect(throws: fault) { try document.wait() }
        #expect(asked.withLock { $0 } == [Self.v1])
        now.withLock { $0 += 0.5 }
        directory.refresh(on: loop)
        loop.run()
        #expect(asked.withLock { $0.count } == 1)
        now.withLock { $0 += 0.5 }
        directory.refresh(on: loop)
        loop.run()
        #expect(asked.withLock { $0.count } == 2)
    }

    @Test func whatWasFetchedStaysWhenTheIssuerGoesAway() {
        let loop = EmbeddedEventLoop()
        let web = Web([Self.own: Self.metadata(Self.issuer)])
        let directory = directory(web)
        directory.refresh(on: loop)
        loop.run()
        let count = web.asked.count
        directory.refresh(on: loop)
        loop.run()
        #expect(web.asked.count == count, "it is not due yet")
        #expect(directory.finding(of: Self.issuer) != nil)
    }
}
