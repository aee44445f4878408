// Calls a tool the way a host does, JSON in and JSON out, for a pack's own tests.

import JSON

extension Tool {
    /// Reads the arguments, calls the tool, writes its answer.
    ///
    /// - Throws: What the host would be told, always a ``ToolError``.
    public func answer(_ arguments: JSONValue, context: CallContext = .testing()) async throws -> JSONValue {
        do {
            let output = try await call(Self.input.decode(arguments), context: context)
            return try JSONValue(parsing: Self.output.encode(output))
        } catch {
            throw ToolError(reporting: error)
        }
    }
}

extension BlockingTool {
    /// Reads the arguments, calls the tool, writes its answer.
    ///
    /// - Throws: What the host would be told, always a ``ToolError``.
    public func answer(_ arguments: JSONValue, context: CallContext = .testing()) throws -> JSONValue {
        do {
            let output = try call(Self.input.decode(arguments), context: context)
            return try JSONValue(parsing: Self.output.encode(output))
        } catch {
            throw ToolError(reporting: error)
        }
    }
}

extension InlineTool {
    /// Reads the arguments, calls the tool, writes its answer.
    ///
    /// - Throws: What the host would be told, always a ``ToolError``.
    public func answer(_ arguments: JSONValue, context: CallContext = .testing()) throws -> JSONValue {
        do {
            let output = try call(Self.input.decode(arguments), context: context)
            return try JSONValue(parsing: Self.output.encode(output))
        } catch {
            throw ToolError(reporting: error)
        }
    }
}
