// How a tool reaches other services: through the host, which knows the deadline, the credentials and the operator's
// word.

/// Sends requests on behalf of one call; `context.http`.
public struct HTTPClient: Sendable {
    let record: CallRecord

    /// Sends a request and waits for the whole answer. An answer with an error's status is an answer.
    ///
    /// The request ends with the call: at its deadline, when nobody waits for it any more, when the task is cancelled.
    /// The host repeats it where that does no harm, within the deadline.
    ///
    /// - Throws: `CancellationError` when cancelled, else ``ToolError``: `unavailable` (with `retryAfter`) when the
    ///   service cannot be reached, breaks off, redirects to elsewhere, or has failed so often that the host leaves it
    ///   alone for a while; `busy` when too many requests of the pack are open or they hold too many bytes; `deadline`;
    ///   `tooLarge` for an answer over the limit; `internal` for an origin that the operator has not listed and a
    ///   request that is none; `unsupported` when the host has no such service.
    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try Task.checkCancellation()
        return try await record.host.services.send(request, call: record.id)
    }
}

extension CallContext {
    /// Reaches other services.
    public var http: HTTPClient { HTTPClient(record: record) }
}
