// Asynchronous tools: settled once, cancelled through the contract, waited for at the end.

import Testing
import ToolABI

@testable import ToolSDK

@Suite struct AsyncCallTests {
    let pack: LoadedPack

    init() throws {
        pack = try LoadedPack(SamplePack.self)
    }

    @Test func isPendingAndThenSettledOnce() async throws {
        let id = pack.newID()
        let outcome = try pack.invoke("wait", CallSpec(arguments: #"{"name":"once"}"#), id: id)
        #expect(outcome == Settled(status: TOOL_PENDING))
        await Shelf.gate("once").arrival()
        #expect(pack.host.completions(of: id) == 0)
        Shelf.gate("once").open()
        let settled = await pack.host.completion(of: id)
        #expect(settled == Settled(status: TOOL_OK, content: #"{"name":"ada@issuer"}"#))
        pack.stop()
        #expect(pack.host.completions(of: id) == 1)
    }

    @Test func argumentsThatCannotBeReadAreAnsweredAtOnce() throws {
        let outcome = try pack.invoke("wait", #"{"name":7}"#)
        #expect(outcome.status == TOOL_E_INVALID)
        #expect(outcome.message == "/name must be a string.")
    }

    @Test func cancelReachesTheTask() async throws {
        let id = pack.newID()
        #expect(try pack.invoke("sleep", id: id).status == TOOL_PENDING)
        pack.cancel(id)
        #expect(await pack.host.completion(of: id).status == TOOL_E_CANCELLED)
        pack.cancel(id)
    }

    @Test func cancelThatCameTooEarlyIsNotLost() async throws {
        let id = pack.newID()
        pack.host.setStanding(TOOL_E_CANCELLED, of: id)
        pack.cancel(id)
        #expect(try pack.invoke("sleep", id: id).status == TOOL_PENDING)
        #expect(await pack.host.completion(of: id).status == TOOL_E_CANCELLED)
    }

    @Test func cancellingOneCallLeavesTheOthers() async throws {
        let (first, second) = (pack.newID(), pack.newID())
        _ = try pack.invoke("sleep", id: first)
        _ = try pack.invoke("wait", CallSpec(arguments: #"{"name":"others"}"#), id: second)
        pack.cancel(first)
        #expect(await pack.host.completion(of: first).status == TOOL_E_CANCELLED)
        Shelf.gate("others").open()
        #expect(await pack.host.completion(of: second).status == TOOL_OK)
    }

    @Test func stopCancelsAndWaitsForWhatIsOpen() throws {
        let ids = (0..<20).map { _ in pack.newID() }
        for id in ids { _ = try pack.invoke("sleep", id: id) }
        pack.stop()
        #expect(ids.allSatisfy { pack.host.completions(of: $0) == 1 })
    }

    @Test func stopGivesUpAtItsDeadline() async throws {
        let id = pack.newID()
        _ = try pack.invoke("wait", CallSpec(arguments: #"{"name":"stubborn"}"#), id: id)
        await Shelf.gate("stubborn").arrival()
        pack.stop(deadline: 0)
        #expect(pack.host.completions(of: id) == 0)
        Shelf.gate("stubborn").open()
        #expect(await pack.host.completion(of: id).status == TOOL_E_CANCELLED)
    }

    @Test func manyCallsSettleOnceEach() async throws {
        let pack = pack
        Shelf.gate("many").open()
        let outcomes = try await withThrowingTaskGroup(of: Settled.self) { group in
            for _ in 0..<200 {
                group.addTask { try await pack.finish("wait", CallSpec(arguments: #"{"name":"many"}"#)) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes == Array(repeating: Settled(status: TOOL_OK, content: #"{"name":"ada@issuer"}"#), count: 200))
        #expect((1...200).allSatisfy { pack.host.completions(of: $0) == 1 })
    }
}
