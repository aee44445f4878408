// The result of `tools/call`: the tool's JSON as structure and as text, or what a model needs to do better next time.

import JSONSchema

/// Writes `CallToolResult` in a complete response.
struct ToolResult: Sendable {
    let era: ProtocolVersion.Era
    /// `ServerFacts.meta`.
    let serverMeta: [UInt8]
    /// `ServerFacts.info`.
    let serverInfo: JSONValue

    /// - Parameter content: JSON that fits the tool's output schema.
    func success(_ content: [UInt8], id: RPCID) -> [UInt8] {
        var writer = begin(id, reserving: content.count * 2 + content.count / 4 + 320)
        writer.key("content")
        writer.beginArray()
        writeText(content, to: &writer)
        writer.endArray()
        // Before 2026-07-28 it has to be an object.
        if era == .modern || Self.isObject(content) {
            writer.key("structuredContent")
            writer.raw(content)
        }
        if era == .modern {
            writer.key("resultType")
            writer.string("complete")
            writer.key("_meta")
            writer.raw(serverMeta)
        }
        return end(writer)
    }

    /// What went wrong in a call, in words for the model. REST says the same in a problem document.
    ///
    /// - Parameter challenge: what the user's client needs to log in again, where that is the way out.
    func failure(_ problem: Problem, id: RPCID, requestID: String, challenge: String? = nil) -> [UInt8] {
        var writer = begin(id, reserving: 512)
        writer.key("content")
        writer.beginArray()
        writeText(Array(Self.text(problem).utf8), to: &writer)
        writer.endArray()
        writer.key("isError")
        writer.bool(true)
        if era == .modern {
            writer.key("resultType")
            writer.string("complete")
        }
        writer.key("_meta")
        writer.beginObject()
        if era == .modern {
            writer.key(MetaKey.serverInfo)
            writer.value(serverInfo)
        }
        writer.key(MetaKey.problem)
        writer.raw(Problem.addRequestID(requestID, to: problem.response().body))
        if let challenge {
            writer.key(MetaKey.authenticate)
            writer.beginArray()
            writer.string(challenge)
            writer.endArray()
        }
        writer.endObject()
        return end(writer)
    }

    /// The detail, then each place in the arguments that is wrong, then what the tool added.
    private static func text(_ problem: Problem) -> String {
        var lines = [problem.detail]
        // The detail has the first one.
        for violation in problem.violations.dropFirst() {
            lines.append(
                (violation.instancePointer.isEmpty ? "" : "\(violation.instancePointer): ") + violation.message)
        }
        if let details = problem.details { lines.append(String(decoding: details, as: UTF8.self)) }
        if let (_, seconds) = problem.headers.first(where: { $0.name == "retry-after" }) {
            lines.append("Try again in \(seconds) s.")
        }
        return lines.joined(separator: "\n")
    }

    private func begin(_ id: RPCID, reserving capacity: Int) -> JSONWriter {
        var writer = JSONWriter(reservingCapacity: capacity)
        writer.beginObject()
        writer.key("jsonrpc")
        writer.string("2.0")
        writer.key("id")
        id.write(to: &writer)
        writer.key("result")
        writer.beginObject()
        return writer
    }

    private func writeText(_ text: [UInt8], to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("type")
        writer.string("text")
        writer.key("text")
        writer.string(utf8: text)
        writer.endObject()
    }

    private func end(_ writer: consuming JSONWriter) -> [UInt8] {
        var writer = writer
        writer.endObject()
        writer.endObject()
        return writer.finish()
    }

    private static func isObject(_ json: [UInt8]) -> Bool {
        json.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D } == UInt8(ascii: "{")
    }
}
