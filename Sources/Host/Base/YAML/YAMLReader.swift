// The operator's YAML as JSON values, which is all that is made of it.

import JSON

/// Builds one value from the events of one document.
public struct YAMLReader: ~Copyable {
    /// Values that a text may stand for once its aliases are followed: a few lines can stand for billions.
    static let valueLimit = 10_000
    /// How deep collections may stand within collections.
    static let depthLimit = 100

    private var events: YAMLEvents
    private var budget = Self.valueLimit
    /// What is anchored so far, with the number of values in it. A collection is not known inside itself.
    private var anchors: [String: (value: JSONValue, count: Int)] = [:]

    /// The document in `text`; null when there is none.
    ///
    /// - Throws: `YAMLFault` for what is not YAML, what JSON cannot say, keys given twice, and more than one document.
    public static func value(_ text: String) throws(YAMLFault) -> JSONValue {
        var reader = YAMLReader(events: try YAMLEvents(text))
        return try reader.document()
    }

    private init(events: consuming YAMLEvents) {
        self.events = events
    }

    private mutating func document() throws(YAMLFault) -> JSONValue {
        _ = try events.next()
        guard try events.next().kind == .documentStart else { return .null }
        let root = try value(try events.next(), depth: 0)
        _ = try events.next()
        let end = try events.next()
        guard end.kind == .streamEnd else { throw end.fault("a second document begins; one is expected") }
        return root
    }

    private mutating func value(_ event: YAMLEvent, depth: Int) throws(YAMLFault) -> JSONValue {
        guard depth < Self.depthLimit else { throw event.fault("more than \(Self.depthLimit) collections are nested") }
        let before = budget
        try spend(1, event)
        let value: JSONValue
        let name: String?
        switch event.kind {
        case .alias(let target):
            guard let (value, count) = anchors[target] else { throw event.fault("*\(target) refers to nothing") }
            try spend(count - 1, event)
            return value
        case .scalar(let text, let anchor, let isPlain):
            value = isPlain ? YAMLScalar.value(text) : .string(text)
            name = anchor
        case .sequenceStart(let anchor):
            value = .array(try items(depth))
            name = anchor
        case .mappingStart(let anchor):
            value = .object(try members(depth))
            name = anchor
        case .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
            throw event.fault("a value is missing")
        }
        if let name { anchors[name] = (value, before - budget) }
        return value
    }

    private mutating func items(_ depth: Int) throws(YAMLFault) -> [JSONValue] {
        var items: [JSONValue] = []
        while true {
            let event = try events.next()
            if event.kind == .sequenceEnd { return items }
            items.append(try value(event, depth: depth + 1))
        }
    }

    private mutating func members(_ depth: Int) throws(YAMLFault) -> JSONObject {
        var members = JSONObject()
        while true {
            let event = try events.next()
            if event.kind == .mappingEnd { return members }
            guard case .scalar(let key, let anchor, _) = event.kind else { throw event.fault("a key is no text") }
            if let anchor { throw event.fault("the key \(key) has an anchor, &\(anchor)") }
            guard members[key] == nil else { throw event.fault("the key \(key) is there already") }
            members[key] = try value(try events.next(), depth: depth + 1)
        }
    }

    private mutating func spend(_ count: Int, _ event: YAMLEvent) throws(YAMLFault) {
        budget -= count
        guard budget >= 0 else {
            throw event.fault("it stands for more than \(Self.valueLimit) values, aliases included")
        }
    }
}

/// What a text without quotes means: YAML 1.2 core schema (section 10.3.2), and YAML 1.1's `yes`, `no`, `on` and `off`
/// that operators write.
enum YAMLScalar {
    static func value(_ text: String) -> JSONValue {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return .bool(true)
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return .bool(false)
        default: break
        }
        guard let number = number(text) else { return .string(text) }
        return .number(number)
    }

    private static func number(_ text: String) -> JSONNumber? {
        // Nothing else begins a number, and most texts are none.
        guard let first = text.utf8.first, first.isASCIIDigit || "+-.".utf8.contains(first) else {
            return nil
        }
        if text.hasPrefix("0x") { return Int64(text.dropFirst(2), radix: 16).map { JSONNumber($0) } }
        if text.hasPrefix("0o") { return Int64(text.dropFirst(2), radix: 8).map { JSONNumber($0) } }
        if let integer = Int64(text) { return JSONNumber(integer) }
        if case .number(let number)? = try? JSONValue(parsing: text) { return number }
        guard text.utf8.allSatisfy({ $0.isASCIIDigit || "+-.eE".utf8.contains($0) }) else { return nil }
        return Double(text).flatMap { JSONNumber($0) }
    }
}
