// What one pack is given of the host: the table of functions in tool_host, and what stands behind each.

import HostBase
import HostCalls
import HostOutbound
import Logging
import NIOCore
import ToolABI

/// The host as one pack sees it. Made when the pack is started, and never freed: the pack may keep threads that use it.
///
/// `@unchecked Sendable`: the table and the service are written once in `init`.
@safe final class PackServices: @unchecked Sendable {
    /// The most bytes of a log line, an attribute and a progress message that are kept.
    private static let textLimit = 8 * 1024

    private let calls: CallTable
    private let log: PackLog
    private let crashSubject: CrashSubject
    private let table: UnsafeMutablePointer<tool_host>
    /// The service http/1; `nil` where nothing is sent for packs.
    private(set) var http: PackHTTP?

    /// Handed to `start`.
    var pointer: UnsafePointer<tool_host> { unsafe UnsafePointer(table) }

    /// - Parameter outbound: how packs reach other services, and what this one may do there.
    init(calls: CallTable, log: PackLog, outbound: (Outbound, OutboundPolicy)?) {
        self.calls = calls
        self.log = log
        crashSubject = CrashSubject(pack: log.packID, judge: InlineJudge { log.slowRelease(of: nil) })
        unsafe table = .allocate(capacity: 1)
        var host = unsafe tool_host()
        unsafe host.struct_size = unsafe UInt32(MemoryLayout<tool_host>.size)
        unsafe host.abi_major = UInt16(TOOL_ABI_MAJOR)
        unsafe host.abi_minor = UInt16(TOOL_ABI_MINOR)
        unsafe host.name = unsafe tool_str.forever("toolhost")
        unsafe host.version = unsafe tool_str.forever(HostVersion.current)
        unsafe host.complete = { host, id, result in
            unsafe PackServices.from(host)?.complete(id, result) ?? TOOL_E_GONE
        }
        unsafe host.progress = { host, id, done, total, message in
            unsafe PackServices.from(host)?.progress(id, done, total, message) ?? TOOL_E_GONE
        }
        unsafe host.cancelled = { host, id in
            unsafe PackServices.from(host)?.call(id)?.standing ?? TOOL_E_GONE
        }
        unsafe host.log = { host, id, level, message, attributes, count in
            unsafe PackServices.from(host)?.log(id, level, message, attributes, count)
        }
        unsafe host.service = { host, name in
            unsafe PackServices.from(host)?.service(name)
        }
        unsafe table.initialize(to: host)
        unsafe table.pointee.host = Unmanaged.passRetained(self).toOpaque()
        if let (outbound, policy) = outbound {
            http = PackHTTP(
                PackRequests(packID: log.packID, policy: policy, outbound: outbound) { [unowned self] in call($0) })
        }
    }

    private static func from(_ host: UnsafeMutableRawPointer?) -> PackServices? {
        unsafe host.map { unsafe Unmanaged<PackServices>.fromOpaque($0).takeUnretainedValue() }
    }

    private func call(_ id: tool_call_id) -> Call? {
        calls.call(id, of: log)
    }

    private func complete(_ id: tool_call_id, _ result: UnsafePointer<tool_result>?) -> tool_status {
        guard let result = unsafe result else {
            log.logger.error("complete was called without a result")
            return TOOL_E_INVALID
        }
        guard unsafe result.pointee.struct_size >= ABIStruct.result else {
            log.logger.error(
                "complete was called with a result of unknown layout",
                metadata: ["struct_size": "\(unsafe result.pointee.struct_size)"])
            return TOOL_E_INVALID
        }
        let call = call(id)
        var copy = unsafe ABIStruct.copy(result, size: result.pointee.struct_size, zero: tool_result())
        let taken = unsafe PackResult(
            taking: &copy, status: copy.status, limit: call?.tool.maxResultBytes ?? 0, from: crashSubject)
        // The pack's memory is not looked at any more.
        let entry = CrashSubject.suspend()
        defer { entry.leave() }
        guard let call else {
            log.twice(wasIssued: calls.wasIssued(id), requestID: nil)
            return TOOL_E_GONE
        }
        return call.tool.desk.complete(call, taken) ? TOOL_OK : TOOL_E_GONE
    }

    private func progress(
        _ id: tool_call_id, _ done: Double, _ total: Double, _ message: UnsafePointer<tool_str>?
    ) -> tool_status {
        guard let call = call(id) else { return TOOL_E_GONE }
        guard let listener = call.context.onProgress, done.isFinite, total.isFinite else { return TOOL_OK }
        let text = unsafe message.map { unsafe Self.text($0.pointee) }
        listener(done, total, text)
        return TOOL_OK
    }

    private func log(
        _ id: tool_call_id, _ level: Int32, _ message: UnsafePointer<tool_str>?,
        _ attributes: UnsafePointer<tool_attr>?, _ count: UInt32
    ) {
        let level = PackLogLevel.level(level)
        guard level >= log.logger.logLevel, let message = unsafe message else { return }
        var metadata: Logger.Metadata = [:]
        if let call = call(id) {
            metadata["tool"] = "\(call.tool.name)"
            metadata["request_id"] = "\(call.context.requestID)"
            if !call.context.traceparent.isEmpty { metadata["traceparent"] = "\(call.context.traceparent)" }
        }
        if let attributes = unsafe attributes {
            for index in 0..<Int(min(count, 64)) {
                let attribute = unsafe attributes[index]
                metadata[unsafe "pack.\(Self.text(attribute.key))"] = unsafe "\(Self.text(attribute.value))"
            }
        }
        log.logger.log(level: level, unsafe "\(Self.text(unsafe message.pointee))", metadata: metadata)
    }

    private func service(_ name: UnsafePointer<tool_str>?) -> UnsafeRawPointer? {
        guard let name = unsafe name, unsafe Self.text(name.pointee) == TOOL_HTTP_SERVICE else { return nil }
        return unsafe http?.pointer
    }

    /// Another team's text, cut to a sensible length; bytes that are no UTF-8 are replaced.
    private static func text(_ text: tool_str) -> String {
        guard let data = unsafe text.data, unsafe text.size > 0 else { return "" }
        let bytes = unsafe UnsafeRawBufferPointer(start: data, count: Int(min(text.size, UInt64(textLimit))))
        return unsafe String(decoding: bytes, as: UTF8.self)
    }
}
