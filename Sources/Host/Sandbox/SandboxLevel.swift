// How far a pack in a process of its own is confined.

/// What a pack may touch.
public enum SandboxLevel: String, CaseIterable, Sendable {
    /// Whatever the host's user may.
    case off
    /// Reads what is not the host's, writes to its own folder and to what it was given, and uses the network.
    case standard
    /// Besides, it reads only the system and what is listed, and has only the sockets that it was given.
    case strict
}

/// Kinds of sockets that a pack may make.
public enum SandboxNetwork: String, CaseIterable, Sendable {
    case none
    /// Unix sockets.
    case unix
    /// As without a sandbox: Unix sockets and the Internet's.
    case any
}
