// How a customer pays: a kind and a reference, never the means itself.

import JSON
import ToolSDK

package struct PaymentMethod: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        case creditCard = "credit_card"
        case debitCard = "debit_card"
        case paypal
        case applePay = "apple_pay"
        case googlePay = "google_pay"
        case bankTransfer = "bank_transfer"
        case giftCard = "gift_card"
    }

    package let id: String
    package let kind: Kind
    /// What the customer calls it.
    package let nickname: String?
    /// What the payment provider calls it.
    package let reference: String?

    package static let schema = Schema<PaymentMethod>.object(
        Property("id", \.id, .string(), "Names the stored payment method; no tool asks for it"),
        Property("type", \.kind, .enumeration(), "Kind of payment"),
        Property("nickname", \.nickname, .string(), "What the customer calls it; absent: no name was given"),
        Property("reference", \.reference, .string(), "The payment provider's reference; absent: none was given"),
        make: PaymentMethod.init
    )
    .examples(.example)
    .named("PaymentMethod")

    static let example = PaymentMethod(
        id: "PAY-3F8H-T0WZ-6N1C", kind: .creditCard, nickname: "family card", reference: nil)
}

package struct PaymentMethods: Sendable {
    private let store: Store

    package init(_ store: Store) {
        self.store = store
    }

    /// Stores a method. The one added last is the one that ``Orders/place(confirming:for:)`` uses.
    ///
    /// - Throws: ``ToolError`` of kind `invalid` when a text contains a card number, which is not repeated.
    package func add(
        _ kind: PaymentMethod.Kind, nickname: String?, reference: String?, for caller: Caller
    ) throws -> Reply<PaymentMethod> {
        try CardNumber.refuse(in: nickname, reference, caller.idempotencyKey)
        let payload = JSONValue.array([
            .string(kind.rawValue), nickname.map(JSONValue.string) ?? nil, reference.map(JSONValue.string) ?? nil,
        ])
        return try store.once(
            "add_payment_method", caller, payload: payload.description, schema: PaymentMethod.schema
        ) { connection in
            let method = PaymentMethod(
                id: RandomID.make("PAY"), kind: kind, nickname: nickname, reference: reference)
            try connection.execute(
                """
                INSERT INTO payment_method (id, principal, type, nickname, reference, number)
                VALUES (?1, ?2, ?3, ?4, ?5,
                    1 + COALESCE((SELECT MAX(number) FROM payment_method WHERE principal = ?2), 0))
                """,
                .text(method.id), .text(caller.principal), .text(kind.rawValue), .text(orNull: nickname),
                .text(orNull: reference))
            return method
        }
    }

    /// The method that was added last.
    static func latest(of principal: String, _ connection: SQLiteConnection) throws(StoreError) -> PaymentMethod? {
        let method = try connection.row(
            """
            SELECT id, type, nickname, reference FROM payment_method WHERE principal = ?1
            ORDER BY number DESC LIMIT 1
            """, .text(principal)
        ) { row in
            PaymentMethod.Kind(rawValue: row.text(1)).map {
                PaymentMethod(
                    id: row.text(0), kind: $0, nickname: row.isNull(2) ? nil : row.text(2),
                    reference: row.isNull(3) ? nil : row.text(3))
            }
        }
        return method ?? nil
    }
}
