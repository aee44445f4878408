// A host made of Swift values, for a pack's own tests: it remembers what it was told and can cancel a call.

import Synchronization

/// Stands in for the host in tests.
///
/// ```swift
/// let host = TestHost()
/// let found = try SearchProducts(catalog: catalog).call(input, context: .testing(principal: "ada", host: host))
/// #expect(host.lines.isEmpty)
/// ```
public final class TestHost: Sendable {
    /// A line of the log.
    public struct Line: Sendable, Hashable {
        public let level: LogLevel
        public let message: String
        public let metadata: [String: String]

        public init(level: LogLevel, message: String, metadata: [String: String] = [:]) {
            self.level = level
            self.message = message
            self.metadata = metadata
        }
    }

    /// A report of progress.
    public struct Progress: Sendable, Hashable {
        public let done: Double
        /// `nil`: unknown.
        public let total: Double?
        public let message: String?

        public init(done: Double, total: Double?, message: String?) {
            self.done = done
            self.total = total
            self.message = message
        }
    }

    private struct State {
        var lines: [Line] = []
        var progress: [Progress] = []
        var standing = CallStanding.wanted
        var requests: [HTTPRequest] = []
        var watched: [String] = []
    }

    private let state = Mutex(State())
    private let answer: (@Sendable (HTTPRequest) async throws -> HTTPResponse)?

    /// - Parameter http: Answers what tools send to other services. What it throws is what the tool sees; a
    ///   ``ToolError`` of kind `unavailable` is a service that cannot be reached. `nil`: a host that sends nothing.
    public init(http: (@Sendable (HTTPRequest) async throws -> HTTPResponse)? = nil) {
        answer = http
    }

    /// For the initialiser of a pack.
    public var link: HostLink { HostLink(services: self) }
    /// What was logged, in order.
    public var lines: [Line] { state.withLock(\.lines) }
    /// What was reported, in order.
    public var progress: [Progress] { state.withLock(\.progress) }

    /// What tools sent to other services, in order.
    public var requests: [HTTPRequest] { state.withLock(\.requests) }
    /// The URLs that a pack asked the host to watch, in order.
    public var watched: [String] { state.withLock(\.watched) }

    /// From now on nobody waits for this host's calls. Cancel the task as well to test an asynchronous tool.
    public func cancel() {
        state.withLock { $0.standing = .cancelled }
    }

    /// From now on this host's calls have run out of time.
    public func expire() {
        state.withLock { $0.standing = .pastDeadline }
    }
}

extension TestHost: HostServices {
    var name: String { "test" }
    var version: String { "1.0" }

    func log(call: UInt64, _ level: LogLevel, _ message: String, _ metadata: [String: String]) {
        state.withLock { $0.lines.append(Line(level: level, message: message, metadata: metadata)) }
    }

    func progress(call: UInt64, done: Double, total: Double, message: String?) {
        let report = Progress(done: done, total: total == 0 ? nil : total, message: message)
        state.withLock { $0.progress.append(report) }
    }

    func standing(of call: UInt64) -> CallStanding {
        state.withLock(\.standing)
    }

    func send(_ request: HTTPRequest, call: UInt64) async throws -> HTTPResponse {
        switch standing(of: call) {
        case .cancelled, .gone: throw CancellationError()
        case .pastDeadline: throw ToolError.deadline("There was no answer in time.")
        case .wanted: break
        }
        guard let answer else { throw ToolError.unsupported("This test host has no answers (TestHost(http:)).") }
        state.withLock { $0.requests.append(request) }
        let response = try await answer(request)
        try Task.checkCancellation()
        return response
    }

    func watch(health url: String) throws {
        state.withLock { $0.watched.append(url) }
    }
}

extension CallContext {
    /// A context for a test that calls a tool directly. Everything has a value that suits most tests.
    ///
    /// - Parameters:
    ///   - time: How long until the deadline.
    ///   - host: Remembers what the tool logs and reports.
    public static func testing(
        principal: String = "test-principal",
        subject: String? = nil,
        subjectIssuer: String? = nil,
        clientID: String = "test-client",
        clientIssuer: String? = nil,
        conversationID: String? = nil,
        idempotencyKey: String? = nil,
        requestID: String = "test-request",
        traceparent: String? = nil,
        scopes: [String] = [],
        attributes: [String: String] = [:],
        time: Duration = .seconds(30),
        host: TestHost = TestHost()
    ) -> CallContext {
        var facts = CallFacts(scopes: scopes, attributes: attributes)
        facts.texts = [.principal: principal, .clientID: clientID, .requestID: requestID]
        facts.texts[.subject] = subject
        facts.texts[.subjectIssuer] = subjectIssuer
        facts.texts[.clientIssuer] = clientIssuer
        facts.texts[.conversationID] = conversationID
        facts.texts[.idempotencyKey] = idempotencyKey
        facts.texts[.traceparent] = traceparent
        return CallContext(record: CallRecord(facts, id: 1, time: time, host: host.link))
    }
}
