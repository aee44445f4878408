// `toolhost serve`: the host itself.

import ArgumentParser
import HostApp
import HostBase

struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the tools of the packs in the plugins folder until SIGTERM.",
        discussion:
            "Exit codes: 0 after SIGTERM; 1 when it cannot start; 70 when an event loop hangs; 71 when a pack ended it; "
            + "78 when the configuration is wrong."
    )

    @OptionGroup var options: ConfigurationOptions

    @Flag(inversion: .prefixedNo, help: "Print where to go next, with the client's secret. Default: on a terminal.")
    var welcome: Bool?

    func run() throws {
        let signals: HostSignals
        do {
            // First, so that no thread is started that would not know of signals.
            signals = try HostSignals()
            // Before anything waits for a thread that never comes.
            try Application.requireThreads()
        } catch {
            Output.error("toolhost: cannot start: \(error)")
            throw ExitCode(1)
        }
        let configuration = try options.read()
        let application: Application
        do {
            application = try Application(configuration: configuration, signals: signals)
        } catch {
            Output.error("toolhost: cannot start: \(error)")
            throw ExitCode(1)
        }
        if welcome ?? Output.isTerminal, let reason = Output.greeting(application.welcome) {
            application.missed(greeting: reason)
        }
        application.run(until: signals)
    }
}
