// How long a result may be that is passed on, whatever the protocol.

import HostCalls
import NIOHTTP1

/// The most characters of a result (`TOOL_MAX_RESULT_CHARACTERS`), and what a caller is told beyond it.
public struct ResultLimit: Sendable {
    public let characters: Int

    public init(characters: Int) {
        self.characters = characters
    }

    /// The result to pass on.
    ///
    /// - Throws: what the caller is told instead.
    public func result(of outcome: CallOutcome) throws(Problem) -> ResultText {
        switch outcome {
        case .success(let result):
            guard result.count > characters, exceeds(result.array) else { return result }
            throw Problem(
                .internalServerError, "result_too_large",
                "The tool did what it was asked, but its result has more than \(characters) characters, the most that is "
                    + "passed on. Where it only reads, ask for less, for instance with a limit or a filter.")
        case .failure(var failure):
            // What explains an error is not worth an answer that clients refuse.
            if failure.details?.bytes.count ?? 0 > characters { failure.details = nil }
            throw Problem(failure)
        }
    }

    /// Characters are Unicode code points, never more than there are bytes.
    private func exceeds(_ bytes: [UInt8]) -> Bool {
        bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) } > characters
    }
}
