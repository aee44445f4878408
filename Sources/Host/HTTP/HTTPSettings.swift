// What server and connections obey: how much of the host a connection may take, and whose word counts.

import HostNetwork
import NIOCore

/// What an operator decides about connections.
public struct HTTPSettings: Sendable {
    /// The most bytes that a request's body may have; beyond it 413.
    var maxBodyBytes: Int
    /// The most bytes that a request's head may have, target and fields together; beyond it 431.
    var maxHeaderBytes: Int
    var maxHeaderFields: Int
    /// A further connection is answered 503 and closed.
    public var maxConnections: Int
    /// 0: one for each processor.
    var eventLoops: Int
    /// For the first head of a new connection.
    var headerTimeout: TimeAmount
    /// For a whole body.
    var bodyTimeout: TimeAmount
    /// Between the requests of a connection.
    var idleTimeout: TimeAmount
    /// For a client to take a response.
    var writeTimeout: TimeAmount
    /// For open requests, once the host stops.
    public var shutdownTimeout: TimeAmount
    /// Whose scripts may call.
    public var cors: CORS
    /// Peers whose forwarding fields are believed.
    var trustedProxies: [NetworkRange]

    public init(
        maxBodyBytes: Int, maxHeaderBytes: Int, maxHeaderFields: Int, maxConnections: Int, eventLoops: Int,
        headerTimeout: TimeAmount, bodyTimeout: TimeAmount, idleTimeout: TimeAmount, writeTimeout: TimeAmount,
        shutdownTimeout: TimeAmount, cors: CORS, trustedProxies: [NetworkRange]
    ) {
        self.maxBodyBytes = maxBodyBytes
        self.maxHeaderBytes = maxHeaderBytes
        self.maxHeaderFields = maxHeaderFields
        self.maxConnections = maxConnections
        self.eventLoops = eventLoops
        self.headerTimeout = headerTimeout
        self.bodyTimeout = bodyTimeout
        self.idleTimeout = idleTimeout
        self.writeTimeout = writeTimeout
        self.shutdownTimeout = shutdownTimeout
        self.cors = cors
        self.trustedProxies = trustedProxies
    }

    /// The most event loops.
    public static let mostLoops = 256

    /// How many event loops there are.
    public var loops: Int { eventLoops > 0 ? eventLoops : min(System.coreCount, Self.mostLoops) }
}
