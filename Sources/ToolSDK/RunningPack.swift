// A started pack: its tools by number, and the calls that are still open.

import Dispatch
import JSONSchema
import ToolABI

/// What the contract's `void *pack` points to.
final class RunningPack: Sendable {
    private let host: HostTable
    private let tools: [BoundTool]
    private let calls = OpenCalls()
    private let records: SpareRecords
    private let stopPack: @Sendable () -> Void

    init<Pack: ToolPack>(_ pack: Pack, tools: [PackTool<Pack>], host: HostTable) {
        self.host = host
        records = SpareRecords(host: HostLink(services: host))
        self.tools = tools.map { $0.bind(pack) }
        stopPack = { pack.stop() }
    }

    /// - Parameter number: Which tool; the host hands back what the descriptor's `context` says.
    func invoke(
        _ number: Int, _ call: HostCall, _ result: UnsafeMutablePointer<tool_result>
    ) -> tool_status {
        guard tools.indices.contains(number), call.isComplete else {
            return unsafe Answer.failure(.internal("The host called without a tool or with half a call.")).fill(result)
        }
        var record = records.take()
        record.begin(call)
        switch tools[number] {
        case .synchronous(let run):
            var writer = record.makeWriter()
            do {
                try run(Self.arguments(of: record), CallContext(record: record), &writer)
            } catch {
                CallRecord.close(&record)
                return unsafe Answer.failure(ToolError(reporting: error)).fill(result)
            }
            CallRecord.close(&record)
            record.keep(writer)
            return unsafe Answer.content(record).fill(result)
        case .asynchronous(let prepare):
            do {
                begin(record, try prepare(Self.arguments(of: record)))
                return TOOL_PENDING
            } catch {
                return unsafe Answer.failure(ToolError(reporting: error)).fill(result)
            }
        }
    }

    deinit {
        records.close()
    }

    private func begin(
        _ record: CallRecord,
        _ run: @escaping @Sendable (CallContext, inout JSONWriter) async throws -> Void
    ) {
        let id = record.id
        calls.open(id)
        let task = Task { [self] in
            var record = record
            var writer = record.makeWriter()
            let answer: Answer
            do {
                try await run(CallContext(record: record), &writer)
                record.keep(writer)
                answer = .content(record)
            } catch {
                answer = .failure(ToolError(reporting: error))
            }
            CallRecord.close(&record)
            host.complete(id, answer)
            calls.close(id)
        }
        calls.attach(task, to: id)
        // A cancel that came before the call was known here found nothing to cancel.
        if host.standing(of: id) != .wanted { calls.cancel(id) }
    }

    func cancel(_ id: UInt64) {
        calls.cancel(id)
    }

    /// - Parameter deadline: CLOCK_MONOTONIC, nanoseconds, which is what Dispatch counts in too.
    func stop(deadline: Int64) {
        calls.cancelAll()
        guard calls.wait(until: DispatchTime(uptimeNanoseconds: UInt64(max(deadline, 0)))) else { return }
        stopPack()
        host.close()
    }

    /// Never a part of its caller, so that a profile tells reading from the way to the tool.
    @inline(never)
    private static func arguments(of record: CallRecord) throws -> JSONNode {
        do {
            return try record.readArguments()
        } catch {
            throw ToolError.invalid("The arguments are not JSON: \(error.reason).")
        }
    }
}
