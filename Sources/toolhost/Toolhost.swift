// The command line: what an operator can ask of the host.

import ArgumentParser
import ToolHost

@main
struct Toolhost: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "toolhost",
        abstract: "Serves the tools of installed packs to ChatGPT Enterprise and other AI clients.",
        discussion: """
            Configuration comes from the environment, over a file of assignments (.env.local), over defaults; \
            `toolhost config` lists every key.

            Exit codes: 0 success; 1 something to look at (a pack is refused, a document cannot be made); \
            64 wrong usage; 78 wrong configuration.
            """,
        version: HostVersion.current,
        subcommands: [
            Serve.self, Tools.self, Inspect.self, OpenAPI.self, Doctor.self, ConfigurationKeys.self,
            Probe.self,
        ],
        defaultSubcommand: Serve.self
    )
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
