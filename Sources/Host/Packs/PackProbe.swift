// Reads a pack's descriptors in a process of its own first: a pack that crashes or hangs on load takes nothing with it.

import Glibc
import HostBase
import HostCalls
import HostEngines
import HostSandbox
import JSON
import NIOCore

/// Runs `<host executable> probe <copy>` once for every pack file not seen before, and remembers the packs that passed.
public struct PackProbe: Sendable {
    /// The host's own executable.
    let executable: String
    /// As it was before any pack could change it.
    let environment: PackEnvironment
    /// How long a pack may take to be loaded and described.
    let timeoutMilliseconds: Int

    /// Why packs are not described where there is none.
    public static let absence =
        "cannot be tried in a process of its own: /proc is not mounted, which names the host's program"

    /// `nil` where the system does not tell which file this process runs.
    public static func ofThisExecutable(timeout: TimeAmount) -> PackProbe? {
        OwnProgram.current.map { program in
            PackProbe(
                executable: program.executable, environment: .ofThisProcess,
                timeoutMilliseconds: Int(timeout.nanoseconds / 1_000_000))
        }
    }

    /// Tries a pack unless it passed before and loading it ended well ever since.
    ///
    /// - Parameter plan: what the process is confined to.
    /// - Returns: what it describes; `nil` where it was not tried.
    /// - Throws: `PackRefusal` when it does not tell that.
    func check(_ file: PackFile, plan: SandboxPlan) throws(PackRefusal) -> PackDescription? {
        // The mark comes back when loading ends well: after a crash the pack is tried again.
        if unsafe unlink(file.copyPath + ".ok") == 0 { return nil }
        return try describe(file, plan: plan, environment.whole)
    }

    /// Loading the pack in this process ended well, so the next start need not try it first.
    func remember(_ file: PackFile) {
        // Without the mark the pack is merely tried again.
        try? FileStatus.write([], to: file.copyPath + ".ok", mode: 0o600)
    }

    /// Has the pack loaded by a process of its own, whatever it did before: what it needs of the machine may have
    /// changed.
    ///
    /// - Parameters:
    ///   - plan: what the process is confined to.
    ///   - strings: its environment.
    /// - Throws: `PackRefusal` when it does not tell what it describes.
    func describe(
        _ file: PackFile, plan: SandboxPlan, _ strings: [[CChar]]
    ) throws(PackRefusal) -> PackDescription {
        // A pack's name may look like an option.
        let arguments = ["toolhost", "probe", "--host", "\(getpid())", "--", file.copyPath, file.name]
        var trial = TrialProcess(
            arguments: arguments, plan: plan, environment: strings, timeoutMilliseconds: timeoutMilliseconds,
            policyFile: PackNames.policy(of: file.name))
        return try description(trial.run(executable), by: file, said: trial.output.text, plan.level)
    }

    /// The same for a file that is only looked at, and need not be a pack of the deployment.
    ///
    /// - Parameters:
    ///   - policy: what the YAML beside it says.
    ///   - folder: what it takes for its home. It is not made.
    ///   - settings: the deployment's.
    public func look(
        at file: PackFile, _ policy: PackPolicy, in folder: PackDataFolder, _ settings: PackSettings
    ) throws(PackRefusal) -> PackLook {
        let planner = SandboxPlanner(settings: settings)
        let confinement = try planner.confinement(of: file, policy)
        let report = confinement.level == .off ? nil : layers(of: try planner.trial(of: file, policy))
        let plan = try planner.look(at: file, policy)
        return PackLook(
            description: try describe(file, plan: plan, environment.strings(in: folder, listed: [])),
            confinement: confinement, sandbox: report)
    }

    /// What this system can hold of the confinement of packs whose YAML does not say: a process without a pack tries
    /// it.
    ///
    /// - Returns: `nil` where there is no such process.
    public func layers(by settings: PackSettings) -> SandboxReport? {
        var plan = SandboxPlan(level: settings.sandbox, network: .usual(at: settings.sandbox), file: executable)
        if let limit = settings.sandboxABI { plan.landlockLimit = limit }
        return layers(of: plan)
    }

    /// The same for a plan.
    func layers(of plan: SandboxPlan) -> SandboxReport? {
        var plan = plan
        plan.file = executable
        plan.isRequired = false
        // As the process of a pack has it.
        plan.tellsRefusals = true
        var trial = TrialProcess(
            arguments: ["toolhost", "probe", "--host", "\(getpid())", "--layers"], plan: plan,
            environment: environment.whole, timeoutMilliseconds: timeoutMilliseconds, policyFile: "")
        guard case .told(let bytes) = trial.run(executable) else { return nil }
        return (try? JSONValue(parsing: bytes)).flatMap(SandboxReport.init(json:))
    }

    /// The same of a process that goes on to run the pack.
    func description(
        told outcome: Result<[UInt8], RunnerKeeper.Fault>, by file: PackFile, _ level: SandboxLevel
    ) throws(PackRefusal) -> PackDescription {
        switch outcome {
        case .success(let bytes): return try description(.told(bytes), by: file, said: "", level)
        case .failure(let fault):
            var tail = OutputTail()
            tail.append(fault.words)
            let outcome: TrialProcess.Outcome =
                switch fault.kind {
                case .notStarted(let reason), .lacking(let reason): .notStarted(reason)
                case .ended(let end): .ended(end)
                case .timedOut: .timedOut
                case .overLimit(let overrun): .overLimit(overrun)
                case .closed: .ended(.exited(PackTrial.cannotTell))
                case .disturbed: .disturbed
                case .notConfined(let reason): .notConfined(reason)
                }
            let refused = fault.refusals.map { refusal in
                "; its sandbox refused it \(refusal.operation)"
                    + (refusal.object.isEmpty ? "" : " (\(refusal.object))")
                    + ", which its file allows by: \(refusal.allow)"
            }
            return try description(outcome, by: file, said: tail.text, also: refused.joined(), level)
        }
    }

    /// - Parameters:
    ///   - said: what the process wrote.
    ///   - remark: what there is to say besides where it failed.
    ///   - level: how far the process was confined.
    private func description(
        _ outcome: TrialProcess.Outcome, by file: PackFile, said: String, also remark: String = "",
        _ level: SandboxLevel
    ) throws(PackRefusal) -> PackDescription {
        if case .told(let bytes) = outcome {
            switch PackTrial.Content(bytes) {
            case .described(let description): return description
            case .refused(let reason):
                throw PackRefusal(
                    file: file.name, reason: reason + Self.hint(reason) + DenialHint.text(reason, level))
            case nil: break
            }
        }
        throw PackRefusal(
            file: file.name,
            reason: reason(for: outcome) + remark + (said.isEmpty ? "" : "; it wrote: \(said)") + Self.hint(said)
                + DenialHint.text(said, level))
    }

    /// Whatever is not what it describes.
    private func reason(for outcome: TrialProcess.Outcome) -> String {
        switch outcome {
        case .ended(.exited(PackTrial.cannotTell)):
            "closed or replaced a descriptor of the host's while it was loaded or described; a pack may close only what "
                + "it has opened"
        case .ended(.exited(PackTrial.cannotConfine)):
            "was not loaded: its process had more than one thread before, so that it could not be confined"
        case .ended(.exited(let code)): "ended its process with exit code \(code) before it was described"
        case .ended(.signalled(let number)):
            unsafe "crashed while it was loaded and described (signal \(number), \(String(cString: strsignal(number))))"
        case .ended(.unknown): "ended its process before it was described"
        case .overLimit(let overrun): "\(overrun.text) (while it was loaded and described)"
        case .timedOut: "was not loaded and described within \(timeoutMilliseconds) ms"
        case .told, .disturbed:
            "wrote to a descriptor of the host's while it was loaded or described; a pack may write only to what it has "
                + "opened"
        case .tooLarge: "describes more than \(TrialRecord.limit >> 20) MiB"
        case .notConfined(let reason): PackTrial.notConfined(reason)
        case .notStarted(let reason): "could not be tried in a process of its own: \(reason)"
        }
    }

    /// What the words of a loader or a runtime mean for the operator.
    private static func hint(_ words: String) -> String {
        for (mark, name, flag) in [
            ("ASan", "AddressSanitizer", "address"), ("TSan", "ThreadSanitizer", "thread"),
            ("MSan", "MemorySanitizer", "memory"),
        ] where ["__\(mark.lowercased())_", "\(mark) runtime", name].contains(where: { words.contains($0) }) {
            return " (it is built with \(name): take a build without -fsanitize=\(flag) or, to look for a fault, set "
                + "LD_PRELOAD to the runtime's library and list it in the pack's YAML: `env: [LD_PRELOAD]`)"
        }
        return ""
    }
}
