// The result of `tools/call`: the tool's JSON as structure and as text, or what a model needs to do better next time.

import HostCalls
import HostDocuments
import HostHTTP
import JSON

/// Writes `CallToolResult` in a complete response.
struct ToolResult: Sendable {
    let era: ProtocolVersion.Era
    /// `ServerFacts.info`.
    let serverInfo: JSONValue
    private let frame: FramedResult.Frame

    /// - Parameter serverMeta: `ServerFacts.meta`.
    init(era: ProtocolVersion.Era, serverMeta: [UInt8], serverInfo: JSONValue) {
        self.era = era
        self.serverInfo = serverInfo
        let facts = #","resultType":"complete","_meta":"#.utf8 + serverMeta
        frame = FramedResult.Frame(
            start: RPCEnvelope.beforeID,
            beforeText: RPCEnvelope.beforeResult + #"{"content":[{"type":"text","text":"#,
            beforeValue: #"}],"structuredContent":"#, inPlaceOfValue: "}]",
            end: (era.row.resultsStandAlone ? Array(facts) : []) + "}\(RPCEnvelope.end)".utf8)
    }

    /// Every call that goes well comes by here.
    ///
    /// - Parameter content: JSON that fits the tool's output schema.
    func success(_ content: ResultText, id: RPCID) -> FramedResult {
        FramedResult(
            frame: frame, label: id.label, content: content,
            hasValue: era.row.structureIsAnyJSON || content.withSpan(Self.isObject))
    }

    /// What went wrong in a call, in words for the model. REST says the same in a problem document.
    ///
    /// - Parameter challenge: what the user's client needs to log in again, where that is the way out.
    func failure(_ problem: Problem, id: RPCID, requestID: String, challenge: String? = nil) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 1024)
        writer.beginObject()
        writer.key("content")
        writer.value([["type": "text", "text": .string(Self.text(problem))]])
        writer.key("isError")
        writer.bool(true)
        if era.row.resultsStandAlone {
            writer.key("resultType")
            writer.string("complete")
        }
        writer.key("_meta")
        writer.beginObject()
        if era.row.resultsStandAlone {
            writer.key(MetaKey.serverInfo)
            writer.value(serverInfo)
        }
        writer.key(MetaKey.problem)
        writer.raw(problem.document(requestID: requestID))
        if let challenge {
            writer.key(MetaKey.authenticate)
            writer.beginArray()
            writer.string(challenge)
            writer.endArray()
        }
        writer.endObject()
        writer.endObject()
        return RPCEnvelope.response(id: id, result: writer.finish())
    }

    /// The detail, which has each place in the arguments that is wrong, then what the tool added, and when to come
    /// again where the detail does not say so.
    private static func text(_ problem: Problem) -> String {
        var lines = [problem.detail]
        if let details = problem.details { lines.append(String(decoding: details, as: UTF8.self)) }
        if let (_, seconds) = problem.headers.first(where: { $0.name == "retry-after" }) {
            let advice = CallFailure.advice(seconds: seconds)
            if !problem.detail.hasSuffix(advice) { lines.append(advice) }
        }
        return lines.joined(separator: "\n")
    }

    private static func isObject(_ json: Span<UInt8>) -> Bool {
        let start = json.indices.first { json[$0] != 0x20 && json[$0] != 0x09 && json[$0] != 0x0A && json[$0] != 0x0D }
        return start.map { json[$0] } == UInt8(ascii: "{")
    }
}

extension RPCID {
    fileprivate var label: FramedResult.Label {
        switch self {
        case .integer(let number): .integer(number)
        case .string(let text): .string(text)
        }
    }
}
