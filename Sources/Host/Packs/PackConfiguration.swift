// The configuration that a pack's start is given: the operator's YAML over what `x-env` properties name.

import Glibc
import HostBase
import HostEngines
import HostSandbox
import JSON
import JSONSchema

/// Puts a pack's configuration together and checks it against the pack's own schema.
public struct PackConfiguration {
    /// Values by name of key, for properties that say `x-env`.
    let environment: (String) -> String?
    /// What no path of a pack's may be.
    let places: HostPlaces
    /// The pack's own.
    let folder: PackDataFolder
    /// Those that may be filled in.
    var names = EnvironmentNames.any
    /// Whether the pack keeps to its own folder, so that the state folder is none for it.
    var isConfined = false

    /// What came of it.
    public struct Resolved: Sendable {
        /// A JSON object that fits the schema. Paths are absolute in it, without links.
        public var config = JSONObject()
        /// What opens to the pack because of it.
        public var paths: [OpenPath] = []
        /// Folders that are to be made before the pack is started, with the keys that name them.
        var missing: [(key: String, path: String)] = []
        public var remarks: [ConfigurationRemark] = []
        /// What its `x-env` properties ask for.
        public var asked: [AskedName] = []

        /// What it is given because it asks for it.
        var given: [String] { asked.filter { $0.state == .given }.map(\.name) }

        /// Makes the folders that are not there, and those above them, with mode 0700.
        func makeFolders() throws(PolicyFault) {
            for (key, path) in missing {
                do throws(FileStatus.Failure) {
                    try FileStatus.makeDirectory(path)
                    let made = try CanonicalPath(path)
                    guard made.text == path, made.kind == .folder else { throw FileStatus.Failure(ENOTDIR) }
                } catch {
                    throw PolicyFault(
                        key: key, problem: "the folder \(path) cannot be made: \(error.reason)", example: "")
                }
            }
        }
    }

    /// Looks and makes nothing.
    ///
    /// - Throws: `PolicyFault` that names the key as the operator would write it.
    func resolve(schema: JSONValue?, policy: PackPolicy) throws(PolicyFault) -> Resolved {
        guard let schema else {
            if let first = policy.config.keys.first {
                throw PolicyFault(
                    key: "config.\(first)", problem: "the pack takes no configuration", example: "")
            }
            return Resolved()
        }
        let paths: [PathProperty]
        do {
            paths = try PathProperty.all(of: schema)
        } catch {
            throw PolicyFault(
                key: "config", problem: "cannot be put together: \(error.field) \(error.reason)", example: "")
        }
        var resolved = Resolved(config: policy.config)
        var origins: [String: String] = [:]
        for (name, property) in schema["properties"]?.object ?? JSONObject() {
            guard let variable = property["x-env"]?.string else { continue }
            let state = try fill(name, property, from: variable, &resolved)
            if state == .given { origins[name] = variable }
            resolved.asked.append(AskedName(name: variable, property: name, state: state))
        }
        var defaults: Set<String> = []
        for path in paths where resolved.config[path.name] == nil {
            guard let value = schema["properties"]?[path.name]?["default"] else { continue }
            resolved.config[path.name] = value
            defaults.insert(path.name)
        }
        try validate(resolved.config, against: schema, origins: origins)
        for path in paths {
            try open(
                path, key: origins[path.name] ?? "config.\(path.name)", isDefault: defaults.contains(path.name),
                &resolved)
        }
        return resolved
    }

    /// Gives a property the value that its name has, where it may be given.
    private func fill(
        _ property: String, _ schema: JSONValue, from variable: String, _ resolved: inout Resolved
    ) throws(PolicyFault) -> AskedName.State {
        if resolved.config[property] != nil { return .configured }
        let isPath = schema["x-path"] != nil
        if isConfined, !isPath, variable == HostPlaces.stateKey {
            resolved.config[property] = .string(folder.path)
            resolved.remarks.append(
                .ownStateFolder(property: property, path: folder.path, copy: folder.copyCommand))
            return .ownFolder
        }
        guard let text = environment(variable) else { return .unset }
        guard names.contains(variable, isPath: isPath) else {
            resolved.remarks.append(
                .unlisted(property: property, name: variable, line: names.line(adding: variable)))
            return .unlisted
        }
        resolved.config[property] = try value(text, as: schema, of: variable)
        return .given
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
        if violation.keyword == "additionalProperties", parts.count == 1, let properties = schema["properties"]?.object
        {
            throw PackPolicy.unknown(parts[0], at: key, known: properties.keys)
        }
        throw PolicyFault(key: key, problem: violation.message, example: "")
    }

    // MARK: Paths

    /// Puts the places that a property names into the configuration, and has them opened.
    private func open(
        _ property: PathProperty, key: String, isDefault: Bool, _ resolved: inout Resolved
    ) throws(PolicyFault) {
        guard let value = resolved.config[property.name] else { return }
        var places: [JSONValue] = []
        for text in (property.isList ? value.array ?? [] : [value]).compactMap(\.string) {
            let place = try place(text, property, key: key, isDefault: isDefault)
            places.append(.string(place.text))
            if place.kind == .absent {
                guard property.access == .readWrite || isDefault else {
                    // It may be meant to be a file.
                    resolved.remarks.append(.absent(key: key, path: place.text))
                    continue
                }
                resolved.missing.append((key, place.text))
            }
            resolved.paths.append(OpenPath(path: place.text, access: property.access))
        }
        resolved.config[property.name] = property.isList ? .array(places) : places.first
    }

    private func place(
        _ text: String, _ property: PathProperty, key: String, isDefault: Bool
    ) throws(PolicyFault) -> CanonicalPath {
        func fault(_ problem: String) -> PolicyFault { PolicyFault(key: key, problem: problem, example: "") }
        guard !text.isEmpty, !text.utf8.contains(0) else { throw fault("is no path") }
        let base = isDefault ? places.stateDirectory : places.workingDirectory
        let path = text.hasPrefix("/") ? text : "\(base)/\(text)"
        guard path.hasPrefix("/") else {
            throw fault("\(text) cannot be found: the folder in which toolhost was started is gone")
        }
        let place: CanonicalPath
        do {
            place = try CanonicalPath(path)
        } catch {
            throw fault("\(path) cannot be looked at: \(error.reason)")
        }
        if let objection = places.objection(to: place, property.access, folder: folder) {
            let shown = place.text == path ? path : "\(path), which is \(place.text),"
            throw fault(
                "\(shown) \(objection), which is the host's and opens to no pack; name another file or folder, as in "
                    + "config: {\(property.name): \(property.isList ? "[/srv/files]" : "/srv/files")}")
        }
        return place
    }
}
