// An engine that has no pack behind it: it answers from a table, out of a copy of each call's block.

import NIOCore
import Synchronization
import Testing
import ToolABI

@testable import ToolHost

/// Runs the play without any C function. The words of its calls lie in memory of its own.
@safe final class TableEngine: PackEngine, PlayHost {
    private let play: Play
    private let calls: CallTable
    private let life = Mutex(EngineLife())
    /// Kept as long as the engine: a word is its call's until the call is settled.
    private let words = Mutex<[UInt]>([])

    init(_ play: Play, calls: CallTable) {
        self.play = play
        self.calls = calls
    }

    deinit {
        for word in words.withLock({ $0 }) { unsafe UnsafeMutableRawPointer(bitPattern: word)?.deallocate() }
    }

    var state: EngineLife.Phase { life.withLock(\.phase) }
    var isWaiting: Bool { false }
    var watched: [String] { [] }

    func start(config: [UInt8], deadline: NIODeadline) {
        guard life.withLock({ $0.start() }) else { return }
        play.host = self
        life.withLock { $0.started() }
    }

    func giveUp(_ reason: String) {
        _ = life.withLock { $0.refuse(reason) }
    }

    func word() -> CallWord? {
        let place = UnsafeMutableRawPointer.allocate(byteCount: 4, alignment: 4)
        words.withLock { $0.append(UInt(bitPattern: place)) }
        return unsafe CallWord(at: place)
    }

    func invoke(_ block: borrowing CallBlock, tool: Int, limit: Int) -> Invocation {
        // All that is known of a call is in its bytes, wherever they go.
        let size = unsafe block.start.load(fromByteOffset: BlockLayout.size, as: UInt32.self)
        let copy = unsafe [UInt8](UnsafeRawBufferPointer(start: block.start, count: Int(size)))
        let call = unsafe copy.withUnsafeBytes {
            unsafe $0.loadUnaligned(fromByteOffset: BlockLayout.call, as: tool_call.self)
        }
        let place = unsafe Int(bitPattern: call.arguments.data)
        guard unsafe copy[place...].prefix(Int(call.arguments.size)).elementsEqual("{}".utf8) else {
            return .ended(result(Answer(status: TOOL_E_INTERNAL), limit))
        }
        guard let answer = unsafe play.invoke(tool, call.id) else { return .pending }
        return .ended(result(answer, limit))
    }

    func cancel(_ call: tool_call_id, _ reason: tool_status) { play.hear(.cancelled(call, reason)) }
    func settled(_ call: tool_call_id) {}

    func stop(emptyBy empty: NIODeadline, deadline: NIODeadline) -> Bool {
        guard life.withLock({ $0.stop() }) else { return false }
        play.hear(.stopped)
        life.withLock { $0.stopped() }
        return true
    }

    func complete(_ call: tool_call_id, _ answer: Answer) -> tool_status {
        guard let call = calls.call(call) else { return TOOL_E_GONE }
        return call.tool.desk.complete(call, result(answer, call.tool.maxResultBytes)) ? TOOL_OK : TOOL_E_GONE
    }

    func cancelled(_ call: tool_call_id) -> tool_status { calls.call(call)?.hint ?? TOOL_E_GONE }

    private func result(_ answer: Answer, _ limit: Int) -> PackResult {
        var result = unsafe tool_result()
        unsafe answer.write(to: &result)
        return unsafe PackResult(taking: &result, status: answer.status, limit: limit, from: Self.subject)
    }

    private static let subject = CrashSubject(pack: "play")
}
