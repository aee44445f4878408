// How a server that stops lets go of its connections, step by step.

/// How far a host is that was told to stop; an event for each connection.
enum StopStage: Sendable {
    /// Answers are the last ones on their connections.
    case announced
    /// Where nothing is asked, the connection ends.
    case closing
    /// Whatever is asked, the connection ends.
    case cut
}
