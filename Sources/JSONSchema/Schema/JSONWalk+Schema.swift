// Values of a text that is walked through, read as a schema has them.

import JSON

extension JSONWalk {
    /// The bytes of the value at this place, which fits a schema; `nil` where it is not known to fit, and then the
    /// place stays what it is.
    public mutating func value(_ text: Span<UInt8>, fitting schema: CompiledSchema) -> Range<Int>? {
        guard let end = schema.endOfValue(text, from: position, limits: JSONLimits()) else { return nil }
        return moved(from: position, to: end, text)
    }
}
