// The embedded store: one SQLite database that several packs and processes share.

import Glibc
import Synchronization
import ToolSDK

/// Opens the database in its folder, and gives out connections, each to one thread at a time.
///
/// Every writer takes the write lock at the start of its transaction (`BEGIN IMMEDIATE`), so what it reads stays true
/// until it commits, whoever else has the file open. Nobody waits for a lock longer than the caller said.
///
/// Where the store itself fails the caller gets a ``ToolError`` that says what became of the call, and the operator a
/// line with the file and the way out. Nothing is kept of a connection that failed, so that the store works again once
/// its file does.
package final class Store: Sendable {
    private let path: String
    private let durability: Durability
    let trouble: StoreTrouble
    private let idle = Mutex<[SQLiteConnection]>([])
    /// Keys of the calls that this process is working on; see ``once(_:payload:schema:waiting:_:)``.
    let running = Mutex<Set<AnswerKey>>([])

    /// Below its folder.
    static let name = "/storefront.db"

    /// Idle connections beyond this many are closed: a burst of calls must not hold on to file descriptors.
    private static let idleLimit = 8

    /// Opens the store, and makes it first when there is none: tables, and the built-in catalogue and deals.
    ///
    /// - Parameter log: Hears when the store cannot be used, and when it can again.
    /// - Throws: ``StoreError``, which names the file and the way out.
    package init(
        directory: String, durability: Durability = .normal, waiting: Duration = .seconds(10),
        log: @escaping StoreTrouble.Log = { _, _, _ in }
    ) throws {
        path = directory + Self.name
        self.durability = durability
        trouble = StoreTrouble(file: path, log: log)
        try Self.createFile(at: path, in: directory)
        let connection = try openConnection(waiting: waiting, mayBeEmpty: true)
        var outcome = StoreOutcome.undone
        try transaction("BEGIN IMMEDIATE", on: connection, &outcome) { connection in
            try StoreSchema.migrate(connection)
            try Catalogue.seed(connection)
        }
    }

    /// Runs `body` in a read transaction: everything it sees is of one moment.
    func read<T>(waiting: Duration, _ body: (SQLiteConnection) throws -> T) throws -> T {
        try transaction("BEGIN DEFERRED", isWriting: false, waiting: waiting, body)
    }

    /// Runs `body` in a write transaction, which is committed when it returns and undone when it throws.
    ///
    /// - Parameter isKeyed: Whether the same call with the same idempotency key would be recognised.
    func write<T>(waiting: Duration, isKeyed: Bool = false, _ body: (SQLiteConnection) throws -> T) throws -> T {
        try transaction("BEGIN IMMEDIATE", isWriting: true, isKeyed: isKeyed, waiting: waiting, body)
    }

    /// A connection that the caller keeps, outside the pool.
    ///
    /// - Parameter mayBeEmpty: whether the store is being made.
    func openConnection(waiting: Duration, mayBeEmpty: Bool = false) throws(StoreError) -> SQLiteConnection {
        let connection = try SQLiteConnection(path: path)
        connection.wait(atMost: waiting)
        // Where others have the file open still, turning it into a store would be waited for in vain.
        if !mayBeEmpty, try connection.row("PRAGMA page_count", read: { $0.integer(0) }) == 0 {
            throw .damaged(what: "the store's file \(path), which is empty,")
        }
        try enterWriteAheadLog(connection, waiting: waiting)
        try connection.execute("PRAGMA synchronous = \(durability.rawValue)")
        try connection.execute("PRAGMA foreign_keys = ON")
        return connection
    }

    private func transaction<T>(
        _ begin: String, isWriting: Bool, isKeyed: Bool = false, waiting: Duration,
        _ body: (SQLiteConnection) throws -> T
    ) throws -> T {
        var outcome = StoreOutcome.undone
        do {
            let connection = try idleConnection() ?? openConnection(waiting: waiting)
            connection.wait(atMost: waiting)
            let result = try transaction(begin, on: connection, isKeyed: isKeyed, &outcome, body)
            trouble.succeeded(writing: isWriting)
            return result
        } catch let error as StoreError {
            trouble.failed(error, writing: isWriting)
            throw error.toolError(isWriting ? outcome : .read) ?? error
        }
    }

    /// - Parameter outcome: What is left of it when this throws.
    private func transaction<T>(
        _ begin: String, on connection: SQLiteConnection, isKeyed: Bool = false, _ outcome: inout StoreOutcome,
        _ body: (SQLiteConnection) throws -> T
    ) throws -> T {
        var isCommitting = false
        do {
            try connection.execute(begin)
            let result = try body(connection)
            isCommitting = true
            try connection.execute("COMMIT")
            keep(connection)
            return result
        } catch {
            // A commit that failed and leaves its transaction open has written nothing that counts; nor has one without
            // room, since the last thing written makes the rest count.
            let isKnown = !isCommitting || connection.isInTransaction || (error as? StoreError)?.cause == .noRoom
            outcome = isKnown ? .undone : .unknown(isKeyed: isKeyed)
            // A connection that cannot even undo is dropped, and SQLite undoes when it closes.
            let isClean = !connection.isInTransaction || (try? connection.execute("ROLLBACK")) != nil
            if isClean, (error as? StoreError)?.cause == nil { keep(connection) }
            throw error
        }
    }

    /// One that was used before, and still has the file that goes by the store's name.
    private func idleConnection() -> SQLiteConnection? {
        while let connection = idle.withLock({ $0.popLast() }) {
            if !connection.hasMoved { return connection }
        }
        return nil
    }

    private func keep(_ connection: SQLiteConnection) {
        idle.withLock { if $0.count < Self.idleLimit { $0.append(connection) } }
    }

    /// Switching the mode needs the file for oneself for a moment, and SQLite does not wait for that by itself.
    private func enterWriteAheadLog(_ connection: SQLiteConnection, waiting: Duration) throws(StoreError) {
        let deadline = ContinuousClock.now + waiting
        while true {
            do {
                _ = try connection.row("PRAGMA journal_mode = WAL") { $0.text(0) }
                return
            } catch StoreError.busy where ContinuousClock.now < deadline {
                usleep(2_000)
            }
        }
    }

    /// Makes an empty file that only its owner can read; SQLite gives its side files the same mode. The file gets its
    /// name when it is closed already: closing a database file would drop the locks that another pack of this process
    /// holds on it.
    private static func createFile(at path: String, in directory: String) throws(StoreError) {
        guard unsafe access(path, F_OK) != 0 else { return }
        unsafe mkdir(directory, 0o700)
        let draft = "\(path).\(getpid()).\(UInt32.random(in: .min ... .max))"
        let descriptor = unsafe open(draft, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .folder(path: directory, errno: errno) }
        close(descriptor)
        defer { unsafe unlink(draft) }
        guard unsafe link(draft, path) == 0 || errno == EEXIST else { throw .folder(path: directory, errno: errno) }
    }
}
