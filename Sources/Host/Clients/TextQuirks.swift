// Looks for what clients refuse or misread in names and texts. Rules about wording are ones that are seldom wrong.

import HostBase
import HostDocuments
import HostTools
import JSON

/// The checks of `ClientQuirks` that are about names and texts. Lengths are in Unicode code points.
enum TextQuirks {
    typealias Spot = ClientQuirk.Spot

    /// Leaves ten characters for the name of the server.
    static let nameLength = 50
    static let textLength = 1_024
    private static let fewestWords = 3

    private static let name = JSONPointer(["name"])
    private static let summary = JSONPointer(["summary"])
    private static let description = JSONPointer(["description"])

    static let digitFirst: @Sendable (ToolSubject) -> [Spot] = { tool in
        guard let first = tool.descriptor.name.utf8.first, first.isASCIIDigit else { return [] }
        return [Spot(pointer: name, detail: "begins with a digit")]
    }

    static let longName: @Sendable (ToolSubject) -> [Spot] = { tool in
        let count = tool.descriptor.name.unicodeScalars.count
        return count > nameLength ? [Spot(pointer: name, detail: "has \(count) characters")] : []
    }

    static let nameCharacters: @Sendable (ToolSubject) -> [Spot] = { tool in
        let name = tool.descriptor.name
        guard !(1...64).contains(name.utf8.count) || !name.utf8.allSatisfy(OpenAILimits.isNameByte) else { return [] }
        return [Spot(pointer: Self.name, detail: "is not 1 to 64 letters, digits and underscores")]
    }

    static let longText: @Sendable (ToolSubject) -> [Spot] = { tool in
        let count = tool.text.unicodeScalars.count
        return count > textLength ? [Spot(pointer: description, detail: "comes to \(count) characters")] : []
    }

    static let longForActions: @Sendable (ToolSubject) -> [Spot] = { tool in
        let count = tool.descriptor.description.unicodeScalars.count
        return count > OpenAILimits.operationText
            ? [Spot(pointer: description, detail: "has \(count) characters")] : []
    }

    static let actionsTexts: @Sendable (ToolSubject) -> [Spot] = { tool in
        OpenAILimits.problems(with: tool.descriptor)
            .filter { $0.pointer == summary || $0.pointer.tokens.first == "input_schema" }
            .map { Spot(pointer: $0.pointer, detail: $0.reason) }
    }

    static let shortText: @Sendable (ToolSubject) -> [Spot] = { tool in
        // A language that is written without spaces has no words to count.
        guard tool.text.utf8.allSatisfy({ $0 < 0x80 }) else { return [] }
        let count = tool.text.split(whereSeparator: \.isWhitespace).count
        return count < fewestWords
            ? [Spot(pointer: summary, detail: count == 1 ? "is one word" : "has \(count) words")] : []
    }

    static let repeatedName: @Sendable (ToolSubject) -> [Spot] = { tool in
        func letters(_ text: String) -> [Unicode.Scalar] {
            text.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic || $0.properties.numericType != nil }
        }
        let text = letters(tool.text)
        let isTitle = tool.descriptor.title != tool.descriptor.summary && text == letters(tool.descriptor.title)
        guard text == letters(tool.descriptor.name) || isTitle else { return [] }
        return [Spot(pointer: summary, detail: "repeats the \(isTitle ? "title" : "name")")]
    }

    /// The pack's own texts, each with its place; the description only where it is one of its own.
    private static func texts(_ tool: ToolSubject) -> [(pointer: JSONPointer, text: String)] {
        let (first, second) = (tool.descriptor.summary, tool.descriptor.description)
        return [(summary, first)] + (second == first ? [] : [(description, second)])
    }

    static let referringText: @Sendable (ToolSubject) -> [Spot] = { tool in
        let beginnings = ["same as ", "see above", "as above", "like above", "ditto", "todo:", "tbd:", "fixme"]
        let wholes = ["todo", "tbd", "n/a", "none", "description", "placeholder", "...", "…", "-"]
        return texts(tool).filter { _, text in
            let plain = text.lowercased()
            let bare = plain.hasSuffix(".") && plain.count > 3 ? String(plain.dropLast()) : plain
            return wholes.contains(bare) || beginnings.contains { plain.hasPrefix($0) }
        }
        .map { Spot(pointer: $0.pointer, detail: "stands for another text") }
    }

    static let lowerCase: @Sendable (ToolSubject) -> [Spot] = { tool in
        texts(tool).filter { _, text in
            let word = text.prefix { !$0.isWhitespace }
            // Names such as iPhone, npm_install or b2b are spelt that way.
            return word.count < text.count && word.count > 1
                && word.unicodeScalars.allSatisfy { $0.properties.isLowercase || $0 == "'" || $0 == "," }
        }
        .map { Spot(pointer: $0.pointer, detail: "begins in lower case") }
    }
}

/// The checks of `ClientQuirks` that are about how many tools there are.
enum NumberQuirks {
    static func more(than limit: Int, _ tools: [ToolSubject]) -> [ClientQuirk.Spot] {
        guard tools.count > limit else { return [] }
        return [ClientQuirk.Spot(pointer: JSONPointer(), detail: "has \(tools.count) tools")]
    }
}
