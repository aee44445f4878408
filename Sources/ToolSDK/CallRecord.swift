// What the host said about one call: read where the host keeps it while the call is open, from a copy afterwards.

import Glibc
import Synchronization
import ToolABI

/// The texts of a call, by name.
enum CallText: Sendable, Hashable, CaseIterable {
    case requestID, principal, subject, subjectIssuer, clientID, clientIssuer
    case conversationID, idempotencyKey, traceparent
}

/// Everything a call says, copied.
struct CallFacts: Sendable {
    var texts: [CallText: String] = [:]
    var scopes: [String] = []
    var attributes: [String: String] = [:]
}

/// A host's call. The host never changes it and keeps it until the call is settled, which is what makes it safe to
/// share between threads until then.
@safe struct HostCall: @unchecked Sendable {
    let pointer: UnsafePointer<tool_call>

    /// The struct as version 1.0 knows it. Members that join later need a test of their own.
    private static let firstSize = 208

    /// Whether the host's struct has all members of 1.0.
    var isComplete: Bool { unsafe Int(pointer.pointee.struct_size) >= Self.firstSize }

    func text(_ name: CallText) -> tool_str {
        switch name {
        case .requestID: unsafe pointer.pointee.request_id
        case .principal: unsafe pointer.pointee.principal
        case .subject: unsafe pointer.pointee.subject
        case .subjectIssuer: unsafe pointer.pointee.subject_issuer
        case .clientID: unsafe pointer.pointee.client_id
        case .clientIssuer: unsafe pointer.pointee.client_issuer
        case .conversationID: unsafe pointer.pointee.conversation_id
        case .idempotencyKey: unsafe pointer.pointee.idempotency_key
        case .traceparent: unsafe pointer.pointee.traceparent
        }
    }

    var scopes: [String] {
        let list = unsafe UnsafeBufferPointer(start: pointer.pointee.scopes, count: Int(pointer.pointee.scope_count))
        return unsafe list.map { unsafe String($0) }
    }

    func attribute(_ name: String) -> String? {
        let list = unsafe UnsafeBufferPointer(start: pointer.pointee.attrs, count: Int(pointer.pointee.attr_count))
        return unsafe list.first { unsafe $0.key.equals(name) }.map { unsafe String($0.value) }
    }

    var facts: CallFacts {
        var facts = CallFacts()
        for name in CallText.allCases { facts.texts[name] = unsafe String(text(name)) }
        facts.scopes = scopes
        let list = unsafe UnsafeBufferPointer(start: pointer.pointee.attrs, count: Int(pointer.pointee.attr_count))
        let attributes = unsafe list.map { unsafe (String($0.key), String($0.value)) }
        facts.attributes = Dictionary(attributes, uniquingKeysWith: { first, _ in first })
        return facts
    }
}

/// The state behind a ``CallContext``. One is made for each call, and copies nothing: a tool that asks for nothing pays
/// for nothing. When the call is about to be settled and somebody still holds the context, the facts are copied out first.
final class CallRecord: Sendable {
    let host: HostLink
    let id: UInt64
    let wantsProgress: Bool
    /// CLOCK_MONOTONIC, nanoseconds.
    private let deadline: Int64
    private let source: Mutex<Source>

    private enum Source: Sendable {
        case host(HostCall)
        case copy(CallFacts)
    }

    init(_ call: HostCall, host: HostLink) {
        self.host = host
        id = unsafe call.pointer.pointee.id
        wantsProgress = unsafe call.pointer.pointee.flags & TOOL_CALL_WANTS_PROGRESS != 0
        deadline = unsafe call.pointer.pointee.deadline_ns
        source = Mutex(.host(call))
    }

    /// A call that no host made.
    init(_ facts: CallFacts, id: UInt64, time: Duration, host: HostLink) {
        self.host = host
        self.id = id
        wantsProgress = true
        deadline = Self.now &+ time.wholeNanoseconds
        source = Mutex(.copy(facts))
    }

    func text(_ name: CallText) -> String {
        source.withLock {
            switch $0 {
            case .host(let call): unsafe String(call.text(name))
            case .copy(let facts): facts.texts[name] ?? ""
            }
        }
    }

    func optionalText(_ name: CallText) -> String? {
        let text = text(name)
        return text.isEmpty ? nil : text
    }

    var scopes: [String] {
        source.withLock {
            switch $0 {
            case .host(let call): call.scopes
            case .copy(let facts): facts.scopes
            }
        }
    }

    func attribute(_ name: String) -> String? {
        source.withLock {
            switch $0 {
            case .host(let call): call.attribute(name)
            case .copy(let facts): facts.attributes[name]
            }
        }
    }

    var remaining: Duration { .nanoseconds(deadline &- Self.now) }

    var standing: CallStanding { host.services.standing(of: id) }

    /// Called right before the call is settled, after which the host's memory is gone.
    static func close(_ record: inout CallRecord) {
        guard !isKnownUniquelyReferenced(&record) else { return }
        record.source.withLock { source in
            if case .host(let call) = source { source = .copy(call.facts) }
        }
    }

    private static var now: Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}

extension Duration {
    /// Limited to what fits, which is 292 years.
    var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        return scaled.addingReportingOverflow(attoseconds / 1_000_000_000).partialValue
    }
}
