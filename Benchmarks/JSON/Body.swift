// The bodies that are measured, and the schemas that they fit: arguments of a search, its answer, and a long answer.

import Foundation
import JSON
import JSONSchema

/// A JSON text and its schema.
struct Body {
    let name: String
    let bytes: [UInt8]
    /// The same bytes as Foundation wants them, so that no copy is measured.
    private let data: Data
    private let schema: CompiledSchema

    private init(_ name: String, _ bytes: [UInt8], _ schema: JSONValue) throws {
        self.name = name
        self.bytes = bytes
        data = Data(bytes)
        self.schema = try CompiledSchema(schema)
    }

    static func all() throws -> [Body] {
        [
            try Body("arguments", Array(#"{"query":"milk","limit":5}"#.utf8), arguments),
            try Body("answer", answer(products: 5), found),
            try Body("reordered", answer(products: 5, reordered: true), found),
            try Body("long", answer(products: 401), found),
        ]
    }

    /// What the host does with a body: read it strictly, and check it.
    func check(times: Int) {
        for _ in 0..<times {
            guard schema.accepts(bytes) else {
                fatalError("\(name) does not fit its schema")
            }
        }
    }

    /// What it is compared with: reading it, no more.
    func decode(times: Int) throws {
        for _ in 0..<times {
            _ = try JSONSerialization.jsonObject(with: data)
        }
    }

    /// - Parameter reordered: whether the members come in another order than the schema's, so that the text has to be
    ///   parsed before it can be checked.
    private static func answer(products count: Int, reordered: Bool = false) -> [UInt8] {
        let products = (1...count).map { number -> JSONValue in
            let cents = 99 + number * 37 % 2400
            let text = "$\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
            var product: JSONObject = [
                "code": .string("milk-\(number)"), "name": "Organic Whole Milk, 1 gal", "category": "dairy",
                "description": .string(
                    "From cows on grass; pasteurized, not homogenized\(number % 9 == 0 ? " – crème" : "")."),
                "price": ["minorUnits": JSONValue(cents), "currency": "USD", "text": .string(text)],
                "inStock": JSONValue(number % 7 != 0), "available": JSONValue(number * 11 % 60),
            ]
            if number % 3 == 0 { product["deal"] = "Buy two dairy products, get a third one free" }
            return .object(product)
        }
        let total = JSONValue(count)
        let answer: JSONObject =
            reordered
            ? ["total": total, "products": .array(products)] : ["products": .array(products), "total": total]
        return JSONValue.object(answer).bytes()
    }

    private static let arguments: JSONValue = [
        "type": "object",
        "properties": [
            "query": ["type": "string", "minLength": 1, "maxLength": 200, "description": "Words to look for"],
            "category": ["type": "string", "minLength": 1, "maxLength": 64, "description": "Only this category"],
            "limit": ["type": "integer", "minimum": 1, "maximum": 50, "default": 10, "description": "At most"],
        ],
        "required": ["query"], "additionalProperties": false,
    ]

    private static let found: JSONValue = [
        "type": "object",
        "properties": [
            "products": [
                "type": "array",
                "items": [
                    "type": "object",
                    "properties": [
                        "code": ["type": "string"], "name": ["type": "string"], "category": ["type": "string"],
                        "description": ["type": "string"],
                        "price": [
                            "type": "object",
                            "properties": [
                                "minorUnits": ["type": "integer"],
                                "currency": ["type": "string", "enum": ["USD"]],
                                "text": ["type": "string"],
                            ],
                            "required": ["minorUnits", "currency", "text"],
                        ],
                        "inStock": ["type": "boolean"], "available": ["type": "integer", "minimum": 0],
                        "deal": ["type": "string"],
                    ],
                    "required": ["code", "name", "category", "description", "price", "inStock", "available"],
                ],
            ],
            "total": ["type": "integer", "minimum": 0], "message": ["type": "string"],
        ],
    ]
}
