// The configuration that a pack's start is given: the operator's YAML over what `x-env` properties name.

import HostBase
import JSON
import JSONSchema

/// Puts a pack's configuration together and checks it against the pack's own schema.
public struct PackConfiguration {
    /// Values by name of key, for properties that say `x-env`.
    let environment: (String) -> String?

    /// - Returns: a JSON object that fits `schema`.
    /// - Throws: `PolicyFault` that names the key as the operator would write it.
    func resolve(schema: JSONValue?, policy: PackPolicy) throws(PolicyFault) -> JSONObject {
        guard let schema else {
            if let first = policy.config.keys.first {
                throw PolicyFault(
                    key: "config.\(first)", problem: "the pack takes no configuration", example: "")
            }
            return JSONObject()
        }
        var config = policy.config
        var origins: [String: String] = [:]
        for (name, property) in schema["properties"]?.object ?? JSONObject() where config[name] == nil {
            guard let variable = property["x-env"]?.string, let text = environment(variable) else { continue }
            config[name] = try value(text, as: property, of: variable)
            origins[name] = variable
        }
        try validate(config, against: schema, origins: origins)
        return config
    }

    /// The names that a schema's `x-env` properties ask for.
    public static func environmentNames(of schema: JSONValue?) -> [String] {
        (schema?["properties"]?.object ?? JSONObject()).compactMap { $0.value["x-env"]?.string }
    }

    private func value(_ text: String, as property: JSONValue, of variable: String) throws(PolicyFault) -> JSONValue {
        switch property["type"]?.string {
        case "integer", "number":
            if let number = try? JSONValue(parsing: text), case .number = number { return number }
            throw PolicyFault(key: variable, problem: "\"\(text)\" is not a number", example: "10")
        case "boolean":
            switch text.lowercased() {
            case "true", "1", "yes", "on": return .bool(true)
            case "false", "0", "no", "off": return .bool(false)
            default:
                throw PolicyFault(key: variable, problem: "\"\(text)\" is neither true nor false", example: "true")
            }
        case "array":
            return .array(text.split(separator: ",").map { .string($0.trimmed) })
        default:
            return .string(text)
        }
    }

    private func validate(
        _ config: JSONObject, against schema: JSONValue, origins: [String: String]
    ) throws(PolicyFault) {
        let violations: [SchemaViolation]
        do {
            let compiled = try CompiledSchema(schema)
            violations = compiled.validate(try JSONDocument(parsing: JSONValue.object(config).bytes()), limit: 1)
        } catch {
            throw PolicyFault(key: "config", problem: "cannot be checked: \(error)", example: "")
        }
        guard let violation = violations.first else { return }
        let parts = violation.instancePointer.split(separator: "/").map(String.init)
        let key = parts.first.flatMap { origins[$0] } ?? (["config"] + parts).joined(separator: ".")
        throw PolicyFault(key: key, problem: violation.message, example: "")
    }
}
