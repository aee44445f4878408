// Drives a pack through the C function pointers of its table, as a host does.

import Synchronization
import Testing
import ToolABI

@testable import ToolSDK

/// What a test says about a call.
struct CallSpec: Sendable {
    var arguments = "{}"
    var principal = "ada@issuer"
    var subject = ""
    var conversationID = ""
    var idempotencyKey = ""
    var scopes: [String] = []
    var attributes: [(String, String)] = []
    var flags: UInt32 = 0
    var structSize = 208
    /// CLOCK_MONOTONIC, nanoseconds.
    var deadline = Int64.max / 2

    /// Lays the call out in memory of its own.
    func lay(id: UInt64) -> HostMemory {
        let caller = [principal, subject, "https://issuer", "client", ""]
        let names = ["req-\(id)"] + caller + [conversationID, idempotencyKey, ""]
        let texts = ([arguments] + names).map(HostMemory.init)
        let scopeTexts = scopes.map(HostMemory.init)
        let pairs = attributes.flatMap { [HostMemory($0.0), HostMemory($0.1)] }
        let scopeList = HostMemory(size: 16 * scopes.count)
        for (index, text) in scopeTexts.enumerated() {
            unsafe scopeList.base.storeBytes(of: text.text, toByteOffset: 16 * index, as: tool_str.self)
        }
        let pairList = HostMemory(size: 32 * attributes.count)
        for (index, text) in pairs.enumerated() {
            unsafe pairList.base.storeBytes(of: text.text, toByteOffset: 16 * index, as: tool_str.self)
        }
        let memory = HostMemory(
            size: max(structSize, 208),
            texts: texts + scopeTexts + pairs + [scopeList, pairList])
        let call = unsafe memory.base.assumingMemoryBound(to: tool_call.self)
        unsafe call.pointee.struct_size = UInt32(structSize)
        unsafe call.pointee.flags = flags
        unsafe call.pointee.id = id
        unsafe call.pointee.arguments = texts[0].text
        unsafe call.pointee.deadline_ns = deadline
        unsafe call.pointee.request_id = texts[1].text
        unsafe call.pointee.principal = texts[2].text
        unsafe call.pointee.subject = texts[3].text
        unsafe call.pointee.subject_issuer = texts[4].text
        unsafe call.pointee.client_id = texts[5].text
        unsafe call.pointee.client_issuer = texts[6].text
        unsafe call.pointee.conversation_id = texts[7].text
        unsafe call.pointee.idempotency_key = texts[8].text
        unsafe call.pointee.traceparent = texts[9].text
        unsafe call.pointee.scopes = UnsafePointer(scopeList.base.assumingMemoryBound(to: tool_str.self))
        unsafe call.pointee.scope_count = UInt32(scopes.count)
        unsafe call.pointee.attrs = UnsafePointer(pairList.base.assumingMemoryBound(to: tool_attr.self))
        unsafe call.pointee.attr_count = UInt32(attributes.count)
        return memory
    }
}

/// A pack's table, and what a host reads in it. By contract it never changes.
@safe struct PackHandle: @unchecked Sendable {
    let table: UnsafePointer<tool_pack>

    init<Pack: ToolPack>(_ type: Pack.Type) throws {
        unsafe table = try unsafe #require(unsafe type.entry)
    }

    var address: UInt { unsafe UInt(bitPattern: table) }

    /// - Returns: How it ended, and the started pack's address or 0.
    func start(
        _ host: FakeHost = FakeHost(), config: String = "{}", hostSize: Int = 88, hostMajor: UInt16 = 1
    ) throws -> (Settled, UInt) {
        let start = try unsafe #require(unsafe table.pointee.start)
        var pack: UnsafeMutableRawPointer?
        var result = unsafe tool_result()
        unsafe result.struct_size = UInt32(MemoryLayout<tool_result>.size)
        let memory = HostMemory(config)
        let table = unsafe host.table(size: hostSize, major: hostMajor)
        let status = unsafe withUnsafePointer(to: memory.text) { unsafe start(table, $0, .max / 2, &pack, &result) }
        memory.spoil()
        return unsafe (Settled(status: status, &result), UInt(bitPattern: pack))
    }

    /// The numbers at the head of the table: size, versions, how many tools.
    var head: [UInt32] {
        unsafe [
            table.pointee.struct_size, UInt32(table.pointee.abi_major), UInt32(table.pointee.abi_minor),
            UInt32(table.pointee.minor_required), UInt32(table.pointee.reserved), table.pointee.tool_count,
        ]
    }

    /// Id, version, description, schema of the configuration.
    var texts: [String] {
        unsafe [
            String(table.pointee.id), String(table.pointee.version), String(table.pointee.description),
            String(table.pointee.config_schema),
        ]
    }

    var tools: [SeenTool] {
        unsafe (0..<Int(table.pointee.tool_count)).compactMap { unsafe table.pointee.tools[$0] }
            .map { unsafe SeenTool($0.pointee) }
    }

    fileprivate func tool(_ name: String) -> UnsafePointer<tool_descriptor>? {
        unsafe (0..<Int(table.pointee.tool_count)).compactMap { unsafe table.pointee.tools[$0] }
            .first { unsafe String($0.pointee.name) == name }
    }
}

/// A descriptor as a host copies it.
struct SeenTool: Sendable {
    let structSize, flags, timeout, maxConcurrency, reserved: UInt32
    let maxResultBytes: UInt64
    let name, title, summary, description, inputSchema, outputSchema, meta: String
    let scopes: [String]

    init(_ tool: tool_descriptor) {
        structSize = unsafe tool.struct_size
        flags = unsafe tool.flags
        timeout = unsafe tool.timeout_ms
        maxConcurrency = unsafe tool.max_concurrency
        reserved = unsafe tool.reserved
        maxResultBytes = unsafe tool.max_result_bytes
        name = unsafe String(tool.name)
        title = unsafe String(tool.title)
        summary = unsafe String(tool.summary)
        description = unsafe String(tool.description)
        inputSchema = unsafe String(tool.input_schema)
        outputSchema = unsafe String(tool.output_schema)
        meta = unsafe String(tool.meta)
        scopes = unsafe (0..<Int(tool.scope_count)).map { unsafe String(tool.scopes[$0]) }
    }
}

/// A started pack, called as hosts call it.
final class LoadedPack: Sendable {
    let host: FakeHost
    private let handle: PackHandle
    /// The contract's `void *pack`.
    private let address: UInt
    private let nextID = Atomic<UInt64>(1)

    init<Pack: ToolPack>(_ type: Pack.Type, config: String = "{}", host: FakeHost = FakeHost()) throws {
        self.host = host
        handle = try PackHandle(type)
        let outcome: Settled
        (outcome, address) = try handle.start(host, config: config)
        try #require(outcome == Settled(status: TOOL_OK))
    }

    private var pack: UnsafeMutableRawPointer? { unsafe UnsafeMutableRawPointer(bitPattern: address) }

    func newID() -> UInt64 { nextID.wrappingAdd(1, ordering: .relaxed).oldValue }

    /// Calls a tool; `TOOL_PENDING` in the outcome means that the host will be told.
    func invoke(_ name: String, _ spec: CallSpec = CallSpec(), id: UInt64? = nil) throws -> Settled {
        let id = id ?? newID()
        let invoke = try unsafe #require(unsafe handle.table.pointee.invoke)
        let tool = try unsafe #require(unsafe handle.tool(name))
        let memory = spec.lay(id: id)
        host.keep(memory, for: id)
        var result = unsafe tool_result()
        unsafe result.struct_size = UInt32(MemoryLayout<tool_result>.size)
        let call = unsafe UnsafePointer(memory.base.assumingMemoryBound(to: tool_call.self))
        let status = unsafe invoke(pack, tool, call, &result)
        if status != TOOL_PENDING { host.forget(id) }
        return unsafe Settled(status: status, &result)
    }

    func invoke(_ name: String, _ arguments: String) throws -> Settled {
        try invoke(name, CallSpec(arguments: arguments))
    }

    /// Calls without anything.
    func invokeNothing() throws -> tool_status {
        let invoke = try unsafe #require(unsafe handle.table.pointee.invoke)
        return invoke(nil, nil, nil, nil)
    }

    /// Calls an asynchronous tool and waits for its answer.
    func finish(_ name: String, _ spec: CallSpec = CallSpec()) async throws -> Settled {
        let id = newID()
        let outcome = try invoke(name, spec, id: id)
        return outcome.status == TOOL_PENDING ? await host.completion(of: id) : outcome
    }

    func cancel(_ id: UInt64, _ reason: tool_status = TOOL_E_CANCELLED) {
        unsafe handle.table.pointee.cancel?(pack, id, reason)
    }

    func stop(deadline: Int64 = .max / 2) {
        unsafe handle.table.pointee.stop?(pack, deadline)
    }
}
