// Requests to other services: through the contract's table, and in a pack's own tests.

import JSON
import Testing
import ToolABI

@testable import ToolSDK

/// Fetches what the arguments name, and answers with status, one field and the body.
private struct Fetch: Tool {
    static let name = "fetch"
    static let title = "Fetch"
    static let summary = "Fetches a page."
    static let hints: Hints = [.readOnly, .additive, .idempotent, .openWorld]
    static let input = Named.schema
    static let output = Named.schema

    func call(_ input: Named, context: CallContext) async throws -> Named {
        let request = HTTPRequest(
            .post, input.name, headers: [("Accept", "text/plain"), ("X-Empty", "")], body: Array("question".utf8))
        let response: HTTPResponse
        do {
            response = try await context.http.send(request)
        } catch var error as ToolError where error.isUnsent {
            error.message = "Never left: \(error.message)"
            throw error
        }
        let tag = response.header("ETAG") ?? response.retryAfter.map { "in \($0)" } ?? "none"
        return Named(name: "\(response.status) \(tag) \(String(decoding: response.body, as: UTF8.self))")
    }
}

/// Answers by itself or asks elsewhere, as configured.
private struct Here: InlineTool {
    static let name = "place"
    static let title = "Place"
    static let summary = "Says where it was answered."
    static let hints: Hints = [.readOnly, .additive, .idempotent, .openWorld]
    static let input = Named.schema
    static let output = Named.schema

    func call(_ input: Named, context: CallContext) throws -> Named { Named(name: "here: \(input.name)") }
}

private struct There: Tool {
    static let name = "another name"
    static let title = "Another title"
    static let summary = "Never seen."
    static let hints: Hints = []
    static let other = Schema<Named>.object(Property("other", \.name, .string(), "Never read"), make: Named.init)
    static let input: Schema<Named> = other
    static let output: Schema<Named> = other

    func call(_ input: Named, context: CallContext) async throws -> Named {
        let response = try await context.http.send(HTTPRequest(.get, "http://elsewhere/"))
        return Named(name: "there: \(input.name) \(response.status)")
    }
}

private struct BlockingHere: BlockingTool {
    static let name = "blocking_place"
    static let title = "Place"
    static let summary = "Says where it was answered."
    static let hints: Hints = [.readOnly, .additive, .idempotent, .openWorld]
    static let input = Named.schema
    static let output = Named.schema

    func call(_ input: Named, context: CallContext) throws -> Named { Named(name: "here: \(input.name)") }
}

private struct FetchingPack: ToolPack {
    static let id = "fetching"
    static let version = "1.0.0"
    static let description = "Fetches."
    static let configuration = Schema<Configuration>.object(
        Property("elsewhere", \.elsewhere, .boolean(), default: false, "Ask elsewhere"),
        Property("watch", \.watch, .string(), default: "", "What to watch"), make: Configuration.init)
    static let tools: [PackTool<FetchingPack>] = [
        PackTool { _ in Fetch() },
        PackTool { $0.configuration.elsewhere ? .elsewhere(There()) : .here(Here()) },
        PackTool { $0.configuration.elsewhere ? .elsewhere(There()) : .here(BlockingHere()) },
    ]

    struct Configuration: Sendable {
        var elsewhere: Bool
        var watch: String
    }

    let configuration: Configuration

    init(configuration: Configuration, host: HostLink) throws {
        self.configuration = configuration
        if !configuration.watch.isEmpty { try host.watch(health: configuration.watch) }
    }
}

@Suite struct HTTPClientTests {
    private static let page = CallSpec(arguments: #"{"name":"http://a/page"}"#)

    private func pack(
        _ fate: @escaping @Sendable (FakeHTTP.Sent) -> FakeHTTP.Fate
    ) throws -> (LoadedPack, FakeHTTP) {
        let http = FakeHTTP(fate)
        return (try LoadedPack(FetchingPack.self, host: FakeHost(http: http)), http)
    }

    @Test(arguments: [true, false])
    func aRequestCrossesAndItsAnswerComesBack(atOnce: Bool) async throws {
        let reply = FakeHTTP.Reply(httpStatus: 203, headers: [("etag", "\"7\""), ("x", "")], body: "ants\u{0}wer")
        let (pack, http) = try pack { _ in atOnce ? .atOnce(reply) : .later(reply) }
        let settled = try await pack.finish("fetch", Self.page)
        #expect(settled == Settled(status: TOOL_OK, content: #"{"name":"203 \"7\" ants\u0000wer"}"#))
        #expect(
            http.sent == [
                FakeHTTP.Sent(
                    call: 1, method: "POST", url: "http://a/page", headers: ["Accept: text/plain", "X-Empty: "],
                    body: "question")
            ])
        #expect(http.outstanding == 0)
    }

    private static let failures: [(tool_status, tool_status, UInt32)] = [
        (TOOL_E_UNAVAILABLE, TOOL_E_UNAVAILABLE, 2500), (TOOL_E_BUSY, TOOL_E_BUSY, 1000),
        (TOOL_E_DEADLINE, TOOL_E_DEADLINE, 0), (TOOL_E_TOO_LARGE, TOOL_E_TOO_LARGE, 0),
        (TOOL_E_CANCELLED, TOOL_E_CANCELLED, 0), (TOOL_E_DENIED, TOOL_E_INTERNAL, 0),
        (TOOL_E_INVALID, TOOL_E_INTERNAL, 0), (tool_status(-77), TOOL_E_INTERNAL, 0),
    ]

    @Test(arguments: failures)
    func failuresAreErrors(status: tool_status, expected: tool_status, retryAfter: UInt32) async throws {
        let (pack, http) = try pack { _ in
            .later(FakeHTTP.Reply(status: status, retryAfter: retryAfter, message: "No luck."))
        }
        let settled = try await pack.finish("fetch", Self.page)
        #expect(settled.status == expected)
        #expect(settled.message == (expected == TOOL_E_CANCELLED ? "The call was cancelled." : "No luck."))
        #expect(settled.retryAfter == retryAfter)
        #expect(http.outstanding == 0)
    }

    @Test(arguments: [TOOL_HTTP_UNSENT, TOOL_HTTP_UNSENT | 1 << 31, 0, 1 << 31])
    func whatNeverLeftIsToldApart(flags: UInt32) async throws {
        let (pack, _) = try pack { _ in
            .later(FakeHTTP.Reply(status: TOOL_E_UNAVAILABLE, message: "No luck.", flags: flags))
        }
        let settled = try await pack.finish("fetch", Self.page)
        #expect(settled.status == TOOL_E_UNAVAILABLE)
        #expect(settled.message == (flags & TOOL_HTTP_UNSENT != 0 ? "Never left: No luck." : "No luck."))
    }

    @Test func theTimeThatAnAnswerAsksForCrosses() async throws {
        let (pack, _) = try pack { _ in .later(FakeHTTP.Reply(httpStatus: 429, retryAfter: 2500)) }
        let settled = try await pack.finish("fetch", Self.page)
        #expect(settled.content == #"{"name":"429 in 2.5 seconds "}"#)
    }

    @Test(arguments: [
        (TOOL_E_GONE, TOOL_E_CANCELLED), (TOOL_E_UNAVAILABLE, TOOL_E_UNAVAILABLE), (TOOL_E_INVALID, TOOL_E_INTERNAL),
    ])
    func requestsThatAreNotTakenAreErrors(status: tool_status, expected: tool_status) async throws {
        let (pack, http) = try pack { _ in .refused(status) }
        let settled = try await pack.finish("fetch", Self.page)
        #expect(settled.status == expected)
        #expect(http.outstanding == 0)
    }

    @Test func aCancelledCallCancelsItsRequest() async throws {
        let (pack, http) = try pack { _ in .never }
        let id = pack.newID()
        #expect(try pack.invoke("fetch", Self.page, id: id).status == TOOL_PENDING)
        await http.arrival()
        pack.cancel(id)
        #expect(await pack.host.completion(of: id).status == TOOL_E_CANCELLED)
        #expect(http.cancelled == [1])
        #expect(http.outstanding == 0)
    }

    @Test func aCallThatWasCancelledSendsNothing() async throws {
        let (pack, http) = try pack { _ in .never }
        let id = pack.newID()
        pack.host.setStanding(TOOL_E_CANCELLED, of: id)
        _ = try pack.invoke("fetch", Self.page, id: id)
        #expect(await pack.host.completion(of: id).status == TOOL_E_CANCELLED)
        // The task may have sent before it was cancelled; then the request was cancelled too.
        #expect(http.sent.count == http.cancelled.count)
    }

    @Test func manyRequestsEndOnceEach() async throws {
        let (pack, http) = try pack { sent in .later(FakeHTTP.Reply(body: sent.url)) }
        let outcomes = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let spec = CallSpec(arguments: #"{"name":"http://a/\#(number)"}"#)
                    return try await pack.finish("fetch", spec).content == #"{"name":"200 none http://a/\#(number)"}"#
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes == Array(repeating: true, count: 200))
        #expect(http.outstanding == 0)
    }

    @Test func aHostWithoutTheServiceSaysSo() async throws {
        let none = try LoadedPack(FetchingPack.self)
        #expect(try await none.finish("fetch", Self.page).status == TOOL_E_UNSUPPORTED)
        let half = FakeHTTP(size: 40) { _ in .never }
        let pack = try LoadedPack(FetchingPack.self, host: FakeHost(http: half))
        #expect(try await pack.finish("fetch", Self.page).status == TOOL_E_UNSUPPORTED)
    }

    @Test func watchingIsTheHostsToGrant() throws {
        let config = #"{"watch":"http://a/health"}"#
        let http = FakeHTTP { _ in .never }
        _ = try LoadedPack(FetchingPack.self, config: config, host: FakeHost(http: http))
        #expect(http.watched == ["http://a/health"])
        let denying = FakeHTTP(watchStatus: TOOL_E_DENIED) { _ in .never }
        let (outcome, _) = try PackHandle(FetchingPack.self).start(FakeHost(http: denying), config: config)
        #expect(outcome.status == TOOL_E_INTERNAL)
        #expect(outcome.message == "The operator has not listed the origin of http://a/health for this pack.")
    }

    // MARK: Elsewhere

    @Test(arguments: ["place", "blocking_place"])
    func aToolAnswersHereOrElsewhere(tool: String) async throws {
        let arguments = CallSpec(arguments: #"{"name":"ada"}"#)
        let http = FakeHTTP { _ in .later(FakeHTTP.Reply(httpStatus: 201)) }
        let here = try LoadedPack(FetchingPack.self, host: FakeHost(http: http))
        #expect(try here.invoke(tool, arguments) == Settled(status: TOOL_OK, content: #"{"name":"here: ada"}"#))
        #expect(http.sent.isEmpty)
        let there = try LoadedPack(FetchingPack.self, config: #"{"elsewhere":true}"#, host: FakeHost(http: http))
        let settled = try await there.finish(tool, arguments)
        #expect(settled == Settled(status: TOOL_OK, content: #"{"name":"there: ada 201"}"#))
    }

    @Test func theStatementIsTheToolsOwnEitherWay() throws {
        #expect(FetchingPack.tools.map(\.statement.name) == ["fetch", "place", "blocking_place"])
        #expect(FetchingPack.tools[1].statement.hints == Here.hints)
        #expect(FetchingPack.tools[1].statement.isInline)
        #expect(!FetchingPack.tools[2].statement.isInline)
        #expect(FetchingPack.problems() == [])
    }

    // MARK: A pack's own tests

    @Test func aTestHostAnswersFromAClosure() async throws {
        let host = TestHost { request in
            HTTPResponse(status: 418, headers: [(name: "ETag", value: "t")], body: request.body)
        }
        let answer = try await Fetch().answer(["name": "http://a/"], context: .testing(host: host))
        #expect(answer == ["name": "418 t question"])
        #expect(host.requests.map(\.url) == ["http://a/"])
        _ = try FetchingPack(configuration: .init(elsewhere: false, watch: "http://a/health"), host: host.link)
        #expect(host.watched == ["http://a/health"])
    }

    @Test func aTestHostFailsAsAHostWould() async throws {
        let down = TestHost { _ in throw ToolError.unavailable("Down.", retryAfter: .seconds(3)) }
        await #expect(throws: ToolError.unavailable("Down.", retryAfter: .seconds(3))) {
            try await Fetch().answer(["name": "http://a/"], context: .testing(host: down))
        }
        await #expect(throws: ToolError.self) {
            try await Fetch().answer(["name": "http://a/"], context: .testing(host: TestHost()))
        }
        let late = TestHost { _ in HTTPResponse() }
        late.expire()
        await #expect(throws: ToolError.deadline("There was no answer in time.")) {
            try await Fetch().answer(["name": "http://a/"], context: .testing(host: late))
        }
        #expect(late.requests.isEmpty)
    }
}
