// How money looks in answers: exact for programs, readable for people, and never to be taken for dollars.

import ToolSDK

extension Money {
    package static let schema = Schema<Money>.object(
        Property("minorUnits", \.minorUnits, .integer(), "The amount in whole cents, exact: 349 is $3.49"),
        Property("currency", { _ in currency }, .string(oneOf: [currency]), "ISO 4217 code of the currency"),
        Property("text", \.minorUnits, .amount(decimals: 2, after: "$"), "The same amount, to show to people"),
        make: { minorUnits, _, _ in Money(minorUnits: minorUnits) }
    )
    .examples(Money(minorUnits: 349))
    .named("Money")
}
