// What /health, /health/ready and /health/live say of a host in each state that can be brought about from outside.

import Foundation
import JSON
import Testing

@Suite("Health")
struct HealthStateTests {
    private static let paths = ["/health", "/health/ready", "/health/live"]

    @Test("A host that is well says ok, to HEAD too, and nothing may keep the answer")
    func well() throws {
        try RunningHost.with { host throws in
            for path in Self.paths {
                let answer = try host.get(path)
                #expect(answer.status == 200)
                #expect(answer["Cache-Control"] == "no-store")
                #expect(answer.json?["status"] == "ok")
                #expect(answer.json?["version"]?.string?.isEmpty == false)
                let head = try host.request("HEAD", path)
                #expect(head.status == 200 && head.body.isEmpty)
                #expect(try host.request("POST", path, body: "{}").status == 405)
            }
            #expect(try host.get("/health").body == host.get("/health/ready").body)
            #expect(try host.get("/health/live").json?.object?.count == 2)
            #expect(try host.get("/health/other").status == 404)
        }
    }

    @Test("A host without tools lives, and is not ready")
    func withoutTools() throws {
        try RunningHost.with(HostOptions(packs: [])) { host throws in
            for path in ["/health", "/health/ready"] {
                let answer = try host.get(path)
                #expect(answer.status == 503)
                #expect(answer.json?["status"] == "unavailable")
            }
            #expect(try host.get("/health/live").status == 200)
        }
    }

    @Test("Probes name the host as they like; pages of other origins learn nothing", arguments: ["none", "embedded"])
    func anyHost(_ mode: String) throws {
        try RunningHost.with(HostOptions(environment: ["MCP_AUTH_MODE": mode])) { host throws in
            func answer(_ path: String, _ fields: String) throws -> HTTPResponse {
                let connection = try host.connect()
                try connection.send("GET \(path) HTTP/1.1\r\n\(fields)Connection: close\r\n\r\n")
                return try connection.response()
            }
            for path in Self.paths {
                for name in ["10.1.2.3:3001", "pod.internal", "evil.example", "[fd00::7]:3001"] {
                    #expect(try answer(path, "Host: \(name)\r\n").status == 200)
                }
                let page = try answer(path, "Host: 10.1.2.3\r\nOrigin: http://evil.example\r\n")
                #expect(page["Access-Control-Allow-Origin"] == nil)
                if mode == "none" { #expect(page.status == 403) }
            }
            if mode == "none" { #expect(try answer("/openapi.json", "Host: evil.example\r\n").status == 421) }
        }
    }

    @Test("A pack whose calls fail again and again is counted and named in the log, until one succeeds")
    func ailing() throws {
        try RunningHost.with { host throws in
            func end(_ status: Int) throws -> Int { try host.call("any_status", #"{"status":\#(status)}"#).status }
            let (invalid, unavailable, broken, good) = (-1, -10, -12, 0)
            func health() throws -> JSONValue? { try host.get("/health").json }
            for _ in 0..<5 { #expect(try end(invalid) == 422) }
            #expect(try end(unavailable) == 503)
            #expect(try health()?["status"] == "ok", "once may be an odd one")
            #expect(try end(good) == 200)
            #expect(try end(broken) == 500)
            #expect(try health()?["status"] == "ok")
            #expect(try end(unavailable) == 503)
            let ill = try host.get("/health/ready")
            #expect(ill.status == 200)
            #expect(ill.json?["status"] == "degraded" && ill.json?["ailing_packs"] == 1)
            #expect(!ill.text.contains("good") && !ill.text.contains("any_status"))
            #expect(host.logSays("a pack is ailing", "\"pack\":\"good\"", "\"tool\":\"any_status\"", "unavailable"))
            // Neither what callers do wrong nor another tool ends it.
            #expect(try end(invalid) == 422)
            #expect(try host.call("echo").status == 200)
            #expect(try health()?["ailing_packs"] == 1)
            #expect(try host.get("/health/live").status == 200)
            #expect(try end(good) == 200)
            #expect(try health()?["status"] == "ok" && health()?["ailing_packs"] == nil)
            #expect(host.logSays("a pack is well again", "\"pack\":\"good\""))
            #expect(host.log.count { $0["message"]?.string?.hasPrefix("a pack is ") == true } == 2)
        }
    }
}
