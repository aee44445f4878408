// Builds the table that the entry function returns: once for each type of pack, never changed, never freed.

import JSON
import Synchronization
import ToolABI

/// A pack's table, in memory that lives as long as the process and that nobody writes to any more: safe to share.
@safe struct PackTable: @unchecked Sendable {
    let table: UnsafePointer<tool_pack>

    private static let tables = Mutex<[ObjectIdentifier: PackTable]>([:])

    static func of<Pack: ToolPack>(_ type: Pack.Type) -> PackTable {
        let key = ObjectIdentifier(type)
        if let known = tables.withLock({ $0[key] }) { return known }
        // Built outside the lock, since the pack's own code runs here. Of two threads, the first to be done wins.
        let tools = Pack.tools
        let start = unsafe StartSlots.take(key) { host, config in
            let pack = try Pack(configuration: config(Pack.configuration), host: HostLink(services: host))
            return RunningPack(pack, tools: tools, host: host)
        }
        let built = unsafe PackTable(type, tools.map(\.statement), start: start)
        return tables.withLock { tables in
            if let first = tables[key] { return first }
            tables[key] = built
            return built
        }
    }

    private init<Pack: ToolPack>(_ type: Pack.Type, _ tools: [ToolStatement], start: @escaping StartFunction) {
        let descriptors = UnsafeMutablePointer<UnsafePointer<tool_descriptor>?>.allocate(capacity: tools.count)
        for (number, tool) in tools.enumerated() {
            let descriptor = UnsafeMutablePointer<tool_descriptor>.allocate(capacity: 1)
            unsafe descriptor.initialize(to: tool.descriptor(number: number))
            unsafe (descriptors + number).initialize(to: UnsafePointer(descriptor))
        }
        let pack = UnsafeMutablePointer<tool_pack>.allocate(capacity: 1)
        unsafe pack.initialize(to: tool_pack())
        unsafe pack.pointee.struct_size = UInt32(MemoryLayout<tool_pack>.size)
        unsafe pack.pointee.abi_major = UInt16(TOOL_ABI_MAJOR)
        unsafe pack.pointee.abi_minor = UInt16(TOOL_ABI_MINOR)
        unsafe pack.pointee.minor_required = 0
        unsafe pack.pointee.tool_count = UInt32(tools.count)
        unsafe pack.pointee.id = .immortal(Pack.id)
        unsafe pack.pointee.version = .immortal(Pack.version)
        unsafe pack.pointee.description = .immortal(Pack.description)
        unsafe pack.pointee.config_schema = .immortal("\(Pack.configuration.jsonSchema(for: .configuration))")
        unsafe pack.pointee.tools = UnsafePointer(descriptors)
        unsafe pack.pointee.start = start
        unsafe pack.pointee.invoke = invokeTool
        unsafe pack.pointee.cancel = cancelCall
        unsafe pack.pointee.stop = stopPack
        unsafe table = UnsafePointer(pack)
    }
}

extension ToolStatement {
    /// Says what the author said, mistakes included: judging is the host's business.
    fileprivate func descriptor(number: Int) -> tool_descriptor {
        var descriptor = unsafe tool_descriptor()
        unsafe descriptor.struct_size = UInt32(MemoryLayout<tool_descriptor>.size)
        unsafe descriptor.flags = hints.rawValue | (isInline ? TOOL_INLINE : 0)
        unsafe descriptor.name = .immortal(name)
        unsafe descriptor.title = .immortal(title)
        unsafe descriptor.summary = .immortal(summary)
        unsafe descriptor.description = .immortal(description)
        unsafe descriptor.input_schema = .immortal("\(inputSchema)")
        unsafe descriptor.output_schema = .immortal("\(outputSchema)")
        unsafe descriptor.meta = .immortal(meta.isEmpty ? "" : "\(JSONValue.object(meta))")
        let list = UnsafeMutablePointer<tool_str>.allocate(capacity: scopes.count)
        for (index, scope) in scopes.enumerated() { unsafe (list + index).initialize(to: .immortal(scope)) }
        unsafe descriptor.scopes = UnsafePointer(list)
        unsafe descriptor.scope_count = UInt32(scopes.count)
        unsafe descriptor.timeout_ms = timeout?.wholeMilliseconds ?? 0
        unsafe descriptor.max_concurrency = maxConcurrency.map { UInt32(clamping: $0) } ?? 0
        unsafe descriptor.context = UnsafeMutableRawPointer(bitPattern: number)
        return unsafe descriptor
    }
}
