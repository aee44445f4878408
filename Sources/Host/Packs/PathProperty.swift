// The properties of a pack's config schema that are paths: what the pack may open of the file system because of them.

import HostEngines
import HostSandbox
import JSON
import JSONSchema

/// A property that says `x-path`.
struct PathProperty: Sendable, Hashable {
    let name: String
    let access: OpenPath.Access
    /// Whether it holds several paths.
    let isList: Bool

    /// In the order of the schema.
    ///
    /// - Throws: `PackText.Fault` for a property that is no path or says no such access, for an `x-path` that stands
    ///   anywhere else, where nothing would open by it, and for a default that is more than a name in the state folder:
    ///   which places elsewhere open is the operator's to say, and a link below such a name may be a pack's.
    static func all(of schema: JSONValue?) throws(PackText.Fault) -> [PathProperty] {
        if let schema, let place = misplaced(in: schema, at: JSONPointer()) {
            let shown = place.tokens.isEmpty ? "its top" : place.description
            throw PackText.Fault(
                field: "config_schema",
                reason: "at \(shown): x-path is only for the properties of the configuration itself, and opens nothing "
                    + "here; make a property of its own of it, as in /properties/files")
        }
        var found: [PathProperty] = []
        for (name, property) in schema?["properties"]?.object ?? JSONObject() {
            guard let access = property["x-path"] else { continue }
            func fault(_ reason: String) -> PackText.Fault {
                PackText.Fault(field: "config_schema", reason: "at /properties/\(name): \(reason)")
            }
            guard let access = access.string.flatMap(OpenPath.Access.init) else {
                throw fault(#"x-path is neither "read" nor "read-write""#)
            }
            let isList = property["type"]?.string == "array"
            guard (isList ? property["items"] : property)?["type"]?.string == "string" else {
                throw fault("x-path is only for a string or an array of strings")
            }
            let defaults = isList ? property["default"]?.array ?? [] : property["default"].map { [$0] } ?? []
            for value in defaults where !isName(value.string ?? "") {
                throw fault("the default of an x-path is one name in the state folder, such as \"files\"")
            }
            found.append(PathProperty(name: name, access: access, isList: isList))
        }
        return found
    }

    /// The first place of an `x-path` that is none of a property of the configuration itself.
    private static func misplaced(in schema: JSONValue, at place: JSONPointer) -> JSONPointer? {
        let tokens = place.tokens
        let isProperty = tokens.count == 2 && tokens[0] == "properties"
        if !isProperty && schema["x-path"] != nil { return place }
        for (keyword, value) in schema.object ?? JSONObject() {
            for (path, inner) in SchemaKeywords.schemas(under: keyword, value) {
                if let found = misplaced(in: inner, at: place.appending(path)) { return found }
            }
        }
        return nil
    }

    private static func isName(_ text: String) -> Bool {
        !["", ".", ".."].contains(text) && !text.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
    }
}
