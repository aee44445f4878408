// A started pack: its tools by number, and the calls that are still open.

import Dispatch
import JSON
import ToolABI

/// What the contract's `void *pack` points to.
///
/// `@unchecked Sendable`: the tools are written once in `init`.
@safe final class RunningPack: @unchecked Sendable {
    private let host: HostTable
    /// By number, owned; so that a call finds its tool without counting a reference to it.
    private let tools: UnsafeMutableBufferPointer<Unmanaged<RunningTool>>
    private let calls = OpenCalls()
    private let records: SpareRecords
    private let stopPack: @Sendable () -> Void

    private final class RunningTool: Sendable {
        let bound: BoundTool
        let isSynchronous: Bool
        /// Answers at once, where it is one that does.
        let run: @Sendable (JSONNode, CallContext, inout JSONWriter) throws -> Void

        init(_ bound: BoundTool) {
            self.bound = bound
            if case .synchronous(let run) = bound {
                (isSynchronous, self.run) = (true, run)
            } else {
                (isSynchronous, run) = (false, { _, _, _ in throw ToolError.internal("This tool answers later.") })
            }
        }
    }

    init<Pack: ToolPack>(_ pack: Pack, tools: [PackTool<Pack>], host: HostTable) {
        self.host = host
        records = SpareRecords(host: HostLink(services: host))
        unsafe self.tools = .allocate(capacity: tools.count)
        let bound = unsafe tools.map { unsafe Unmanaged.passRetained(RunningTool($0.bind(pack))) }
        _ = unsafe self.tools.initialize(fromContentsOf: bound)
        stopPack = { pack.stop() }
    }

    /// - Parameter number: Which tool; the host hands back what the descriptor's `context` says.
    func invoke(
        _ number: Int, _ call: HostCall, _ result: UnsafeMutablePointer<tool_result>
    ) -> tool_status {
        guard unsafe tools.indices.contains(number), call.isComplete else {
            return unsafe Answer.failure(.internal("The host called without a tool or with half a call.")).fill(result)
        }
        let reference = unsafe records.take()
        return unsafe tools[number]._withUnsafeGuaranteedRef { tool in
            unsafe reference._withUnsafeGuaranteedRef { record in
                record.begin(call)
                guard tool.isSynchronous else {
                    return unsafe prepare(tool, reference.takeRetainedValue(), result)
                }
                var writer = record.makeWriter()
                do {
                    try tool.run(Self.arguments(of: record), CallContext(record: record), &writer)
                } catch {
                    unsafe record.close(isShared: !reference.isUnique)
                    unsafe reference.release()
                    return unsafe Answer.failure(ToolError(reporting: error)).fill(result)
                }
                unsafe record.close(isShared: !reference.isUnique)
                record.keep(&writer)
                unsafe result.pointee.content = .handingOver(answerOf: reference)
                return TOOL_OK
            }
        }
    }

    /// Reads the arguments and starts what answers later.
    @inline(never)
    private func prepare(
        _ tool: RunningTool, _ record: CallRecord, _ result: UnsafeMutablePointer<tool_result>
    ) -> tool_status {
        guard case .asynchronous(let prepare) = tool.bound else { return TOOL_E_INTERNAL }
        do {
            begin(record, try prepare(Self.arguments(of: record)))
            return TOOL_PENDING
        } catch {
            return unsafe Answer.failure(ToolError(reporting: error)).fill(result)
        }
    }

    deinit {
        records.close()
        for index in unsafe tools.indices { unsafe tools[index].release() }
        unsafe tools.deallocate()
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
                record.keep(&writer)
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
