// The store of editions: what readers see while one follows another, and who is told of it.

import Dispatch
import Glibc
import JSON
import NIOCore
import Synchronization
import Testing

@testable import HostApp
@testable import HostBase
@testable import HostCalls
@testable import HostDocuments
@testable import HostDoor
@testable import HostMCP
@testable import HostService

@Suite struct EditionsTests {
    private let settings: Settings
    private let packs: [TestPack]

    init() throws {
        let settings = try TestEditions.settings()
        let pool = WorkerPool(threads: 2, logger: TestEditions.logger)
        self.settings = settings
        packs = [
            try TestPack("one", answer: #"{"pack":"one"}"#, settings.calls, calls: CallTable(), pool: pool),
            try TestPack("two", answer: #"{"pack":"two"}"#, settings.calls, calls: CallTable(), pool: pool),
        ]
    }

    /// What changes tell, in order.
    private final class Told: Sendable {
        let numbers = Mutex<[[Int]]>([])
        private let changes = Arrivals(of: "changes")

        func hear(_ former: Edition, _ latter: Edition) {
            numbers.withLock { $0.append([former.number, latter.number]) }
            changes.note()
        }

        func wait(for count: Int) throws { try changes.wait(for: count) }
    }

    /// Whether all parts of an edition are of that edition.
    private func isWhole(_ edition: Edition) throws -> Bool {
        let names = edition.snapshot.tools.map(\.name)
        let document = try #require(edition.documents.whole.openAPI())
        let paths = try JSONValue(parsing: document.bytes)["paths"]?.object?.keys ?? []
        return edition.mcp.number == edition.number && edition.mcp.snapshot === edition.snapshot
            && paths == names.map { "/tools/\($0)" }
    }

    @Test func readersNeverSeeTwoEditionsInOneAndNeverGoBack() throws {
        let editions = try TestEditions.editions(settings)
        let told = Told()
        editions.subscribe { told.hear($0, $1) }
        let isOver = Atomic<Bool>(false)
        let faults = Mutex<[String]>([])
        let old = Mutex<[WeakEdition]>([])
        defer { isOver.store(true, ordering: .relaxed) }
        let readers = Arrivals(of: "readers that ended")
        for _ in 0..<4 {
            let isStarted = Thread.start("reader") {
                var last = 0
                while !isOver.load(ordering: .relaxed) {
                    let edition = editions.current
                    if edition.number < last { faults.withLock { $0.append("\(edition.number) after \(last)") } }
                    if (try? isWhole(edition)) != true { faults.withLock { $0.append("\(edition.number) is mixed") } }
                    last = edition.number
                }
                readers.note()
            }
            #expect(isStarted)
        }
        for round in 0..<40 {
            let edition = editions.current
            old.withLock { $0.append(WeakEdition(edition)) }
            let parts = TestEditions.parts(round % 2 == 0 ? packs : [packs[0]])
            editions.change { $0 = parts }
            try told.wait(for: 1)
        }
        isOver.store(true, ordering: .relaxed)
        try readers.wait(for: 4)
        #expect(faults.withLock(\.self) == [])
        #expect(told.numbers.withLock(\.self) == (1...40).map { [$0, $0 + 1] })
        #expect(editions.current.number == 41)
        #expect(WeakEdition.areGone(old.withLock(\.self)))
    }

    @Test func ofTwoChangesAtOnceNoneIsLost() throws {
        let editions = try TestEditions.editions(settings)
        let told = Told()
        editions.subscribe { told.hear($0, $1) }
        // Each takes what is there when its turn comes, not what was there when it was asked for.
        DispatchQueue.concurrentPerform(iterations: 16) { number in
            editions.change { parts in
                let refusals = parts.snapshot.refusals + [PackRefusal(file: "\(number)", reason: "test")]
                parts.snapshot = Snapshot(packs: [], tools: parts.snapshot.tools, refusals: refusals, disabled: [])
            }
        }
        try told.wait(for: 16)
        #expect(Set(editions.current.snapshot.refusals.map(\.file)).count == 16)
    }

    @Test func whatEveryCallNeedsIsWhatDocumentsSay() throws {
        let editions = try TestEditions.editions(settings)
        let told = Told()
        editions.subscribe { told.hear($0, $1) }
        let parts = TestEditions.parts([packs[0]], scopes: ["base"])
        editions.change { $0 = parts }
        try told.wait(for: 1)
        let edition = editions.current
        #expect(edition.scopes == ["base"] && edition.deployment.requiredScopes == ["base"])
        let resource = edition.documents.whole.protectedResource(suffix: "").bytes
        #expect(try JSONValue(parsing: resource)["scopes_supported"] == ["base"])
        for policy in [edition.policy, edition.mcp.policy] { #expect(policy.requiredScopes == ["base"]) }
    }

    @Test func whatCannotBeMadeLeavesWhatIsInForce() throws {
        let editions = try TestEditions.editions(settings)
        let told = Told()
        editions.subscribe { told.hear($0, $1) }
        let bad = try TestPack(
            "bad", answer: "{}", settings.calls, calls: CallTable(),
            pool: WorkerPool(threads: 1, logger: TestEditions.logger), input: ["$ref": "#/nowhere"])
        editions.change { $0 = TestEditions.parts([bad]) }
        let parts = TestEditions.parts([packs[0]])
        editions.change { $0 = parts }
        try told.wait(for: 1)
        // The one that came to nothing has taken no number and told nobody.
        #expect(told.numbers.withLock(\.self) == [[1, 2]])
        #expect(editions.current.snapshot.tools.map(\.name) == ["one", "one_slow"])
    }
}

/// An edition that somebody may still have.
struct WeakEdition: Sendable {
    private weak let edition: Edition?

    init(_ edition: Edition) { self.edition = edition }

    /// Whether nobody has one of these any more, or will have in a moment.
    static func areGone(_ editions: [WeakEdition]) -> Bool {
        for _ in 0..<5000 where editions.contains(where: { $0.edition != nil }) { usleep(1000) }
        return editions.allSatisfy { $0.edition == nil }
    }
}
