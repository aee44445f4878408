// The commands that ask a host that runs.

import ArgumentParser
import HostApp
import HostControl

/// Which host.
struct HostOptions: ParsableArguments {
    @OptionGroup var options: ConfigurationOptions
    @Option(name: .customLong("host"), help: "The number of the host, where several share the state folder.")
    var number: Int?

    /// - Throws: an `ExitCode` after telling what is wrong.
    func ask<Answer>(_ question: (Configuration) throws(ControlFault) -> Answer) throws -> Answer {
        let configuration = try options.read()
        do {
            return try question(configuration)
        } catch {
            Output.error("toolhost: " + TerminalText.shown(error.description))
            switch error.code {
            case .usage: throw ExitCode(64)
            case .absent: throw ExitCode(69)
            case .refused, .forbidden, .busy, .tooLarge, .timeout: throw ExitCode(1)
            }
        }
    }
}

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the hosts that run on this state folder, and how each of their packs is.",
        discussion:
            """
            Hosts are found by their locks in STATE_DIR/hosts. Run this as the user of the host, or as root. Exit codes: 0; \
            1 when a host does not answer; 64 when there is no host of that number; 69 when none is running; 78 wrong \
            configuration.
            """)

    @OptionGroup var host: HostOptions
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let report = try host.ask { configuration throws(ControlFault) in
            try configuration.status(host: host.number)
        }
        try Output.line(json ? report.json : report.text)
        if report.hasProblems { throw ExitCode(1) }
    }
}

struct PackCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack", abstract: "Do something with one pack of a host that runs.", subcommands: [Restart.self])

    struct Restart: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a pack's process and start the pack again, from the copy that the host has.",
            discussion:
                """
                Run this as the user of the host, or as root. Exit codes: 0 when it has begun; 1 when the host does not do \
                it, such as for a pack that runs inside the host; 64 when no such pack is served, or --host is missing \
                because several hosts are running; 69 when none is running, or it does not answer; 78 wrong configuration.
                """)

        @Argument(help: "The pack's name, as toolhost status shows it.") var name: String
        @OptionGroup var host: HostOptions

        func run() throws {
            let told = try host.ask { configuration throws(ControlFault) in
                try configuration.restart(pack: name, host: host.number)
            }
            try Output.line(told)
        }
    }
}
