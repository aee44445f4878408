// The play as a pack with a table of C functions, which the engine of the host runs.

import Synchronization
import ToolABI

@testable import HostCalls
@testable import HostEngines

/// What the pack's functions are given as their own. Never freed, like a pack.
private final class PlayedPack: Sendable {
    let play: Play
    init(_ play: Play) { self.play = play }

    /// `start` is given nothing of a pack's own but its configuration: the play's number.
    private static let all = Mutex<[String: PlayedPack]>([:])

    func register() { Self.all.withLock { $0["\(play.number)"] = self } }

    static func configured(by config: UnsafePointer<tool_str>?) -> PlayedPack? {
        guard let config = unsafe config?.pointee else { return nil }
        let bytes = unsafe UnsafeRawBufferPointer(start: config.data, count: Int(config.size))
        let number = unsafe String(decoding: bytes, as: UTF8.self)
        return all.withLock { $0[number] }
    }

    static func from(_ pack: UnsafeMutableRawPointer?) -> PlayedPack? {
        unsafe pack.map { unsafe Unmanaged<PlayedPack>.fromOpaque($0).takeUnretainedValue() }
    }
}

/// `@unchecked Sendable`: the table is the host's, and never changes.
@safe private struct CHost: PlayHost, @unchecked Sendable {
    let table: UnsafePointer<tool_host>

    func complete(_ call: tool_call_id, _ answer: Answer) -> tool_status {
        var result = unsafe tool_result()
        unsafe result.struct_size = unsafe UInt32(MemoryLayout<tool_result>.size)
        unsafe answer.write(to: &result)
        return unsafe table.pointee.complete(table.pointee.host, call, &result)
    }

    func cancelled(_ call: tool_call_id) -> tool_status {
        unsafe table.pointee.cancelled(table.pointee.host, call)
    }
}

extension InProcessEngine {
    /// An engine over a pack of C functions that is not started yet.
    static func running(
        _ play: Play, calls: CallTable, log: PackLog, shortage: ThreadShortage
    ) throws -> InProcessEngine {
        PlayedPack(play).register()
        let tools = UnsafeMutablePointer<UnsafePointer<tool_descriptor>?>.allocate(capacity: PlayedTool.allCases.count)
        for (index, tool) in PlayedTool.allCases.enumerated() {
            let descriptor = UnsafeMutablePointer<tool_descriptor>.allocate(capacity: 1)
            unsafe descriptor.initialize(to: tool_descriptor())
            unsafe descriptor.pointee.context = UnsafeMutableRawPointer(bitPattern: tool.rawValue + 1)
            unsafe (tools + index).initialize(to: UnsafePointer(descriptor))
        }
        let table = UnsafeMutablePointer<tool_pack>.allocate(capacity: 1)
        unsafe table.initialize(to: tool_pack())
        unsafe table.pointee.struct_size = unsafe UInt32(MemoryLayout<tool_pack>.size)
        unsafe table.pointee.abi_major = UInt16(TOOL_ABI_MAJOR)
        unsafe table.pointee.tool_count = UInt32(PlayedTool.allCases.count)
        unsafe table.pointee.tools = UnsafePointer(tools)
        unsafe table.pointee.start = { host, config, _, pack, _ in
            guard let host = unsafe host, let own = unsafe PlayedPack.configured(by: config) else {
                return TOOL_E_INTERNAL
            }
            own.play.host = unsafe CHost(table: host)
            unsafe pack?.pointee = Unmanaged.passRetained(own).toOpaque()
            return TOOL_OK
        }
        unsafe table.pointee.invoke = { pack, tool, call, result in
            guard let own = unsafe PlayedPack.from(pack), let tool = unsafe tool, let call = unsafe call,
                let result = unsafe result
            else { return TOOL_E_INTERNAL }
            let number = unsafe Int(bitPattern: tool.pointee.context) - 1
            guard let answer = unsafe own.play.invoke(number, call.pointee.id) else { return TOOL_PENDING }
            unsafe answer.write(to: &result.pointee)
            return answer.status
        }
        unsafe table.pointee.cancel = { pack, call, reason in
            unsafe PlayedPack.from(pack)?.play.hear(.cancelled(call, reason))
        }
        unsafe table.pointee.stop = { pack, _ in unsafe PlayedPack.from(pack)?.play.hear(.stopped) }
        let names = Dictionary(uniqueKeysWithValues: PlayedTool.allCases.map { ($0.rawValue, "\($0)") })
        return InProcessEngine(
            unsafe try LoadedTable(UnsafePointer(table), entry: UnsafeRawPointer(table), file: "play.so"), tools: names,
            calls: calls, log: log, outbound: nil, shortage: shortage)
    }
}
