// Every schema that a reference may name: found once by walking the documents, then looked up.

@_spi(Text) import JSON

/// Where a schema is: a document and a JSON Pointer into it.
struct SchemaSite: Hashable, Sendable {
    let document: Int
    let pointer: JSONPointer

    func child(_ token: String) -> SchemaSite {
        var pointer = pointer
        pointer.append(token)
        return SchemaSite(document: document, pointer: pointer)
    }
}

/// A schema resource (core section 4.3.5): what one `$id` names.
struct SchemaResource {
    let uri: String
    let root: SchemaSite
    var anchors: [String: SchemaSite] = [:]
    var dynamicAnchors: [String: SchemaSite] = [:]
    var vocabulary: Vocabulary = .standard
    var dialect = Dialect.draft2020
    /// Why schemas of this resource cannot be compiled; only matters when they are used.
    var problem: SchemaError?
}

struct SchemaLibrary {
    private(set) var resources: [SchemaResource] = []
    private var documents: [(uri: String, value: JSONValue)] = []
    private var resourceByURI: [String: Int] = [:]
    private var found: [SchemaSite: (value: JSONValue, resource: Int)] = [:]
    /// Registered, but not walked before a reference needs them.
    private var pending: [String: JSONValue]
    private let registered: [String: JSONValue]
    /// Documents with `contains` by the rules of 2019-09, and schemas with its `unevaluatedItems`.
    private var contained: Set<Int> = []
    private var unevaluated: [Int: (site: SchemaSite, resource: Int)] = [:]

    init(resources: [String: JSONValue]) {
        registered = resources
        pending = resources.merging(Metaschema.documents) { own, _ in own }
    }

    /// Adds a document and returns the site of its root.
    mutating func add(_ value: JSONValue, uri: String) throws(SchemaError) -> SchemaSite {
        let site = SchemaSite(document: documents.count, pointer: JSONPointer())
        documents.append((uri, value))
        let reference = URIReference(uri)
        resources.append(SchemaResource(uri: reference.resource, root: site))
        let index = resources.count - 1
        if resourceByURI[reference.resource] == nil { resourceByURI[reference.resource] = index }
        try walk(value, site, index, .draft2020, depth: 0)
        noteDifference(inDocument: site.document)
        return site
    }

    /// Since 2020-12 `contains` counts as a look at the elements that it fits.
    private mutating func noteDifference(inDocument document: Int) {
        guard contained.contains(document), let (site, resource) = unevaluated[document] else { return }
        note(
            "unevaluatedItems",
            "does not count what contains has looked at in 2019-09, and does in 2020-12; leave one of them out, or say "
                + "\"$schema\": \"\(Vocabulary.dialect)\"", at: site, resource)
    }

    private mutating func note(_ keyword: String, _ reason: String, at site: SchemaSite, _ resource: Int) {
        guard resources[resource].problem == nil else { return }
        resources[resource].problem = SchemaError(describe(site.child(keyword)), reason)
    }

    func value(at site: SchemaSite) -> (value: JSONValue, resource: Int)? { found[site] }

    /// How errors name a place: a pointer in the schema itself, a URI and a pointer elsewhere.
    func describe(_ site: SchemaSite) -> String {
        site.document == 0 ? site.pointer.description : documents[site.document].uri + "#" + site.pointer.description
    }

    /// Sites of the first document that are asked for, in an order that is always the same.
    func ownSites(where isIncluded: (SchemaSite) -> Bool) -> [SchemaSite] {
        found.keys.filter { $0.document == 0 && isIncluded($0) }
            .sorted { $0.pointer.description.utf8.lexicographicallyPrecedes($1.pointer.description.utf8) }
    }

    private mutating func walk(
        _ value: JSONValue, _ site: SchemaSite, _ parent: Int, _ outer: Dialect, depth: Int
    ) throws(SchemaError) {
        if depth > SchemaBounds.nesting {
            throw SchemaError(
                describe(site),
                "schemas are nested more than \(SchemaBounds.nesting) deep; move parts under $defs, and refer to them")
        }
        var resource = parent
        if case .object(let members) = value {
            resource = try identify(members, site, parent, isRoot: depth == 0)
            found[site] = (value, resource)
            let dialect = members["$schema"]?.string.flatMap(Dialect.init(uri:)) ?? outer
            if let difference = dialect.difference(in: members) {
                note(difference.keyword, difference.reason, at: site, resource)
            }
            if dialect == .draft2019 {
                if members["contains"] != nil { contained.insert(site.document) }
                if members["unevaluatedItems"] != nil { unevaluated[site.document] = (site, resource) }
            }
            for (key, child) in members {
                for (path, child) in SchemaKeywords.places(under: key, child) {
                    let place = SchemaSite(document: site.document, pointer: site.pointer.appending(path))
                    try walk(child, place, resource, dialect, depth: depth + 1)
                }
            }
        } else {
            found[site] = (value, resource)
        }
    }

    /// Reads `$id`, `$schema` and the anchors, and returns the resource that the schema belongs to.
    private mutating func identify(
        _ members: JSONObject, _ site: SchemaSite, _ parent: Int, isRoot: Bool
    ) throws(SchemaError) -> Int {
        var resource = parent
        if let id = try string(members, "$id", site) {
            let reference = URIReference(id)
            if let fragment = reference.fragment, !fragment.isEmpty {
                throw SchemaError(
                    describe(site.child("$id")),
                    "$id must not have a fragment; write \"$anchor\": \"\(quotedPlain(fragment))\" instead")
            }
            let uri = reference.resolved(against: URIReference(resources[parent].uri)).resource
            if isRoot {
                resources.append(SchemaResource(uri: uri, root: site))
            } else if resourceByURI[uri] != nil, registered[uri] == nil {
                throw SchemaError(describe(site.child("$id")), "the $id \(quoted(uri)) is used twice")
            } else {
                var embedded = SchemaResource(uri: uri, root: site)
                embedded.vocabulary = resources[parent].vocabulary
                embedded.dialect = resources[parent].dialect
                resources.append(embedded)
            }
            resource = resources.count - 1
            resourceByURI[uri] = resource
        }
        if resource != parent || isRoot {
            if let dialect = try string(members, "$schema", site) {
                do throws(SchemaError) {
                    resources[resource].vocabulary = try vocabulary(of: dialect, site)
                    resources[resource].dialect = Dialect(uri: dialect) ?? .draft2020
                } catch {
                    resources[resource].problem = error
                }
            }
        }
        for keyword in ["$anchor", "$dynamicAnchor"] {
            guard let name = try string(members, keyword, site) else { continue }
            guard isAnchor(name) else { throw SchemaError(describe(site.child(keyword)), "not a valid anchor name") }
            if let other = resources[resource].anchors[name], other != site {
                throw SchemaError(describe(site.child(keyword)), "the anchor \(quoted(name)) is used twice")
            }
            resources[resource].anchors[name] = site
            if keyword == "$dynamicAnchor" { resources[resource].dynamicAnchors[name] = site }
        }
        return resource
    }

    private func string(_ members: JSONObject, _ key: String, _ site: SchemaSite) throws(SchemaError) -> String? {
        guard let value = members[key] else { return nil }
        guard case .string(let text) = value else {
            throw SchemaError(describe(site.child(key)), "\(key) must be a string")
        }
        return text
    }

    private func isAnchor(_ name: String) -> Bool {
        guard let first = name.utf8.first else { return false }
        let isLetter = { (byte: UInt8) in (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_") }
        return isLetter(first)
            && name.utf8.allSatisfy {
                isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
            }
    }

    /// The keywords of a dialect: 2020-12, or a registered metaschema made of its vocabularies.
    private func vocabulary(of dialect: String, _ site: SchemaSite) throws(SchemaError) -> Vocabulary {
        let uri = URIReference(dialect).resource
        if Dialect(uri: dialect) != nil { return .standard }
        let place = describe(site.child("$schema"))
        guard let metaschema = registered[uri], case .string(let base)? = metaschema["$schema"],
            URIReference(base).resource == Vocabulary.dialect
        else {
            throw SchemaError(
                place,
                "\(quoted(dialect)) is no dialect that is known here; write \(Vocabulary.dialect), or leave $schema out"
            )
        }
        guard case .object(let listed)? = metaschema["$vocabulary"] else { return .standard }
        var vocabulary: Vocabulary = []
        for (name, isRequired) in listed {
            if let known = Vocabulary.named(name) {
                vocabulary.insert(known)
            } else if isRequired.bool == true {
                throw SchemaError(place, "the dialect needs the unknown vocabulary \(quoted(name))")
            }
        }
        return vocabulary
    }
}

extension SchemaLibrary {
    /// The schema that `reference` names, seen from a resource.
    mutating func resolve(
        _ reference: String, from resource: Int, at place: SchemaSite
    ) throws(SchemaError) -> (site: SchemaSite, isDynamic: Bool, anchor: String) {
        let target = URIReference(reference).resolved(against: URIReference(resources[resource].uri))
        guard let fragment = target.decodedFragment else {
            throw SchemaError(describe(place), "the fragment of \(quoted(reference)) is no percent-encoded UTF-8")
        }
        guard let index = try number(ofResource: target.resource) else {
            throw SchemaError(
                describe(place), "the reference \(quoted(reference)) names no known schema, and nothing is fetched")
        }
        if fragment.isEmpty { return (resources[index].root, false, "") }
        if fragment.utf8.first != UInt8(ascii: "/") {
            guard let site = resources[index].anchors[fragment] else {
                throw SchemaError(describe(place), "there is no anchor for the reference \(quoted(reference))")
            }
            return (site, resources[index].dynamicAnchors[fragment] != nil, fragment)
        }
        guard let pointer = JSONPointer(parsing: fragment), let site = try descend(pointer.tokens, from: index) else {
            throw SchemaError(describe(place), "the reference \(quoted(reference)) points to nothing")
        }
        return (site, false, "")
    }

    private mutating func number(ofResource uri: String) throws(SchemaError) -> Int? {
        if let index = resourceByURI[uri] { return index }
        if let document = pending.removeValue(forKey: uri) {
            _ = try add(document, uri: uri)
            return resourceByURI[uri]
        }
        // An `$id` inside a registered document may be the one that is meant.
        for key in registered.keys.sorted() {
            guard let document = pending.removeValue(forKey: key) else { continue }
            _ = try add(document, uri: key)
            if let index = resourceByURI[uri] { return index }
        }
        return nil
    }

    private mutating func descend(_ tokens: [String], from index: Int) throws(SchemaError) -> SchemaSite? {
        var site = resources[index].root
        guard var (value, resource) = found[site] else { return nil }
        for token in tokens {
            switch value {
            case .object(let members):
                guard let member = members[token] else { return nil }
                value = member
            case .array(let elements):
                guard let position = JSONPointer.arrayIndex(token), elements.indices.contains(position) else {
                    return nil
                }
                value = elements[position]
            default: return nil
            }
            site = site.child(token)
            if let known = found[site] { resource = known.resource }
        }
        // A place under an unknown keyword becomes a schema by being referred to.
        if found[site] == nil {
            try walk(value, site, resource, resources[resource].dialect, depth: 1)
            noteDifference(inDocument: site.document)
        }
        return site
    }
}

/// A name without quotes, shortened.
func quotedPlain(_ text: String) -> String { String(quoted(text).dropFirst().dropLast()) }

/// A name in quotes, shortened so that messages stay readable.
func quoted(_ text: String) -> String {
    text.unicodeScalars.count <= 60
        ? "\"\(text)\"" : "\"\(String(String.UnicodeScalarView(text.unicodeScalars.prefix(57))))…\""
}
