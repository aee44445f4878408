// The command line: what an operator can ask of the host.

import ArgumentParser
import Glibc
import ToolHost

@main
struct Toolhost: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "toolhost",
        abstract: "Serves the tools of installed packs to ChatGPT Enterprise and other AI clients.",
        discussion: """
            Configuration comes from the environment, over a file of assignments (.env.local), over defaults; \
            `toolhost config` lists every key.

            Exit codes: 0 success; 1 something is wrong, each command says what counts; 64 wrong usage; \
            78 wrong configuration.
            """,
        version: HostVersion.current,
        subcommands: [
            Serve.self, Tools.self, Inspect.self, OpenAPI.self, Doctor.self, ConfigurationKeys.self,
            Probe.self,
        ],
        defaultSubcommand: Serve.self
    )

    static func main() {
        let first = CommandLine.arguments.dropFirst().first
        if let first, !first.hasPrefix("-"), !commands.contains(first) {
            Output.error("toolhost: there is no command \"\(first)\"; `toolhost --help` lists those there are.")
            Glibc.exit(64)
        }
        main(nil)
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
