// The command line: what an operator can ask of the host.

import ArgumentParser
import Glibc
import HostApp
import HostBase

@main
struct Toolhost: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "toolhost",
        abstract: "Serves the tools of installed packs to ChatGPT Enterprise and other AI clients.",
        discussion: """
            Configuration comes from the environment, over a file of assignments (.env.local), over defaults; \
            `toolhost config` lists every key.

            Exit codes: 0 success; 1 something is wrong, each command says what counts; 64 wrong usage; \
            69 no host is running; 74 standard output cannot be written; 78 wrong configuration.
            """,
        version: HostVersion.current,
        subcommands: [
            Serve.self, Tools.self, Inspect.self, OpenAPI.self, Doctor.self, Status.self, PackCommands.self,
            ConfigurationKeys.self, Probe.self, Runner.self,
        ],
        defaultSubcommand: Serve.self
    )

    static func main() {
        // Before anything opens a file.
        _ = StandardDescriptors.missing
        // Whoever reads may go away. That is an error of the write then, which is told, and not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        let first = CommandLine.arguments.dropFirst().first
        if let first, !first.hasPrefix("-"), !commands.contains(first) {
            Output.error("toolhost: there is no command \"\(first)\"; `toolhost --help` lists those there are.")
            Glibc.exit(64)
        }
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            end(by: error)
        }
    }

    /// As `exit(withError:)`, but for help that nobody gets to see.
    private static func end(by error: any Error) -> Never {
        let (code, message) = (exitCode(for: error), fullMessage(for: error))
        guard !message.isEmpty else { Glibc.exit(code.rawValue) }
        guard code.isSuccess else {
            Output.error(message)
            Glibc.exit(code.rawValue)
        }
        do {
            try Output.line(message)
            Glibc.exit(code.rawValue)
        } catch {
            Glibc.exit(error.rawValue)
        }
    }

    private static var commands: [String] { configuration.subcommands.map { $0._commandName } + ["help"] }
}

/// Where the configuration comes from.
struct ConfigurationOptions: ParsableArguments {
    @Option(help: "File with KEY=value lines; the environment wins over it. Default: .env.local, if there is one.")
    var envFile: String?

    /// - Throws: `ExitCode` 78 (EX_CONFIG) after telling what is wrong.
    func read() throws -> Configuration {
        do {
            return try Configuration(environmentFile: envFile)
        } catch {
            Output.error("toolhost: \(error)")
            throw ExitCode(78)
        }
    }
}
