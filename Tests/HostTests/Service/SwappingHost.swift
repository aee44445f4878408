// A whole host in this process whose second pack comes and goes, and callers who know which edition their request has
// met.

import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import HostApp
@testable import HostAuth
@testable import HostBase
@testable import HostCalls
@testable import HostDoor
@testable import HostHTTP
@testable import HostService

/// Lets everybody in, and says who has come: from then on their request has its edition.
final class Greeter: Authenticator {
    private let arrivals: [String: Arrivals]

    /// - Parameter names: of those whose coming matters, which they send as their credential.
    init(_ names: [String]) {
        arrivals = Dictionary(uniqueKeysWithValues: names.map { ($0, Arrivals(of: "heads of \($0)")) })
    }

    func authenticate(_ credentials: Credentials, on eventLoop: any EventLoop) -> AuthenticationOutcome {
        if let name = credentials.authorization.first { arrivals[name]?.note() }
        return .accepted(OpenAuthenticator.principal)
    }

    /// Blocks until this one has come.
    func wait(for name: String) throws { try arrivals[name]?.wait() }
}

/// Editions of odd numbers have both packs, those between them the first alone.
final class SwappingHost: Sendable {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let editions: Editions
    let one: TestPack
    let two: TestPack
    let greeter: Greeter
    let address: SocketAddress
    private let server: HTTPServer
    private let changes = Arrivals(of: "changes")
    private let former = Mutex<[WeakEdition]>([])

    /// - Parameter names: of those who call as a `Caller`.
    init(callers names: [String]) throws {
        greeter = Greeter(names)
        let settings = try TestEditions.settings(["MCP_AUTH_MODE": "none"])
        let calls = CallTable()
        let pool = WorkerPool(threads: 8, group: group, logger: TestEditions.logger)
        one = try TestPack("one", answer: #"{"pack":"one"}"#, settings.calls, calls: calls, pool: pool)
        two = try TestPack("two", answer: #"{"pack":"two"}"#, settings.calls, calls: calls, pool: pool)
        let editions = try Editions(
            TestEditions.maker(settings), of: TestEditions.parts([one, two]), logger: TestEditions.logger)
        self.editions = editions
        let service = TestEditions.service(
            settings, editions, door: Door(authenticator: greeter), calls: calls)
        let socket = try BoundSocket(host: "127.0.0.1", port: 0)
        address = socket.address
        server = try HTTPServer(
            on: socket, loops: ServerLoops(group), service: service, limits: settings.http, state: HostState(),
            logger: TestEditions.logger)
        // After the endpoint, which tells its streams.
        editions.subscribe { [self] former, _ in
            self.former.withLock { $0.append(WeakEdition(former)) }
            changes.note()
        }
    }

    /// Puts these packs in force and waits for it.
    func serve(_ packs: [TestPack]) throws {
        let parts = TestEditions.parts(packs)
        editions.change { $0 = parts }
        try changes.wait()
    }

    /// Whether none of the editions that were in force is alive.
    var hasForgottenFormer: Bool { WeakEdition.areGone(former.withLock(\.self)) }

    func stop() throws {
        _ = server.stop(within: .milliseconds(200))
        try group.syncShutdownGracefully()
    }

    /// A connection that sends the head of each request first, and its body once the request has its edition.
    struct Caller {
        let name: String
        let host: SwappingHost
        private let client: BlockingClient

        init(_ name: String, of host: SwappingHost) throws {
            self.name = name
            self.host = host
            client = try #require(BlockingClient(host.address))
        }

        /// - Returns: the numbers of the editions of which one is that of the request; mostly there is one.
        func begin(_ request: String) throws -> ClosedRange<Int> {
            let former = host.editions.current.number
            let head = request.prefix(upTo: try #require(request.firstRange(of: "\r\n\r\n")).lowerBound)
            client.send("\(head)\r\nAuthorization: \(name)\r\n\r\n")
            try host.greeter.wait(for: name)
            return former...host.editions.current.number
        }

        func end(_ request: String) throws -> String {
            client.send(String(request[try #require(request.firstRange(of: "\r\n\r\n")).upperBound...]))
            return client.receiveAnswer()
        }
    }
}
