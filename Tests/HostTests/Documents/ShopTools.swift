// Descriptors and a deployment for the document tests: a shop's six tools, with what real packs use of JSON Schema.

import JSON

@testable import HostDocuments
@testable import HostTools

enum ShopTools {
    static let readOnly = ToolHints(isReadOnly: true, isDestructive: false, isIdempotent: true, isOpenWorld: false)
    static let writing = ToolHints(isReadOnly: false, isDestructive: false, isIdempotent: false, isOpenWorld: false)

    /// Amounts and lines, as several tools of one pack would share them.
    static let cartDefinitions: JSONValue = [
        "Money": [
            "type": "object",
            "properties": [
                "amount": ["type": "integer", "description": "In minor units."],
                "currency": ["const": "USD"],
            ],
            "required": ["amount", "currency"],
        ],
        "Line": [
            "type": "object",
            "properties": [
                "productCode": ["type": "string"],
                "quantity": ["type": "integer", "minimum": 1, "maximum": 99],
                "price": ["$ref": "#/$defs/Money", "description": "Of the whole line."],
            ],
            "required": ["productCode", "quantity", "price"],
        ],
    ]

    static let cart: JSONValue = [
        "type": "object",
        "properties": [
            "lines": ["type": "array", "items": ["$ref": "#/$defs/Line"]],
            "total": ["$ref": "#/$defs/Money"],
            "summary": ["type": "string", "examples": ["2 items, total $12.50", "1 item, total $3.00"]],
        ],
        "required": ["lines", "total", "summary"],
        "$defs": cartDefinitions,
    ]

    static let all: [ToolDescriptor] = [
        tool(
            "search_products", "Search products", "Search the product catalog.", pack: "catalog",
            input: [
                "type": "object",
                "properties": [
                    "query": [
                        "type": "string", "minLength": 1, "maxLength": 200, "description": "Words to look for.",
                    ],
                    "category": ["type": ["string", "null"], "description": "Only this category."],
                    "limit": ["type": "integer", "minimum": 1, "maximum": 50, "default": 10],
                    "maximumPrice": ["type": "number", "exclusiveMinimum": 0],
                ],
                "required": ["query"],
                "additionalProperties": false,
            ],
            output: [
                "type": "object",
                "properties": [
                    "total": ["type": "integer", "minimum": 0],
                    "products": ["type": "array", "items": ["$ref": "#/$defs/Product"]],
                ],
                "required": ["total", "products"],
                "$defs": [
                    "Product": [
                        "$anchor": "product",
                        "type": "object",
                        "properties": [
                            "code": ["type": "string", "pattern": "^[a-z]+-[0-9]{3}$"],
                            "name": ["type": "string"],
                            "alternatives": ["type": "array", "items": ["$ref": "#product"]],
                        ],
                        "required": ["code", "name"],
                    ]
                ],
            ],
            hints: readOnly, meta: ["tags": ["catalog", "shopping"]]),
        tool(
            "add_to_cart", "Add to cart", "Add items to the shopping cart.",
            description: "Each call adds once more.\n\nNothing is reserved before checkout.", pack: "cart",
            input: [
                "type": "object",
                "properties": [
                    "productCode": ["type": "string", "minLength": 1],
                    "quantity": ["type": "integer", "minimum": 1, "maximum": 99, "default": 1],
                ],
                "required": ["productCode"],
                "dependentRequired": ["quantity": ["productCode"]],
            ],
            output: cart, hints: writing, meta: ["tags": ["shopping"]]),
        tool(
            "view_cart", "View cart", "View the current cart's contents.", pack: "cart",
            input: ["type": "object"], output: cart, hints: readOnly, meta: [:]),
        tool(
            "checkout", "Checkout", "Complete the checkout process.", pack: "checkout",
            input: [
                "type": "object",
                "properties": ["cartSummary": ["type": "string", "description": "As view_cart gave it."]],
                "required": ["cartSummary"],
            ],
            output: [
                "type": "object",
                "properties": ["orderNumber": ["type": "string"]],
                "patternProperties": ["^x-": ["type": "string"]],
                "additionalProperties": false,
            ],
            hints: writing, meta: [:], scopes: ["orders:write"]),
        tool(
            "add_payment_method", "Add payment method", "Add a payment method.", pack: "checkout",
            input: [
                "type": "object",
                "properties": ["type": ["enum": ["credit_card", "paypal"]]],
                "required": ["type"],
            ],
            output: ["type": "object"], hints: writing, meta: [:]),
        tool(
            "get_deals", "Get deals", "Get current deals and promotions.", pack: "deals",
            input: ["type": "object", "properties": ["category": ["type": "string"]]],
            output: ["type": "array", "prefixItems": [["type": "string"]], "items": ["type": "object"]],
            hints: readOnly, meta: [:]),
    ]

    static let deployment = Deployment(
        publicURL: "https://tools.example.com", title: "Shop", modelName: "shop", version: "1.0.0",
        summary: "Search products and place orders.",
        description: "Tools of a grocery shop: search products, fill a cart, pay and see deals.",
        contactEmail: "support@example.com", legalURL: nil, legalText: nil, logoURL: nil, documentationURL: nil,
        security: [
            .clientCredentials(tokenURL: "https://login.example.com/token", authorizationURL: nil),
            .bearer(format: "JWT"),
        ],
        authorizationServers: ["https://login.example.com"], requiredScopes: ["tools:call"], tokenScope: nil)

    static func tool(
        _ name: String, _ title: String = "A tool", _ summary: String = "Does something.", description: String? = nil,
        pack: String = "pack", input: JSONValue = ["type": "object"], output: JSONValue = ["type": "object"],
        hints: ToolHints = readOnly, meta: JSONValue = [:], scopes: [String] = []
    ) -> ToolDescriptor {
        ToolDescriptor(
            name: name, title: title, summary: summary, description: description ?? summary,
            inputSchema: input, outputSchema: output, meta: meta, scopes: scopes, hints: hints, packID: pack)
    }
}
