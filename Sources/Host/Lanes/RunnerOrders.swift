// What a runner is told before it starts its pack.

/// Goes over the runner's socket, as texts in a row (``TextFrame``).
public struct RunnerOrders: Sendable, Equatable {
    /// The pack's configuration, a JSON object.
    public var config: [UInt8]
    /// Until when its start should be over, CLOCK_MONOTONIC in nanoseconds.
    public var deadline: Int64
    /// Threads that take up calls; at most ``RunnerMap/mostWorkers``.
    public var workers: Int
    /// The lowest level of lines that are passed on: `TOOL_LOG_…`.
    public var logLevel: Int32
    /// Where its requests may go, so that it can refuse others at once; `nil` where nothing is sent for packs.
    public var origins: [String]?

    public init(config: [UInt8], deadline: Int64, workers: Int, logLevel: Int32, origins: [String]?) {
        self.config = config
        self.deadline = deadline
        self.workers = workers
        self.logLevel = logLevel
        self.origins = origins
    }

    public var bytes: [UInt8] {
        let numbers = [deadline, Int64(workers), Int64(logLevel), origins == nil ? 0 : 1].map { "\($0)" }
        return TextFrame.bytes([config] + (numbers + (origins ?? [])).map { Array($0.utf8) })
    }

    /// `nil` for anything but what ``bytes`` made.
    public init?(_ bytes: [UInt8]) {
        guard let texts = TextFrame.texts(bytes), texts.count >= 5 else { return nil }
        let numbers = texts[1..<5].compactMap { Int64(String(decoding: $0, as: UTF8.self)) }
        guard numbers.count == 4, (1...RunnerMap.mostWorkers).contains(Int(clamping: numbers[1])) else { return nil }
        self.init(
            config: texts[0], deadline: numbers[0], workers: Int(numbers[1]), logLevel: Int32(clamping: numbers[2]),
            origins: numbers[3] == 0 ? nil : texts[5...].map { String(decoding: $0, as: UTF8.self) })
    }
}
