// Keeps the search index in memory in step with the store, whoever changes it.

import Dispatch
import Synchronization

/// What the catalogue was at one moment. An object, so that looking at it takes one reference.
package final class CatalogueSnapshot: Sendable {
    package let index: SearchIndex
    /// How many are left of each document of the index.
    package let stock: [Int]
    /// The deals in force that day, by code.
    package let deals: [Deal]
    /// The deal to name beside each document of the index.
    package let headlines: [Deal?]

    init(index: SearchIndex, stock: [Int], deals: [Deal], headlines: [Deal?]) {
        self.index = index
        self.stock = stock
        self.deals = deals
        self.headlines = headlines
    }
}

/// Reads the catalogue once, then asks the store every quarter of a second whether anything was committed, which costs
/// some microseconds, and reads only what did change. Stop it before the pack ends.
package final class CatalogueFollower: Sendable {
    private struct State {
        var connection: SQLiteConnection
        var dataVersion: Int
        var revisions: [Catalogue.Source: Int]
        var day: CalendarDay
        var snapshot: CatalogueSnapshot
        /// The last look failed: the next one takes a new connection.
        var hasFailed = false
    }

    /// How long to wait for another connection's lock.
    private static let patience = Duration.seconds(5)

    private let store: Store
    private let state: Mutex<State>
    private let published: Published<CatalogueSnapshot>
    private let today: @Sendable () -> CalendarDay
    private let queue = DispatchQueue(label: "toolhost.storefront.catalogue")
    private let isStopped = Mutex(false)
    private let onError: @Sendable (any Error) -> Void

    /// - Parameters:
    ///   - interval: How long a change may go unnoticed. `nil`: until somebody calls ``refresh()``.
    ///   - onError: Told when refreshing begins to fail; the index stays as it was.
    package init(
        _ store: Store, interval: DispatchTimeInterval? = .milliseconds(250),
        today: @escaping @Sendable () -> CalendarDay = { .today },
        onError: @escaping @Sendable (any Error) -> Void = { _ in }
    ) throws {
        let connection = try store.openConnection(waiting: Self.patience)
        self.store = store
        let first = try Self.load(connection, day: today(), previous: nil)
        state = Mutex(first)
        published = Published(first.snapshot)
        self.today = today
        self.onError = onError
        if let interval { follow(every: interval) }
    }

    /// The catalogue as it was last seen. Never waits for the store.
    package var current: CatalogueSnapshot { published.value }

    /// Looks for changes now.
    package func refresh() throws {
        let snapshot: CatalogueSnapshot? = try state.withLock { state in
            let day = today()
            do {
                if state.hasFailed || state.connection.hasMoved {
                    // In another file the same numbers may stand for other things.
                    let connection = try store.openConnection(waiting: Self.patience)
                    state = try Self.load(connection, day: day, previous: nil)
                } else if try Self.dataVersion(state.connection) != state.dataVersion || day != state.day {
                    state = try Self.load(state.connection, day: day, previous: state)
                } else {
                    return nil
                }
                return state.snapshot
            } catch {
                state.hasFailed = true
                throw error
            }
        }
        if let snapshot { published.publish(snapshot) }
    }

    /// Returns when no refresh is running any more, and none will.
    package func stop() {
        isStopped.withLock { $0 = true }
        queue.sync {}
    }

    private func follow(every interval: DispatchTimeInterval, afterFailure hasFailed: Bool = false) {
        queue.asyncAfter(deadline: .now() + interval) { [weak self] in
            guard let self, !isStopped.withLock({ $0 }) else { return }
            do {
                try refresh()
                follow(every: interval)
            } catch {
                // Four times a second nobody wants to read the same.
                if !hasFailed { onError(error) }
                follow(every: interval, afterFailure: true)
            }
        }
    }

    /// Changes whenever another connection commits, whatever it was about.
    private static func dataVersion(_ connection: SQLiteConnection) throws(StoreError) -> Int {
        try connection.row("PRAGMA data_version") { $0.integer(0) } ?? 0
    }

    private static func load(_ connection: SQLiteConnection, day: CalendarDay, previous: State?) throws -> State {
        let version = try dataVersion(connection)
        try connection.execute("BEGIN DEFERRED")
        defer { _ = try? connection.execute("COMMIT") }
        let revisions = try Catalogue.revisions(connection)

        let index: SearchIndex
        var stock: [Int]
        if let previous, previous.revisions[.products] == revisions[.products] {
            index = previous.snapshot.index
            stock = previous.snapshot.stock
            if previous.revisions[.stock] != revisions[.stock] {
                for change in try Catalogue.stock(after: previous.revisions[.stock] ?? 0, connection) {
                    if let document = index.document(code: change.code) { stock[document] = change.stock }
                }
            }
        } else {
            index = SearchIndex(try Catalogue.products(connection))
            stock = index.products.map(\.stock)
        }

        let deals: [Deal]
        let headlines: [Deal?]
        if let previous, previous.snapshot.index === index, previous.day == day,
            previous.revisions[.deals] == revisions[.deals]
        {
            (deals, headlines) = (previous.snapshot.deals, previous.snapshot.headlines)
        } else {
            deals = try Catalogue.deals(connection).filter { $0.isInForce(on: day) }
            headlines = index.products.map { deals.headline(for: $0) }
        }
        return State(
            connection: connection, dataVersion: version, revisions: revisions, day: day,
            snapshot: CatalogueSnapshot(index: index, stock: stock, deals: deals, headlines: headlines))
    }
}
