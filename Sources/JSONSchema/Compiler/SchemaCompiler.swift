// From a schema document to a program: every reference resolved, every name placed, every mistake reported.

import JSON

/// Dynamic references need no stack at run time: a schema is compiled once for each dynamic scope it is reached in
/// (core section 8.2.3.2), of which there are few, because only the first resource with an anchor counts.
struct SchemaCompiler {
    struct Key: Hashable {
        let site: SchemaSite
        let scope: Int
    }

    var library: SchemaLibrary
    var tables = ProgramTables()
    let options: SchemaOptions
    private var compiled: [Key: Int32] = [:]
    /// For each scope, the schema that each dynamic anchor leads to.
    private var scopes: [[String: SchemaSite]] = [[:]]
    private var scopeNumbers: [[String: SchemaSite]: Int] = [[:]: 0]
    var patternNumbers: [ExactText: Int32] = [:]
    private var depth = 0

    static func compile(_ schema: JSONValue, options: SchemaOptions) throws(SchemaError) -> Program {
        var compiler = SchemaCompiler(options)
        let root = try compiler.library.add(schema, uri: options.baseURI)
        _ = try compiler.schema(at: root, scope: 0)
        // Definitions that nothing refers to are checked too: their mistakes are mistakes.
        for site in compiler.library.ownSites(where: { !compiler.isCompiled($0) }) where !compiler.isCompiled(site) {
            _ = try compiler.schema(at: site, scope: 0)
        }
        try SchemaLoops.refuse(compiler.tables)
        return Program(compiler.tables)
    }

    private init(_ options: SchemaOptions) {
        self.options = options
        library = SchemaLibrary(resources: options.resources)
    }

    private func isCompiled(_ site: SchemaSite) -> Bool {
        scopes.indices.contains { compiled[Key(site: site, scope: $0)] != nil }
    }

    /// The number of the schema at a site, compiled when it is not yet.
    mutating func schema(at site: SchemaSite, scope outer: Int) throws(SchemaError) -> Int32 {
        guard let (value, resourceIndex) = library.value(at: site) else {
            throw SchemaError(library.describe(site), "there is no schema here")
        }
        let resource = library.resources[resourceIndex]
        if let problem = resource.problem { throw problem }
        let scope = enter(resource, from: outer)
        let key = Key(site: site, scope: scope)
        if let number = compiled[key] { return number }
        depth += 1
        defer { depth -= 1 }
        if depth > SchemaBounds.references {
            throw SchemaError(
                library.describe(site),
                "more than \(SchemaBounds.references) schemas are in one line here, each reached from the one before by a "
                    + "reference or because it stands in it")
        }
        if tables.schemas.count >= SchemaBounds.subschemas {
            throw SchemaError(
                library.describe(site),
                "the schema is too large: it has more than \(SchemaBounds.subschemas) schemas in it")
        }

        let number = Int32(tables.schemas.count)
        compiled[key] = number
        tables.schemas.append(Subschema())
        tables.places.append(library.describe(site))
        var code: [Instruction] = []
        switch value {
        case .bool(true): break
        case .bool(false): code = [.never]
        case .object(let members):
            var keywords = KeywordCompiler(
                members: members, site: site, scope: scope, resource: resourceIndex, vocabulary: resource.vocabulary)
            try keywords.compile(&self)
            code = keywords.code
            tables.schemas[Int(number)].tracks = keywords.tracks
        default: throw SchemaError(library.describe(site), "a schema must be an object or a boolean")
        }
        tables.schemas[Int(number)].first = Int32(tables.code.count)
        tables.code.append(contentsOf: code)
        tables.schemas[Int(number)].end = Int32(tables.code.count)
        return number
    }

    private mutating func enter(_ resource: SchemaResource, from outer: Int) -> Int {
        if resource.dynamicAnchors.isEmpty { return outer }
        let scope = scopes[outer].merging(resource.dynamicAnchors) { first, _ in first }
        if let number = scopeNumbers[scope] { return number }
        scopes.append(scope)
        scopeNumbers[scope] = scopes.count - 1
        return scopes.count - 1
    }

    /// The schema that `$ref` or `$dynamicRef` leads to.
    mutating func reference(
        _ reference: String, isDynamic: Bool, resource: Int, scope: Int, at place: SchemaSite
    ) throws(SchemaError) -> Int32 {
        let target = try library.resolve(reference, from: resource, at: place)
        if isDynamic, target.isDynamic, let outermost = scopes[scope][target.anchor] {
            return try schema(at: outermost, scope: scope)
        }
        return try schema(at: target.site, scope: scope)
    }
}
