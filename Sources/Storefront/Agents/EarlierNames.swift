// What members were called before: agents go on saying so, and so do answers that an earlier release kept.

import JSON
import ToolSDK

enum EarlierNames {
    /// By the name of today. It counts in objects that are said to have the new name and not to have the old one: a
    /// deal has a `code` of its own.
    private static let names = ["productCode": "code"]

    /// The member of an object by its name, or else by the one it had before; `nil` where it has neither, or null.
    ///
    /// - Parameters:
    ///   - name: As the schema has it.
    ///   - properties: Of the schema of the object.
    static func member(
        _ name: String, of properties: JSONObject, find: (String) -> JSONValue?
    ) -> (value: JSONValue, isEarlier: Bool)? {
        if let value = find(name), value != nil { return (value, false) }
        guard let earlier = names[name], properties[earlier] == nil, let value = find(earlier), value != nil
        else { return nil }
        return (value, true)
    }
}
