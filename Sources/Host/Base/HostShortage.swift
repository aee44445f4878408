// What a start ends with where the machine has too little for a host.

/// The system gives too little of something for the host to start.
struct HostShortage: Error, CustomStringConvertible {
    let description: String
}
