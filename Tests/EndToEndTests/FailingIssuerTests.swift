// The provider fails in every way that providers fail in, and the host goes on.

import Foundation
import JSON
import Synchronization
import Testing

@Suite("An issuer that fails")
struct FailingIssuerTests {
    @Test(
        "A host starts without its issuer, says so, answers 503 and recovers",
        arguments: ["fail", "stall", "redirect", "huge", "gzip"])
    func keysThatCannotBeHad(_ mode: String) throws {
        let provider = try FixtureProvider()
        try provider.control(["mode": [FixtureProvider.keys: .string(mode)]])
        try RunningHost.with(HostOptions(environment: provider.environment())) { host throws in
            let health = try host.get("/health")
            #expect(health.status == 200 && health.json?["status"] == "degraded")
            #expect(health.json?["issuers"] == 1 && health.json?["ailing_issuers"] == 1)
            #expect(!health.text.contains("http"), "the issuer is named to everybody")
            let answer = try host.call(token: provider.token())
            #expect(answer.status == 503, "\(answer.text)")
            #expect(answer["Retry-After"].flatMap(Int.init) ?? 0 > 0)
            #expect(host.logSays("keys of the issuer cannot be had"))
            if mode == "gzip" { #expect(host.logSays("compressed (Content-Encoding", "gzip")) }
            #expect(try provider.count("/elsewhere/keys") == 0, "a redirect was followed")
            try provider.control(["mode": [FixtureProvider.keys: "ok"]])
            #expect(host.hasKeys())
            #expect(host.logSays("keys of the issuer can be had again"))
            #expect(try host.call(token: provider.token()).status == 200)
        }
    }

    @Test("Broken keys are left out one by one")
    func brokenKeys() throws {
        let provider = try FixtureProvider()
        try provider.control(["mode": [FixtureProvider.keys: "broken"]])
        try RunningHost.with(HostOptions(environment: provider.environment())) { host throws in
            #expect(host.hasKeys())
            #expect(try host.call(token: provider.token()).status == 200)
            #expect(try host.call(token: provider.token(header: ["kid": "enc"])).status == 401)
            #expect(host.logSays("a key of the issuer is not used", "torn", "it has no e"))
            #expect(host.logSays("a key of the issuer is not used", "it is not for signatures"))
            #expect(!host.scratch.text("log").contains(/\bHost[A-Z]\w*\./), "a name of the source")
        }
    }

    @Test("Keys as serializers of whole objects write them are read, and one that is listed twice is one")
    func javaKeys() throws {
        let provider = try FixtureProvider()
        try provider.control(["mode": [FixtureProvider.keys: "java"]])
        try RunningHost.with(HostOptions(environment: provider.environment())) { host throws in
            #expect(host.hasKeys())
            #expect(try host.call(token: provider.token()).status == 200)
        }
    }

    @Test("Metadata about somebody else is never served")
    func otherIssuer() throws {
        let provider = try FixtureProvider()
        try provider.control(["metadata": ["issuer": "https://sts.windows.net/t/"]])
        let environment = provider.environment(["OAUTH2_JWKS_URI": provider.issuer + FixtureProvider.keys])
        try RunningHost.with(HostOptions(environment: environment)) { host throws in
            #expect(host.hasKeys())
            #expect(host.logSays("metadata not used", "sts.windows.net"))
            let document = try #require(try host.get("/.well-known/openid-configuration").json)
            #expect(document["issuer"]?.string == provider.issuer)
            #expect(document["x-of-the-provider"] == nil)
            #expect(document["jwks_uri"]?.string == provider.issuer + FixtureProvider.keys)
        }
    }

    @Test("Made-up key ids cause one fetch at most")
    func flood() throws {
        let provider = try FixtureProvider()
        try RunningHost.with(HostOptions(environment: provider.environment())) { host throws in
            #expect(host.hasKeys())
            let token = try provider.token()
            let before = try provider.count(FixtureProvider.keys)
            for number in 0..<200 {
                let forged = try provider.token(header: ["kid": .string("made up \(number)")])
                #expect(try host.call(token: forged).status == 401)
            }
            #expect(try provider.count(FixtureProvider.keys) - before <= 1)
            #expect(try host.call(token: token).status == 200)
        }
    }

    @Test("Keys are exchanged under load: no call fails, and there is one fetch")
    func rotation() throws {
        let provider = try FixtureProvider()
        try RunningHost.with(HostOptions(environment: provider.environment())) { host throws in
            #expect(host.hasKeys())
            // The keys that the start fetched are old enough then for an unknown key id to cause another fetch.
            let fetched = ContinuousClock.now
            let old = try provider.token()
            try provider.control(["add": ["two"]])
            let new = try provider.token(key: "two")
            _ = eventually(within: .seconds(60)) { ContinuousClock.now - fetched > .seconds(32) }
            let before = try provider.count(FixtureProvider.keys)
            let failures = Mutex<[String]>([])
            DispatchQueue.concurrentPerform(iterations: 8) { worker in
                for number in 0..<50 {
                    let token = (worker + number).isMultiple(of: 2) ? old : new
                    let answer = try? host.call(token: token)
                    if answer?.status != 200 {
                        failures.withLock { $0.append("\(answer?.status ?? 0) \(answer?.text ?? "")") }
                    }
                }
            }
            #expect(failures.withLock { $0 } == [])
            #expect(try provider.count(FixtureProvider.keys) - before == 1)
        }
    }

    @Test("The two files of the guide start a host: degraded, with the document made of the keys, and 503")
    func unreachableProvider() throws {
        let login = "https://login.microsoftonline.com"
        for (tenant, more) in [
            ("{your-tenant-id}", "OAUTH2_TOKEN_ENDPOINT=\(login)/{your-tenant-id}/oauth2/v2.0/token\n"),
            (
                "{tenant}",
                "MCP_SERVER_HOST=0.0.0.0\nNEXTJS_URL=https://api.yourdomain.com\nREQUIRED_MCP_SCOPES=mcp:read,mcp:execute\n"
            ),
        ] {
            let scratch = try Scratch()
            let options = HostOptions()
            try options.stage(in: scratch)
            try scratch.write(
                """
                # Authentication Mode
                MCP_AUTH_MODE=oauth2

                OAUTH2_OPENID_CONFIG_URL=\(login)/\(tenant)/.well-known/openid-configuration
                OAUTH2_JWKS_URI=\(login)/\(tenant)/discovery/v2.0/keys
                OAUTH2_ISSUER=\(login)/\(tenant)/v2.0
                OAUTH2_AUDIENCE={your-client-id}
                ALLOWED_MCP_CLIENTS={chatgpt-enterprise-client-id}
                \(more)
                """, to: ".env.local")
            let provider = try FixtureProvider()
            try RunningHost.with(options, in: scratch) { host throws in
                #expect(try host.get("/health").json?["status"]?.string == "degraded")
                let document = try #require(try host.get("/.well-known/openid-configuration").json)
                #expect(document["issuer"]?.string == "\(login)/\(tenant)/v2.0")
                #expect(document["token_endpoint"]?.string == "\(login)/\(tenant)/oauth2/v2.0/token")
                #expect(document["jwks_uri"]?.string == "\(login)/\(tenant)/discovery/v2.0/keys")
                let token = try provider.token(["iss": .string("\(login)/\(tenant)/v2.0"), "tid": "t"])
                #expect(try host.call(token: token).status == 503)
                #expect(host.logSays("placeholder", "OAUTH2_ISSUER"))
            }
        }
    }

    @Test("Documents of an issuer are fetched over TLS with the operator's own authority, and not without it")
    func ownAuthority() throws {
        let own = try FixtureCertificate()
        let provider = try FixtureProvider(tls: own)
        #expect(provider.issuer.hasPrefix("https://"))
        let token = try provider.token()
        let trusting = provider.environment(["OUTBOUND_CA_FILE": own.certificate])
        try RunningHost.with(HostOptions(environment: trusting)) { host throws in
            #expect(host.hasKeys())
            #expect(try host.call(token: token).status == 200)
        }
        let asked = try provider.count(FixtureProvider.keys)
        #expect(asked > 0)
        try RunningHost.with(HostOptions(environment: provider.environment())) { host throws in
            #expect(host.logSays("CERTIFICATE_VERIFY_FAILED"))
            #expect(try host.call(token: token).status == 503)
        }
        #expect(try provider.count(FixtureProvider.keys) == asked)
    }
}
