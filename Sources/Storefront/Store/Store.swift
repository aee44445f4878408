// The embedded store: one SQLite database that several packs and processes share.

import Glibc
import Synchronization
import ToolSDK

/// Opens the database under the state folder, and gives out connections, each to one thread at a time.
///
/// Every writer takes the write lock at the start of its transaction (`BEGIN IMMEDIATE`), so what it reads stays true
/// until it commits, whoever else has the file open. Nobody waits for a lock longer than the caller said.
package final class Store: Sendable {
    private let path: String
    private let durability: Durability
    private let idle = Mutex<[Connection]>([])
    /// Keys of the calls that this process is working on; see ``once(_:payload:schema:waiting:_:)``.
    let running = Mutex<Set<AnswerKey>>([])

    /// Idle connections beyond this many are closed: a burst of calls must not hold on to file descriptors.
    private static let idleLimit = 8

    /// Opens the store, and makes it first when there is none: tables, and the built-in catalogue and deals.
    package init(
        stateDirectory: String, durability: Durability = .normal, waiting: Duration = .seconds(10)
    ) throws {
        path = stateDirectory + "/storefront.db"
        self.durability = durability
        try Self.createFile(at: path, in: stateDirectory)
        try write(waiting: waiting) { connection in
            try StoreSchema.migrate(connection)
            try Catalogue.seed(connection)
        }
    }

    /// Runs `body` in a read transaction: everything it sees is of one moment.
    func read<T>(waiting: Duration, _ body: (Connection) throws -> T) throws -> T {
        try transaction("BEGIN DEFERRED", waiting: waiting, body)
    }

    /// Runs `body` in a write transaction, which is committed when it returns and undone when it throws.
    func write<T>(waiting: Duration, _ body: (Connection) throws -> T) throws -> T {
        try transaction("BEGIN IMMEDIATE", waiting: waiting, body)
    }

    /// A connection that the caller keeps, outside the pool.
    func openConnection(waiting: Duration) throws(StoreError) -> Connection {
        let connection = try Connection(path: path)
        connection.wait(atMost: waiting)
        try enterWriteAheadLog(connection, waiting: waiting)
        try connection.execute("PRAGMA synchronous = \(durability.rawValue)")
        try connection.execute("PRAGMA foreign_keys = ON")
        return connection
    }

    private func transaction<T>(_ begin: String, waiting: Duration, _ body: (Connection) throws -> T) throws -> T {
        let connection = try idle.withLock { $0.popLast() } ?? openConnection(waiting: waiting)
        connection.wait(atMost: waiting)
        do {
            try connection.execute(begin)
            let result = try body(connection)
            try connection.execute("COMMIT")
            keep(connection)
            return result
        } catch {
            // A connection that cannot even undo is dropped, and SQLite undoes when it closes.
            if !connection.isInTransaction || (try? connection.execute("ROLLBACK")) != nil { keep(connection) }
            throw (error as? StoreError) == .busy ? Self.busy : error
        }
    }

    private static var busy: ToolError {
        .busy("The shop is busy. Nothing was changed; try again.", retryAfter: .seconds(1))
    }

    private func keep(_ connection: Connection) {
        idle.withLock { if $0.count < Self.idleLimit { $0.append(connection) } }
    }

    /// Switching the mode needs the file for oneself for a moment, and SQLite does not wait for that by itself.
    private func enterWriteAheadLog(_ connection: Connection, waiting: Duration) throws(StoreError) {
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
