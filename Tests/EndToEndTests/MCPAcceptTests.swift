// Clients that take one form of answer, not both as the revisions want it: they get that one.

import JSON
import Testing

@Suite("MCP Accept", .host(["good"]))
struct MCPAcceptTests {
    static let versions = [MCPName.modern] + MCPName.legacy

    private static func list(_ version: String) -> MCPPost {
        version == MCPName.modern ? .modern("tools/list") : .legacy("tools/list", version: version)
    }

    @Test("A client that takes JSON alone gets JSON", arguments: versions)
    func jsonOnly(_ version: String) throws {
        let host = try RunningHost.current
        for accept in [
            "application/json", "application/*", "application/json, text/event-stream;q=0",
            "*/*, text/event-stream;q=0",
        ] {
            let answer = try host.post(Self.list(version).with { $0["Accept"] = accept })
            #expect(answer.status == 200 && !answer.isStream, "\(accept)")
            #expect(answer.result?["tools"]?.array?.isEmpty == false)
            let call = MCPPost.call("echo", ["a": 1], version: version, progressToken: "p")
            #expect(try host.post(call.with { $0["Accept"] = accept }).result?["structuredContent"] == ["a": 1])
        }
    }

    @Test("A client that takes events alone gets a stream of one", arguments: versions)
    func eventsOnly(_ version: String) throws {
        let host = try RunningHost.current
        for accept in ["text/event-stream", "text/*", "application/json;q=0, text/event-stream"] {
            for post in [
                Self.list(version), .call("echo", ["a": "\n"], version: version),
                .call("echo_worker", ["a": "\n"], version: version),
                .call("any_status", ["status": -3], version: version),
            ] {
                let plain = try host.post(post)
                let answer = try host.post(post.with { $0["Accept"] = accept })
                #expect(answer.status == 200 && answer.isStream && !plain.isStream, "\(answer.http.text)")
                #expect(answer.http["Cache-Control"]?.contains("no-cache") == true)
                #expect(answer.messages.count == 1)
                if post.message["params"]?["name"] != "any_status" { #expect(answer.messages == plain.messages) }
            }
        }
    }

    @Test("A handshake and its session in events alone")
    func eventsHandshake() throws {
        let host = try RunningHost.current
        let opened = try host.post(MCPPost.initialize("2025-06-18").with { $0["Accept"] = "text/event-stream" })
        #expect(opened.isStream && opened.result?["protocolVersion"] == "2025-06-18")
        let session = try #require(opened.http[MCPName.session])
        func post(_ message: MCPPost) throws -> MCPAnswer {
            try host.post(
                message.with {
                    $0["Accept"] = "text/event-stream"
                    $0[MCPName.session] = session
                })
        }
        #expect(try post(.legacy("notifications/initialized", id: nil)).status == 202)
        #expect(try post(.legacy("ping")).isStream)
        let unknown = try post(.legacy("tools/run"))
        #expect(unknown.isStream && unknown.code == -32601)
    }

    @Test("An error that HTTP says, too, is JSON to everybody")
    func errorsStayJSON() throws {
        let host = try RunningHost.current
        let answer = try host.post(MCPPost.modern("tools/run").with { $0["Accept"] = "text/event-stream" })
        #expect(answer.status == 404 && !answer.isStream && answer.code == -32601)
        let syntax = try host.post(
            MCPPost.modern("tools/list").with {
                $0["Accept"] = "text/event-stream"
                $0.raw = Array("{".utf8)
            })
        #expect(syntax.status == 400 && !syntax.isStream && syntax.code == -32700)
    }

    @Test("What only a stream can answer is 406 for whoever takes none")
    func listening() throws {
        let listen = MCPPost.modern("subscriptions/listen", ["notifications": [:]])
        let host = try RunningHost.current
        #expect(try host.post(listen.with { $0["Accept"] = "text/event-stream" }).isStream)
        let refused = try host.post(listen.with { $0["Accept"] = "application/json" })
        #expect(refused.status == 406 && refused.code == -32600)
        #expect(refused.response?["error"]?["message"]?.string?.contains("text/event-stream") == true)
    }

    @Test("An empty Accept is none, and one of something else is 406", arguments: versions)
    func otherTypes(_ version: String) throws {
        let host = try RunningHost.current
        for accept in ["", nil] {
            #expect(try host.post(Self.list(version).with { $0["Accept"] = accept }).status == 200)
        }
        for accept in ["text/html", "*/*;q=0", "application/jsonx"] {
            let answer = try host.post(Self.list(version).with { $0["Accept"] = accept })
            #expect(answer.status == 406)
            #expect(answer.http.problem?["detail"]?.string?.contains("application/json") == true)
        }
    }
}
