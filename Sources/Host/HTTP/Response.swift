// An answer as a value, before the connection adds what every answer carries.

import HostCalls
import NIOHTTP1

/// Status, fields and body.
public struct Response: Sendable {
    /// What follows the head.
    public enum Body: Sendable {
        case nothing
        case bytes([UInt8])
        /// A tool's result as it is, in JSON.
        case result(ResultText)
        /// A tool's result within a message.
        case framed(FramedResult)
        /// A problem document, which says to which request it belongs once it goes out.
        indirect case problem(Problem)
        /// Pieces whose number nobody knows yet.
        ///
        /// - Parameter signOfLife: what the client takes for nothing, sent when there has been nothing else to send.
        case stream(signOfLife: [UInt8])
    }

    /// Whether the connection ends with this answer, because what follows on it cannot be understood.
    var closes: Bool
    public var status: HTTPResponseStatus
    /// Names in lower case.
    public var headers: [(name: String, value: String)]
    public var body: Body
    /// A reason for the log, where the status alone does not say it.
    public var reason: String?
}

extension Response {
    /// Hands on to the memberwise initializer, from which it differs in the order alone: a value of so many parts that
    /// an initializer sets one after the other is copied whole once more, 270 instructions of a call.
    @inline(__always)
    public init(
        status: HTTPResponseStatus, headers: [(name: String, value: String)] = [], body: Body = .nothing,
        closes: Bool = false, reason: String? = nil
    ) {
        self.init(closes: closes, status: status, headers: headers, body: body, reason: reason)
    }

    @inline(__always)
    public static func json(_ body: [UInt8], status: HTTPResponseStatus = .ok) -> Response {
        .json(.bytes(body), status: status)
    }

    @inline(__always)
    public static func json(
        _ body: consuming Body, status: HTTPResponseStatus = .ok, reason: String? = nil
    ) -> Response {
        Response(status: status, headers: jsonFields, body: body, reason: reason)
    }

    private static let jsonFields = [(name: "content-type", value: "application/json")]

    public func with(_ name: String, _ value: String) -> Response {
        var copy = self
        copy.headers.append((name, value))
        return copy
    }
}
