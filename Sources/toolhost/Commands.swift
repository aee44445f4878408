// The commands that look and tell, and start nothing.

import ArgumentParser
import HostApp
import HostLanes
import HostPacks
import HostRunner

struct Tools: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List what this deployment serves, what it does not, and why.",
        discussion:
            """
            Packs are loaded in processes of their own and not started. Exit codes: 0; 1 when something is refused; 78 wrong \
            configuration.
            """)

    @OptionGroup var options: ConfigurationOptions
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let report = DeploymentReport(configuration: try options.read())
        try Output.line(json ? report.json : report.text)
        if report.hasRefusals { throw ExitCode(1) }
    }
}

struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what a pack describes: tools, hints, schemas, sizes and problems.",
        discussion:
            """
            How it would be confined the YAML file beside it says, and the configuration. Exit codes: 0 when it would be \
            served as it is; 1 when it, or a tool of it, would be refused; 78 wrong configuration.
            """)

    @Argument(help: "The pack's .so file.") var pack: String
    @OptionGroup var options: ConfigurationOptions
    @Flag(help: "Print JSON, with the schemas.") var json = false

    func run() throws {
        let configuration = try options.read()
        let report =
            RawArguments.repaired(as: pack).map(PackReport.init(unreadable:))
            ?? PackReport(path: pack, configuration: configuration)
        try Output.line(json ? report.json : report.text)
        if report.hasProblems { throw ExitCode(1) }
    }
}

struct OpenAPI: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi",
        abstract: "Print the OpenAPI document of the tools that this deployment would serve.",
        discussion: "Exit codes: 0; 64 for an unknown version, pack or tag; 78 wrong configuration.")

    @OptionGroup var options: ConfigurationOptions
    @Option(name: .customLong("openapi-version"), help: "3.1 or 3.0.") var documentVersion = "3.1"
    @Option(help: "Only the tools of this pack.") var pack: String?
    @Option(help: "Only the tools with this tag.") var tag: String?

    func run() throws {
        let report = DeploymentReport(configuration: try options.read())
        guard let document = report.openAPI(version: documentVersion, pack: pack, tag: tag) else {
            Output.error("toolhost: " + report.absence(version: documentVersion, pack: pack, tag: tag))
            throw ExitCode(64)
        }
        try Output.line(document)
    }
}

struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Walk the way of a client and say which step fails: configuration, issuer, keys, clock, URL, documents, agents API, running host.",
        discussion: "Exit codes: 0 when all is well; 1 when a step fails; 78 wrong configuration.")

    @OptionGroup var options: ConfigurationOptions
    @Option(
        help: ArgumentHelp(
            "Explain claim by claim why this token would be let in or not; - reads it from standard input.",
            discussion: "On a command line it may be seen by other users of the machine."))
    var token: String?

    func run() throws {
        let report = DoctorReport(
            configuration: try options.read(), token: token == "-" ? readLine(strippingNewline: true) ?? "" : token)
        try Output.line(report.text)
        if report.hasProblems { throw ExitCode(1) }
    }
}

struct ConfigurationKeys: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "List every configuration key with its default and meaning.")

    func run() throws {
        try Output.line(ConfigurationTable.markdown)
    }
}

struct Probe: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Load one pack and tell its descriptors: what the host runs in a process of its own first.",
        shouldDisplay: false)

    @Option(help: "The process that is to be told.") var host: Int32
    @Flag(help: "Load none: tell what the system has to confine a pack with.") var layers = false
    @Argument var copy = ""
    @Argument var name = ""

    func run() throws {
        if layers { PackTrial.tellLayers(host: host) }
        PackTrial.run(copy: copy, name: name, host: host)
    }
}

struct Runner: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run one pack for a host: what that starts for each pack in a process of its own.",
        shouldDisplay: false)

    @Option(help: "The process that it runs for.") var host: Int32
    @Option(help: "The file that the host runs.") var program: String
    @Option(help: "Event loops of the host.") var loops: Int
    @Option(help: "Calls that may be open.") var calls: Int
    @Option(help: "How far it stands back where processors are busy.") var niceness: Int32 = 0
    @Argument var copy: String
    @Argument var name: String

    func run() throws {
        guard (1...RunnerMap.mostLoops).contains(loops), (1...RunnerMap.mostCalls).contains(calls) else {
            throw ExitCode(64)
        }
        PackRunner.run(
            copy: copy, name: name, host: host, program: program, niceness: niceness,
            map: RunnerMap(loops: loops, calls: calls))
    }
}
