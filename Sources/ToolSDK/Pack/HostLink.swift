// What a pack can ask of its host outside a call; in a call, CallContext speaks through it.

/// The host, as a pack's initialiser gets it. Keep it as long as you like, and use it on any thread.
public struct HostLink: Sendable {
    let services: any HostServices

    /// The host program's name, for logs.
    public var name: String { services.name }
    /// The host program's version, for logs.
    public var version: String { services.version }

    /// Writes a line to the host's log, which adds the pack's id.
    ///
    /// - Parameters:
    ///   - message: A fixed sentence; put what varies into `metadata`. Never a secret.
    ///   - metadata: Named values, shown in the order of their names.
    public func log(_ level: LogLevel, _ message: String, metadata: [String: String] = [:]) {
        services.log(call: 0, level, message, metadata)
    }

    /// Asks the host to look at this URL at intervals, from now on. While it is not answered with a status from 200 to
    /// 299, requests to its origin end at once as `unavailable` with the time to wait, and the host's `/health` counts
    /// the packs that wait for their backend; its log names them.
    ///
    /// - Throws: ``ToolError``: `internal` for an origin that the operator has not listed for the pack and for what is
    ///   no URL, `unsupported` when the host sends no requests.
    public func watch(health url: String) throws {
        try services.watch(health: url)
    }
}

/// Whether to go on with a call.
enum CallStanding: Sendable, Hashable {
    case wanted, cancelled, pastDeadline
    /// Settled already, or never known.
    case gone
}

/// What stands behind a ``HostLink``: a host's table of functions, or a ``TestHost``. An object, so that handing it on
/// with every call takes no more than a count.
protocol HostServices: AnyObject, Sendable {
    var name: String { get }
    var version: String { get }
    func log(call: UInt64, _ level: LogLevel, _ message: String, _ metadata: [String: String])
    func progress(call: UInt64, done: Double, total: Double, message: String?)
    func standing(of call: UInt64) -> CallStanding
    /// - Throws: `CancellationError` or ``ToolError``.
    func send(_ request: HTTPRequest, call: UInt64) async throws -> HTTPResponse
    func watch(health url: String) throws
}
