// What an operator reads of a start, in the order in which it is told.

import Testing

@testable import HostApp
@testable import HostAuth
@testable import HostCalls

@Suite struct StartLogTests {
    private let lines = CollectedLines()
    private var log: StartLog { StartLog(logger: lines.logger) }

    private func snapshot(
        _ tools: [ServedTool] = [], refusals: [PackRefusal] = [], disabled: [PackRefusal] = []
    ) -> Snapshot {
        Snapshot(packs: [], tools: tools, refusals: refusals, disabled: disabled)
    }

    private func pack() throws -> TestPack {
        try TestPack(
            "one", answer: "{}", TestEditions.settings().calls, calls: CallTable(),
            pool: WorkerPool(threads: 1, logger: TestEditions.logger))
    }

    @Test func warningsAreToldAsTheyAre() {
        log.warn(["first", "second"])
        log.warn([])
        log.warn(nil)
        log.warn("third")
        #expect(lines.all == ["warning: first", "warning: second", "warning: third"])
    }

    @Test func whatIsNotServedIsToldByPackAndByTool() {
        log.loaded(
            snapshot(
                refusals: [
                    PackRefusal(file: "a.so", reason: "is no pack"),
                    PackRefusal(file: "b.so", tool: "buy", reason: "has no schema"),
                ],
                disabled: [
                    PackRefusal(file: "c.so", reason: "as the policy says"),
                    PackRefusal(file: "d.so", tool: "sell", reason: "as the policy says"),
                ]))
        #expect(
            lines.all == [
                "error: pack refused file=a.so reason=is no pack",
                "error: tool refused file=b.so reason=has no schema tool=buy",
                "notice: pack disabled file=c.so reason=as the policy says",
                "notice: tool disabled file=d.so reason=as the policy says tool=sell",
            ])
    }

    @Test func whoseTokensCountIsTold() throws {
        let settings = try TestEditions.settings([
            "MCP_AUTH_MODE": "oauth2", "OAUTH2_ISSUER": "https://id.example.com", "OAUTH2_AUDIENCE": "a",
        ])
        log.trusted(settings.auth.issuers)
        let issuer = try #require(settings.auth.issuers.first)
        #expect(
            lines.all == [
                "info: issuer trusted issuer=https://id.example.com preset=\(issuer.preset.rawValue) "
                    + "settings=\(issuer.rules.settings)"
            ])
    }

    @Test func aHostWithoutToolsWarnsBeforeItListens() throws {
        let address = (host: "127.0.0.1", port: 3001)
        log.listening(at: address, "https://a", snapshot(), plugins: "/srv/plugins", host: nil)
        log.listening(at: address, "https://a", snapshot(try pack().tools), plugins: "/srv/plugins", host: 2)
        #expect(
            lines.all == [
                "warning: no tool is served: /health says unavailable plugins=/srv/plugins",
                "info: listening address=127.0.0.1 packs=0 port=3001 public_url=https://a tools=0",
                "info: listening address=127.0.0.1 host=2 packs=0 port=3001 public_url=https://a tools=2",
            ])
    }
}
