// What a runner says beside its answers: lines of its pack's log, and what about its calls breaks the contract.

import HostCalls
import HostLanes
import HostOutbound
import Logging
import NIOCore
import ToolABI

/// Reads the notes of one runner. One thread.
struct RunnerNotes {
    private let lane: AnswerReceiver
    private let texts: ArenaReader
    private let link: RunnerLink
    private let engine: RunnerEngine

    /// A message, and the names and values of as many attributes as a runner keeps.
    private static let mostTexts = 1 + 2 * 64
    /// The most bytes of a line with all that belongs to it: of each text as many as a runner keeps, and its length.
    private static let limit = UInt64(mostTexts * (4 + 8192))

    init(_ link: RunnerLink, _ engine: RunnerEngine) {
        self.link = link
        self.engine = engine
        lane = AnswerReceiver(.notes, link.map, link.memory)
        texts = ArenaReader(.results, link.map, link.memory)
    }

    /// What there was to be read.
    struct Reading {
        var count = 0
        /// What is no note.
        var violation: String?
    }

    /// Reads what is there, and no more than a ring has.
    func read() -> Reading {
        var reading = Reading()
        while reading.violation == nil, reading.count < lane.most, let entry = lane.take() ?? lane.rest() {
            reading.count += 1
            reading.violation = write(entry)
        }
        return reading
    }

    /// - Returns: what is no note.
    private func write(_ entry: LaneEntry) -> String? {
        switch LaneKind(rawValue: entry.kind) {
        case .log:
            guard let parts = parts(of: entry), parts.count % 2 == 1 else { return "a line of its log" }
            log(entry, parts)
        case .fault:
            guard let parts = parts(of: entry), parts.count == 1 else { return "a remark" }
            engine.log.logger.error("\(parts[0])")
        case .twice:
            engine.log.twice(wasIssued: engine.calls.wasIssued(entry.id), requestID: nil)
        case .refused:
            guard let parts = parts(of: entry), parts.count == 2,
                let kind = OutboundFailure.Kind(rawValue: parts[0])
            else { return "a request that it has refused" }
            refused(OutboundFailure(kind: kind, message: parts[1]), entry.id)
        case .slow:
            let time = TimeAmount.milliseconds(Int64(clamping: min(entry.more, UInt64(UInt32.max))))
            engine.outbound?.logSlow(engine.log.packID, time)
        default: return "a note of kind \(entry.kind)"
        }
        return nil
    }

    private func parts(of entry: LaneEntry) -> [String]? {
        defer { link.giveBack(entry) }
        guard entry.size <= Self.limit, let bytes = texts.copy(entry.offset, entry.size) else { return nil }
        guard let texts = TextFrame.texts(bytes), texts.count <= Self.mostTexts else { return nil }
        return texts.map { String(decoding: $0, as: UTF8.self) }
    }

    private func refused(_ failure: OutboundFailure, _ id: tool_call_id) {
        let call = engine.calls.call(id, of: engine.log)
        engine.outbound?.logRefused(
            failure, engine.log.packID, tool: call?.tool.name, requestID: call?.context.requestID)
    }

    private func log(_ entry: LaneEntry, _ parts: [String]) {
        let level = PackLogLevel.level(Int32(truncatingIfNeeded: entry.code))
        guard level >= engine.log.logger.logLevel else { return }
        var metadata: Logger.Metadata = [:]
        if let call = engine.calls.call(entry.id, of: engine.log).map(Speakers.Speaker.init) ?? link.speaker(entry.id) {
            metadata["tool"] = "\(call.tool)"
            metadata["request_id"] = "\(call.requestID)"
            if !call.traceparent.isEmpty { metadata["traceparent"] = "\(call.traceparent)" }
        }
        for index in stride(from: 1, to: parts.count - 1, by: 2) {
            metadata["pack.\(parts[index])"] = "\(parts[index + 1])"
        }
        if entry.more > 0 { metadata["lines_lost"] = "\(entry.more)" }
        engine.log.logger.log(level: level, "\(parts[0])", metadata: metadata)
    }
}
