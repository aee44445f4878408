// An engine that has no pack behind it: it answers from a table, out of a copy of each call's block.

import NIOCore
import Synchronization
import Testing
import ToolABI

@testable import HostCaller
@testable import HostCalls

/// Runs the play without any C function. The words of its calls lie in memory of its own.
@safe final class TableEngine: LocalEngine, PlayHost {
    private let play: Play
    private let calls: CallTable
    private let life = Mutex(EngineLife())
    /// The places of the words that are given out, by call.
    private let words = Mutex<[tool_call_id: UInt]>([:])
    private let log: PackLog

    init(_ play: Play, calls: CallTable, log: PackLog) {
        self.play = play
        self.calls = calls
        self.log = log
    }

    /// How many words are given out.
    var wordCount: Int { words.withLock(\.count) }

    var state: EngineLife.Phase { life.withLock(\.phase) }
    var isWaiting: Bool { false }
    var watched: [String] { [] }
    var vitals: EngineVitals { EngineVitals(isolation: .host, state: .init(state), process: nil, uptime: nil) }

    func start(config: [UInt8], deadline: NIODeadline) {
        guard life.withLock({ $0.start() }) else { return }
        play.host = self
        life.withLock { $0.started() }
    }

    func giveUp(_ reason: String) {
        _ = life.withLock { $0.refuse(reason) }
    }

    func word(of call: tool_call_id) -> CallWord? {
        let place = UnsafeMutableRawPointer.allocate(byteCount: 4, alignment: 4)
        words.withLock { $0[call] = UInt(bitPattern: place) }
        return unsafe CallWord(at: place)
    }

    func takeBack(_ word: CallWord, of call: tool_call_id) {
        guard let place = words.withLock({ $0.removeValue(forKey: call) }) else {
            preconditionFailure("a word is given back that is not out")
        }
        unsafe UnsafeMutableRawPointer(bitPattern: place)?.deallocate()
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

    func restart(_ reason: String) throws(RestartObjection) {}

    func stop(emptyBy empty: NIODeadline, deadline: NIODeadline) -> Bool {
        guard life.withLock({ $0.stop() }) else { return false }
        play.hear(.stopped)
        life.withLock { $0.stopped() }
        return true
    }

    func complete(_ call: tool_call_id, _ answer: Answer) -> tool_status {
        guard let call = calls.call(call, of: log) else { return TOOL_E_GONE }
        return call.tool.desk.complete(call, result(answer, call.tool.maxResultBytes)) ? TOOL_OK : TOOL_E_GONE
    }

    func cancelled(_ call: tool_call_id) -> tool_status { calls.call(call, of: log)?.standing ?? TOOL_E_GONE }

    private func result(_ answer: Answer, _ limit: Int) -> PackResult {
        var result = unsafe tool_result()
        unsafe answer.write(to: &result)
        return unsafe PackResult(taking: &result, status: answer.status, limit: limit, from: Self.subject)
    }

    private static let subject = CrashSubject(pack: "play")
}
