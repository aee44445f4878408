// What the process of a pack is confined to: the operator's word on the pack over that on the deployment.

import HostBase
import HostCalls
import HostSandbox

/// Makes plans.
struct SandboxPlanner {
    let settings: PackSettings

    /// How far a pack is confined; inside the host it is not.
    func level(_ policy: PackPolicy) -> SandboxLevel {
        (policy.isolation ?? settings.isolation) == .host ? .off : policy.sandbox.level ?? settings.sandbox
    }

    /// For a pack in a process of its own, before it is known which paths its configuration names. Makes its folder.
    func plan(for file: PackFile, _ policy: PackPolicy) throws(PackRefusal) -> SandboxPlan {
        var plan = try trial(of: file, policy)
        guard plan.level != .off else { return plan }
        let folder = PackDataFolder(of: file.name, in: settings.stateDirectory)
        do {
            try folder.make()
        } catch {
            throw PackRefusal(file: file.name, reason: "its folder cannot be made: \(error)")
        }
        plan.folder = folder.path
        plan.tellsRefusals = true
        return plan
    }

    /// For a process that is thrown away once the pack has described itself. One that is to run inside the host does
    /// what it likes there, too.
    func trial(of file: PackFile, _ policy: PackPolicy) throws(PackRefusal) -> SandboxPlan {
        let level = level(policy)
        var plan = SandboxPlan(
            level: level, network: policy.sandbox.network ?? .usual(at: level), file: file.copyPath)
        plan.limits = settings.limits.with(policy.limits)
        plan.allowsProcesses = policy.sandbox.allowsProcesses
        if level != .off {
            plan.isRequired = policy.sandbox.isRequired
            plan.read = try opened(policy.sandbox.read, "sandbox.read", .read, to: file)
            plan.write = try opened(policy.sandbox.write, "sandbox.write", .readWrite, to: file)
        }
        plan.hidden = settings.ownPaths.map(CanonicalPath.text(of:))
        if let limit = settings.sandboxABI { plan.landlockLimit = limit }
        return plan
    }

    /// For a file that somebody only looks at, perhaps before it is a pack of the deployment: never less confined than
    /// by default, and with nothing that its YAML lets it change or start, since that may have come along with it.
    func look(at file: PackFile, _ policy: PackPolicy) throws(PackRefusal) -> SandboxPlan {
        var plan = try trial(of: file, policy)
        if plan.level == .off {
            plan.level = .standard
            plan.network = .any
        }
        plan.write = []
        plan.allowsProcesses = false
        // An operator who wants to see what an older kernel holds is told that, and trusts the file no more for it.
        if !plan.isRequired { plan.landlockLimit = Int(Int32.max) }
        return plan
    }

    /// Where paths of an operator's lead.
    ///
    /// - Throws: where one is the host's, holds what is, or cannot be looked at.
    private func opened(
        _ paths: [String], _ key: String, _ access: OpenPath.Access, to file: PackFile
    ) throws(PackRefusal) -> [String] {
        let folder = PackDataFolder(of: file.name, in: settings.stateDirectory)
        var opened: [String] = []
        for path in paths {
            func refusal(_ problem: String) -> PackRefusal {
                let fault = PolicyFault(key: key, problem: "\(path) \(problem)", example: "[/srv/files]", isYAML: true)
                return PackRefusal(file: file.name, reason: "its configuration is wrong: \(fault)")
            }
            let place: CanonicalPath
            do {
                place = try CanonicalPath(path)
            } catch {
                throw refusal("cannot be looked at: \(error.reason)")
            }
            if let objection = settings.places.objection(to: place, access, folder: folder) {
                throw refusal("\(objection), which is the host's and opens to no pack")
            }
            opened.append(place.text)
        }
        return opened
    }
}
