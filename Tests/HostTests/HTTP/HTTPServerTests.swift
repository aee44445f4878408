// Servers stand beside each other: each has a port, a service and connections of its own, and stops alone.

import Glibc
import Logging
import NIOCore
import NIOPosix
import Testing

@testable import HostApp
@testable import HostHTTP

@Suite struct HTTPServerTests {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    private let state = HostState()
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func limits(_ environment: [String: String] = [:]) throws -> HTTPSettings {
        let source = SettingsSource(
            environment: environment.merging(["PUBLIC_URL": "https://a.example"]) { own, _ in own }, file: [:])
        return try Settings(source: source, workingDirectory: "/srv").http
    }

    @Test func twoServersStandBesideEachOther() throws {
        let loops = ServerLoops(group)
        let (one, other) = (NamedService("one"), NamedService("other"))
        let socket = try BoundSocket(host: "127.0.0.1", port: 0)
        let secondSocket = try BoundSocket(host: "127.0.0.1", port: 0)
        let (address, secondAddress) = (socket.address, secondSocket.address)
        #expect(address.port != 0 && address.port != secondAddress.port)
        // Who comes before anybody accepts waits.
        let early = try #require(BlockingClient(address))
        early.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}")

        let first = try HTTPServer(
            on: socket, loops: loops, service: one, limits: limits(), state: state, logger: logger)
        let second = try HTTPServer(
            on: secondSocket, loops: loops, service: other, limits: limits(), state: state, logger: logger)

        let late = try #require(BlockingClient(secondAddress))
        late.send("GET /b HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(early.receive(until: "}").hasSuffix(#"{"name":"one","sent":2}"#))
        #expect(late.receive(until: "}").hasSuffix(#"{"name":"other","sent":0}"#))

        state.stop()
        #expect(first.stop(within: .milliseconds(400)) == 0)
        #expect(early.receive(until: "") == "")
        // What was told to one server's connections is nothing to the other's.
        late.send("GET /c HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(late.receive(until: "}").contains("200 OK"))
        for loop in group.makeIterator() { try loop.submit {}.wait() }
        #expect(BlockingClient(address) == nil)

        late.send("POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}")
        #expect(late.receive(until: "\r\n\r\n").contains("transfer-encoding: chunked"))
        #expect(second.stop(within: .milliseconds(400)) == 1)
        #expect(late.receive(until: "") == "")
        #expect(one.ended == ["/a 200"])
        #expect(other.ended == ["/b 200", "/c 200", "/stream cut"])
        try group.syncShutdownGracefully()
    }

    /// Of a head that is not whole nobody knows what it asked for.
    @Test func whoLeavesInTheMiddleOfARequestIsGone() throws {
        let service = NamedService("one")
        let socket = try BoundSocket(host: "127.0.0.1", port: 0)
        let address = socket.address
        let server = try HTTPServer(
            on: socket, loops: ServerLoops(group), service: service, limits: limits(), state: state, logger: logger)
        for text in [
            "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{}", "POST /half HTTP/1.1\r\nHo",
            "POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{}",
        ] {
            let client = try #require(BlockingClient(address))
            client.send(text)
            client.leave()
        }
        for _ in 0..<6000 where service.ended.count < 3 { usleep(10_000) }
        state.stop()
        #expect(server.stop(within: .milliseconds(400)) == 0)
        #expect(service.ended.sorted() == ["- gone", "/a gone", "/b gone"])
        try group.syncShutdownGracefully()
    }

    @Test func aPortIsTakenAsSoonAsItIsBound() throws {
        let socket = try BoundSocket(host: "127.0.0.1", port: 0)
        let port = try #require(socket.address.port)
        #expect(throws: IOError.self) { _ = try BoundSocket(host: "127.0.0.1", port: port) }
        try group.syncShutdownGracefully()
        _ = consume socket
        // And free again with whoever gave it up.
        _ = try BoundSocket(host: "127.0.0.1", port: port)
    }
}
