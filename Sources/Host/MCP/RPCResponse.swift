// A response around a result that is there in bytes.

import JSONSchema

enum RPCResponse {
    static let emptyResult = Array("{}".utf8)

    /// - Parameter result: one JSON object.
    static func bytes(id: RPCID, result: [UInt8]) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: result.count + 64)
        writer.beginObject()
        writer.key("jsonrpc")
        writer.string("2.0")
        writer.key("id")
        id.write(to: &writer)
        writer.key("result")
        writer.raw(result)
        writer.endObject()
        return writer.finish()
    }

    /// Several responses to a batch (JSON-RPC 2.0 section 6).
    static func batch(_ responses: [[UInt8]]) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: responses.reduce(16) { $0 + $1.count + 1 })
        writer.beginArray()
        for response in responses { writer.raw(response) }
        writer.endArray()
        return writer.finish()
    }
}
