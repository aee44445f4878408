// What server and connections obey: how much of the host a connection may take, and whose word counts.

import NIOCore

/// What an operator decides about connections.
struct HTTPSettings: Sendable {
    /// Of a request; beyond it 413.
    var maxBodyBytes: Int
    /// Of a request's head, target and fields together; beyond it 431.
    var maxHeaderBytes: Int
    var maxHeaderFields: Int
    /// A further connection is answered 503 and closed.
    var maxConnections: Int
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
    var shutdownTimeout: TimeAmount
    /// Whose scripts may call.
    var cors: CORS
    /// Peers whose forwarding fields are believed.
    var trustedProxies: [NetworkRange]

    /// How many event loops there are.
    var loops: Int { eventLoops > 0 ? eventLoops : System.coreCount }
}
