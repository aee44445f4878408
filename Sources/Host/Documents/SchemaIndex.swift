// Finds every schema inside a schema and what each reference means, before anything is moved.

import JSON
import JSONSchema

/// All schemas of one root with their base URIs and anchors (JSON Schema Core 2020-12 sections 8 and 9).
struct SchemaIndex {
    /// A reason why the schema cannot be told in an OpenAPI document, and where.
    struct Fault: Error, Hashable {
        var pointer: JSONPointer
        var reason: String
    }

    struct Entry {
        var schema: JSONValue
        var base: URIReference
    }

    private struct AnchorKey: Hashable {
        var base: URIReference
        var name: String
    }

    let root: JSONValue
    private(set) var entries: [JSONPointer: Entry] = [:]
    /// The order in which schemas were met: depth first, as written.
    private(set) var order: [JSONPointer] = []
    private(set) var problems: [Fault] = []
    private var resources: [URIReference: JSONPointer] = [:]
    private var anchors: [AnchorKey: JSONPointer] = [:]
    private var dynamicAnchors: [String: Set<JSONPointer>] = [:]

    init(_ root: JSONValue) {
        self.root = root
        // A root without `$id` still needs a base that relative references can be resolved against (RFC 3986 section
        // 5.1.4).
        let base = URIReference("tool:///schema")
        resources[base] = JSONPointer()
        add(root, at: JSONPointer(), base: base)
    }

    /// Adds the value at a place that only a reference shows to be a schema, such as `#/x-shared/point`.
    mutating func addReferred(at pointer: JSONPointer) -> Bool {
        if entries[pointer] != nil { return true }
        guard let value = pointer.value(in: root), SchemaKeywords.isSchema(value) else { return false }
        var enclosing = pointer
        while entries[enclosing] == nil, let outer = enclosing.parent { enclosing = outer }
        guard let base = entries[enclosing]?.base else { return false }
        add(value, at: pointer, base: base)
        return true
    }

    /// The place that `reference`, met at `pointer`, names.
    func target(of reference: String, at pointer: JSONPointer) throws(Fault) -> JSONPointer {
        guard let base = entries[pointer]?.base else {
            throw Fault(pointer: pointer, reason: "is not a schema")
        }
        let uri = URIReference(reference).resolved(against: base)
        guard let resource = resources[uri.withoutFragment] else {
            throw Fault(
                pointer: pointer,
                reason: "refers to \(reference), which is outside this schema; nothing is ever fetched")
        }
        guard let fragment = uri.decodedFragment else {
            throw Fault(pointer: pointer, reason: "refers to \(reference), whose percent-encoding is broken")
        }
        if fragment.isEmpty || fragment.hasPrefix("/") {
            guard let relative = JSONPointer(parsing: fragment) else {
                throw Fault(pointer: pointer, reason: "refers to \(reference), which is not a JSON Pointer")
            }
            return resource.appending(relative.tokens)
        }
        guard let anchor = anchors[AnchorKey(base: uri.withoutFragment, name: fragment)] else {
            throw Fault(pointer: pointer, reason: "refers to \(reference), but there is no such anchor")
        }
        return anchor
    }

    /// The place that a `$dynamicRef` names, where that is the same for every way of reaching it (Core section
    /// 8.2.3.2). OpenAPI documents have no dynamic scope of their own, so one that depends on it cannot be told.
    func dynamicTarget(of reference: String, at pointer: JSONPointer) throws(Fault) -> JSONPointer {
        let target = try target(of: reference, at: pointer)
        guard let name = entries[target]?.schema["$dynamicAnchor"]?.string,
            URIReference(reference).fragment == name, (dynamicAnchors[name]?.count ?? 0) > 1
        else { return target }
        throw Fault(
            pointer: pointer,
            reason:
                "is a $dynamicRef whose meaning depends on the way it is reached, since several schema resources have "
                + "the $dynamicAnchor \(name); OpenAPI cannot say that, use $ref")
    }

    private mutating func add(_ schema: JSONValue, at pointer: JSONPointer, base: URIReference) {
        guard entries[pointer] == nil else { return }
        order.append(pointer)
        guard case .object(let members) = schema else {
            entries[pointer] = Entry(schema: schema, base: base)
            return
        }
        let base = identify(members, at: pointer, base: base)
        entries[pointer] = Entry(schema: schema, base: base)
        for (keyword, value) in members {
            for (path, subschema) in SchemaKeywords.schemas(under: keyword, value) {
                add(subschema, at: pointer.appending(path), base: base)
            }
        }
    }

    /// Registers what the schema is called, and returns the base URI inside it.
    private mutating func identify(
        _ members: JSONObject, at pointer: JSONPointer, base outer: URIReference
    ) -> URIReference {
        var base = outer
        // What an older draft says differently was refused when the schema was compiled.
        if let dialect = members["$schema"]?.string, Dialect(uri: dialect) == nil {
            problems.append(
                Fault(
                    pointer: pointer.appending("$schema"),
                    reason: "is \(dialect), which is not known; write \(Dialect.draft2020.uri), or leave it out"))
        }
        if let id = members["$id"]?.string {
            let reference = URIReference(id)
            base = reference.resolved(against: outer).withoutFragment
            if !(reference.fragment ?? "").isEmpty {
                problems.append(Fault(pointer: pointer.appending("$id"), reason: "has a fragment; use $anchor"))
            } else if let earlier = resources.updateValue(pointer, forKey: base), earlier != pointer {
                problems.append(Fault(pointer: pointer.appending("$id"), reason: "\(id) is taken by \(earlier)"))
            }
        }
        for keyword in ["$anchor", "$dynamicAnchor"] {
            guard let name = members[keyword]?.string else { continue }
            if let earlier = anchors.updateValue(pointer, forKey: AnchorKey(base: base, name: name)), earlier != pointer
            {
                problems.append(Fault(pointer: pointer.appending(keyword), reason: "\(name) is taken by \(earlier)"))
            }
            if keyword == "$dynamicAnchor" { dynamicAnchors[name, default: []].insert(pointer) }
        }
        return base
    }
}
