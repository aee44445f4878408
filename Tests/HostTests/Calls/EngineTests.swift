// Calls through desk and engine: the same, whoever runs the pack.

import Dispatch
import NIOCore
import NIOEmbedded
import Testing
import ToolABI

@testable import HostCalls

@Suite struct EngineTests {
    @Test(arguments: PlayedEngine.allCases)
    func aCallThatSucceedsSaysWhatItTook(_ kind: PlayedEngine) async throws {
        let stage = try Stage(kind)
        let call = try await stage.call(.succeed)
        let end = try #require(await call.end())
        guard case .success(let text) = end.outcome else { throw Unexpected(end) }
        #expect(text.array == Array(Answer.good.content.utf8))
        #expect(end.argumentBytes == 2 && end.resultBytes == text.count && end.outboundAttempts == 0)
        #expect(end.queued >= .zero && end.ran >= .zero)
    }

    @Test(arguments: PlayedEngine.allCases)
    func aCallFailsByItsStatus(_ kind: PlayedEngine) async throws {
        let end = try #require(await Stage(kind).call(.fail).end())
        guard case .failure(let failure) = end.outcome else { throw Unexpected(end) }
        #expect(failure.status == .notFound && failure.message == "There is no such thing.")
        #expect(end.resultBytes == 0)
    }

    @Test(arguments: PlayedEngine.allCases)
    func aPendingCallIsCompletedOnce(_ kind: PlayedEngine) async throws {
        let stage = try Stage(kind)
        let call = try await stage.call(.pend)
        let id = try #require(call.call?.id)
        #expect(await stage.next() == .invoked(id))
        #expect(stage.goesOn(call))
        #expect(stage.play.host?.complete(id, .good) == TOOL_OK)
        #expect(await call.failure() == nil)
        #expect(stage.play.host?.cancelled(id) == TOOL_E_GONE)
        #expect(stage.play.host?.complete(id, .good) == TOOL_E_GONE)
    }

    @Test(arguments: PlayedEngine.allCases)
    func completionMayOvertakeInvoke(_ kind: PlayedEngine) async throws {
        let stage = try Stage(kind)
        #expect(try await stage.call(.early).failure() == nil)
        #expect(try await stage.call(.succeed).failure() == nil)
    }

    @Test(arguments: PlayedEngine.allCases)
    func atItsDeadlineACallIsAnsweredAndItsPackTold(_ kind: PlayedEngine) async throws {
        let stage = try Stage(kind)
        let begun = try await stage.call(.pend)
        let call = try #require(begun.call)
        let id = call.id
        #expect(await stage.next() == .invoked(id))
        await stage.eventLoop.advanceTime(to: call.deadline)
        #expect(await begun.failure() == .deadline)
        #expect(await stage.next() == .cancelled(id, TOOL_E_DEADLINE))
        #expect(stage.play.host?.cancelled(id) == TOOL_E_DEADLINE)
        #expect(stage.play.host?.complete(id, .good) == TOOL_OK, "late, and the first all the same")
        #expect(await stage.line("a tool settled its call after the caller had been answered"))
        #expect(stage.play.host?.complete(id, .good) == TOOL_E_GONE)
    }

    @Test(arguments: PlayedEngine.allCases)
    func aCallThatIsGivenUpInTheQueueNeverReachesThePack(_ kind: PlayedEngine) async throws {
        let stage = try Stage(kind, packWorkers: 1)
        let first = try await stage.call(.single)
        let second = try await stage.call(.single)
        #expect(await stage.next() == .invoked(try #require(first.call?.id)))
        let waiting = try #require(second.call)
        stage.desk.abandon(waiting)
        #expect(await second.failure() == .cancelled)
        #expect(stage.play.host?.complete(try #require(first.call?.id), .good) == TOOL_OK)
        #expect(await first.failure() == nil)
        let third = try await stage.call(.succeed)
        #expect(await third.failure() == nil)
        #expect(await stage.next() == .invoked(try #require(third.call?.id)), "and not the second one")
    }

    @Test(arguments: PlayedEngine.allCases)
    func aCallThatNobodyWaitsForIsCancelled(_ kind: PlayedEngine) async throws {
        let stage = try Stage(kind)
        let begun = try await stage.call(.pend)
        let call = try #require(begun.call)
        #expect(await stage.next() == .invoked(call.id))
        stage.desk.abandon(call)
        stage.desk.abandon(call)
        #expect(await begun.failure() == .cancelled)
        #expect(await stage.next() == .cancelled(call.id, TOOL_E_CANCELLED))
        #expect(stage.play.host?.cancelled(call.id) == TOOL_E_CANCELLED)
        #expect(stage.play.host?.complete(call.id, .good) == TOOL_OK)
        #expect(stage.play.host?.cancelled(call.id) == TOOL_E_GONE)
    }

    @Test(arguments: PlayedEngine.allCases)
    func aSecondCompletionIsTold(_ kind: PlayedEngine) async throws {
        let stage = try Stage(kind)
        let call = try await stage.call(.block)
        let id = try #require(call.call?.id)
        #expect(await stage.next() == .invoked(id))
        #expect(stage.play.host?.complete(id, .good) == TOOL_OK)
        #expect(await call.failure() == nil)
        // Now `invoke` brings one, too.
        stage.play.release.signal()
        #expect(await stage.line("a tool settled a call that is not open any more"))
    }

    @Test(arguments: PlayedEngine.allCases)
    func beyondItsPlacesAPackIsFull(_ kind: PlayedEngine) async throws {
        let stage = try Stage(kind, packWorkers: 1, packCalls: 2)
        let first = try await stage.call(.block)
        let second = try await stage.call(.succeed)
        let third = try await stage.call(.succeed)
        #expect(third.call == nil && third.endedAtOnce)
        #expect(await third.failure() == .busy)
        stage.play.release.signal()
        #expect(await first.failure() == nil)
        #expect(await second.failure() == nil)
    }

    @Test(arguments: PlayedEngine.allCases)
    func aToolThatRunsOnceAtATimeWaitsForItself(_ kind: PlayedEngine) async throws {
        let stage = try Stage(kind)
        let first = try await stage.call(.single)
        let second = try await stage.call(.single)
        let (one, two) = (try #require(first.call?.id), try #require(second.call?.id))
        #expect(await stage.next() == .invoked(one))
        let other = try await stage.call(.succeed)
        #expect(await other.failure() == nil)
        #expect(await stage.next() == .invoked(try #require(other.call?.id)), "before the second one")
        #expect(stage.play.host?.complete(one, .good) == TOOL_OK)
        #expect(await stage.next() == .invoked(two))
        #expect(stage.play.host?.complete(two, .good) == TOOL_OK)
        #expect(await second.failure() == nil)
    }

    @Test(arguments: PlayedEngine.allCases)
    func aPackAllOfWhosePlacesAreKeptIsStuck(_ kind: PlayedEngine) async throws {
        let stage = try Stage(kind, packWorkers: 1)
        let first = try await stage.call(.block)
        let call = try #require(first.call)
        #expect(await stage.next() == .invoked(call.id))
        let waiting = try await stage.call(.succeed)
        await stage.eventLoop.advanceTime(to: call.deadline)
        #expect(await first.failure() == .deadline)
        #expect(await waiting.failure() == .unavailable)
        #expect(stage.desk.isStuck)
        #expect(try await stage.call(.succeed).failure() == .unavailable)
        stage.play.release.signal()
        #expect(await stage.line("a pack that was stuck has a thread again, and its calls are let in"))
        #expect(try await stage.call(.succeed).failure() == nil)
    }

    @Test(arguments: PlayedEngine.allCases)
    func aPackIsStoppedWhenItIsEmptyAndOnce(_ kind: PlayedEngine) async throws {
        let stage = try Stage(kind)
        let call = try await stage.call(.block)
        #expect(await stage.next() == .invoked(try #require(call.call?.id)))
        #expect(!stage.desk.stop(emptyBy: .now(), deadline: .now()))
        #expect(stage.desk.engine.state == .running)
        stage.play.release.signal()
        #expect(await call.failure() == nil)
        let end = NIODeadline.now() + .seconds(30)
        #expect(stage.desk.stop(emptyBy: end, deadline: end))
        #expect(await stage.next() == .stopped)
        #expect(stage.desk.engine.state == .stopped)
        #expect(!stage.desk.stop(emptyBy: end, deadline: end))
        #expect(try await stage.call(.succeed).failure() == .busy)
    }

    @Test(arguments: PlayedEngine.allCases)
    func anInlineCallEndsBeforeItsStartReturns(_ kind: PlayedEngine) async throws {
        let stage = try Stage(kind)
        let call = try await stage.call(.quick)
        #expect(call.endedAtOnce)
        #expect(call.call?.isInline == true && call.call?.isSettled == true)
        #expect(await call.failure() == nil)
    }

    @Test(arguments: PlayedEngine.allCases)
    func whatIsOpenIsToldThatNobodyWaits(_ kind: PlayedEngine) async throws {
        let calls = CallTable()
        let (stage, other) = (try Stage(kind, calls: calls), try Stage(kind, calls: calls))
        let (one, foreign) = (try await stage.call(.pend), try await other.call(.pend))
        let (id, spared) = (try #require(one.call?.id), try #require(foreign.call?.id))
        #expect(await stage.next() == .invoked(id))
        #expect(await other.next() == .invoked(spared))
        stage.desk.abandonAll()
        #expect(await one.failure() == .cancelled)
        #expect(await stage.next() == .cancelled(id, TOOL_E_CANCELLED))
        #expect(stage.play.host?.cancelled(id) == TOOL_E_CANCELLED)
        #expect(stage.play.host?.complete(id, .good) == TOOL_OK)
        #expect(other.goesOn(foreign))
        #expect(other.play.host?.complete(spared, .good) == TOOL_OK)
    }

    @Test(arguments: PlayedEngine.allCases)
    func anotherPacksNumberFindsNothing(_ kind: PlayedEngine) async throws {
        let calls = CallTable()
        let (stage, other) = (try Stage(kind, calls: calls), try Stage(kind, calls: calls))
        let call = try await stage.call(.pend)
        let id = try #require(call.call?.id)
        #expect(await stage.next() == .invoked(id))
        #expect(other.play.host?.cancelled(id) == TOOL_E_GONE)
        #expect(other.play.host?.complete(id, .good) == TOOL_E_GONE)
        #expect(stage.play.host?.complete(id, .good) == TOOL_OK)
        #expect(await call.failure() == nil)
    }

    /// Of calls that succeed, are abandoned while they wait, or find no place.
    @Test func wordsAreGivenBack() async throws {
        let stage = try Stage(.table, packWorkers: 1, packCalls: 2)
        let engine = try #require(stage.desk.engine as? TableEngine)
        do {
            let first = try await stage.call(.block)
            let second = try await stage.call(.succeed)
            #expect(try await stage.call(.succeed).failure() == .busy)
            #expect(engine.wordCount >= 2)
            stage.desk.abandon(try #require(second.call))
            stage.play.release.signal()
            #expect(await first.failure() == nil)
        }
        // A worker may be about to let go of the last one.
        #expect(await eventually { engine.wordCount == 0 })
    }

    private func eventually(_ condition: () -> Bool) async -> Bool {
        for _ in 0..<6000 where !condition() { try? await Task.sleep(for: .milliseconds(10)) }
        return condition()
    }

    private struct Unexpected: Error {
        let what: String
        init(_ what: some Any) { self.what = "\(what)" }
    }
}
