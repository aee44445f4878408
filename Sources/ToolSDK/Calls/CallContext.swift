// What a tool knows about the call it answers, and how it speaks to whoever waits.

/// One call: who makes it, how long it may take, whether anybody still waits.
///
/// Nothing is copied before it is asked for, and a context that is kept after its call was answered still tells the
/// truth.
public struct CallContext: Sendable {
    let record: CallRecord

    // MARK: Who calls

    /// Who owns what this call touches: opaque, stable, unique across issuers. Keep a caller's own data by this and
    /// nothing else.
    public var principal: String { record.text(.principal) }
    /// The user, by the issuer's name for them; `nil` when an application acts for itself.
    public var subject: String? { record.optionalText(.subject) }
    /// Who vouches for the user.
    public var subjectIssuer: String? { record.optionalText(.subjectIssuer) }
    /// The application.
    public var clientID: String { record.text(.clientID) }
    /// Who vouches for the application.
    public var clientIssuer: String? { record.optionalText(.clientIssuer) }
    /// Scopes granted to the caller. The host has already checked those that the tool demands.
    public var scopes: [String] { record.scopes }

    // MARK: What belongs together

    /// Stands in the host's log too.
    public var requestID: String { record.text(.requestID) }
    /// The conversation this call is part of, where the client said so.
    public var conversationID: String? { record.optionalText(.conversationID) }
    /// The same key from the same principal means the same call again: answer it as you did the first time.
    public var idempotencyKey: String? { record.optionalText(.idempotencyKey) }
    /// W3C Trace Context, to be sent along with calls to other services.
    public var traceparent: String? { record.optionalText(.traceparent) }
    /// Whatever else the host says about the call, by name.
    public func attribute(_ name: String) -> String? { record.attribute(name) }

    // MARK: Time and cancellation

    /// Time left before the caller gives up; negative when it has.
    public var remaining: Duration { record.remaining }
    /// When the caller gives up.
    public var deadline: ContinuousClock.Instant { .now + remaining }
    /// Nobody waits for the answer any more. Cheap enough to ask often.
    public var isCancelled: Bool { Task.isCancelled || record.standing != .wanted }

    /// Gives up if nobody waits any more.
    ///
    /// - Throws: `CancellationError`, or ``ToolError`` of kind `deadline` when time has run out.
    public func checkCancellation() throws {
        switch record.standing {
        case .pastDeadline: throw ToolError.deadline("The call ran out of time.")
        case .cancelled, .gone: throw CancellationError()
        case .wanted: try Task.checkCancellation()
        }
    }

    // MARK: Speaking to the host

    /// Writes a line to the host's log, which adds pack, tool and request id.
    ///
    /// - Parameters:
    ///   - message: A fixed sentence; put what varies into `metadata`. Never a secret.
    ///   - metadata: Named values, shown in the order of their names.
    public func log(_ level: LogLevel, _ message: String, metadata: [String: String] = [:]) {
        record.host.services.log(call: record.id, level, message, metadata)
    }

    /// Whether somebody listens to ``progress(_:of:_:)``. Asking is optional: what nobody listens to is dropped.
    public var wantsProgress: Bool { record.wantsProgress }

    /// Tells whoever waits how far the work is.
    ///
    /// - Parameters:
    ///   - done: Only ever grows.
    ///   - total: What `done` will be at the end; `nil` when that is unknown.
    ///   - message: What is going on.
    public func progress(_ done: Double, of total: Double? = nil, _ message: String? = nil) {
        guard record.wantsProgress else { return }
        record.host.services.progress(call: record.id, done: done, total: total ?? 0, message: message)
    }
}
