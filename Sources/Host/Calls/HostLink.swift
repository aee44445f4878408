// What one pack is given of the host: the table of functions in tool_host, and what stands behind each.

import Logging
import NIOCore
import ToolABI

/// The host as one pack sees it. Made when the pack is started, and never freed: the pack may keep threads that use it.
///
/// `@unchecked Sendable`: the table and the service are written once in `init`.
@safe final class HostLink: @unchecked Sendable {
    /// The most bytes of a result where a tool states no limit of its own.
    static let defaultResultLimit = 8 << 20
    /// The most bytes of a log line, an attribute and a progress message that are kept.
    private static let textLimit = 8 * 1024

    let packID: String
    private let calls: CallTable
    private let logger: Logger
    private let crashSubject: CrashSubject
    private let table: UnsafeMutablePointer<tool_host>
    /// The service http/1; `nil` where nothing is sent for packs.
    private(set) var http: PackHTTP?

    /// Handed to `start`.
    var pointer: UnsafePointer<tool_host> { unsafe UnsafePointer(table) }

    /// - Parameter outbound: how packs reach other services, and what this one may do there.
    init(packID: String, calls: CallTable, outbound: (Outbound, OutboundPolicy)? = nil, logger: Logger) {
        self.packID = packID
        self.calls = calls
        var logger = logger
        logger[metadataKey: "pack"] = "\(packID)"
        self.logger = logger
        let told = logger
        crashSubject = CrashSubject(pack: packID, judge: InlineJudge { Self.logSlowRelease(of: nil, told) })
        unsafe table = .allocate(capacity: 1)
        var host = unsafe tool_host()
        unsafe host.struct_size = unsafe UInt32(MemoryLayout<tool_host>.size)
        unsafe host.abi_major = UInt16(TOOL_ABI_MAJOR)
        unsafe host.abi_minor = UInt16(TOOL_ABI_MINOR)
        unsafe host.name = unsafe tool_str.forever("toolhost")
        unsafe host.version = unsafe tool_str.forever(HostVersion.current)
        unsafe host.complete = { host, id, result in
            unsafe HostLink.from(host)?.complete(id, result) ?? TOOL_E_GONE
        }
        unsafe host.progress = { host, id, done, total, message in
            unsafe HostLink.from(host)?.progress(id, done, total, message) ?? TOOL_E_GONE
        }
        unsafe host.cancelled = { host, id in
            unsafe HostLink.from(host)?.call(id)?.hint ?? TOOL_E_GONE
        }
        unsafe host.log = { host, id, level, message, attributes, count in
            unsafe HostLink.from(host)?.log(id, level, message, attributes, count)
        }
        unsafe host.service = { host, name in
            unsafe HostLink.from(host)?.service(name)
        }
        unsafe table.initialize(to: host)
        unsafe table.pointee.host = Unmanaged.passRetained(self).toOpaque()
        if let (outbound, policy) = outbound {
            http = PackHTTP(packID: packID, policy: policy, outbound: outbound) { [unowned self] in call($0) }
        }
    }

    private static func from(_ host: UnsafeMutableRawPointer?) -> HostLink? {
        unsafe host.map { unsafe Unmanaged<HostLink>.fromOpaque($0).takeUnretainedValue() }
    }

    /// An open call of this very pack: another pack's number finds nothing.
    private func call(_ id: tool_call_id) -> Call? {
        guard let call = calls.call(id), call.tool.pack.link === self else { return nil }
        return call
    }

    private func complete(_ id: tool_call_id, _ result: UnsafePointer<tool_result>?) -> tool_status {
        guard let result = unsafe result else {
            logger.error("complete was called without a result")
            return TOOL_E_INVALID
        }
        guard unsafe result.pointee.struct_size >= ABIStruct.result else {
            logger.error(
                "complete was called with a result of unknown layout",
                metadata: ["struct_size": "\(unsafe result.pointee.struct_size)"])
            return TOOL_E_INVALID
        }
        let call = call(id)
        let taken = unsafe PackResult(
            taking: ABIStruct.copy(result, size: result.pointee.struct_size, zero: tool_result()),
            status: result.pointee.status, limit: call?.tool.maxResultBytes ?? 0, from: crashSubject)
        // The pack's memory is not looked at any more.
        let entry = CrashSubject.suspend()
        defer { entry.leave() }
        guard let call else {
            logTwice(id, requestID: nil)
            return TOOL_E_GONE
        }
        return call.settle(taken) ? TOOL_OK : TOOL_E_GONE
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
        let level: Logger.Level =
            switch level {
            case ...TOOL_LOG_TRACE: .trace
            case TOOL_LOG_DEBUG: .debug
            case TOOL_LOG_INFO: .info
            case TOOL_LOG_WARNING: .warning
            default: .error
            }
        guard level >= logger.logLevel, let message = unsafe message else { return }
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
        logger.log(level: level, unsafe "\(Self.text(unsafe message.pointee))", metadata: metadata)
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

    // MARK: What the host says of this pack

    func logLate(_ call: Call, by lateness: TimeAmount) {
        logger.warning(
            "a tool settled its call after the caller had been answered",
            metadata: Self.metadata(call, ["late_ms": "\(lateness.nanoseconds / 1_000_000)"]))
    }

    func logOverrun(_ call: Call) {
        logger.warning("a call keeps its thread beyond its deadline", metadata: Self.metadata(call, [:]))
    }

    func logStuck(workers: Int, refused: Int) {
        logger.error(
            "a pack is stuck: all the threads it may have are kept beyond their deadlines, and its calls are refused",
            metadata: [
                "threads": "\(workers)", "key": "\(SettingKey.toolPackWorkers.name)", "refused": "\(refused)",
                "advice": "turn off the tools that the lines before this one name, or restart the host",
            ])
    }

    func logUnstuck() {
        logger.notice("a pack that was stuck has a thread again, and its calls are let in")
    }

    func logTwice(_ id: tool_call_id, requestID: String?) {
        logger.error(
            calls.wasIssued(id)
                ? "a tool settled a call that is not open any more" : "a tool settled a call that never was",
            metadata: requestID.map { ["request_id": "\($0)"] })
    }

    func logFault(_ reason: String, _ call: Call) {
        logger.error("a tool broke its contract", metadata: Self.metadata(call, ["reason": "\(reason)"]))
    }

    /// - Parameter reason: why the latest of its calls failed.
    func log(_ change: PackCondition.Change, because reason: String) {
        switch change {
        case .ails(let tool):
            logger.warning(
                "a pack is ailing: its calls fail again and again",
                metadata: ["tool": "\(tool)", "reason": "\(reason)"])
        case .recovered(let tool):
            logger.notice("a pack is well again", metadata: ["tool": "\(tool)", "reason": "a call succeeded"])
        case .forgotten:
            logger.notice("a pack is well again", metadata: ["reason": "no call of it failed for a while"])
        }
    }

    func logDemotion(of tool: String) {
        logger.warning(
            "an inline tool overran one millisecond again and again and runs on the workers from now on",
            metadata: ["tool": "\(tool)"])
    }

    func logSlowRelease(of tool: String) {
        Self.logSlowRelease(of: tool, logger)
    }

    /// - Parameter tool: `nil` where the results came by `complete`.
    private static func logSlowRelease(of tool: String?, _ logger: Logger) {
        logger.warning(
            "releasing a pack's results kept the network waiting for over a millisecond again and again",
            metadata: tool.map { ["tool": "\($0)"] })
    }

    private static func metadata(_ call: Call, _ more: Logger.Metadata) -> Logger.Metadata {
        more.merging([
            "tool": "\(call.tool.name)", "request_id": "\(call.context.requestID)",
        ]) { own, _ in own }
    }
}
