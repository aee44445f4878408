// The configuration of a command: where it is read from, and the logger that follows from it.

import Glibc
import HostBase
import HostPacks
import Logging

/// Settings and a logger, for the command line.
public struct Configuration: Sendable {
    let settings: Settings
    let logger: Logger
    /// What the logger writes with, for lines that do without the logger.
    let lines: LineLogHandler

    /// The file that is read where no other is named.
    static let defaultFile = ".env.local"

    /// Reads the environment over a file of assignments over the defaults.
    ///
    /// - Parameter file: must exist when given; `nil` reads `.env.local` if there is one.
    /// - Throws: `SettingsError` that names the key or the file.
    public init(environmentFile file: String?) throws {
        let name = file ?? Self.defaultFile
        let workingDirectory = ProcessEnvironment.workingDirectory
        let path = name.hasPrefix("/") ? name : "\(workingDirectory)/\(name)"
        func wrong(_ problem: String) -> SettingsError {
            SettingsError(key: file == nil ? name : "--env-file", problem: problem, example: "")
        }
        var values: [String: String] = [:]
        var remarks: [FileTrust.Remark] = []
        do {
            // What is to become of files that a group may write to is only known from what this one says.
            if let opened = try DecidingFile(path: path, trust: FileTrust()) {
                values = try EnvironmentFile(parsing: opened.text(limit: 1 << 20), name: name).values
                remarks = opened.remarks
            } else if file != nil {
                throw wrong("\(path) cannot be read: there is no such file")
            }
        } catch let fault as FileFault {
            throw wrong(fault.description)
        }
        var settings = try Settings(
            source: SettingsSource(environment: ProcessEnvironment.variables, file: values),
            workingDirectory: workingDirectory)
        if settings.files.groupWritable == .refuse, let remark = remarks.first { throw wrong(remark.refusal) }
        settings.fileWarnings = remarks.map(\.warning) + settings.fileWarnings
        settings.packs.ownPaths.append(path)
        self.settings = settings
        let level = Logger.Level(rawValue: settings.log.level.rawValue) ?? .info
        let form: LogLine.Form =
            switch settings.log.format {
            case .json: .json
            case .text: .text
            case .auto: isatty(STDERR_FILENO) == 1 ? .text : .json
            }
        let lines = LineLogHandler(form: form, level: level)
        self.lines = lines
        logger = Logger(label: "toolhost") { _ in lines }
    }
}
