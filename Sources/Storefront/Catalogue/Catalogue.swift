// Products and deals in the store: how files get in, and how they are looked up.

import ToolSDK

/// What the catalogue's tables can be asked. Every function runs inside the caller's transaction.
package enum Catalogue {
    /// The rows of the `revision` table.
    enum Source: String, CaseIterable {
        case products, deals, stock
    }

    // MARK: Data files

    /// Loads the products of a file, or the built-in ones, unless they are what was loaded last. Products that are no
    /// longer listed are withdrawn; stock becomes what the file says.
    ///
    /// - Returns: whether anything was loaded.
    /// - Throws: ``DataFileError``; then the store is as it was.
    @discardableResult
    package static func loadProducts(
        from path: String?, into store: Store, waiting: Duration = .seconds(10)
    ) throws -> Bool {
        let file = try path.map { try DataFile(path: $0) } ?? .builtInProducts
        return try store.write(waiting: waiting) { try loadProducts(file, $0) }
    }

    /// Loads the deals of a file, or the built-in ones, unless they are what was loaded last.
    ///
    /// - Returns: whether anything was loaded.
    /// - Throws: ``DataFileError``; then the store is as it was.
    @discardableResult
    package static func loadDeals(
        from path: String?, into store: Store, waiting: Duration = .seconds(10)
    ) throws -> Bool {
        let file = try path.map { try DataFile(path: $0) } ?? .builtInDeals
        return try store.write(waiting: waiting) { try loadDeals(file, $0) }
    }

    /// Fills a new store with the built-in data. What somebody loaded is left alone.
    static func seed(_ connection: SQLiteConnection) throws {
        let known = try revisions(connection)
        if known[.products] == nil { try loadProducts(.builtInProducts, connection) }
        if known[.deals] == nil { try loadDeals(.builtInDeals, connection) }
    }

    @discardableResult
    static func loadProducts(_ file: DataFile, _ connection: SQLiteConnection) throws -> Bool {
        guard try isNew(file, .products, connection) else { return false }
        let products = try file.products()
        try connection.execute("UPDATE product SET withdrawn = 1")
        for product in products {
            try connection.execute(
                """
                INSERT INTO product (code, name, category, description, price, stock) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                ON CONFLICT (code) DO UPDATE SET name = excluded.name, category = excluded.category,
                    description = excluded.description, price = excluded.price, stock = excluded.stock, withdrawn = 0
                """,
                .text(product.code), .text(product.name), .text(product.category), .text(product.description),
                .integer(product.price.minorUnits), .integer(product.stock))
        }
        try record(file, .products, connection)
        return true
    }

    @discardableResult
    static func loadDeals(_ file: DataFile, _ connection: SQLiteConnection) throws -> Bool {
        guard try isNew(file, .deals, connection) else { return false }
        let deals = try file.deals()
        try connection.execute("DELETE FROM deal")
        for deal in deals {
            let columns = DealColumns(deal)
            try connection.execute(
                """
                INSERT INTO deal (code, title, product_code, category, percent_off, amount_off, buy, get_free, starts_on,
                    ends_on) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                """,
                .text(deal.code), .text(deal.title), columns.product, columns.category, columns.percentOff,
                columns.amountOff, columns.buy, columns.free, .text(orNull: deal.startsOn), .text(orNull: deal.endsOn))
        }
        try record(file, .deals, connection)
        return true
    }

    private static func isNew(_ file: DataFile, _ source: Source, _ connection: SQLiteConnection) throws -> Bool {
        let known = try connection.row(
            "SELECT content_hash FROM revision WHERE name = ?1", .text(source.rawValue)
        ) { $0.blob(0) }
        return known != SHA256.hash(file.bytes)
    }

    private static func record(_ file: DataFile, _ source: Source, _ connection: SQLiteConnection) throws {
        try connection.execute(
            """
            INSERT INTO revision (name, number, content_hash) VALUES (?1, 1, ?2)
            ON CONFLICT (name) DO UPDATE SET number = revision.number + 1, content_hash = excluded.content_hash
            """,
            .text(source.rawValue), .blob(SHA256.hash(file.bytes)))
    }

    // MARK: Looking things up

    static func revisions(_ connection: SQLiteConnection) throws(StoreError) -> [Source: Int] {
        let rows = try connection.rows("SELECT name, number FROM revision") { ($0.text(0), $0.integer(1)) }
        // A damaged table may have one twice.
        return [Source: Int](
            rows.compactMap { name, number in Source(rawValue: name).map { ($0, number) } }, uniquingKeysWith: max)
    }

    static func products(_ connection: SQLiteConnection) throws(StoreError) -> [Product] {
        try connection.rows(
            """
            SELECT code, name, category, description, price, stock FROM product WHERE withdrawn = 0 ORDER BY code
            """, read: product)
    }

    static func product(code: String, _ connection: SQLiteConnection) throws(StoreError) -> Product? {
        try connection.row(
            """
            SELECT code, name, category, description, price, stock FROM product WHERE code = ?1 AND withdrawn = 0
            """, .text(code), read: product)
    }

    static func categories(_ connection: SQLiteConnection) throws(StoreError) -> [String] {
        try connection.rows(
            "SELECT DISTINCT category FROM product WHERE withdrawn = 0 ORDER BY category"
        ) { $0.text(0) }
    }

    /// Stock of the products whose stock changed after a revision of it.
    static func stock(
        after revision: Int, _ connection: SQLiteConnection
    ) throws(StoreError) -> [(code: String, stock: Int)] {
        try connection.rows(
            "SELECT code, stock FROM product WHERE stock_revision > ?1", .integer(revision)
        ) { ($0.text(0), $0.integer(1)) }
    }

    /// Takes an amount out of stock, and tells those who follow the stock.
    ///
    /// - Returns: whether there was enough.
    static func take(_ quantity: Int, of code: String, _ connection: SQLiteConnection) throws(StoreError) -> Bool {
        let revision = try connection.row(
            """
            INSERT INTO revision (name, number) VALUES (?1, 1)
            ON CONFLICT (name) DO UPDATE SET number = revision.number + 1 RETURNING number
            """, .text(Source.stock.rawValue)
        ) { $0.integer(0) }
        return try connection.execute(
            """
            UPDATE product SET stock = stock - ?1, stock_revision = ?2
            WHERE code = ?3 AND stock >= ?1 AND withdrawn = 0
            """, .integer(quantity), .integer(revision ?? 0), .text(code)) == 1
    }

    /// Every deal, in force or not, by code.
    static func deals(_ connection: SQLiteConnection) throws(StoreError) -> [Deal] {
        try connection.rows(
            """
            SELECT code, title, product_code, category, percent_off, amount_off, buy, get_free, starts_on, ends_on
            FROM deal ORDER BY code
            """, read: DealColumns.deal)
    }

    /// Code, name, category, description, price and stock.
    private static func product(_ row: Row) throws(StoreError) -> Product {
        Product(
            code: row.text(0), name: row.text(1), category: row.text(2), description: row.text(3),
            price: Money(minorUnits: try row.integer(4, in: amounts)), stock: try row.integer(5, in: counts))
    }

    /// What data files may say at most: within it no sum of a cart overflows.
    static let amounts = 0...100_000_000, counts = 0...1_000_000
}

/// A deal's target and terms, as the table spreads them over columns.
private struct DealColumns {
    var product = SQLValue.null, category = SQLValue.null
    var percentOff = SQLValue.null, amountOff = SQLValue.null, buy = SQLValue.null, free = SQLValue.null

    init(_ deal: Deal) {
        switch deal.target {
        case .product(let code): product = .text(code)
        case .category(let name): category = .text(name)
        }
        switch deal.terms {
        case .percentOff(let percent): percentOff = .integer(percent)
        case .amountOff(let amount): amountOff = .integer(amount.minorUnits)
        case .buy(let count, let extra): (buy, free) = (.integer(count), .integer(extra))
        }
    }

    static func deal(_ row: Row) throws(StoreError) -> Deal {
        let terms: Deal.Terms =
            if !row.isNull(4) {
                .percentOff(try row.integer(4, in: 1...100))
            } else if !row.isNull(5) {
                .amountOff(Money(minorUnits: try row.integer(5, in: Catalogue.amounts)))
            } else {
                .buy(try row.integer(6, in: 1...99), free: try row.integer(7, in: 1...99))
            }
        return Deal(
            code: row.text(0), title: row.text(1),
            target: row.isNull(2) ? .category(row.text(3)) : .product(code: row.text(2)), terms: terms,
            startsOn: row.isNull(8) ? nil : row.text(8), endsOn: row.isNull(9) ? nil : row.text(9))
    }
}
