// What a start ends with where the machine has too little for a host.

/// The system gives too little of something for the host to start.
public struct HostShortage: Error, CustomStringConvertible {
    public let description: String

    public init(description: String) {
        self.description = description
    }
}
