// The keywords of one schema, read with their types checked and turned into instructions.

import JSON

struct KeywordCompiler {
    let members: JSONObject
    let site: SchemaSite
    let scope: Int
    let resource: Int
    let vocabulary: Vocabulary
    private(set) var code: [Instruction] = []
    private(set) var tracks = false

    init(members: JSONObject, site: SchemaSite, scope: Int, resource: Int, vocabulary: Vocabulary) {
        self.members = members
        self.site = site
        self.scope = scope
        self.resource = resource
        self.vocabulary = vocabulary
    }

    /// Cheap checks first, those that look at everything else last.
    mutating func compile(_ compiler: inout SchemaCompiler) throws(SchemaError) {
        if vocabulary.contains(.validation) { try assertions(&compiler) }
        try references(&compiler)
        if vocabulary.contains(.applicator) {
            try objects(&compiler)
            try arrays(&compiler)
            try logic(&compiler)
        } else if vocabulary.contains(.validation) {
            try table(&compiler, appliesSchemas: false)
        }
        try annotations(&compiler)
        if vocabulary.contains(.unevaluated) { try unevaluated(&compiler) }
    }

    // MARK: Assertions

    private mutating func assertions(_ compiler: inout SchemaCompiler) throws(SchemaError) {
        if let value = members["type"] { code.append(.types(try types(value, compiler))) }
        if let value = members["const"] {
            code.append(.constant(try constant(value, "const", &compiler)))
        }
        if let value = members["enum"] {
            guard case .array(let values) = value else { throw error("enum", "enum must be an array", compiler) }
            let first = Int32(compiler.tables.constants.count)
            for value in values { _ = try constant(value, "enum", &compiler) }
            code.append(.enumeration(first: first, end: Int32(compiler.tables.constants.count)))
        }
        if let bound = try bound("minimum", &compiler) { code.append(.minimum(bound)) }
        if let bound = try bound("exclusiveMinimum", &compiler) { code.append(.exclusiveMinimum(bound)) }
        if let bound = try bound("maximum", &compiler) { code.append(.maximum(bound)) }
        if let bound = try bound("exclusiveMaximum", &compiler) { code.append(.exclusiveMaximum(bound)) }
        if let bound = try bound("multipleOf", &compiler) {
            let number = compiler.tables.bounds[Int(bound)]
            if number.shape.isZero || number.shape.isNegative {
                throw error("multipleOf", "multipleOf must be greater than zero", compiler)
            }
            if number.shape.count > SchemaBounds.multipleOfDigits {
                throw error("multipleOf", "multipleOf has more than \(SchemaBounds.multipleOfDigits) digits", compiler)
            }
            code.append(.multipleOf(bound))
        }
        if let count = try count("minLength", compiler) { code.append(.minLength(count)) }
        if let count = try count("maxLength", compiler) { code.append(.maxLength(count)) }
        if let pattern = try string("pattern", compiler) {
            code.append(.pattern(try self.pattern(pattern, site.child("pattern"), &compiler)))
        }
        if let count = try count("minItems", compiler) { code.append(.minItems(count)) }
        if let count = try count("maxItems", compiler) { code.append(.maxItems(count)) }
        if let value = members["uniqueItems"] {
            guard case .bool(let isUnique) = value else {
                throw error("uniqueItems", "uniqueItems must be a boolean", compiler)
            }
            if isUnique { code.append(.uniqueItems) }
        }
        if let count = try count("minProperties", compiler) { code.append(.minProperties(count)) }
        if let count = try count("maxProperties", compiler) { code.append(.maxProperties(count)) }
        if let dependencies = try object("dependentRequired", compiler) {
            for (trigger, value) in dependencies {
                let place = site.child("dependentRequired").child(trigger)
                let range = append(try strings(value, place, compiler), &compiler)
                let name = append([trigger], &compiler)
                code.append(.dependentRequired(trigger: name.first, first: range.first, end: range.end))
            }
        }
    }

    private func types(_ value: JSONValue, _ compiler: SchemaCompiler) throws(SchemaError) -> TypeSet {
        let names: [JSONValue]
        switch value {
        case .string: names = [value]
        case .array(let values): names = values
        default: throw error("type", "type must be a string or an array of strings", compiler)
        }
        var types: TypeSet = []
        for name in names {
            guard case .string(let text) = name else {
                throw error("type", "type must be a string or an array of strings", compiler)
            }
            guard let type = TypeSet(named: text) else { throw error("type", "unknown type \(quoted(text))", compiler) }
            types.insert(type)
        }
        return types
    }

    // MARK: References and applicators

    private mutating func references(_ compiler: inout SchemaCompiler) throws(SchemaError) {
        for keyword in ["$ref", "$dynamicRef"] {
            guard let reference = try string(keyword, compiler) else { continue }
            let target = try compiler.reference(
                reference, isDynamic: keyword == "$dynamicRef", resource: resource, scope: scope,
                at: site.child(keyword))
            code.append(.reference(target, isDynamic: keyword == "$dynamicRef"))
        }
        for keyword in ["$defs", "definitions"] { _ = try object(keyword, compiler) }
    }

    private mutating func objects(_ compiler: inout SchemaCompiler) throws(SchemaError) {
        try table(&compiler, appliesSchemas: true)
        if members["propertyNames"] != nil { code.append(.propertyNames(try child("propertyNames", &compiler))) }
        if let dependencies = try object("dependentSchemas", compiler) {
            for trigger in dependencies.keys {
                let schema = try compiler.schema(at: site.child("dependentSchemas").child(trigger), scope: scope)
                code.append(.dependentSchema(trigger: append([trigger], &compiler).first, schema: schema))
            }
        }
    }

    private mutating func table(_ compiler: inout SchemaCompiler, appliesSchemas: Bool) throws(SchemaError) {
        var builder = MemberTableBuilder()
        if vocabulary.contains(.validation), let value = members["required"] {
            let names = try strings(value, site.child("required"), compiler)
            if names.count <= 64 {
                for name in names { builder.require(name) }
            } else {
                let range = append(names, &compiler)
                code.append(.required(first: range.first, end: range.end))
            }
        }
        if appliesSchemas {
            if let properties = try object("properties", compiler) {
                for name in properties.keys {
                    builder.add(name, try compiler.schema(at: site.child("properties").child(name), scope: scope))
                }
            }
            if let patterns = try object("patternProperties", compiler) {
                for source in patterns.keys {
                    let place = site.child("patternProperties").child(source)
                    let pattern = try self.pattern(source, place, &compiler)
                    let schema = try compiler.schema(at: place, scope: scope)
                    builder.patterns.append(MemberPattern(pattern: pattern, schema: schema))
                }
            }
            if let additional = members["additionalProperties"] {
                builder.additional = try child("additionalProperties", &compiler)
                builder.refusesAdditional = additional == false
            }
        }
        if !builder.isEmpty { code.append(.members(builder.finish(&compiler.tables))) }
    }

    private mutating func arrays(_ compiler: inout SchemaCompiler) throws(SchemaError) {
        if case .array? = members["items"] {
            throw error(
                "items",
                "is a list of schemas, as before 2020-12, which calls it prefixItems, and calls items what was "
                    + "additionalItems",
                compiler)
        }
        let prefix = try list("prefixItems", &compiler)
        let rest = members["items"] == nil ? Instruction.none : try child("items", &compiler)
        if prefix != nil || rest != Instruction.none {
            code.append(.items(first: prefix?.first ?? 0, end: prefix?.end ?? 0, rest: rest))
        }
        var minimum: Int? = nil
        var maximum: Int? = nil
        if vocabulary.contains(.validation) {
            minimum = try count("minContains", compiler)
            maximum = try count("maxContains", compiler)
        }
        if members["contains"] != nil {
            code.append(
                .contains(
                    try child("contains", &compiler), minimum: Int32(clamping: minimum ?? 1),
                    maximum: Int32(clamping: maximum ?? Int(Int32.max))))
        }
    }

    private mutating func logic(_ compiler: inout SchemaCompiler) throws(SchemaError) {
        if let range = try list("allOf", &compiler) { code.append(.allOf(first: range.first, end: range.end)) }
        if let range = try list("anyOf", &compiler) { code.append(.anyOf(first: range.first, end: range.end)) }
        if let range = try list("oneOf", &compiler) { code.append(.oneOf(first: range.first, end: range.end)) }
        if members["not"] != nil { code.append(.not(try child("not", &compiler))) }
        if members["if"] != nil {
            let then = members["then"] == nil ? Instruction.none : try child("then", &compiler)
            let otherwise = members["else"] == nil ? Instruction.none : try child("else", &compiler)
            code.append(.conditional(try child("if", &compiler), then: then, otherwise: otherwise))
        }
    }

    private mutating func annotations(_ compiler: inout SchemaCompiler) throws(SchemaError) {
        if let name = try string("format", compiler), let format = Format(rawValue: name),
            compiler.options.assertsFormats || vocabulary.contains(.formatAssertion)
        {
            code.append(.format(format))
        }
        for keyword in ["title", "description", "$comment", "contentEncoding", "contentMediaType"] {
            _ = try string(keyword, compiler)
        }
    }

    private mutating func unevaluated(_ compiler: inout SchemaCompiler) throws(SchemaError) {
        if members["unevaluatedItems"] != nil {
            code.append(.unevaluatedItems(try child("unevaluatedItems", &compiler)))
            tracks = true
        }
        if members["unevaluatedProperties"] != nil {
            code.append(.unevaluatedProperties(try child("unevaluatedProperties", &compiler)))
            tracks = true
        }
    }
}

// MARK: Reading keywords

extension KeywordCompiler {
    private func error(_ keyword: String, _ reason: String, _ compiler: SchemaCompiler) -> SchemaError {
        SchemaError(compiler.library.describe(site.child(keyword)), reason)
    }

    private func child(_ keyword: String, _ compiler: inout SchemaCompiler) throws(SchemaError) -> Int32 {
        try compiler.schema(at: site.child(keyword), scope: scope)
    }

    private func list(
        _ keyword: String, _ compiler: inout SchemaCompiler
    ) throws(SchemaError) -> (first: Int32, end: Int32)? {
        guard let value = members[keyword] else { return nil }
        guard case .array(let elements) = value, !elements.isEmpty else {
            throw error(keyword, "\(keyword) must be an array with at least one schema", compiler)
        }
        var numbers: [Int32] = []
        for index in elements.indices {
            numbers.append(try compiler.schema(at: site.child(keyword).child(String(index)), scope: scope))
        }
        let first = Int32(compiler.tables.children.count)
        compiler.tables.children.append(contentsOf: numbers)
        return (first, Int32(compiler.tables.children.count))
    }

    private func object(_ keyword: String, _ compiler: SchemaCompiler) throws(SchemaError) -> JSONObject? {
        guard let value = members[keyword] else { return nil }
        guard case .object(let object) = value else { throw error(keyword, "\(keyword) must be an object", compiler) }
        return object
    }

    private func string(_ keyword: String, _ compiler: SchemaCompiler) throws(SchemaError) -> String? {
        guard let value = members[keyword] else { return nil }
        guard case .string(let text) = value else { throw error(keyword, "\(keyword) must be a string", compiler) }
        return text
    }

    private func strings(
        _ value: JSONValue, _ place: SchemaSite, _ compiler: SchemaCompiler
    ) throws(SchemaError) -> [String] {
        let reason = "must be an array of different strings"
        guard case .array(let elements) = value else { throw SchemaError(compiler.library.describe(place), reason) }
        let strings = elements.compactMap(\.string)
        guard strings.count == elements.count, Set(strings.map(ExactText.init)).count == strings.count else {
            throw SchemaError(compiler.library.describe(place), reason)
        }
        return strings
    }

    private func count(_ keyword: String, _ compiler: SchemaCompiler) throws(SchemaError) -> Int? {
        guard let value = members[keyword] else { return nil }
        guard let number = value.number, number.isInteger, number >= 0 else {
            throw error(keyword, "\(keyword) must be a whole number that is not negative", compiler)
        }
        return number.int64.map(Int.init) ?? .max
    }

    private func bound(_ keyword: String, _ compiler: inout SchemaCompiler) throws(SchemaError) -> Int32? {
        guard let value = members[keyword] else { return nil }
        guard let number = value.number else {
            // What generators for draft-04 and OpenAPI 3.0 write.
            let isFlag = value.bool != nil && keyword.hasPrefix("exclusive")
            throw error(
                keyword,
                "\(keyword) must be a number"
                    + (isFlag ? ": the bound itself, instead of in the keyword beside it" : ""),
                compiler)
        }
        let text = number.lexeme
        let name = compiler.tables.name(text)
        let shape = DecimalShape(compiler.tables.text.span, Int(name.start), Int(name.length))
        let bound = Bound(
            name: name, shape: shape, integer: number.int64 ?? 0, isInteger: number.int64 != nil,
            coefficient: DecimalShape(text.utf8.span, 0, text.utf8.count).coefficient(text.utf8.span) ?? 0)
        compiler.tables.bounds.append(bound)
        return Int32(compiler.tables.bounds.count - 1)
    }

    private func constant(
        _ value: JSONValue, _ keyword: String, _ compiler: inout SchemaCompiler
    ) throws(SchemaError) -> Int32 {
        do {
            compiler.tables.constants.append(try JSONDocument(value, limits: JSONLimits(depth: 512)))
        } catch {
            throw self.error(keyword, "\(keyword) holds a value that is too deep or too long", compiler)
        }
        return Int32(compiler.tables.constants.count - 1)
    }

    private func append(_ names: [String], _ compiler: inout SchemaCompiler) -> (first: Int32, end: Int32) {
        let first = Int32(compiler.tables.names.count)
        for name in names { compiler.tables.names.append(compiler.tables.name(name)) }
        return (first, Int32(compiler.tables.names.count))
    }

    private func pattern(
        _ source: String, _ place: SchemaSite, _ compiler: inout SchemaCompiler
    ) throws(SchemaError) -> Int32 {
        if let number = compiler.patternNumbers[ExactText(source)] { return number }
        do throws(PatternError) {
            compiler.tables.patterns.append(try Pattern(source))
        } catch {
            throw SchemaError(compiler.library.describe(place), error.reason)
        }
        let number = Int32(compiler.tables.patterns.count - 1)
        compiler.patternNumbers[ExactText(source)] = number
        return number
    }
}
