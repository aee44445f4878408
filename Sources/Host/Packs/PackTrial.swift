// The other side of a trial: a process that loads one pack, tells what it describes, and ends.

import CGlibc
import CrashNote
import Glibc
import HostBase
import HostCalls
import HostEngines
import HostSandbox
import HostTools
import JSON

/// What `toolhost probe` does.
public enum PackTrial {
    /// The exit code of a trial that could not tell: its pack closed or replaced what the host is told through.
    public static let cannotTell: Int32 = 113
    /// That of a process that had more than one thread before its pack was loaded, and so could not confine itself.
    public static let cannotConfine: Int32 = 114

    /// Loads the pack and writes what it describes, or why it cannot be loaded, into the record that the host gave.
    ///
    /// - Parameters:
    ///   - copy: the file to load.
    ///   - name: what it is called in the plugins folder.
    ///   - host: the process that is to be told. This one ends with it.
    ///   - checks: what the host holds each tool against.
    public static func run(copy: String, name: String, host: Int32, checks: [ToolCheck]) -> Never {
        _ = end_with_parent()
        guard getppid() == host, let nonce = nonce(),
            let plan = SandboxPlan.receive(from: TrialProcess.ordersDescriptor)
        else {
            let words = "toolhost: probe is only for the host itself; `toolhost inspect` looks at a pack\n"
            _ = unsafe write(STDERR_FILENO, words, words.utf8.count)
            _exit(64)
        }
        plan.limits.apply(at: plan.level)
        plan.limits.boundOpenFiles()
        // What the pack starts has no part in it, and it nothing more to read.
        _ = fcntl(TrialProcess.recordDescriptor, F_SETFD, FD_CLOEXEC)
        close(TrialProcess.ordersDescriptor)
        let record = HandedDescriptor(TrialProcess.recordDescriptor)
        // Nothing of the pack has run so far.
        guard let outcome = Confiner.confine(to: plan) else { _exit(cannotConfine) }
        let content: Content
        if plan.isRequired, let layer = outcome.report.unkept.first {
            content = .refused(notConfined(layer.text))
        } else {
            content = load(PackFile(name: name, copyPath: copy), checks).content
        }
        let told = send(TrialRecord(nonce: nonce).bytes(content.json.bytes()), to: record)
        // What the pack left to be done at an exit may never end.
        _exit(told ? 0 : cannotTell)
    }

    /// Why a pack is not loaded whose file says `sandbox.required`. - Parameter layer: what is lacking.
    static func notConfined(_ layer: String) -> String {
        "is to run only where its sandbox holds (sandbox.required), and this system lacks a part of it: \(layer)"
    }

    /// Confines itself and tells what holds, without any pack.
    ///
    /// - Parameter host: the process that is to be told. This one ends with it.
    public static func tellLayers(host: Int32) -> Never {
        _ = end_with_parent()
        guard getppid() == host, let nonce = nonce(),
            let plan = SandboxPlan.receive(from: TrialProcess.ordersDescriptor),
            let outcome = Confiner.confine(to: plan)
        else { _exit(cannotConfine) }
        // Nobody answers here: whatever is refused is to fail.
        if let listener = outcome.listener { close(listener) }
        let record = HandedDescriptor(TrialProcess.recordDescriptor)
        _exit(send(TrialRecord(nonce: nonce).bytes(outcome.report.json.bytes()), to: record) ? 0 : cannotTell)
    }

    /// Loads the pack.
    ///
    /// - Returns: its table, where it has one, and what it describes, or why it cannot be loaded.
    static func load(_ file: PackFile, _ checks: [ToolCheck]) -> (table: LoadedTable?, content: Content) {
        do throws(PackRefusal) {
            let (table, description) = try LoadedPack.read(file)
            // What cannot be judged without harm is found out here.
            _ = try? DescribedPack(
                description, file: file, policy: PackPolicy(), reader: DescriptorReader(checks: checks))
            return (table, .described(description))
        } catch {
            return (nil, .refused(error.reason))
        }
    }

    /// What the host wrote before anything else.
    private static func nonce() -> [UInt8]? {
        DescriptorBytes.next(TrialRecord.nonceSize, of: TrialProcess.ordersDescriptor)
    }

    private static func send(_ bytes: [UInt8], to record: HandedDescriptor) -> Bool {
        guard record.isThere else { return false }
        // As the program has it from its start, whatever the pack has made of it.
        signal(SIGPIPE, SIG_IGN)
        return (try? DescriptorBytes.write(bytes, to: record.number)) != nil
    }
}

extension PackTrial {
    /// What the runner of a pack begins with: the pack's table, and what goes to the host before anything else.
    ///
    /// - Parameters:
    ///   - copy: the file to load.
    ///   - name: what it is called in the plugins folder.
    ///   - checks: what the host holds each tool against.
    public static func load(copy: String, name: String, checks: [ToolCheck]) -> (table: LoadedTable?, told: [UInt8]) {
        let (table, content) = load(PackFile(name: name, copyPath: copy), checks)
        return (table, content.json.bytes())
    }

    /// What a trial tells.
    enum Content: Equatable {
        case described(PackDescription)
        case refused(String)

        var json: JSONValue {
            switch self {
            case .described(let description): ["described": description.json]
            case .refused(let reason): ["refused": .string(reason)]
            }
        }

        init?(_ bytes: [UInt8]) {
            let limits = JSONLimits(maximumBytes: TrialRecord.limit)
            guard let json = try? JSONValue(parsing: bytes, limits: limits) else { return nil }
            if let reason = json["refused"]?.string {
                self = .refused(reason)
            } else if let description = json["described"].flatMap(PackDescription.init(json:)) {
                self = .described(description)
            } else {
                return nil
            }
        }
    }
}
