// A host in Swift that offers the contract's table in process and remembers what packs tell it.

import Synchronization
import ToolABI

@testable import ToolSDK

/// How a call ended, after its buffers were given back.
struct Settled: Sendable, Hashable {
    var status: tool_status
    var content: String = ""
    var message: String = ""
    var retryAfter: UInt32 = 0

    /// Reads a result and releases its buffers, as a host does, once.
    init(status: tool_status, _ result: UnsafePointer<tool_result>) {
        self.status = status
        content = unsafe Self.take(result.pointee.content)
        message = unsafe Self.take(result.pointee.message)
        retryAfter = unsafe result.pointee.retry_after_ms
    }

    init(status: tool_status, content: String = "", message: String = "") {
        self.status = status
        self.content = content
        self.message = message
    }

    private static func take(_ bytes: tool_bytes) -> String {
        let buffer = unsafe UnsafeBufferPointer(start: bytes.data, count: Int(bytes.size))
        let text = unsafe String(decoding: buffer, as: UTF8.self)
        unsafe bytes.release?(bytes.owner, bytes.data, bytes.size)
        return text
    }
}

/// One line that a pack wrote.
struct LogLine: Sendable, Hashable {
    var call: UInt64
    var level: Int32
    var message: String
    var attributes: [String]
}

/// One report of progress.
struct ProgressReport: Sendable, Hashable {
    var call: UInt64
    var done: Double
    var total: Double
    var message: String?
}

final class FakeHost: Sendable {
    private struct State {
        var settled: [UInt64: [Settled]] = [:]
        var waiting: [UInt64: CheckedContinuation<Settled, Never>] = [:]
        var calls: [UInt64: HostMemory] = [:]
        var standings: [UInt64: tool_status] = [:]
        var lines: [LogLine] = []
        var progress: [ProgressReport] = []
    }

    private let state = Mutex(State())
    /// What `service` returns for "http/1".
    let http: FakeHTTP?

    init(http: FakeHTTP? = nil) {
        self.http = http
    }

    var lines: [LogLine] { state.withLock(\.lines) }
    var progress: [ProgressReport] { state.withLock(\.progress) }
    /// How often a call was settled through `complete`.
    func completions(of call: UInt64) -> Int { state.withLock { $0.settled[call]?.count ?? 0 } }
    func setStanding(_ status: tool_status, of call: UInt64) { state.withLock { $0.standings[call] = status } }

    /// The call's memory is spoilt when it is settled, so that a pack that reads it later is found out.
    func keep(_ memory: HostMemory, for call: UInt64) { state.withLock { $0.calls[call] = memory } }
    func forget(_ call: UInt64) { state.withLock { $0.calls.removeValue(forKey: call) }?.spoil() }

    /// Waits until a pending call is settled.
    func completion(of call: UInt64) async -> Settled {
        await withCheckedContinuation { continuation in
            let settled = state.withLock { state in
                if let first = state.settled[call]?.first { return Optional(first) }
                state.waiting[call] = continuation
                return nil
            }
            if let settled { continuation.resume(returning: settled) }
        }
    }

    fileprivate func settle(_ call: UInt64, _ settled: Settled) {
        forget(call)
        let waiting = state.withLock { state in
            state.settled[call, default: []].append(settled)
            return state.waiting.removeValue(forKey: call)
        }
        waiting?.resume(returning: settled)
    }

    fileprivate func standing(of call: UInt64) -> tool_status {
        state.withLock { $0.standings[call] ?? TOOL_OK }
    }

    fileprivate func append(_ line: LogLine) { state.withLock { $0.lines.append(line) } }
    fileprivate func append(_ report: ProgressReport) { state.withLock { $0.progress.append(report) } }

    /// The table, in memory that lives as long as the process, like a real host's.
    ///
    /// - Parameter size: What `struct_size` says; what lies beyond version 1.0 is garbage.
    func table(size: Int = 88, major: UInt16 = 1) -> UnsafePointer<tool_host> {
        let memory = HostMemory(size: max(size, 88))
        let table = unsafe memory.base.assumingMemoryBound(to: tool_host.self)
        unsafe table.pointee.struct_size = UInt32(size)
        unsafe table.pointee.abi_major = major
        unsafe table.pointee.abi_minor = 0
        unsafe table.pointee.host = Unmanaged.passRetained(self).toOpaque()
        unsafe table.pointee.name = .immortal("fake")
        unsafe table.pointee.version = .immortal("9.9")
        unsafe table.pointee.complete = { host, call, result in
            guard let result = unsafe result else { return TOOL_E_INTERNAL }
            let settled = unsafe Settled(status: result.pointee.status, result)
            unsafe FakeHost.at(host).settle(call, settled)
            return TOOL_OK
        }
        unsafe table.pointee.progress = { host, call, done, total, message in
            let text = unsafe message.map { unsafe String($0.pointee) }
            unsafe FakeHost.at(host).append(ProgressReport(call: call, done: done, total: total, message: text))
            return TOOL_OK
        }
        unsafe table.pointee.cancelled = { host, call in unsafe FakeHost.at(host).standing(of: call) }
        unsafe table.pointee.log = { host, call, level, message, attributes, count in
            let list = unsafe UnsafeBufferPointer(start: attributes, count: Int(count))
            let texts = unsafe list.map { unsafe "\(String($0.key))=\(String($0.value))" }
            let text = unsafe message.map { unsafe String($0.pointee) } ?? ""
            unsafe FakeHost.at(host).append(LogLine(call: call, level: level, message: text, attributes: texts))
        }
        unsafe table.pointee.service = { host, name in
            guard let name = unsafe name, unsafe name.pointee.equals("http/1") else { return nil }
            return unsafe UnsafeRawPointer(FakeHost.at(host).http?.table)
        }
        return unsafe UnsafePointer(table)
    }

    private static func at(_ host: UnsafeMutableRawPointer?) -> FakeHost {
        // The table is always made with a host.
        unsafe Unmanaged<FakeHost>.fromOpaque(host.unsafelyUnwrapped).takeUnretainedValue()
    }
}

/// Memory that belongs to the host. Never freed, so that a stray read finds garbage instead of ending the tests.
@safe final class HostMemory: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    private let size: Int
    private let texts: [HostMemory]

    init(size: Int, texts: [HostMemory] = []) {
        self.size = size
        self.texts = texts
        unsafe base = UnsafeMutableRawPointer.allocate(byteCount: max(size, 1), alignment: 16)
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0xA5, count: max(size, 1))
    }

    convenience init(_ text: String) {
        self.init(size: text.utf8.count)
        for (index, byte) in text.utf8.enumerated() {
            unsafe base.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
        }
    }

    var text: tool_str {
        unsafe tool_str(data: UnsafePointer(base.assumingMemoryBound(to: CChar.self)), size: UInt64(size))
    }

    /// Overwrites what the host promised to keep until the call was settled.
    func spoil() {
        for text in texts { text.spoil() }
        unsafe base.initializeMemory(as: UInt8.self, repeating: UInt8(ascii: "?"), count: size)
    }
}
