// What a pack in a process of its own is given of the host: answered here, so that no function waits for the host.

import Glibc
import HostBase
import HostCalls
import HostEngines
import HostLanes
import ToolABI

/// The host as the pack sees it. Never freed: the pack may keep threads that use it.
///
/// `@unchecked Sendable`: the table is written once in `init`.
@safe final class RunnerServices: @unchecked Sendable {
    /// The most bytes of a log line, an attribute and a progress message that are kept.
    private static let textLimit = 8 * 1024

    private let calls: RunnerCalls
    private let posts: RunnerPosts
    /// The service http/1; `nil` where nothing is sent for packs.
    let http: RunnerHTTP?
    private let logLevel: Int32
    private let table: UnsafeMutablePointer<tool_host>

    /// Handed to `start`.
    var pointer: UnsafePointer<tool_host> { unsafe UnsafePointer(table) }

    init(_ calls: RunnerCalls, _ posts: RunnerPosts, http: RunnerHTTP?, logLevel: Int32) {
        self.calls = calls
        self.posts = posts
        self.http = http
        self.logLevel = logLevel
        unsafe table = .allocate(capacity: 1)
        var host = unsafe tool_host()
        unsafe host.struct_size = unsafe UInt32(MemoryLayout<tool_host>.size)
        unsafe host.abi_major = UInt16(TOOL_ABI_MAJOR)
        unsafe host.abi_minor = UInt16(TOOL_ABI_MINOR)
        unsafe host.name = unsafe tool_str.forever("toolhost")
        unsafe host.version = unsafe tool_str.forever(HostVersion.current)
        unsafe host.complete = { host, id, result in
            unsafe RunnerServices.from(host)?.complete(id, result) ?? TOOL_E_GONE
        }
        unsafe host.progress = { host, id, done, total, message in
            unsafe RunnerServices.from(host)?.progress(id, done, total, message) ?? TOOL_E_GONE
        }
        unsafe host.cancelled = { host, id in
            unsafe RunnerServices.from(host)?.calls.standing(of: id) ?? TOOL_E_GONE
        }
        unsafe host.log = { host, id, level, message, attributes, count in
            unsafe RunnerServices.from(host)?.log(id, level, message, attributes, count)
        }
        unsafe host.service = { host, name in unsafe RunnerServices.from(host)?.service(name) }
        unsafe table.initialize(to: host)
        unsafe table.pointee.host = Unmanaged.passRetained(self).toOpaque()
    }

    private static func from(_ host: UnsafeMutableRawPointer?) -> RunnerServices? {
        unsafe host.map { unsafe Unmanaged<RunnerServices>.fromOpaque($0).takeUnretainedValue() }
    }

    private func complete(_ id: tool_call_id, _ result: UnsafePointer<tool_result>?) -> tool_status {
        guard let result = unsafe result else {
            posts.fault("complete was called without a result")
            return TOOL_E_INVALID
        }
        guard unsafe result.pointee.struct_size >= ABIStruct.result else {
            posts.fault("complete was called with a result of unknown layout")
            return TOOL_E_INVALID
        }
        let call = calls.complete(id)
        var copy = unsafe ABIStruct.copy(result, size: result.pointee.struct_size, zero: tool_result())
        let taken = unsafe PackResult(
            taking: &copy, status: copy.status, limit: call?.limit ?? 0, from: RunningTable.subject)
        guard let call else {
            posts.twice(id)
            return TOOL_E_GONE
        }
        posts.answer(.completed, id, call, taken)
        return TOOL_OK
    }

    private func progress(
        _ id: tool_call_id, _ done: Double, _ total: Double, _ message: UnsafePointer<tool_str>?
    ) -> tool_status {
        guard let call = calls.call(id) else { return TOOL_E_GONE }
        guard call.wantsProgress, done.isFinite, total.isFinite else { return TOOL_OK }
        let text = unsafe message.map { unsafe Self.bytes($0.pointee) } ?? []
        posts.progress(id, call, done, total, text)
        return TOOL_OK
    }

    private func log(
        _ id: tool_call_id, _ level: Int32, _ message: UnsafePointer<tool_str>?,
        _ attributes: UnsafePointer<tool_attr>?, _ count: UInt32
    ) {
        let level = max(TOOL_LOG_TRACE, min(TOOL_LOG_ERROR, level))
        guard level >= logLevel, let message = unsafe message else { return }
        calls.speaks(id)
        var texts = [unsafe Self.bytes(message.pointee)]
        if let attributes = unsafe attributes {
            for index in 0..<Int(min(count, 64)) {
                texts.append(unsafe Self.bytes(attributes[index].key))
                texts.append(unsafe Self.bytes(attributes[index].value))
            }
        }
        posts.log(id, level: level, texts)
    }

    private func service(_ name: UnsafePointer<tool_str>?) -> UnsafeRawPointer? {
        guard let name = unsafe name, unsafe Self.bytes(name.pointee) == Array(TOOL_HTTP_SERVICE.utf8) else {
            return nil
        }
        return unsafe http?.pointer()
    }

    private static func bytes(_ text: tool_str) -> [UInt8] {
        guard let data = unsafe text.data, unsafe text.size > 0 else { return [] }
        return unsafe Array(UnsafeRawBufferPointer(start: data, count: Int(min(text.size, UInt64(textLimit)))))
    }
}
