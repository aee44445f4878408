// The body of an answer as a client gets it, for tests that have no connection.

@testable import HostCalls
@testable import HostHTTP

extension Response {
    /// A problem says that it belongs to the request `r`.
    var bytes: [UInt8] {
        switch body {
        case .nothing, .stream: []
        case .bytes(let bytes): bytes
        case .result(let content): content.array
        case .framed(let result): result.bytes
        case .problem(let problem): problem.document(requestID: "r")
        }
    }
}
