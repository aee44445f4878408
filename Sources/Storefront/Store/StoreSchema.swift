// The tables of the embedded store, and how an empty file becomes one.

/// Versions are counted in `PRAGMA user_version`; a step from one to the next is one list of statements.
enum StoreSchema {
    static var version: Int { steps.count }

    /// Brings the database up to date inside a transaction that the caller began. Whoever comes second finds it done.
    static func migrate(_ connection: SQLiteConnection) throws(StoreError) {
        let found = try connection.row("PRAGMA user_version") { $0.integer(0) } ?? 0
        guard found <= version else { throw .madeByNewerRelease(found: found, known: version) }
        for step in steps[found...] {
            for statement in step { try connection.execute(statement) }
        }
        // A pragma takes no parameters; the number is ours.
        if found < version { try connection.execute("PRAGMA user_version = \(version)") }
    }

    private static let steps: [[String]] = [
        [
            // Products that a newer file no longer lists are withdrawn, not deleted: carts still name them.
            """
            CREATE TABLE product (
                code TEXT NOT NULL PRIMARY KEY,
                name TEXT NOT NULL,
                category TEXT NOT NULL,
                description TEXT NOT NULL,
                price INTEGER NOT NULL CHECK (price >= 0),
                stock INTEGER NOT NULL CHECK (stock >= 0),
                withdrawn INTEGER NOT NULL DEFAULT 0,
                stock_revision INTEGER NOT NULL DEFAULT 0)
            """,
            "CREATE INDEX product_stock_revision ON product (stock_revision)",
            """
            CREATE TABLE deal (
                code TEXT NOT NULL PRIMARY KEY,
                title TEXT NOT NULL,
                product_code TEXT,
                category TEXT,
                percent_off INTEGER,
                amount_off INTEGER,
                buy INTEGER,
                get_free INTEGER,
                starts_on TEXT,
                ends_on TEXT)
            """,
            // One row for each data file, and one for stock: what a follower asks to learn that something changed.
            """
            CREATE TABLE revision (
                name TEXT NOT NULL PRIMARY KEY,
                number INTEGER NOT NULL,
                content_hash BLOB)
            """,
            """
            CREATE TABLE cart_line (
                principal TEXT NOT NULL,
                product_code TEXT NOT NULL REFERENCES product (code),
                quantity INTEGER NOT NULL CHECK (quantity > 0),
                added_at INTEGER NOT NULL,
                PRIMARY KEY (principal, product_code))
            """,
            """
            CREATE TABLE payment_method (
                id TEXT NOT NULL PRIMARY KEY,
                principal TEXT NOT NULL,
                type TEXT NOT NULL,
                nickname TEXT,
                reference TEXT,
                number INTEGER NOT NULL,
                UNIQUE (principal, number))
            """,
            """
            CREATE TABLE customer_order (
                id TEXT NOT NULL PRIMARY KEY,
                principal TEXT NOT NULL,
                placed_at INTEGER NOT NULL,
                payment_method_id TEXT NOT NULL REFERENCES payment_method (id),
                item_count INTEGER NOT NULL,
                subtotal INTEGER NOT NULL,
                discount INTEGER NOT NULL,
                total INTEGER NOT NULL)
            """,
            // Names and prices as they were, whatever the catalogue says later.
            """
            CREATE TABLE order_line (
                order_id TEXT NOT NULL REFERENCES customer_order (id),
                product_code TEXT NOT NULL,
                name TEXT NOT NULL,
                unit_price INTEGER NOT NULL,
                quantity INTEGER NOT NULL,
                discount INTEGER NOT NULL,
                PRIMARY KEY (order_id, product_code))
            """,
            """
            CREATE TABLE answer (
                principal TEXT NOT NULL,
                tool TEXT NOT NULL,
                idempotency_key TEXT NOT NULL,
                payload_hash BLOB NOT NULL,
                content BLOB NOT NULL,
                answered_at INTEGER NOT NULL,
                PRIMARY KEY (principal, tool, idempotency_key))
            """,
            "CREATE INDEX answer_answered_at ON answer (answered_at)",
        ]
    ]
}
