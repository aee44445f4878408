// Reads a pack's descriptors in a process of its own first: a pack that crashes or hangs on load takes nothing with it.

import Glibc
import HostBase
import HostCalls
import HostEngines
import NIOCore

/// Runs `<host executable> probe <copy>` once for every pack file not seen before, and remembers the packs that passed.
public struct PackProbe: Sendable {
    /// The host's own executable.
    let executable: String
    /// As it was before any pack could change it.
    let environment: [[CChar]]
    /// How long a pack may take to be loaded and described.
    let timeoutMilliseconds: Int

    /// Why packs are not described where there is none.
    public static let absence =
        "cannot be tried in a process of its own: /proc is not mounted, which names the host's program"

    /// `nil` where the system does not tell which file this process runs.
    public static func ofThisExecutable(timeout: TimeAmount) -> PackProbe? {
        OwnProgram.current.map { program in
            PackProbe(
                executable: program.executable, environment: quietEnvironment(),
                timeoutMilliseconds: Int(timeout.nanoseconds / 1_000_000))
        }
    }

    /// Tries a pack unless it passed before and loading it ended well ever since.
    ///
    /// - Returns: what it describes; `nil` where it was not tried.
    /// - Throws: `PackRefusal` when it does not tell that.
    func check(_ file: PackFile) throws(PackRefusal) -> PackDescription? {
        // The mark comes back when loading ends well: after a crash the pack is tried again.
        if unsafe unlink(file.copyPath + ".ok") == 0 { return nil }
        return try describe(file)
    }

    /// Loading the pack in this process ended well, so the next start need not try it first.
    func remember(_ file: PackFile) {
        // Without the mark the pack is merely tried again.
        try? FileStatus.write([], to: file.copyPath + ".ok", mode: 0o600)
    }

    /// Has the pack loaded by a process of its own, whatever it did before: what it needs of the machine may have
    /// changed.
    ///
    /// - Throws: `PackRefusal` when it does not tell what it describes.
    public func describe(_ file: PackFile) throws(PackRefusal) -> PackDescription {
        // A pack's name may look like an option.
        let arguments = ["toolhost", "probe", "--host", "\(getpid())", "--", file.copyPath, file.name]
        var trial = TrialProcess(
            arguments: arguments, environment: environment, timeoutMilliseconds: timeoutMilliseconds)
        return try description(trial.run(executable), by: file, said: trial.output.text)
    }

    /// The same of a process that goes on to run the pack.
    func description(
        told outcome: Result<[UInt8], RunnerKeeper.Fault>, by file: PackFile
    ) throws(PackRefusal) -> PackDescription {
        switch outcome {
        case .success(let bytes): return try description(.told(bytes), by: file, said: "")
        case .failure(let fault):
            var tail = OutputTail()
            tail.append(fault.words)
            let outcome: TrialProcess.Outcome =
                switch fault.kind {
                case .notStarted(let reason), .lacking(let reason): .notStarted(reason)
                case .ended(let end): .ended(end)
                case .timedOut: .timedOut
                case .closed: .ended(.exited(PackTrial.cannotTell))
                case .disturbed: .disturbed
                }
            return try description(outcome, by: file, said: tail.text)
        }
    }

    /// - Parameter said: what the process wrote.
    private func description(
        _ outcome: TrialProcess.Outcome, by file: PackFile, said: String
    ) throws(PackRefusal) -> PackDescription {
        if case .told(let bytes) = outcome {
            switch PackTrial.Content(bytes) {
            case .described(let description): return description
            case .refused(let reason): throw PackRefusal(file: file.name, reason: reason + Self.hint(reason))
            case nil: break
            }
        }
        throw PackRefusal(
            file: file.name,
            reason: reason(for: outcome) + (said.isEmpty ? "" : "; it wrote: \(said)") + Self.hint(said))
    }

    /// Whatever is not what it describes.
    private func reason(for outcome: TrialProcess.Outcome) -> String {
        switch outcome {
        case .ended(.exited(PackTrial.cannotTell)):
            "closed or replaced a descriptor of the host's while it was loaded or described; a pack may close only what "
                + "it has opened"
        case .ended(.exited(let code)): "ended its process with exit code \(code) before it was described"
        case .ended(.signalled(let number)):
            unsafe "crashed while it was loaded and described (signal \(number), \(String(cString: strsignal(number))))"
        case .ended(.unknown): "ended its process before it was described"
        case .timedOut: "was not loaded and described within \(timeoutMilliseconds) ms"
        case .told, .disturbed:
            "wrote to a descriptor of the host's while it was loaded or described; a pack may write only to what it has "
                + "opened"
        case .tooLarge: "describes more than \(TrialRecord.limit >> 20) MiB"
        case .notStarted(let reason): "could not be tried in a process of its own: \(reason)"
        }
    }

    /// What the words of a loader or a runtime mean for the operator.
    private static func hint(_ words: String) -> String {
        for (mark, name, flag) in [
            ("ASan", "AddressSanitizer", "address"), ("TSan", "ThreadSanitizer", "thread"),
            ("MSan", "MemorySanitizer", "memory"),
        ] where ["__\(mark.lowercased())_", "\(mark) runtime", name].contains(where: { words.contains($0) }) {
            return " (it is built with \(name): take a build without -fsanitize=\(flag) or, to look for a fault, start "
                + "the host with the runtime's library in LD_PRELOAD)"
        }
        return ""
    }

    /// The host's environment, without the report that Swift's runtime would write about a crash: it takes a second.
    private static func quietEnvironment() -> [[CChar]] {
        var entries: [[CChar]] = []
        var index = 0
        while let entry = unsafe environ[index] {
            if unsafe strncmp(entry, "SWIFT_BACKTRACE=", 16) != 0 {
                unsafe entries.append(Array(UnsafeBufferPointer(start: entry, count: strlen(entry) + 1)))
            }
            index += 1
        }
        return entries + [Array("SWIFT_BACKTRACE=enable=no".utf8CString)]
    }
}
