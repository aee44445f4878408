// What the host said about one call: read where the host keeps it while the call is open, from a copy afterwards.

import Glibc
import JSON
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

/// The state behind a ``CallContext``, and the answer while the host reads it. It copies nothing: a tool that asks for
/// nothing pays for nothing. When the call is about to be settled and somebody still holds the context, the facts are
/// copied out first; where nobody does, the next call gets the same record (``SpareRecords``).
///
/// Unchecked because of what varies: it is written while nobody else knows the record, at the beginning of a call, or
/// is the answer, which no context leads to.
@safe final class CallRecord: @unchecked Sendable {
    let host: HostLink
    /// Where it goes when its call is over; kept by `home`.
    let spares: Unmanaged<SpareRecords>?
    private let home: SpareRecords?
    /// The next spare one, which belongs to ``SpareRecords``.
    var next: CallRecord?

    private(set) var id: UInt64 = 0
    private(set) var wantsProgress = false
    /// CLOCK_MONOTONIC, nanoseconds.
    private var deadline: Int64 = 0
    private var call: HostCall?
    /// Set once the host's call is gone, or where there never was one.
    private let facts: Mutex<CallFacts?>
    private var isCopied = false

    /// The arguments of the call, or of the one before.
    private var arguments: JSONDocument?
    private var argumentsSize = 0
    /// What the answer is written into, with room behind it.
    private var buffer: [UInt8]
    private var size = 0

    /// A record that waits for its first call.
    init(host: HostLink, spares: SpareRecords, room: Int) {
        self.host = host
        home = spares
        unsafe self.spares = .passUnretained(spares)
        facts = Mutex(nil)
        buffer = [UInt8](repeating: 0, count: room)
    }

    /// A call that no host made.
    init(_ facts: CallFacts, id: UInt64, time: Duration, host: HostLink) {
        self.host = host
        self.id = id
        home = nil
        unsafe spares = nil
        wantsProgress = true
        deadline = Self.now &+ time.wholeNanoseconds
        self.facts = Mutex(facts)
        buffer = []
    }

    /// Nobody else may know the record yet.
    func begin(_ call: HostCall) {
        self.call = call
        id = unsafe call.pointer.pointee.id
        wantsProgress = unsafe call.pointer.pointee.flags & TOOL_CALL_WANTS_PROGRESS != 0
        deadline = unsafe call.pointer.pointee.deadline_ns
    }

    func text(_ name: CallText) -> String {
        facts.withLock {
            if let facts = $0 { facts.texts[name] ?? "" } else { call.map { unsafe String($0.text(name)) } ?? "" }
        }
    }

    func optionalText(_ name: CallText) -> String? {
        let text = text(name)
        return text.isEmpty ? nil : text
    }

    var scopes: [String] {
        facts.withLock { if let facts = $0 { facts.scopes } else { call?.scopes ?? [] } }
    }

    func attribute(_ name: String) -> String? {
        facts.withLock { if let facts = $0 { facts.attributes[name] } else { call?.attribute(name) } }
    }

    var remaining: Duration { .nanoseconds(deadline &- Self.now) }

    var standing: CallStanding { host.services.standing(of: id) }

    // MARK: The end of a call

    /// Called right before the call is settled, after which the host's memory is gone.
    ///
    /// - Parameter isShared: whether somebody else than the call has the record.
    func close(isShared: Bool) {
        if isShared { copyFacts() }
    }

    static func close(_ record: inout CallRecord) {
        guard !isKnownUniquelyReferenced(&record) else { return }
        record.copyFacts()
    }

    @inline(never)
    private func copyFacts() {
        isCopied = true
        facts.withLock { if $0 == nil { $0 = call?.facts } }
    }

    /// Whether a record that nobody else knows any more may serve another call. One that had to be copied goes: its
    /// facts would have to be forgotten, and a tool that kept one context will keep the next.
    var isReusable: Bool { !isCopied }

    /// Gives memory back that was only needed for arguments or an answer of unusual length.
    func shrink(to limit: Int) {
        if buffer.count > limit { buffer = [] }
        if argumentsSize > limit { arguments = nil }
    }

    // MARK: The arguments

    /// - Throws: `JSONSyntaxError`, which no host gives reason to.
    func readArguments() throws(JSONSyntaxError) -> JSONNode {
        var spent = arguments.take()
        var memory = JSONMemory(of: &spent)
        if let call { unsafe memory.text.append(contentsOf: call.pointer.pointee.arguments.bytes) }
        argumentsSize = memory.text.count
        let document = try JSONDocument(parsing: &memory)
        arguments = document
        return document.root
    }

    // MARK: The answer

    /// Something to write the answer with, which is handed back to ``keep(_:)``.
    func makeWriter() -> JSONWriter {
        var room: [UInt8] = []
        swap(&room, &buffer)
        return JSONWriter(reusing: room)
    }

    func keep(_ writer: inout JSONWriter) {
        size = writer.finish(exchanging: &buffer)
    }

    /// The answer's bytes, which stay where they are until the record serves another call.
    var answer: UnsafeBufferPointer<UInt8> {
        let start = unsafe buffer.withUnsafeBufferPointer { $0.baseAddress }
        return unsafe UnsafeBufferPointer(start: start, count: size)
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
