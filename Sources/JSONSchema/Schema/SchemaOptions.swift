// What the host may choose when it compiles a schema.

import JSON

/// How a schema is compiled. Nothing is ever fetched: every reference must resolve within the schema, `resources`, or
/// the 2020-12 metaschemas, which are built in.
public struct SchemaOptions: Sendable {
    /// Formats are checked rather than only annotated (validation section 7.2.2). Unknown formats never are.
    public var assertsFormats: Bool
    /// Further schemas by their absolute URI, which `$ref` may use.
    public var resources: [String: JSONValue]
    /// The URI of the schema itself, against which its references resolve when it has no `$id`.
    public var baseURI: String

    public init(assertsFormats: Bool = false, resources: [String: JSONValue] = [:], baseURI: String = "") {
        self.assertsFormats = assertsFormats
        self.resources = resources
        self.baseURI = baseURI
    }
}
