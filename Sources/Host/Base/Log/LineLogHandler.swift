// Log lines for machines (JSON) or for people at a terminal (text).

import Logging

/// Writes one line per event to standard error.
public struct LineLogHandler: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var logLevel: Logger.Level
    private let form: LogLine.Form
    private let output: LineOutput

    public var writesJSON: Bool { form == .json }

    public init(form: LogLine.Form, level: Logger.Level, output: LineOutput = .standardError) {
        self.form = form
        logLevel = level
        self.output = output
        output.use(form)
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var fields = metadata
        if let more = event.metadata { fields.merge(more) { _, new in new } }
        var line = LogLine(form, event.level, event.message.description)
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) { line.add(key, metadata: value) }
        output.write(line.finish())
    }

    /// Logs a line without the way through dictionaries, for what is written with every request: a fifth of the
    /// instructions.
    ///
    /// - Parameter fill: Adds the fields, sorted by name. It becomes a part of its caller, or what it is made of would
    ///   be copied for it.
    @inlinable
    @inline(__always)
    public func log(_ level: Logger.Level, _ message: String, _ fill: (inout LogLine) -> Void) {
        guard level >= logLevel else { return }
        var line = begin(level, message)
        fill(&line)
        write(&line)
    }

    @usableFromInline
    func begin(_ level: Logger.Level, _ message: String) -> LogLine { LogLine(form, level, message) }

    @usableFromInline
    func write(_ line: inout LogLine) { output.write(line.finish()) }
}
