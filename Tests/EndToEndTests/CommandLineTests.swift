// The commands that look and tell, and the check script, as an operator uses them.

import Foundation
import JSONSchema
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

    @Test("Every command explains itself", arguments: [[], ["serve"], ["tools"], ["inspect"], ["openapi"], ["config"]])
    func help(_ command: [String]) throws {
        let result = try run(Setup.executable, command + ["--help"])
        #expect(result.succeeded)
        #expect(result.output.contains("USAGE: toolhost"))
        if ["tools", "inspect", "openapi", "serve"].contains(command.first) {
            #expect(result.output.contains("Exit codes"))
        }
    }

    @Test("Wrong usage is exit code 64, wrong configuration 78")
    func exitCodes() throws {
        #expect(try toolhost("serve", "--no-such-option").end == .exited(64))
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

    @Test("inspect: descriptors, hints, sizes; as text and as JSON")
    func inspect() throws {
        let path = try Setup.packs + "/checkout.so"
        let text = try toolhost("inspect", path)
        #expect(text.succeeded, "\(text.output) \(text.errors)")
        for word in ["checkout", "add_payment_method", "1.0.0"] { #expect(text.output.contains(word)) }
        let report = try JSONValue(parsing: toolhost("inspect", "--json", path).output)
        let tools = try #require(report["tools"]?.array)
        let checkout = try #require(tools.first { $0["name"]?.string == "checkout" })
        #expect(checkout.description.contains("cartSummary"))
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
        #expect(try toolhost("openapi", "--pack", "no-such-pack").end == .exited(64))
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

    @Test("--tools calls every tool once")
    func tools() throws {
        let host = try RunningHost.current
        let result = try script("--tools", "http://localhost:\(host.port)", environment: ["STATE_DIR": host.state])
        let calls = ["search_products", "get_deals", "add_to_cart", "view_cart", "add_payment_method", "checkout"]
        #expect(result.output == Self.discovery + (["Access Token"] + calls).map { "✅ \($0)\n" }.joined())
        #expect(result.succeeded)
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
            #expect(result.output.contains("✅ Health Check"))
            #expect(result.output.contains("❌ OpenAPI Schema: no tools"))
            #expect(result.output.contains("❌ OAuth Protected Resource Metadata: resource is https://mcp.example.com"))
        }
        #expect(try script("localhost").end == .exited(2))
    }
}
