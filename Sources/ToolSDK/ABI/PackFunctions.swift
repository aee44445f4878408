// The four functions of a pack's table, as C calls them.

import Synchronization
import ToolABI

typealias StartFunction =
    @convention(c) (
        UnsafePointer<tool_host>?, UnsafePointer<tool_str>?, Int64, UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
        UnsafeMutablePointer<tool_result>?
    ) -> tool_status

func invokeTool(
    _ pack: UnsafeMutableRawPointer?, _ tool: UnsafePointer<tool_descriptor>?, _ call: UnsafePointer<tool_call>?,
    _ result: UnsafeMutablePointer<tool_result>?
) -> tool_status {
    guard let pack = unsafe pack, let tool = unsafe tool, let call = unsafe call, let result = unsafe result else {
        return TOOL_E_INTERNAL
    }
    let number = unsafe Int(bitPattern: tool.pointee.context)
    return unsafe Unmanaged<RunningPack>.fromOpaque(pack)._withUnsafeGuaranteedRef {
        unsafe $0.invoke(number, HostCall(pointer: call), result)
    }
}

func cancelCall(_ pack: UnsafeMutableRawPointer?, _ id: tool_call_id, _ reason: tool_status) {
    guard let pack = unsafe pack else { return }
    unsafe Unmanaged<RunningPack>.fromOpaque(pack).takeUnretainedValue().cancel(id)
}

func stopPack(_ pack: UnsafeMutableRawPointer?, _ deadline: Int64) {
    guard let pack = unsafe pack else { return }
    // Not released: a late cancellation must find it, and the process ends soon.
    unsafe Unmanaged<RunningPack>.fromOpaque(pack).takeUnretainedValue().stop(deadline: deadline)
}

/// `start` gets no argument that says which pack is meant, and a C function captures nothing: so each type of pack in a
/// binary takes a slot with a function of its own. A shared object needs one, a bundle of tests a few.
enum StartSlots {
    /// Starts one type of pack; the second argument reads its configuration.
    typealias Start = @Sendable (HostTable, ConfigReader) throws -> RunningPack

    private static let starts = Mutex<[(pack: ObjectIdentifier, start: Start)]>([])

    private static let functions: [StartFunction] = unsafe [
        { unsafe StartSlots.run(0, $0, $1, $3, $4) }, { unsafe StartSlots.run(1, $0, $1, $3, $4) },
        { unsafe StartSlots.run(2, $0, $1, $3, $4) }, { unsafe StartSlots.run(3, $0, $1, $3, $4) },
        { unsafe StartSlots.run(4, $0, $1, $3, $4) }, { unsafe StartSlots.run(5, $0, $1, $3, $4) },
        { unsafe StartSlots.run(6, $0, $1, $3, $4) }, { unsafe StartSlots.run(7, $0, $1, $3, $4) },
    ]

    /// The function that runs `start`, or what was given first for this type of pack; where all slots are taken, one
    /// that says so.
    static func take(_ pack: ObjectIdentifier, _ start: @escaping Start) -> StartFunction {
        let slot = starts.withLock { starts in
            if let known = starts.firstIndex(where: { $0.pack == pack }) { return known }
            starts.append((pack, start))
            return starts.count - 1
        }
        guard unsafe functions.indices.contains(slot) else { return { unsafe StartSlots.run(.max, $0, $1, $3, $4) } }
        return unsafe functions[slot]
    }

    private static func run(
        _ slot: Int, _ host: UnsafePointer<tool_host>?, _ config: UnsafePointer<tool_str>?,
        _ pack: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ error: UnsafeMutablePointer<tool_result>?
    ) -> tool_status {
        guard let host = unsafe host, let pack = unsafe pack, let error = unsafe error else { return TOOL_E_INTERNAL }
        let start = starts.withLock { $0.indices.contains(slot) ? $0[slot].start : nil }
        do {
            guard let start else { throw ToolError.unsupported("This binary holds too many packs.") }
            let text = unsafe config.map { unsafe Array($0.pointee.bytes) } ?? []
            let running = try unsafe start(HostTable(host), ConfigReader(json: text.isEmpty ? Array("{}".utf8) : text))
            unsafe pack.pointee = Unmanaged.passRetained(running).toOpaque()
            return TOOL_OK
        } catch let failure {
            return unsafe Answer.failure(ToolError(reporting: failure)).fill(error)
        }
    }
}

/// What the operator configured, before the pack's schema has been asked.
struct ConfigReader: Sendable {
    let json: [UInt8]

    func callAsFunction<Configuration: Sendable>(_ schema: Schema<Configuration>) throws -> Configuration {
        try schema.decode(json)
    }
}
