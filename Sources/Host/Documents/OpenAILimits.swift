// What OpenAI's importers take at most: the one place that knows the numbers.

import HostTools
import JSON
import JSONSchema

/// Limits of GPT Actions and of apps in ChatGPT. Lengths are in Unicode code points.
///
/// A descriptor beyond its limits is refused when its pack loads, because the whole document would be refused later. A
/// deployment beyond its limits can be served in parts (`?pack=`, `?tag=`), so it is only warned about.
public enum OpenAILimits {
    /// The longest summary of an operation, and the longest description.
    public static let operationText = 300
    /// The longest description of a parameter, which is a property of the input here.
    public static let parameterText = 700
    /// The longest `openai/toolInvocation/invoking` and `openai/toolInvocation/invoked`.
    static let statusText = 64
    /// The longest name of a function.
    static let name = 64
    /// Operations in one document; found by experience, not documented.
    public static let operations = 30
    /// Bytes of one document; found by experience, not documented.
    static let documentBytes = 1_000_000

    static let statusMembers = ["openai/toolInvocation/invoking", "openai/toolInvocation/invoked"]

    /// Every limit that the descriptor exceeds; empty where it may be served.
    public static func problems(with tool: ToolDescriptor) -> [DescriptorProblem] {
        var problems: [DescriptorProblem] = []
        func check(_ pointer: JSONPointer, _ text: String, _ allowed: ClosedRange<Int>) {
            let count = text.unicodeScalars.count
            guard !allowed.contains(count) else { return }
            let reason = count == 0 ? "is empty" : "has \(count) characters; the limit is \(allowed.upperBound)"
            problems.append(DescriptorProblem(tool: tool.name, pointer: pointer, reason: reason))
        }
        check(JSONPointer(["name"]), tool.name, 1...name)
        if !tool.name.utf8.allSatisfy(isNameByte) {
            problems.append(
                DescriptorProblem(
                    tool: tool.name, pointer: JSONPointer(["name"]),
                    reason: "has a character other than A-Z, a-z, 0-9 and _, which function names are limited to"))
        }
        check(JSONPointer(["title"]), tool.title, 1...Int.max)
        check(JSONPointer(["summary"]), tool.summary, 1...operationText)
        for member in statusMembers {
            if let text = tool.meta[member]?.string { check(JSONPointer(["meta", member]), text, 0...statusText) }
        }
        visitProperties(of: tool.inputSchema, at: JSONPointer(["input_schema"])) { pointer, text in
            check(pointer, text, 0...parameterText)
        }
        return problems
    }

    /// What an operator should know about a document of `bytes` bytes; empty where it fits. How many tools are too many
    /// is in `ClientQuirks`.
    static func warnings(bytes: Int) -> [String] {
        guard bytes > documentBytes else { return [] }
        return [
            "the OpenAPI document has \(bytes) bytes and OpenAI takes about \(documentBytes): "
                + "import it in parts, with ?pack= or ?tag=, or disable tools"
        ]
    }

    public static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// Calls `body` with the description of each property at any depth, definitions included.
    private static func visitProperties(
        of schema: JSONValue, at pointer: JSONPointer, _ body: (JSONPointer, String) -> Void
    ) {
        guard case .object(let members) = schema else { return }
        for (keyword, value) in members {
            for (path, subschema) in SchemaKeywords.schemas(under: keyword, value) {
                let place = pointer.appending(path)
                if keyword == "properties", let text = subschema["description"]?.string {
                    body(place.appending("description"), text)
                }
                visitProperties(of: subschema, at: place, body)
            }
        }
    }
}
