// How the process ends, as supervisors read it.

/// Exit codes of `toolhost serve` beside 0, 1 and those of sysexits.h for wrong usage and configuration.
public enum ExitStatus {
    /// An event loop hung in a pack, or otherwise, and did not move again.
    public static let stuck: Int32 = 70
    /// A pack ended the process, or asked it to end.
    public static let endedByPack: Int32 = 71
}
