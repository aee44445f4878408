// What a start ends with where the machine has too little for a host.

/// The system gives too little of something for the host to start.
package struct HostShortage: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) {
        self.description = description
    }
}
