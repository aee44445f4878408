// The host's table of functions, as Swift methods.

import Synchronization
import ToolABI

/// The host that loaded this pack. The table never changes and its functions run on any thread, so that sharing the
/// pointer is safe; after `close()` nothing is called any more, as the contract demands after `stop`.
@safe final class HostTable: HostServices, @unchecked Sendable {
    private let table: UnsafePointer<tool_host>
    private let http: HTTPTable?
    private let isClosed = Atomic(false)
    let name: String
    let version: String

    /// The struct as version 1.0 knows it. Members that join later need a test of their own.
    private static let firstSize = 88

    /// - Throws: ``ToolError`` when this is no host that the pack can live with.
    init(_ table: UnsafePointer<tool_host>) throws {
        let major = unsafe UInt32(table.pointee.abi_major)
        guard major == TOOL_ABI_MAJOR else {
            throw ToolError.unsupported(
                "The host speaks version \(major) of the contract, this pack \(TOOL_ABI_MAJOR).")
        }
        let size = unsafe Int(table.pointee.struct_size)
        guard size >= Self.firstSize else {
            throw ToolError.unsupported("The host's table has \(size) bytes; version 1.0 has \(Self.firstSize).")
        }
        unsafe self.table = table
        http = unsafe HTTPTable(of: table)
        name = unsafe String(table.pointee.name)
        version = unsafe String(table.pointee.version)
    }

    func close() {
        isClosed.store(true, ordering: .sequentiallyConsistent)
    }

    private var isOpen: Bool { !isClosed.load(ordering: .relaxed) }

    func standing(of call: UInt64) -> CallStanding {
        guard isOpen, let cancelled = unsafe table.pointee.cancelled else { return .gone }
        return switch unsafe cancelled(table.pointee.host, call) {
        case TOOL_OK: .wanted
        case TOOL_E_DEADLINE: .pastDeadline
        case TOOL_E_GONE: .gone
        default: .cancelled
        }
    }

    func progress(call: UInt64, done: Double, total: Double, message: String?) {
        guard isOpen, let progress = unsafe table.pointee.progress else { return }
        guard let message else {
            _ = unsafe progress(table.pointee.host, call, done, total, nil)
            return
        }
        unsafe message.withABIText { text in
            unsafe withUnsafePointer(to: text) { text in
                _ = unsafe progress(table.pointee.host, call, done, total, text)
            }
        }
    }

    func log(call: UInt64, _ level: LogLevel, _ message: String, _ metadata: [String: String]) {
        guard isOpen, let log = unsafe table.pointee.log else { return }
        // All texts go into one buffer, so that one place keeps them where they are while the host copies.
        var bytes = Array(message.utf8)
        var ends = [bytes.count]
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            bytes += key.utf8
            ends.append(bytes.count)
            bytes += value.utf8
            ends.append(bytes.count)
        }
        unsafe bytes.withUnsafeBytes { buffer in
            func text(_ index: Int) -> tool_str {
                let start = index == 0 ? 0 : ends[index - 1]
                let data = unsafe buffer.baseAddress.map { unsafe ($0 + start).assumingMemoryBound(to: CChar.self) }
                return unsafe tool_str(data: data, size: UInt64(ends[index] - start))
            }
            let attributes = unsafe (0..<metadata.count).map {
                unsafe tool_attr(key: text($0 * 2 + 1), value: text($0 * 2 + 2))
            }
            unsafe attributes.withUnsafeBufferPointer { attributes in
                unsafe withUnsafePointer(to: text(0)) { message in
                    unsafe log(
                        table.pointee.host, call, level.abiValue, message, attributes.baseAddress,
                        UInt32(attributes.count))
                }
            }
        }
    }

    func send(_ request: HTTPRequest, call: UInt64) async throws -> HTTPResponse {
        guard isOpen else { throw CancellationError() }
        return try await openHTTP().send(request, call: call)
    }

    func watch(health url: String) throws {
        guard isOpen else { return }
        try openHTTP().watch(url)
    }

    private func openHTTP() throws -> HTTPTable {
        guard let http else { throw ToolError.unsupported("This host sends no requests for its packs (http/1).") }
        return http
    }

    /// Settles a pending call.
    func complete(_ call: UInt64, _ answer: Answer) {
        guard isOpen, let complete = unsafe table.pointee.complete else { return }
        var result = unsafe tool_result()
        unsafe result.struct_size = UInt32(MemoryLayout<tool_result>.size)
        unsafe result.status = answer.fill(&result)
        _ = unsafe complete(table.pointee.host, call, &result)
    }
}
