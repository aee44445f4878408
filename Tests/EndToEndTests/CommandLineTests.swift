// The commands that look and tell, and the check script, as an operator uses them.

import Foundation
import JSON
import Testing

@Suite("Command line")
struct CommandLineTests {
    private func toolhost(_ arguments: String..., packs: [PackSource] = ["good"]) throws -> Finished {
        let scratch = try Scratch()
        let options = HostOptions(packs: packs)
        try options.stage(in: scratch)
        return try run(
            Setup.executable, arguments, environment: options.environment(in: scratch), directory: scratch.path)
    }

    @Test(
        "Every command explains itself",
        arguments: [
            [], ["serve"], ["tools"], ["inspect"], ["openapi"], ["config"], ["status"], ["pack"], ["pack", "restart"],
        ])
    func help(_ command: [String]) throws {
        let result = try run(Setup.executable, command + ["--help"])
        #expect(result.succeeded)
        #expect(result.output.contains("USAGE: toolhost"))
        if ["tools", "inspect", "openapi", "serve", "status", "restart"].contains(command.last) {
            #expect(result.output.contains("Exit codes"))
        }
    }

    @Test("Wrong usage is exit code 64, wrong configuration 78")
    func exitCodes() throws {
        #expect(try toolhost("serve", "--no-such-option").end == .exited(64))
        let unknown = try toolhost("sevre")
        #expect(unknown.end == .exited(64) && unknown.output.isEmpty)
        #expect(unknown.errors == "toolhost: there is no command \"sevre\"; `toolhost --help` lists those there are.\n")
        let result = try run(Setup.executable, ["tools"], environment: ["MCP_SERVER_PORT": "http"])
        #expect(result.end == .exited(78))
        #expect(result.errors.contains("MCP_SERVER_PORT"))
    }

    @Test("tools: what is served, what is not, and why; as text and as JSON")
    func tools() throws {
        let good = try toolhost("tools")
        #expect(good.succeeded, "\(good.output) \(good.errors)")
        #expect(good.output.contains("echo_worker"))
        let mixed = try toolhost("tools", "--json", packs: ["good", "wrong_major"])
        #expect(mixed.end == .exited(1))
        let report = try JSONValue(parsing: mixed.output)
        #expect(report.description.contains("wrong_major.so") && report.description.contains("echo_worker"))
    }

    @Test("The shop's tools are such that every client takes them")
    func clients() throws {
        let names = ["cart", "catalog", "checkout", "deals"]
        for name in names {
            let report = try JSONValue(parsing: toolhost("inspect", "--json", "\(Setup.packs)/\(name).so").output)
            #expect(report["clients"] == [], "\(report["clients"]?.description ?? "")")
            #expect(report["tools"]?.array?.isEmpty == false)
        }
    }

    @Test("tools: what clients may refuse is told of, with the way out, and refuses nothing")
    func quirks() throws {
        let result = try toolhost("tools", packs: ["schema_references"])
        #expect(result.succeeded, "\(result.output) \(result.errors)")
        #expect(result.output.contains("[input-reference]"), "\(result.output)")
        let report = try JSONValue(parsing: toolhost("tools", "--json", packs: ["schema_references"]).output)
        let clients: [JSONValue] = try #require(report["clients"]?.array)
        let tools = Set(clients.compactMap { $0["tool"]?.string })
        #expect(!tools.isEmpty && clients.count <= tools.count * ClientTable.quirks)
        #expect(clients.allSatisfy { $0["sources"]?.array?.isEmpty == false && $0["remedy"]?.string?.isEmpty == false })
    }

    /// More than the table has.
    private enum ClientTable { static let quirks = 40 }

    @Test("inspect: descriptors, hints, sizes; as text and as JSON")
    func inspect() throws {
        let path = try Setup.packs + "/checkout.so"
        let text = try toolhost("inspect", path)
        #expect(text.succeeded, "\(text.output) \(text.errors)")
        for word in ["checkout", "add_payment_method", "1.1.0"] { #expect(text.output.contains(word)) }
        let report = try JSONValue(parsing: toolhost("inspect", "--json", path).output)
        let tools = try #require(report["tools"]?.array)
        let checkout = try #require(tools.first { $0["name"]?.string == "checkout" })
        #expect(checkout.description.contains("cartSummary"))
        // What models read: what the tool does, and then the rest.
        let summary = try #require(checkout["summary"]?.string)
        for text in ["model_text", "openapi_description"] {
            #expect(checkout[text]?.string?.hasPrefix(summary) == true, "\(text)")
        }
        #expect(try toolhost("inspect", "/nowhere.so").end == .exited(1))
    }

    @Test("openapi prints the document that would be served")
    func openAPI() throws {
        let printed = try JSONValue(parsing: toolhost("openapi", packs: PackSource.shop).output)
        let served = try RunningHost.with(HostOptions(packs: PackSource.shop)) { host throws in
            try #require(try host.get("/openapi.json").json)
        }
        #expect(printed["paths"] == served["paths"])
        #expect(printed["components"]?["schemas"] == served["components"]?["schemas"])
        let old = try JSONValue(parsing: toolhost("openapi", "--openapi-version", "3.0").output)
        #expect(old["openapi"]?.string == "3.0.3")
        for (arguments, words) in [
            (["--pack", "no-such-pack"], "no pack \"no-such-pack\" here. There are: "),
            (["--tag", "fixtures"], "no tag \"fixtures\" here. Did you mean fixture?"),
            (["--openapi-version", "2.0"], "3.1 or 3.0, not 2.0"),
        ] {
            let absent = try toolhost("openapi", arguments[0], arguments[1])
            #expect(absent.end == .exited(64) && absent.errors.contains(words), "\(absent.errors)")
        }
    }
}

@Suite("Check script", .host(PackSource.shop))
struct CheckScriptTests {
    private func script(_ arguments: String..., environment: [String: String] = [:]) throws -> Finished {
        try run(Setup.root + "/test-chatgpt-endpoints.sh", arguments, environment: environment)
    }

    private static let discovery = """
        ✅ Health Check
        ✅ OpenID Connect Discovery
        ✅ OAuth Protected Resource Metadata
        ✅ OpenAPI Schema (6 tools discovered)
        ✅ Actions Manifest

        """

    @Test("It prints exactly these lines", arguments: ["127.0.0.1", "localhost"])
    func passes(_ name: String) throws {
        let result = try script("http://\(name):\(RunningHost.current.port)")
        #expect(result.output == Self.discovery)
        #expect(result.succeeded)
    }

    @Test("--tools calls what only reads; --order orders with the rest")
    func tools() throws {
        let host = try RunningHost.current
        let url = "http://localhost:\(host.port)"
        func lines(_ option: String) throws -> [String] {
            let result = try script(option, url, environment: ["STATE_DIR": host.state])
            #expect(
                result.succeeded && result.output.hasPrefix(Self.discovery + "✅ Access Token\n"), "\(result.output)")
            return result.output.split(separator: "\n").map(String.init).suffix(6)
        }
        func unasked(_ tool: String) -> String { "➖ \(tool): not called: it may change something" }
        #expect(
            try Set(lines("--tools")) == [
                "✅ search_products", "✅ get_deals", "✅ view_cart", unasked("add_to_cart"),
                unasked("add_payment_method"),
                unasked("checkout"),
            ])
        #expect(
            try lines("--order")
                == ["search_products", "get_deals", "add_to_cart", "add_payment_method", "view_cart", "checkout"]
                .map { "✅ \($0)" })
    }

    @Test("--tools goes by the document, whatever packs there are")
    func otherPacks() throws {
        try RunningHost.with(HostOptions(packs: ["good", .shipped("deals")])) { host throws in
            let result = try script("--tools", "http://localhost:\(host.port)", environment: ["STATE_DIR": host.state])
            #expect(result.succeeded, "\(result.output)")
            let named = try #require(try host.get("/openapi.json").json?["paths"]?.object?.keys)
            for path in named {
                let tool = path.dropFirst("/tools/".count)
                #expect(result.output.contains("✅ \(tool)\n") || result.output.contains("➖ \(tool): "), "\(tool)")
            }
            #expect(result.output.contains("✅ get_deals\n"))
            #expect(!result.output.contains("search_products"))
        }
    }

    @Test("Documents that need a credential are fetched with it", arguments: ["embedded", "api-key"])
    func guardedDocuments(_ mode: String) throws {
        let key = "0123456789abcdef0123456789abcdef"
        let environment = ["MCP_AUTH_MODE": mode, "DISCOVERY_AUTH": "true"]
            .merging(mode == "api-key" ? ["MCP_API_KEY": key] : [:]) { $1 }
        try RunningHost.with(HostOptions(packs: PackSource.shop, environment: environment)) { host throws in
            let url = "http://127.0.0.1:\(host.port)"
            let own = mode == "embedded" ? ["STATE_DIR": host.state] : ["TOOLHOST_API_KEY": key]
            let result = try script(url, environment: own)
            #expect(result.succeeded && result.output == Self.discovery, "\(result.output) \(result.errors)")
            let called = try script("--tools", url, environment: own)
            #expect(called.succeeded && called.output.contains("✅ search_products\n"), "\(called.output)")
            let without = try script(url, environment: ["STATE_DIR": "/nonexistent"])
            #expect(without.end == .exited(1), "\(without.output)")
            #expect(without.output.contains("❌ OpenAPI Schema: "), "\(without.output)")
            #expect(without.output.contains("needs a credential: set TOOLHOST_"), "\(without.output)")
        }
    }

    @Test("Where no token is needed, none is looked for", arguments: ["none", "api-key"])
    func withoutTokens(_ mode: String) throws {
        let key = "0123456789abcdef0123456789abcdef"
        let environment = ["MCP_AUTH_MODE": mode].merging(mode == "none" ? [:] : ["MCP_API_KEY": key]) { $1 }
        try RunningHost.with(HostOptions(packs: PackSource.shop, environment: environment)) { host throws in
            let result = try script("--tools", "http://127.0.0.1:\(host.port)", environment: ["TOOLHOST_API_KEY": key])
            #expect(result.output.hasPrefix(Self.discovery), "\(result.output)")
            #expect(result.output.contains("✅ search_products\n") && !result.output.contains("Access Token"))
            #expect(result.succeeded)
            guard mode == "api-key" else { return }
            let without = try script("--tools", "http://127.0.0.1:\(host.port)")
            #expect(without.output.contains("❌ API Key: set TOOLHOST_API_KEY") && without.end == .exited(1))
        }
    }

    @Test("With an identity provider its token endpoint is used")
    func provider() throws {
        let provider = try FixtureProvider()
        let options = HostOptions(packs: PackSource.shop, environment: provider.environment())
        try RunningHost.with(options) { host throws in
            #expect(host.hasKeys())
            let isPublished = try eventually {
                try host.get(FixtureProvider.metadata).json?["x-of-the-provider"]?.bool == true
            }
            #expect(isPublished)
            let client = ["TOOLHOST_CLIENT_ID": "client", "TOOLHOST_CLIENT_SECRET": "s", "TOOLHOST_SCOPE": "facts"]
            let result = try script("--tools", "http://127.0.0.1:\(host.port)", environment: client)
            #expect(result.output.hasPrefix(Self.discovery + "✅ Access Token\n"), "\(result.output)")
            #expect(result.output.contains("✅ search_products\n"))
            #expect(result.succeeded)
        }
    }

    @Test("It fails, and says why, where nothing answers or something is wrong")
    func fails() throws {
        let nobody = try script("http://127.0.0.1:1")
        #expect(nobody.end == .exited(1))
        #expect(nobody.output.split(separator: "\n").allSatisfy { $0.hasPrefix("❌ ") && $0.contains(": ") })
        let environment = ["PUBLIC_URL": "https://mcp.example.com"]
        try RunningHost.with(HostOptions(packs: [], environment: environment)) { host throws in
            let result = try script("http://127.0.0.1:\(host.port)")
            #expect(result.end == .exited(1))
            #expect(result.output.contains("❌ Health Check: the status is not \"ok\", but \"unavailable\""))
            #expect(result.output.contains("❌ OpenAPI Schema: no tools"))
            #expect(result.output.contains("❌ OAuth Protected Resource Metadata: resource is https://mcp.example.com"))
        }
        #expect(try script("localhost").end == .exited(2))
    }
}
