// How money looks in answers: exact for programs, readable for people, and never to be taken for dollars.

import ToolSDK

extension Money {
    package static let schema = Schema<Money>.object(
        Property("minorUnits", \.minorUnits, .integer(), "Cents, exact: 349 is $3.49"),
        Property("currency", { _ in currency }, .string(oneOf: [currency]), "ISO 4217 code"),
        Property("text", \.minorUnits, .amount(decimals: 2, after: "$"), "For people, such as $3.49"),
        make: { minorUnits, _, _ in Money(minorUnits: minorUnits) })
}
