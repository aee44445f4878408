// What definitions of schemas are called in documents, decided with all tools in view.

import HostTools
import JSON

/// The names of components in every document of a deployment.
///
/// A definition is called what its author called it, and stands once, however many tools have it. Where tools say
/// different things under one name, each of these has the tool's name before it. Documents of some tools are made with
/// the names of all: what a component is called depends neither on the part that is asked for nor on who asks. So a
/// name such as `cart_Money` tells a caller who sees the cart alone that another tool means something else by `Money`,
/// and no more.
struct ComponentNames: Sendable {
    private struct Key: Hashable {
        var tool: String
        var side: SchemaRelocation.Side
    }

    /// A schema of a tool with its references settled, and what each place in it that is referred to is called.
    struct Schema: Sendable {
        let references: SchemaReferences
        fileprivate(set) var nameOf: [JSONPointer: String] = [:]
    }

    private var schemas: [Key: Schema] = [:]

    /// Fails with the first problem that `OpenAPIDocument.check` finds in any tool.
    init(_ tools: [ToolDescriptor]) throws(DescriptorProblem) {
        var keys: [Key] = []
        var found: [SchemaReferences] = []
        for tool in tools {
            for (side, schema) in [(SchemaRelocation.Side.input, tool.inputSchema), (.output, tool.outputSchema)] {
                let references = SchemaReferences(schema)
                if let problem = SchemaRelocation.problems(of: references, tool: tool.name, side: side).first {
                    throw problem
                }
                keys.append(Key(tool: tool.name, side: side))
                found.append(references)
            }
        }
        let classes = DefinitionClasses(found)
        var claims = Claims()
        for (index, key) in keys.enumerated() {
            var schema = Schema(references: found[index])
            for target in found[index].targets {
                guard let number = classes.number(of: target, in: index) else { continue }
                schema.nameOf[target] =
                    if let name = classes.sharedNames[number] {
                        claims.name(Claims.Owner(number: number), name)
                    } else {
                        claims.name(
                            Claims.Owner(number: number, tool: key.tool),
                            key.tool + "_" + SchemaRelocation.name(for: target, side: key.side))
                    }
            }
            schemas[key] = schema
        }
    }

    /// `nil` for a tool that was not among those in view.
    func schema(tool: String, side: SchemaRelocation.Side) -> Schema? {
        schemas[Key(tool: tool, side: side)]
    }
}

/// Names that are taken, and by what.
private struct Claims {
    struct Owner: Hashable {
        /// The class of what is named.
        var number: Int
        /// `nil` for what all tools share.
        var tool: String?
    }

    private var names: [Owner: String] = [:]
    private var taken: Set<String> = [ErrorResponses.schemaName]

    /// `wanted` with everything that OpenAPI forbids in a component's name replaced (3.1.0 section 4.8.7.1), and a
    /// number after it where the name is taken. The same tools in the same order always get the same names.
    mutating func name(_ owner: Owner, _ wanted: String) -> String {
        if let known = names[owner] { return known }
        let name = String(
            wanted.unicodeScalars.map { scalar -> Character in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_": Character(scalar)
                default: "_"
                }
            })
        var candidate = name
        var number = 2
        while !taken.insert(candidate).inserted {
            candidate = "\(name)_\(number)"
            number += 1
        }
        names[owner] = candidate
        return candidate
    }
}
