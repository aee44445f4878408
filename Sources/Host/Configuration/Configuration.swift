// The configuration of a command: where it is read from, and the logger that follows from it.

import Glibc
import Logging

/// Settings and a logger, for the command line.
public struct Configuration: Sendable {
    let settings: Settings
    let logger: Logger
    /// What the logger writes with, for lines that do without the logger.
    let lines: LineLogHandler

    /// The file that is read where no other is named.
    public static let defaultFile = ".env.local"

    /// Reads the environment over a file of assignments over the defaults.
    ///
    /// - Parameter file: must exist when given; `nil` reads `.env.local` if there is one.
    /// - Throws: `SettingsError` that names the key or the file.
    public init(environmentFile file: String?) throws {
        let name = file ?? Self.defaultFile
        var values: [String: String] = [:]
        do {
            let text = String(decoding: try FileStatus.read(name, limit: 1 << 20), as: UTF8.self)
            values = try EnvironmentFile(parsing: text, name: name).values
        } catch let error as FileStatus.Failure {
            if file != nil || !error.isAbsent {
                throw SettingsError(
                    key: file == nil ? name : "--env-file", problem: "\(name) cannot be read: \(error.reason)",
                    example: "")
            }
        }
        settings = try Settings(
            source: SettingsSource(environment: ProcessEnvironment.variables, file: values),
            workingDirectory: ProcessEnvironment.workingDirectory)
        let level = Logger.Level(rawValue: settings.logLevel.rawValue) ?? .info
        let form: LogLine.Form =
            switch settings.logFormat {
            case .json: .json
            case .text: .text
            case .auto: isatty(STDERR_FILENO) == 1 ? .text : .json
            }
        let lines = LineLogHandler(form: form, level: level)
        self.lines = lines
        logger = Logger(label: "toolhost") { _ in lines }
    }
}
