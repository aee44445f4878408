// The one file that talks to libsqlite3: a connection with its prepared statements.

import CSQLite

/// A value bound to a parameter. There is no other way to get a value into a statement.
enum SQLValue {
    case text(String)
    case integer(Int)
    case blob([UInt8])
    case null

    static func text(orNull text: String?) -> SQLValue { text.map(SQLValue.text) ?? .null }
}

/// How much of a committed transaction survives a power cut. A killed process loses nothing either way.
package enum Durability: String, Sendable {
    /// Synced at checkpoints: the last transactions may be gone after a power cut, never half of one.
    case normal = "NORMAL"
    /// Synced at every commit: an acknowledged order is on disk.
    case full = "FULL"
}

/// The current row of a query; columns count from 0. Valid inside the closure that is given it.
@safe struct Row {
    fileprivate let statement: OpaquePointer

    func integer(_ column: Int32) -> Int { Int(unsafe sqlite3_column_int64(statement, column)) }

    /// A number that is calculated with. In a file that was damaged it may be any.
    func integer(_ column: Int32, in range: ClosedRange<Int>) throws(StoreError) -> Int {
        let value = integer(column)
        guard range.contains(value) else {
            let name = unsafe sqlite3_column_name(statement, column).map { unsafe String(cString: $0) } ?? "\(column)"
            throw .damaged(what: "a number in the column \(name) of the store, which is \(value),")
        }
        return value
    }

    func isNull(_ column: Int32) -> Bool { unsafe sqlite3_column_type(statement, column) == SQLITE_NULL }

    func text(_ column: Int32) -> String {
        let bytes = unsafe sqlite3_column_text(statement, column)
        let count = Int(unsafe sqlite3_column_bytes(statement, column))
        return unsafe String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    func blob(_ column: Int32) -> [UInt8] {
        let bytes = unsafe sqlite3_column_blob(statement, column)
        let count = Int(unsafe sqlite3_column_bytes(statement, column))
        return unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: count))
    }
}

/// A prepared statement, finalized when its connection lets go of it.
@safe private final class Statement {
    let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    deinit {
        unsafe sqlite3_finalize(handle)
    }
}

/// A connection to the database. Unchecked, because SQLite's handle and the statement cache are not safe to share: the
/// store hands a connection to one thread at a time.
@safe final class SQLiteConnection: @unchecked Sendable {
    private let handle: OpaquePointer
    private let path: String
    private var statements: [String: Statement] = [:]

    init(path: String) throws(StoreError) {
        var opened: OpaquePointer?
        // Whoever takes a store away has not asked for an empty one in its place.
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        self.path = path
        let code = unsafe sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let opened = unsafe opened else {
            let message = unsafe String(cString: sqlite3_errmsg(opened))
            unsafe sqlite3_close_v2(opened)
            throw StoreError(code, message, path)
        }
        unsafe handle = opened
    }

    deinit {
        // Closes when the last statement is finalized, which happens next.
        unsafe sqlite3_close_v2(handle)
    }

    /// How long a statement waits for somebody else's lock before it throws ``StoreError/busy``.
    func wait(atMost duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds >= 3600 ? 3_600_000 : max(1, seconds * 1000 + attoseconds / 1_000_000_000_000_000)
        unsafe sqlite3_busy_timeout(handle, Int32(milliseconds))
    }

    /// Whether another file stands under its name, or none: what is written to this one is lost when its last user
    /// closes it.
    var hasMoved: Bool {
        var answer: Int32 = 0
        return unsafe sqlite3_file_control(handle, "main", SQLITE_FCNTL_HAS_MOVED, &answer) == SQLITE_OK && answer != 0
    }

    var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

    /// Runs a statement that answers no rows, and returns how many rows it changed.
    @discardableResult
    func execute(_ sql: String, _ values: SQLValue...) throws(StoreError) -> Int {
        try query(sql, values) { _ in }
        return Int(unsafe sqlite3_changes64(handle))
    }

    func rows<T>(
        _ sql: String, _ values: SQLValue..., read: (Row) throws(StoreError) -> T
    ) throws(StoreError) -> [T] {
        var result: [T] = []
        try query(sql, values) { row throws(StoreError) in result.append(try read(row)) }
        return result
    }

    func row<T>(
        _ sql: String, _ values: SQLValue..., read: (Row) throws(StoreError) -> T
    ) throws(StoreError) -> T? {
        var result: T?
        try query(sql, values) { row throws(StoreError) in if result == nil { result = try read(row) } }
        return result
    }

    private func query(
        _ sql: String, _ values: [SQLValue], each: (Row) throws(StoreError) -> Void
    ) throws(StoreError) {
        let statement = try unsafe prepared(sql)
        defer {
            unsafe sqlite3_reset(statement)
            unsafe sqlite3_clear_bindings(statement)
        }
        for (position, value) in zip(Int32(1)..., values) {
            try check(unsafe bind(value, to: statement, at: position))
        }
        while true {
            switch unsafe sqlite3_step(statement) {
            case SQLITE_ROW: try each(unsafe Row(statement: statement))
            case SQLITE_DONE: return
            case let code: try check(code)
            }
        }
    }

    private func prepared(_ sql: String) throws(StoreError) -> OpaquePointer {
        if let statement = statements[sql] { return unsafe statement.handle }
        var made: OpaquePointer?
        try check(unsafe sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil))
        guard let made = unsafe made else { throw StoreError(SQLITE_MISUSE, "an empty statement", path) }
        statements[sql] = unsafe Statement(made)
        return unsafe made
    }

    private func bind(_ value: SQLValue, to statement: OpaquePointer, at position: Int32) -> Int32 {
        // SQLITE_TRANSIENT: SQLite copies before it returns. The macro's cast does not reach Swift.
        let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        return switch value {
        case .text(let text):
            unsafe sqlite3_bind_text(statement, position, text, Int32(clamping: text.utf8.count), copied)
        case .integer(let integer): unsafe sqlite3_bind_int64(statement, position, Int64(integer))
        case .blob(let bytes):
            unsafe sqlite3_bind_blob(statement, position, bytes, Int32(clamping: bytes.count), copied)
        case .null: unsafe sqlite3_bind_null(statement, position)
        }
    }

    private func check(_ code: Int32) throws(StoreError) {
        guard code != SQLITE_OK else { return }
        throw StoreError(code, unsafe String(cString: sqlite3_errmsg(handle)), path)
    }
}

extension StoreError {
    /// What a result of SQLite means for the shop; the low eight bits tell the kind (sqlite.org/rescode.html).
    fileprivate init(_ code: Int32, _ message: String, _ file: String) {
        let cause: Cause? =
            switch code & 0xFF {
            case SQLITE_FULL: .noRoom
            case SQLITE_NOMEM: .noMemory
            case SQLITE_IOERR, SQLITE_NOLFS: .disk
            case SQLITE_CANTOPEN: .absent
            case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH: .readOnly
            case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT: .damaged
            // The statements never change: it is the tables that are others, or none.
            case SQLITE_ERROR, SQLITE_SCHEMA: .foreign
            default: nil
            }
        switch code & 0xFF {
        // Two that open or leave the write-ahead log at the same moment.
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: self = .busy
        default: self = .sqlite(cause: cause, code: code, message: message, file: file)
        }
    }
}
