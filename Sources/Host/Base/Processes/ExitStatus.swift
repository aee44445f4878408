// How the process ends, as supervisors read it.

/// Exit codes of `toolhost serve` beside 0, 1 and those of sysexits.h for wrong usage and configuration.
package enum ExitStatus {
    /// An event loop hung in a pack, or otherwise, and did not move again.
    package static let stuck: Int32 = 70
    /// A pack ended the process, or asked it to end.
    package static let endedByPack: Int32 = 71
}
