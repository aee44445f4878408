// What JSON-RPC puts around a result, an error or a notification (JSON-RPC 2.0 sections 4 and 5): written here and
// nowhere else.

/// Writes whole messages around contents that are there in bytes.
enum RPCEnvelope {
    /// What stands before the id of a response.
    static let beforeID = #"{\#(version),"id":"#
    /// What stands between the id and the result.
    static let beforeResult = #","result":"#
    /// What stands behind the content of every message.
    static let end = "}"

    static let emptyResult = Array("{}".utf8)

    private static let version = #""jsonrpc":"2.0""#

    /// - Parameter result: one JSON object.
    static func response(id: RPCID, result: [UInt8]) -> [UInt8] {
        message(beforeID, id.bytes, beforeResult, result)
    }

    /// - Parameters:
    ///   - id: `nil` where nobody can tell to which request this responds.
    ///   - error: one JSON object.
    static func response(id: RPCID?, error: [UInt8]) -> [UInt8] {
        message(beforeID, id?.bytes ?? Array("null".utf8), #","error":"#, error)
    }

    /// - Parameters:
    ///   - method: nothing that JSON would escape.
    ///   - params: one JSON object.
    static func notification(_ method: String, params: [UInt8]) -> [UInt8] {
        message(#"{\#(version),"method":"#, Array("\"\(method)\"".utf8), #","params":"#, params)
    }

    /// Several responses to a batch (JSON-RPC 2.0 section 6).
    static func batch(_ responses: [[UInt8]]) -> [UInt8] {
        Array("[".utf8) + responses.joined(separator: ",".utf8) + "]".utf8
    }

    private static func message(_ start: String, _ name: [UInt8], _ middle: String, _ content: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(
            start.utf8.count + name.count + middle.utf8.count + content.count + end.utf8.count)
        bytes += start.utf8
        bytes += name
        bytes += middle.utf8
        bytes += content
        bytes += end.utf8
        return bytes
    }
}
