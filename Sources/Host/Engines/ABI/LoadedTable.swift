// Opens a pack's shared object and copies what its table says into plain values. The only reader of tool_pack.

import CrashNote
import Glibc
import HostBase
import HostCalls
import ToolABI

/// The table that a pack's entry function returned.
///
/// `@unchecked Sendable`: the ABI promises that the table and all it points to never change until the process ends, and
/// the library is never unloaded.
@safe public final class LoadedTable: @unchecked Sendable {
    private let pack: UnsafePointer<tool_pack>

    /// In the code of the pack.
    private let entry: UnsafeRawPointer

    /// The functions of the pack, with the rule of each stated in `tool_abi.h`.
    public let functions: tool_pack

    /// Loads the library and asks for the table.
    ///
    /// - Parameters:
    ///   - path: of the file that is loaded.
    ///   - file: what it is called in the plugins folder, for messages.
    /// - Throws: `PackRefusal` with what the loader said, or what about the table makes it unusable.
    public convenience init(path: String, file: String) throws(PackRefusal) {
        func refuse(_ reason: String) -> PackRefusal { PackRefusal(file: file, reason: reason) }
        let (entry, table) = try LoadTurn.take(file) { () throws(PackRefusal) in
            guard let library = unsafe dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
                let reason = unsafe String(cString: dlerror())
                throw refuse("cannot be loaded: \(reason.replacing(path, with: file))")
            }
            guard let symbol = unsafe dlsym(library, "tool_pack_entry_v1") else {
                throw refuse(
                    "exports no tool_pack_entry_v1: it is no tool pack, or one for another major version of the ABI")
            }
            // Its threads may crash before its id is known.
            unsafe crash_note_add_pack(symbol, .forever(file))
            typealias Entry = @convention(c) () -> UnsafePointer<tool_pack>?
            guard let table = unsafe unsafeBitCast(symbol, to: Entry.self)() else {
                throw refuse("its entry function returned no table: it cannot work on this machine")
            }
            return (UInt(bitPattern: symbol), UInt(bitPattern: table))
        }
        guard let entry = unsafe UnsafeRawPointer(bitPattern: entry),
            let table = unsafe UnsafePointer<tool_pack>(bitPattern: table)
        else { throw refuse("its entry function returned no table") }
        unsafe try self.init(table, entry: entry, file: file)
    }

    /// - Parameters:
    ///   - table: stays until the process ends, like all that it points to.
    ///   - entry: in the code of the pack.
    ///   - file: for messages.
    /// - Throws: `PackRefusal` with what about the table makes it unusable.
    @unsafe init(_ table: UnsafePointer<tool_pack>, entry: UnsafeRawPointer, file: String) throws(PackRefusal) {
        unsafe pack = table
        unsafe self.entry = entry
        unsafe try Self.check(table) { PackRefusal(file: file, reason: $0) }
        unsafe functions = ABIStruct.copy(table, size: table.pointee.struct_size, zero: tool_pack())
    }

    private static func check(
        _ pack: UnsafePointer<tool_pack>, _ refuse: (String) -> PackRefusal
    ) throws(PackRefusal) {
        guard unsafe Int(bitPattern: pack) % MemoryLayout<tool_pack>.alignment == 0 else {
            throw refuse("its table is not aligned")
        }
        let size = unsafe Int(pack.pointee.struct_size)
        guard size >= ABIStruct.pack else {
            throw refuse("its table says struct_size \(size); version 1.0 has \(ABIStruct.pack)")
        }
        let (major, minor, required) = unsafe (
            pack.pointee.abi_major, pack.pointee.abi_minor, pack.pointee.minor_required
        )
        guard major == UInt16(TOOL_ABI_MAJOR) else {
            throw refuse(
                "was built for ABI \(major).\(minor), this host speaks \(TOOL_ABI_MAJOR).\(TOOL_ABI_MINOR); "
                    + "rebuild the pack with the header of a \(TOOL_ABI_MAJOR).x release")
        }
        guard required <= UInt16(TOOL_ABI_MINOR) else {
            throw refuse(
                "needs ABI \(major).\(required), this host speaks \(TOOL_ABI_MAJOR).\(TOOL_ABI_MINOR); upgrade the "
                    + "host, or build the pack with minor_required \(TOOL_ABI_MINOR) or lower")
        }
        guard unsafe pack.pointee.invoke != nil else { throw refuse("its table has no invoke function") }
        guard unsafe (1...UInt32(ABIBounds.tools)).contains(pack.pointee.tool_count) else {
            throw refuse(
                "its table says tool_count \(unsafe pack.pointee.tool_count); 1 to \(ABIBounds.tools) are possible")
        }
        guard unsafe pack.pointee.tools != nil else { throw refuse("its table has no tools") }
    }

    /// The pointer published for a tool, which `invoke` is given back.
    public func descriptor(at index: Int) -> UnsafePointer<tool_descriptor>? {
        unsafe pack.pointee.tools?[index]
    }

    /// Puts crashes on threads that the pack starts down to it.
    func expectCrashes(of id: String) {
        unsafe crash_note_add_pack(entry, .forever(id))
    }

    /// The pack's own words on itself.
    func identity() throws(PackText.Fault) -> PackIdentity {
        let table = unsafe functions
        return unsafe PackIdentity(
            id: try PackText.string(table.id, "id", limit: ABIBounds.id),
            version: try PackText.string(table.version, "version", limit: ABIBounds.version),
            description: try PackText.string(table.description, "description", limit: ABIBounds.packDescription),
            abi: unsafe "\(table.abi_major).\(table.abi_minor)",
            configSchema: try unsafe PackText.string(table.config_schema, "config_schema", limit: ABIBounds.schema),
            toolCount: unsafe Int(table.tool_count)
        )
    }

    /// A tool's descriptor as plain values, not yet judged.
    func rawDescriptor(at index: Int) throws(PackText.Fault) -> RawToolDescriptor {
        guard let pointer = unsafe descriptor(at: index) else {
            throw PackText.Fault(field: "tools[\(index)]", reason: "is NULL")
        }
        guard unsafe Int(bitPattern: pointer) % MemoryLayout<tool_descriptor>.alignment == 0 else {
            throw PackText.Fault(field: "tools[\(index)]", reason: "is not aligned")
        }
        let size = unsafe pointer.pointee.struct_size
        guard size >= ABIStruct.descriptor else {
            throw PackText.Fault(
                field: "tools[\(index)].struct_size", reason: "is \(size); version 1.0 has \(ABIStruct.descriptor)")
        }
        let tool = unsafe ABIStruct.copy(pointer, size: size, zero: tool_descriptor())
        return unsafe RawToolDescriptor(
            flags: tool.flags,
            name: try PackText.string(tool.name, "name", limit: ABIBounds.name),
            title: try PackText.string(tool.title, "title", limit: ABIBounds.title),
            summary: try PackText.string(tool.summary, "summary", limit: ABIBounds.summary),
            description: try PackText.string(tool.description, "description", limit: ABIBounds.description),
            inputSchema: try PackText.string(tool.input_schema, "input_schema", limit: ABIBounds.schema),
            outputSchema: try PackText.string(tool.output_schema, "output_schema", limit: ABIBounds.schema),
            meta: try PackText.string(tool.meta, "meta", limit: ABIBounds.meta),
            scopes: try PackText.strings(unsafe tool.scopes, count: tool.scope_count, "scopes", limit: ABIBounds.scope),
            timeoutMilliseconds: tool.timeout_ms,
            maxConcurrency: tool.max_concurrency,
            maxResultBytes: tool.max_result_bytes
        )
    }
}

/// A pack's own words on itself.
public struct PackIdentity: Sendable, Equatable {
    public var id: String
    public var version: String
    public var description: String
    /// Version of the header it was built with, such as `1.0`.
    public var abi: String
    /// JSON text; may be empty.
    public var configSchema: String
    var toolCount: Int
}

/// A `tool_descriptor` with its strings copied.
public struct RawToolDescriptor: Sendable, Equatable {
    public var flags: UInt32
    public var name: String
    public var title: String
    public var summary: String
    public var description: String
    public var inputSchema: String
    public var outputSchema: String
    public var meta: String
    public var scopes: [String]
    public var timeoutMilliseconds: UInt32
    public var maxConcurrency: UInt32
    public var maxResultBytes: UInt64
}
