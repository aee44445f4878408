// Values that a schema states of itself and refuses: annotations are never checked when documents are.

import JSON

extension CompiledSchema {
    public typealias RefusedValue = (pointer: String, violation: SchemaViolation)

    /// The `default`s in the schema itself that the schema beside each refuses, with the first reason; they should fit
    /// (validation section 9.2).
    ///
    /// - Parameter limit: how many to find at most.
    public func refusedDefaults(limit: Int = 16) -> [RefusedValue] {
        refusedValues(limit) { schema in schema["default"].map { [("/default", $0)] } ?? [] }
    }

    /// The elements of `examples` in the schema itself that the schema beside each refuses, with the first reason
    /// (validation section 9.5).
    ///
    /// - Parameter limit: how many to find at most.
    public func refusedExamples(limit: Int = 16) -> [RefusedValue] {
        refusedValues(limit) { schema in
            (schema["examples"]?.array ?? []).enumerated().map { ("/examples/\($0.offset)", $0.element) }
        }
    }

    private func refusedValues(
        _ limit: Int, _ values: (JSONObject) -> [(path: String, value: JSONValue)]
    ) -> [RefusedValue] {
        var found: [RefusedValue] = []
        var seen: Set<JSONPointer> = []
        for (number, place) in program.places.enumerated() where found.count < limit {
            // Places in other documents begin with a URI.
            guard let pointer = JSONPointer(parsing: place), seen.insert(pointer).inserted,
                let schema = pointer.value(in: source)?.object
            else { continue }
            for (path, value) in values(schema) where found.count < limit {
                guard let document = try? JSONDocument(value, limits: JSONLimits(depth: 512)) else { continue }
                var run = SchemaRun(program, document.tape, report: ViolationReport(limit: 1))
                let isFitting = run.check(Int32(number), 0)
                if !isFitting, !run.isExhausted, let violation = run.finishedReport().first {
                    found.append((place + path, violation))
                }
            }
        }
        return found
    }
}
