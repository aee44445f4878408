// Finds out which definitions of many schemas are the same, so that a document says each of them once.

import JSON

/// Classes of places that say the same under the same name, with everything that they refer to.
///
/// As states of an automaton are told apart: everything that an author gave one name is taken for the same until its
/// content, with a class in place of each reference, shows that it is not. So definitions that refer to themselves or
/// to each other are compared like all others.
struct DefinitionClasses {
    /// A place in one of the schemas.
    private struct Place: Hashable {
        var schema: Int
        var pointer: JSONPointer
    }

    /// By what the classes of the next round are told apart.
    private struct Content: Hashable {
        var number: Int
        var schema: JSONValue
    }

    private var numbers: [Place: Int] = [:]
    /// The author's name of each class that no other class has, and that refers to nothing but such classes.
    private(set) var sharedNames: [Int: String] = [:]

    init(_ schemas: [SchemaReferences]) {
        var places: [Place] = []
        var names: [String: Int] = [:]
        var count = 0
        for (index, references) in schemas.enumerated() {
            for pointer in references.targets {
                let place = Place(schema: index, pointer: pointer)
                places.append(place)
                // What has no name of an author's is like nothing else.
                let name = references.isDefinition(pointer) ? pointer.tokens.last : nil
                if let name, let known = names[name] {
                    numbers[place] = known
                } else {
                    numbers[place] = count
                    if let name { names[name] = count }
                    count += 1
                }
            }
        }
        for _ in 0..<Self.rounds {
            let contents = contents(of: places, in: schemas)
            var next: [Content: Int] = [:]
            for (place, content) in zip(places, contents) {
                let number = next[content] ?? next.count
                next[content] = number
                numbers[place] = number
            }
            if next.count == count {
                share(places, self.contents(of: places, in: schemas), schemas)
                return
            }
            count = next.count
        }
        // Nobody knows by now what is the same: so nothing is.
        for (number, place) in places.enumerated() { numbers[place] = number }
    }

    /// A difference shows after as many rounds as there are references from it to what is compared. No schema that
    /// people write is that deep, and none that a program writes makes a start long.
    private static let rounds = 32

    /// The class of a place that something refers to.
    func number(of pointer: JSONPointer, in schema: Int) -> Int? {
        numbers[Place(schema: schema, pointer: pointer)]
    }

    private func contents(of places: [Place], in schemas: [SchemaReferences]) -> [Content] {
        let rewriters = schemas.enumerated().map { index, references in
            var nameOf: [JSONPointer: String] = [:]
            for target in references.targets { nameOf[target] = number(of: target, in: index).map(String.init) }
            return SchemaRewriter(references: references, nameOf: nameOf)
        }
        return places.map { place in
            let rewriter = rewriters[place.schema]
            let schema = rewriter.references.index.entries[place.pointer]?.schema ?? true
            return Content(number: numbers[place] ?? -1, schema: rewriter.rewritten(schema, at: place.pointer))
        }
    }

    private mutating func share(_ places: [Place], _ contents: [Content], _ schemas: [SchemaReferences]) {
        var classes: [String: Set<Int>] = [:]
        for place in places where schemas[place.schema].isDefinition(place.pointer) {
            guard let name = place.pointer.tokens.last, let number = numbers[place] else { continue }
            classes[name, default: []].insert(number)
            sharedNames[number] = name
        }
        for numbers in classes.values where numbers.count > 1 {
            for number in numbers { sharedNames[number] = nil }
        }
        // Whatever refers to something that each tool has for itself is each tool's own, too.
        var users: [Int: Set<Int>] = [:]
        let start = SchemaRelocation.reference(to: "").count
        for content in contents {
            for reference in Self.references(in: content.schema) {
                if let number = Int(reference.dropFirst(start)) { users[number, default: []].insert(content.number) }
            }
        }
        var own = contents.map(\.number).filter { sharedNames[$0] == nil }
        while let number = own.popLast() {
            for user in users[number] ?? [] where sharedNames.removeValue(forKey: user) != nil { own.append(user) }
        }
    }

    /// Every text that refers to a component, wherever it stands.
    private static func references(in value: JSONValue) -> [String] {
        switch value {
        case .object(let members):
            var found: [String] = []
            for (key, member) in members {
                if key == "$ref", let text = member.string {
                    found.append(text)
                } else if key == "discriminator", case .object(let mapping)? = member["mapping"] {
                    let start = SchemaRelocation.reference(to: "")
                    found += mapping.compactMap { $0.value.string }.filter { $0.hasPrefix(start) }
                } else {
                    found += references(in: member)
                }
            }
            return found
        case .array(let elements): return elements.flatMap(references)
        default: return []
        }
    }
}
