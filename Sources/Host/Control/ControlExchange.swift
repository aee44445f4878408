// One request and its answer, within bounds of size and time: a value, so that tests need no socket.

import NIOCore

/// What has come of a key and a request, a line each, and what is left of the answer. Whoever connects asks once.
struct ControlExchange: Sendable {
    enum Event: Sendable, Equatable {
        /// More has to come.
        case none
        /// A whole request, without the end of its line. The key came before it.
        case request([UInt8])
        /// What comes first is not the key.
        case stranger
        /// It is longer than requests may be.
        case tooLarge
        /// Nothing will come any more.
        case gone
    }

    /// The most bytes of a request.
    static let longestRequest = 64 << 10
    /// How long a request may take to come, and an answer to be taken.
    static let patience = TimeAmount.seconds(5)

    private let key: ControlKey
    private var hasKey = false
    /// What has come of the line that is awaited.
    private var line: [UInt8] = []
    /// What is still to be sent; `nil` while the request is awaited.
    private(set) var answer: ArraySlice<UInt8>?
    private(set) var deadline: NIODeadline

    init(_ key: ControlKey, at now: NIODeadline) {
        self.key = key
        deadline = now + Self.patience
    }

    /// Bytes have come. What follows the end of the request's line is not looked at.
    mutating func received(_ bytes: ArraySlice<UInt8>) -> Event {
        guard answer == nil else { return .none }
        let end = bytes.firstIndex(of: UInt8(ascii: "\n"))
        line += bytes[..<(end ?? bytes.endIndex)]
        guard hasKey else {
            // Of a stranger no more is kept than a key has.
            guard let end else { return line.count > key.text.count ? .stranger : .none }
            guard key.isSame(as: line) else { return .stranger }
            (hasKey, line) = (true, [])
            return received(bytes[(end + 1)...])
        }
        guard line.count <= Self.longestRequest else { return .tooLarge }
        return end == nil ? .none : .request(line)
    }

    /// The peer sends nothing more: what is there may be a request without the end of its line.
    func ended() -> Event {
        guard answer == nil, !line.isEmpty else { return .gone }
        return hasKey ? .request(line) : .stranger
    }

    mutating func answer(_ line: [UInt8], at now: NIODeadline) {
        answer = line[...]
        deadline = now + Self.patience
    }

    /// So many bytes of the answer are out.
    ///
    /// - Returns: whether that is all of it.
    mutating func sent(_ count: Int) -> Bool {
        answer = answer?.dropFirst(count)
        return answer?.isEmpty ?? false
    }
}
