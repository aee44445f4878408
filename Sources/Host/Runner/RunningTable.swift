// The functions of the pack's table, as a runner calls them.

import HostBase
import HostCalls
import HostEngines
import ToolABI

/// A pack that is started in this process, the only one.
///
/// `@unchecked Sendable`: `instance` is written by the start, before the pack's first call, and never again.
@safe final class RunningTable: @unchecked Sendable {
    static let subject = CrashSubject(pack: "pack")

    private let table: LoadedTable
    private let services: RunnerServices
    /// What `start` made; handed to every later function.
    private var instance: UnsafeMutableRawPointer?

    init(_ table: LoadedTable, _ services: RunnerServices) {
        self.table = table
        self.services = services
    }

    /// - Returns: why it does not run; `nil` where it does.
    func start(config: [UInt8], deadline: Int64) -> String? {
        guard let start = unsafe table.functions.start else { return nil }
        var made: UnsafeMutableRawPointer?
        var error = unsafe tool_result()
        unsafe error.struct_size = unsafe UInt32(MemoryLayout<tool_result>.size)
        let status = unsafe config.withUnsafeBytes { bytes in
            var config = unsafe tool_str(
                data: bytes.baseAddress?.assumingMemoryBound(to: CChar.self), size: UInt64(bytes.count))
            return unsafe start(services.pointer, &config, deadline, &made, &error)
        }
        let result = unsafe PackResult(
            taking: &error, status: status, limit: PackResult.defaultLimit, from: Self.subject)
        unsafe instance = made
        if status == TOOL_OK { return nil }
        return result.message.isEmpty ? "status \(status)" : result.message
    }

    enum Outcome: ~Copyable {
        case pending
        case ended(PackResult)
    }

    /// Runs a tool on this thread.
    ///
    /// - Parameter call: bound, and in memory that stays until the call is settled.
    func invoke(_ tool: Int, _ call: UnsafePointer<tool_call>, limit: Int) -> Outcome {
        var result = unsafe tool_result()
        unsafe result.struct_size = unsafe UInt32(MemoryLayout<tool_result>.size)
        guard let invoke = unsafe table.functions.invoke, let descriptor = unsafe table.descriptor(at: tool) else {
            return .pending
        }
        let status = unsafe invoke(instance, descriptor, call, &result)
        if status == TOOL_PENDING { return .pending }
        return unsafe .ended(PackResult(taking: &result, status: status, limit: limit, from: Self.subject))
    }

    func cancel(_ id: tool_call_id, _ reason: tool_status) {
        unsafe table.functions.cancel?(instance, id, reason)
    }

    func stop(deadline: Int64) {
        unsafe table.functions.stop?(instance, deadline)
    }
}
