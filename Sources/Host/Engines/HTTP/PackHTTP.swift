// The service http/1 as a pack inside the host is given it: the table of functions in tool_http.

import HostBase
import HostCalls
import HostLanes
import HostOutbound
import NIOCore
import Synchronization
import ToolABI

/// One pack's requests by way of its table. Made with the pack's link to the host, and never freed: the pack may keep
/// threads that use it.
///
/// `@unchecked Sendable`: the table is written once in `init`.
@safe final class PackHTTP: @unchecked Sendable {
    /// Whom the pack's function is to be called for. `@unchecked Sendable`: only the pack looks behind the pointer.
    @safe private struct Receiver: @unchecked Sendable {
        let done: tool_http_done
        let owner: UnsafeMutableRawPointer?
    }

    /// A callback that takes longer is told of.
    private static let callbackLimit = TimeAmount.milliseconds(10)
    private static let lastID = Atomic<UInt64>(0)

    let requests: PackRequests
    private let crashSubject: CrashSubject
    private let table: UnsafeMutablePointer<tool_http>

    /// What `service` answers.
    var pointer: UnsafeRawPointer { unsafe UnsafeRawPointer(table) }

    init(_ requests: PackRequests) {
        self.requests = requests
        crashSubject = CrashSubject(pack: requests.packID)
        unsafe table = .allocate(capacity: 1)
        var functions = unsafe tool_http()
        unsafe functions.struct_size = unsafe UInt32(MemoryLayout<tool_http>.size)
        unsafe functions.send = { service, request, done, owner, id in
            unsafe PackHTTP.from(service)?.send(request, done, owner, id) ?? TOOL_E_INVALID
        }
        unsafe functions.cancel = { service, id in unsafe PackHTTP.from(service)?.requests.cancel(id) }
        unsafe functions.release = { _, response in
            if let response = unsafe response { unsafe ResponseFrame.release(response) }
        }
        unsafe functions.watch = { service, url in
            guard let url = unsafe RequestCheck.watched(url) else { return TOOL_E_INVALID }
            return unsafe PackHTTP.from(service)?.requests.watch(url) ?? TOOL_E_INVALID
        }
        unsafe table.initialize(to: functions)
        unsafe table.pointee.service = Unmanaged.passRetained(self).toOpaque()
    }

    private static func from(_ service: UnsafeMutableRawPointer?) -> PackHTTP? {
        unsafe service.map { unsafe Unmanaged<PackHTTP>.fromOpaque($0).takeUnretainedValue() }
    }

    private func send(
        _ request: UnsafePointer<tool_http_request>?, _ done: tool_http_done?, _ owner: UnsafeMutableRawPointer?,
        _ id: UnsafeMutablePointer<tool_http_id>?
    ) -> tool_status {
        guard let request = unsafe request, let done = unsafe done,
            unsafe request.pointee.struct_size >= ABIStruct.httpRequest
        else { return TOOL_E_INVALID }
        let copy = unsafe ABIStruct.copy(request, size: request.pointee.struct_size, zero: tool_http_request())
        let callID = unsafe copy.call
        let call = callID == 0 ? nil : requests.call(callID)
        guard callID == 0 || call != nil else { return TOOL_E_GONE }

        let number = Self.lastID.add(1, ordering: .relaxed).newValue
        unsafe id?.pointee = number
        let receiver = unsafe Receiver(done: done, owner: owner)
        let tell = { @Sendable (outcome: OutboundOutcome) in self.tell(receiver, number, outcome) }
        let beginning: PackRequests.Beginning
        do {
            let (head, body) = try unsafe RequestCheck.read(copy)
            beginning = unsafe requests.begin(head, body: body, number: number, for: call, done: tell)
        } catch {
            beginning = requests.refuse(error, for: call, done: tell)
        }
        return beginning == .begun ? TOOL_OK : TOOL_E_UNAVAILABLE
    }

    private func tell(_ receiver: Receiver, _ id: tool_http_id, _ outcome: OutboundOutcome) {
        let response = unsafe outcome.withBody { unsafe ResponseFrame.make(id: id, ResponseHead(outcome), body: $0) }
        let started = NIODeadline.now()
        let entry = unsafe crashSubject.enter()
        unsafe receiver.done(receiver.owner, response)
        entry.leave()
        let time = NIODeadline.now() - started
        if time > Self.callbackLimit { requests.outbound.logSlow(requests.packID, time) }
    }
}
