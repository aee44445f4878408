// What an operator decides without a pack's author: the YAML file beside a pack, and the environment.

import JSON
import Testing

@Suite("Operator's policy")
struct OperatorPolicyTests {
    private func served(_ host: RunningHost) throws -> Set<String> {
        let paths = try host.get("/openapi.json").json?["paths"]?.object?.keys.map { $0 } ?? []
        return Set(paths.map { String($0.dropFirst("/tools/".count)) })
    }

    @Test("A file that belongs to no pack is told of")
    func strayFiles() throws {
        let scratch = try Scratch()
        let options = HostOptions(policies: ["goood": "enabled: false\n"])
        try options.stage(in: scratch)
        try scratch.write("enabled: false\n", to: "plugins.d/good.yml")
        try RunningHost.with(options, in: scratch) { host throws in
            #expect(host.logSays("goood.yaml", "no pack goood.so"))
            #expect(host.logSays("good.yml", "good.yaml"))
            #expect(try host.get("/openapi.json").json?["paths"]?["/tools/echo"] != nil)
        }
    }

    @Test("A disabled pack is in no document and answers 404")
    func disabledPack() throws {
        try RunningHost.with(
            HostOptions(packs: ["good", "newer_minor"], policies: ["good": "enabled: false\n"])
        ) { host throws in
            #expect(try served(host) == ["newer_minor"])
            #expect(try host.call("echo").status == 404)
            #expect(try host.call("newer_minor").status == 200)
        }
    }

    @Test("A disabled tool is in no document and answers 404, its pack's others are served")
    func disabledTool() throws {
        try RunningHost.with(HostOptions(policies: ["good": "tools:\n  echo:\n    enabled: false\n"])) { host throws in
            #expect(try !served(host).contains("echo") && served(host).contains("echo_worker"))
            #expect(try host.call("echo").status == 404)
            #expect(try host.call("echo_worker").status == 200)
        }
    }

    @Test("A timeout of the operator's counts, not the pack's")
    func timeout() throws {
        try RunningHost.with(
            HostOptions(policies: ["good": "tools: {echo_worker: {timeout: 100ms}, echo_pending: {timeout: 100ms}}"])
        ) { host throws in
            for tool in ["echo_worker", "echo_pending"] {
                #expect(try host.call(tool, #"{"milliseconds":1500}"#).status == 504)
            }
        }
    }

    @Test("Scopes of the operator's are demanded, with the challenge that names them")
    func scopes() throws {
        let yaml = "tools: {echo: {scopes: [orders:write]}, echo_worker: {scopes: [orders:read]}}"
        try RunningHost.with(HostOptions(policies: ["good": yaml])) { host throws in
            let reader = ["Authorization": "Bearer " + (try host.newToken(scope: "orders:read"))]
            let answer = try host.call("echo", "{}", reader)
            #expect(answer.status == 403)
            let challenge = try #require(answer["WWW-Authenticate"])
            #expect(challenge.contains("insufficient_scope") && challenge.contains("orders:write"))
            #expect(try host.call("echo_worker", "{}", reader).status == 200)
            #expect(try host.call("echo").status == 200)
            #expect(try host.get("/openapi.json").text.contains("orders:write"))
        }
    }

    @Test("inline: false keeps a tool off the event loop")
    func inline() throws {
        try RunningHost.with(
            HostOptions(
                packs: ["slow_inline"], policies: ["slow_inline": "tools: {slow_inline: {inline: false}}"],
                isolation: .host)
        ) { host throws in
            let loops = try host.eventLoopThreads()
            let threads = Set(try (1...40).map { _ in try host.call("slow_inline").text })
            #expect(threads.isDisjoint(with: loops))
        }
    }

    @Test(
        "An unknown key, or a wrong value, refuses the pack and names the key",
        arguments: [
            ("enable: true", "enable"), ("tools: {echo: {timeuot: 1s}}", "timeuot"),
            ("tools: {echo: {timeout: 46s}}", "timeout"), ("tools: {echo: {enabled: maybe}}", "enabled"),
            ("tools: {ecko: {enabled: false}}", "ecko"), ("enabled: [", "YAML"), ("config: {a: 1}", "config"),
            ("", "empty"),
        ])
    func mistakes(_ yaml: String, _ word: String) throws {
        try RunningHost.with(
            HostOptions(packs: ["good", "newer_minor"], policies: ["good": yaml])
        ) { host throws in
            #expect(host.logSays("good", word), "\(word) in \(host.log)")
            #expect(try host.call("echo").status == 404)
            #expect(try host.call("newer_minor").status == 200)
        }
    }

    @Test("Configuration reaches the pack: the file before the environment, and x-env in the schema's type")
    func configuration() throws {
        let options = HostOptions(
            packs: ["config"], policies: ["config": "config: {region: north}"],
            environment: ["FIXTURE_REGION": "south", "FIXTURE_RETRIES": "3", "FIXTURE_FAST": "true"])
        try RunningHost.with(options) { host throws in
            let config = try #require(try host.call("show_config").json)
            #expect(config["region"]?.string == "north")
            #expect(config["retries"]?.int64 == 3)
            #expect(config["fast"]?.bool == true)
            #expect(config["state"]?.string == host.scratch.path + "/var/data/config")
        }
    }

    @Test(
        "Configuration that does not fit the pack's schema refuses it, with the place",
        arguments: [
            ("config: {region: 7}", [:], "region"), ("config: {regoin: x}", [:], "regoin"),
            ("config: {retries: 10}", [:], "retries"), ("# nothing", ["FIXTURE_RETRIES": "many"], "FIXTURE_RETRIES"),
        ])
    func wrongConfiguration(_ yaml: String, _ environment: [String: String], _ word: String) throws {
        try RunningHost.with(
            HostOptions(packs: ["config", "good"], policies: ["config": yaml], environment: environment)
        ) { host throws in
            #expect(host.logSays("config.so", word), "\(host.log)")
            #expect(try host.call("show_config").status == 404)
            #expect(try host.call("echo").status == 200)
        }
    }

    @Test(
        "The environment decides which tools are served",
        arguments: [
            (["TOOLS_ENABLED": "search_*,get_deals"], ["search_products", "get_deals"]),
            (["TOOLS_DISABLED": "add_*,*out"], ["search_products", "get_deals", "view_cart"]),
            (["TOOLS_ENABLED": "*_cart", "TOOLS_DISABLED": "add_to_cart"], ["view_cart"]),
            (["TOOLS_READ_ONLY": "true"], ["search_products", "get_deals", "view_cart"]),
        ])
    func environment(_ variables: [String: String], _ tools: [String]) throws {
        try RunningHost.with(HostOptions(packs: PackSource.shop, environment: variables)) { host throws in
            #expect(try served(host) == Set(tools))
            for tool in ["search_products", "checkout", "view_cart"] where !tools.contains(tool) {
                #expect(try host.call(tool).status == 404)
            }
        }
    }
}
