// The service http/1 as a pack in a process of its own is given it: no function waits for the host.

import DequeModule
import Glibc
import HostBase
import HostEngines
import HostLanes
import HostNetwork
import HostOutbound
import Synchronization
import ToolABI

/// Hands requests to the host and calls the pack's functions with their ends, one after the other, on a thread that is
/// there once the pack has asked for the service. Never freed: the pack may keep threads that use it.
///
/// `@unchecked Sendable`: the table is written once in `init`.
@safe final class RunnerHTTP: @unchecked Sendable {
    /// Whom the pack's function is to be called for. `@unchecked Sendable`: only the pack looks behind the pointer.
    @safe private struct Receiver: @unchecked Sendable {
        let done: tool_http_done
        let owner: UnsafeMutableRawPointer?
    }

    private struct Open {
        var receiver: Receiver
        /// The ring by which it went.
        var lane: Int
    }

    /// What the thread does beside what the host says. It may wait for room.
    private enum Errand {
        /// A request is not sent.
        case refuse(tool_http_id, Receiver, OutboundFailure)
        case forget(tool_http_id, lane: Int)
        case watch(OutboundURL)
    }

    private struct State {
        var open: [tool_http_id: Open] = [:]
        var errands: Deque<Errand> = []
        var watched: Set<OutboundURL> = []
        /// The pack's function is being called.
        var isTelling = false
        var isClosed = false
        var hasThread = false

        var isOccupied: Bool { isTelling || !open.isEmpty || !errands.isEmpty }
    }

    /// The most URLs that the pack may watch; the host has the same limit.
    private static let watchLimit = 16
    /// Nanoseconds; a callback that takes longer is told of.
    private static let callbackLimit: Int64 = 10_000_000

    private let policy: OutboundPolicy
    private let calls: RunnerCalls
    private let posts: RunnerPosts
    private let outcomes: HintReceiver
    private let blocks: ArenaReader
    private let map: RunnerMap
    private let memory: SharedMemory
    private let state = Mutex(State())
    private let lastID = Atomic<UInt64>(0)
    private let table: UnsafeMutablePointer<tool_http>

    /// - Parameter origins: where requests may go. The host judges it all again.
    init(origins: [String], _ calls: RunnerCalls, _ posts: RunnerPosts, _ map: RunnerMap, _ memory: SharedMemory) {
        policy = OutboundPolicy(originTexts: origins)
        self.calls = calls
        self.posts = posts
        self.map = map
        self.memory = memory
        outcomes = HintReceiver(.outcomes, map, memory)
        blocks = ArenaReader(.outcomes, map, memory)
        unsafe table = .allocate(capacity: 1)
        var functions = unsafe tool_http()
        unsafe functions.struct_size = unsafe UInt32(MemoryLayout<tool_http>.size)
        unsafe functions.send = { service, request, done, owner, id in
            unsafe RunnerHTTP.from(service)?.send(request, done, owner, id) ?? TOOL_E_INVALID
        }
        unsafe functions.cancel = { service, id in unsafe RunnerHTTP.from(service)?.cancel(id) }
        unsafe functions.release = { _, response in
            if let response = unsafe response { unsafe ResponseFrame.release(response) }
        }
        unsafe functions.watch = { service, url in unsafe RunnerHTTP.from(service)?.watch(url) ?? TOOL_E_INVALID }
        unsafe table.initialize(to: functions)
        unsafe table.pointee.service = Unmanaged.passRetained(self).toOpaque()
    }

    private static func from(_ service: UnsafeMutableRawPointer?) -> RunnerHTTP? {
        unsafe service.map { unsafe Unmanaged<RunnerHTTP>.fromOpaque($0).takeUnretainedValue() }
    }

    /// What `service` answers; `nil` where the system has no thread for it.
    func pointer() -> UnsafeRawPointer? {
        let isThere = state.withLock { state in
            if !state.hasThread { state.hasThread = Thread.start("pack-http", { self.run() }) }
            return state.hasThread
        }
        return isThere ? unsafe UnsafeRawPointer(table) : nil
    }

    // MARK: What the pack calls

    private func send(
        _ request: UnsafePointer<tool_http_request>?, _ done: tool_http_done?, _ owner: UnsafeMutableRawPointer?,
        _ id: UnsafeMutablePointer<tool_http_id>?
    ) -> tool_status {
        guard let request = unsafe request, let done = unsafe done,
            unsafe request.pointee.struct_size >= ABIStruct.httpRequest
        else { return TOOL_E_INVALID }
        let copy = unsafe ABIStruct.copy(request, size: request.pointee.struct_size, zero: tool_http_request())
        let callID = unsafe copy.call
        let call = callID == 0 ? nil : calls.call(callID)
        guard callID == 0 || call != nil else { return TOOL_E_GONE }

        let number = lastID.add(1, ordering: .relaxed).newValue
        unsafe id?.pointee = number
        let receiver = unsafe Receiver(done: done, owner: owner)
        do throws(OutboundFailure) {
            let (head, body) = try unsafe RequestCheck.read(copy)
            _ = try RequestCheck.url(of: head, under: policy)
            let lane = call?.lane ?? 0
            switch insert(Open(receiver: receiver, lane: lane), number) {
            case .closed: return TOOL_E_UNAVAILABLE
            case .full: throw RequestCheck.tooMany
            case .taken: break
            }
            guard unsafe posts.request(number, call, head, body) else {
                _ = remove(number)
                throw OutboundFailure.crowded
            }
            // Whoever closed it meanwhile has told the host of what was not there yet.
            if state.withLock(\.isClosed) { add(.forget(number, lane: lane)) }
            return TOOL_OK
        } catch {
            posts.refused(error.kind.rawValue, error.message, for: callID)
            return add(.refuse(number, receiver, error)) ? TOOL_OK : TOOL_E_UNAVAILABLE
        }
    }

    private func cancel(_ id: tool_http_id) {
        guard let lane = state.withLock({ $0.open[id]?.lane }), !posts.forget(id, lane: lane) else { return }
        add(.forget(id, lane: lane))
    }

    private func watch(_ url: UnsafePointer<tool_str>?) -> tool_status {
        guard let url = unsafe RequestCheck.watched(url) else { return TOOL_E_INVALID }
        guard policy.objection(to: url) == nil else { return TOOL_E_DENIED }
        var isNew = false
        let status = state.withLock { state -> tool_status in
            if state.isClosed { return TOOL_E_UNAVAILABLE }
            if state.watched.contains(url) { return TOOL_OK }
            guard state.watched.count < Self.watchLimit else { return TOOL_E_INVALID }
            isNew = true
            state.watched.insert(url)
            return TOOL_OK
        }
        // At once, so that a host knows of it when it serves the pack. Without room it is tried again.
        if isNew, status == TOOL_OK, !posts.watch("\(url)") { add(.watch(url)) }
        return status
    }

    private enum Insertion {
        case taken, full, closed
    }

    private func insert(_ request: Open, _ number: tool_http_id) -> Insertion {
        state.withLock { state in
            guard !state.isClosed else { return .closed }
            guard state.open.count < RequestCheck.openLimit else { return .full }
            state.open[number] = request
            return .taken
        }
    }

    private func remove(_ number: tool_http_id) -> Receiver? {
        state.withLock { $0.open.removeValue(forKey: number)?.receiver }
    }

    /// - Returns: `false` for a request that comes when there is to be none any more.
    @discardableResult
    private func add(_ errand: Errand) -> Bool {
        let isAdded = state.withLock { state in
            if case .refuse = errand, state.isClosed { return false }
            state.errands.append(errand)
            return true
        }
        outcomes.wake()
        return isAdded
    }

    // MARK: The end

    /// Takes no further request, ends those that are open, and waits until the pack was told of each.
    ///
    /// - Parameter deadline: CLOCK_MONOTONIC, in nanoseconds.
    /// - Returns: whether the pack's function is not called any more.
    func close(by deadline: Int64) -> Bool {
        state.withLock { state in
            state.isClosed = true
            for (number, request) in state.open { state.errands.append(.forget(number, lane: request.lane)) }
        }
        outcomes.wake()
        while state.withLock({ $0.hasThread && $0.isOccupied }) {
            guard RunnerCalls.now < deadline else { return false }
            usleep(1000)
        }
        return true
    }

    // MARK: Its thread

    private func run() {
        while true {
            if let entry = outcomes.next(unless: { state.withLock { !$0.errands.isEmpty } }) { ended(entry) }
            while let errand = nextErrand() { run(errand) }
        }
    }

    private func nextErrand() -> Errand? {
        state.withLock { state in
            let errand = state.errands.popFirst()
            if case .refuse = errand { state.isTelling = true }
            return errand
        }
    }

    private func run(_ errand: Errand) {
        switch errand {
        case .refuse(let number, let receiver, let failure):
            let response = unsafe ResponseFrame.make(
                id: number, ResponseHead(.failure(failure)), body: UnsafeRawBufferPointer(start: nil, count: 0))
            unsafe tell(receiver, response)
        case .forget(let number, let lane):
            // Only as long as the host has something to do with it.
            while state.withLock({ $0.open[number] != nil }), !posts.forget(number, lane: lane) { usleep(200) }
        case .watch(let url):
            while !posts.watch("\(url)") { usleep(200) }
        }
    }

    /// A request has ended, says the host. What cannot be read is not the host's.
    private func ended(_ entry: LaneEntry) {
        guard let bytes = blocks.copy(entry.offset, entry.size), let head = ResponseHead(bytes),
            let body = unsafe blocks.address(entry.most, entry.more)
        else { _exit(70) }
        let receiver = state.withLock { state in
            let receiver = state.open.removeValue(forKey: entry.id)?.receiver
            state.isTelling = receiver != nil
            return receiver
        }
        let response = unsafe receiver.map { _ in
            unsafe ResponseFrame.make(
                id: entry.id, head, body: UnsafeRawBufferPointer(start: body, count: Int(entry.more)))
        }
        // The host may use the blocks again, however long the pack keeps the response.
        map.mark(at: Int(entry.offset), of: .outcomes, in: memory).set(1)
        if entry.more > 0 { map.mark(at: Int(entry.most), of: .outcomes, in: memory).set(1) }
        if let receiver, let response = unsafe response { unsafe tell(receiver, response) }
    }

    @unsafe private func tell(_ receiver: Receiver, _ response: UnsafePointer<tool_http_response>) {
        let started = RunnerCalls.now
        unsafe receiver.done(receiver.owner, response)
        let time = RunnerCalls.now - started
        if time > Self.callbackLimit { posts.slow(milliseconds: UInt64(time / 1_000_000)) }
        state.withLock { $0.isTelling = false }
    }
}
