// The host's own configuration, as an operator meets it: precedence, warnings, and refusals to start.

import JSON
import Testing

@Suite("Configuration")
struct ConfigurationTests {
    /// Starts the host where it should refuse to start.
    private func refusal(_ environment: [String: String], file: String? = nil) throws -> String {
        let scratch = try Scratch()
        try HostOptions().stage(in: scratch)
        if let file { try scratch.write(file, to: ".env.local") }
        let result = try run(
            Setup.executable, ["serve"],
            environment: HostOptions(environment: environment).environment(in: scratch), directory: scratch.path,
            within: .seconds(20))
        #expect(result.end != nil && !result.succeeded, "it started")
        return result.output + result.errors
    }

    @Test(
        "A bad value stops the start with the key, the problem and an example",
        arguments: [
            ("MCP_SERVER_PORT", "http", "3001"), ("MCP_SERVER_PORT", "70000", "3001"),
            ("MCP_AUTH_MODE", "embeded", "embedded"), ("PUBLIC_URL", "mcp.example.com", "https://"),
            ("PUBLIC_URL", "https://a/?b", "https://"), ("TOOL_TIMEOUT", "60s", "20s"),
            ("TOOL_TIMEOUT", "soon", "20s"), ("TRUSTED_PROXIES", "proxy", "10.0.0.0/8"),
            ("HTTP_MAX_BODY_BYTES", "-1", "262144"), ("LOG_FORMAT", "xml", "json"),
            ("TOOLS_READ_ONLY", "perhaps", "true"), ("SERVICE_NAME", "my service", "acme_tools"),
        ])
    func badValue(_ key: String, _ value: String, _ example: String) throws {
        let message = try refusal([key: value])
        for word in [key, value, example] { #expect(message.contains(word), "\(word) is not in \(message)") }
    }

    @Test(
        "An unknown key is a warning with the nearest known name",
        arguments: ["MCP_SERVER_PROT", "TOOL_TIMEOUTS", "TOOLS_DISABLE", "TRUSTED_PROXY"])
    func unknownKey(_ key: String) throws {
        try RunningHost.with(HostOptions(environment: [key: "1"])) { host throws in
            let nearest =
                [
                    "MCP_SERVER_PROT": "MCP_SERVER_PORT", "TOOL_TIMEOUTS": "TOOL_TIMEOUT",
                    "TRUSTED_PROXY": "TRUSTED_PROXIES",
                ][key] ?? "TOOLS_DISABLED"
            #expect(host.logSays(key, nearest))
            #expect(host.logLine { $0["level"]?.string == "warning" && $0.description.contains(key) } != nil)
        }
    }

    @Test("The environment wins over .env.local, and that over defaults")
    func precedence() throws {
        let scratch = try Scratch()
        try HostOptions().stage(in: scratch)
        try scratch.write(
            "# of this machine\nSERVICE_NAME=from_file\nSERVICE_TITLE=\"From file\"\nexport LOG_LEVEL=debug\n",
            to: ".env.local")
        let options = HostOptions(environment: ["SERVICE_NAME": "from_environment"])
        try RunningHost.with(options, in: scratch) { host throws in
            let manifest = try #require(try host.get("/.well-known/ai-plugin.json").json)
            #expect(manifest["name_for_model"]?.string == "from_environment")
            #expect(manifest["name_for_human"]?.string == "From file")
        }
    }

    @Test("Another file by --env-file; one that is not there stops the start")
    func environmentFile() throws {
        let scratch = try Scratch()
        try HostOptions().stage(in: scratch)
        try scratch.write("TOOLS_ENABLED=call_facts\n", to: ".env.production")
        let environment = HostOptions().environment(in: scratch)
        let listing = try run(
            Setup.executable, ["tools", "--env-file", ".env.production"], environment: environment,
            directory: scratch.path)
        #expect(listing.succeeded, "\(listing.errors)")
        #expect(listing.output.contains("TOOLS_ENABLED does not name it"))
        let missing = try run(
            Setup.executable, ["tools", "--env-file", ".env.nowhere"], environment: environment, directory: scratch.path
        )
        #expect(!missing.succeeded)
        #expect((missing.output + missing.errors).contains(".env.nowhere"))
    }

    @Test("MCP_AUTH_MODE=none says so loudly, and serves without a token")
    func openAccess() throws {
        try RunningHost.with(HostOptions(environment: ["MCP_AUTH_MODE": "none"])) { host throws in
            let answer = try host.request("POST", "/tools/echo", ["Content-Type": "application/json"], body: "{}")
            #expect(answer.status == 200)
            #expect(
                host.logLine { $0["level"]?.string == "warning" && $0.description.contains("MCP_AUTH_MODE") } != nil)
        }
    }

    @Test("A port that is taken stops the start, and says which")
    func takenPort() throws {
        try RunningHost.with { host throws in
            #expect(try refusal(["MCP_SERVER_PORT": String(host.port)]).contains(String(host.port)))
        }
    }

    @Test("Key and client of the embedded authorization server are private and survive a restart")
    func identity() throws {
        let scratch = try Scratch()
        try HostOptions().stage(in: scratch)
        // Issuer and audience of a token are the host's own URL, which must not change with the port.
        let options = HostOptions(environment: ["PUBLIC_URL": "http://localhost:9"])
        let (id, token) = try RunningHost.with(options, in: scratch) { host in (try host.client().id, try host.token())
        }
        let modes = try run("/usr/bin/find", [scratch.path + "/var/auth", "-type", "f", "-not", "-perm", "600"])
        #expect(modes.succeeded && modes.output.isEmpty, "\(modes.output)")
        try RunningHost.with(options, in: scratch) { host throws in
            #expect(try host.client().id == id)
            let answer = try host.call("echo", "{}", ["Authorization": "Bearer " + token])
            #expect(answer.status == 200)
        }
    }
}
