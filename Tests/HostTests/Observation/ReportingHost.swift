// A host with one pack, on a real socket, all of whose calls are reported.

import JSON
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import Testing

@testable import HostApp
@testable import HostAuth
@testable import HostBase
@testable import HostCaller
@testable import HostCalls
@testable import HostDoor
@testable import HostHTTP
@testable import HostMCP
@testable import HostObservation
@testable import HostService

/// Takes the bearer for the name of the client; `stranger` has no scopes, all others have every one.
private struct BearerNames: Authenticator {
    func authenticate(_ credentials: Credentials, on eventLoop: any EventLoop) -> AuthenticationOutcome {
        guard let name = credentials.authorization.first else { return .refused(.missing) }
        return .accepted(ReportingHost.principal(name))
    }
}

final class ReportingHost {
    let observer = CollectingObserver()
    let editions: Editions
    let pack: TestPack
    let server: HTTPServer
    let address: SocketAddress
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    private let state = HostState()

    /// - Parameters:
    ///   - answer: of all calls.
    ///   - scopes: what every caller needs.
    init(
        answer: StaticString = #"{"pack":"one"}"#, scopes: [String] = [], limiter: (any Limiter)? = nil,
        authenticator: any Authenticator = BearerNames()
    ) throws {
        let settings = try TestEditions.settings()
        let calls = CallTable()
        pack = try TestPack(
            "one", answer: answer, settings.calls, calls: calls,
            pool: WorkerPool(threads: 1, logger: TestEditions.logger),
            arguments: ["type": "object", "additionalProperties": ["type": "string"]])
        let editions = try Editions(
            TestEditions.maker(settings), of: TestEditions.parts([pack], scopes: scopes), logger: TestEditions.logger)
        self.editions = editions
        let service = TestEditions.service(
            settings, editions, door: Door(authenticator: authenticator, limiter: limiter), calls: calls,
            observers: [observer], state: state)
        let socket = try BoundSocket(host: "127.0.0.1", port: 0)
        address = socket.address
        server = try HTTPServer(
            on: socket, loops: ServerLoops(group), service: service, limits: settings.http, state: state,
            logger: TestEditions.logger)
    }

    static func principal(_ name: String) -> Principal {
        Principal(clientID: name, clientIssuer: "test", scopes: [], holdsEveryScope: name != "stranger")
    }

    /// - Parameter meanwhile: done when no connection is left.
    /// - Returns: how many connections were cut.
    @discardableResult
    func stop(_ meanwhile: () -> Void = {}) throws -> Int {
        state.stop()
        let left = server.stop(within: .milliseconds(200))
        meanwhile()
        #expect(pack.stop())
        try group.syncShutdownGracefully()
        return left
    }
}

/// One way of a call to the host.
enum CallWay: String, Sendable, CaseIterable {
    case rest, quick, codec, legacy, batch

    var way: CallReport.Way {
        switch self {
        case .rest: .rest
        case .quick, .codec: .mcp(era: "modern")
        case .legacy: .mcp(era: "legacy")
        case .batch: .batch(era: "legacy")
        }
    }

    static let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    /// The request as it goes out.
    ///
    /// - Parameters:
    ///   - more: members of the parameters.
    ///   - client: who calls.
    func request(
        _ tool: String, _ arguments: String = "{}", more: String = "", client: String = "shop", id: Int = 1
    ) -> String {
        var fields = ["accept: application/json, text/event-stream", "authorization: \(client)"]
        if self != .batch { fields.append("traceparent: \(Self.trace)") }
        let body: String
        switch self {
        case .rest:
            return Self.post("/tools/\(tool)", fields, arguments)
        case .quick, .codec:
            fields += ["mcp-protocol-version: 2026-07-28", "mcp-method: tools/call", "mcp-name: \(tool)"]
            let unusual = self == .codec ? #","other":1"# : ""
            body =
                #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"\#(tool)","arguments":\#(arguments)\#(unusual),"_meta":{\#(more)"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}"#
        case .legacy, .batch:
            fields.append("mcp-session-id: \(Self.session(self == .batch ? .march2025 : .june2025, client))")
            let meta = self == .batch ? #","_meta":{"traceparent":"\#(Self.trace)"}"# : ""
            let call =
                #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"\#(tool)","arguments":\#(arguments)\#(meta)}}"#
            body = self == .batch ? "[\(call)]" : call
        }
        return Self.post(MCPEndpoint.path, fields, body)
    }

    /// One for each version and client, as a client that cancels needs the one that called.
    static func session(_ version: ProtocolVersion, _ client: String = "shop") -> String {
        sessions.withLock { sessions in
            let key = version.rawValue + client
            let id = sessions[key] ?? ids.mint(version, for: ReportingHost.principal(client))
            sessions[key] = id
            return id
        }
    }

    private static let ids = SessionIDs(secret: [UInt8](repeating: 1, count: 32))
    private static let sessions = Mutex<[String: String]>([:])

    static func post(_ path: String, _ fields: [String], _ body: String) -> String {
        let all = ["POST \(path) HTTP/1.1", "host: localhost", "content-type: application/json"] + fields
        return all.joined(separator: "\r\n") + "\r\ncontent-length: \(body.utf8.count)\r\n\r\n" + body
    }
}
