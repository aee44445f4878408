// What a process that confined itself holds to, layer by layer, and what this system cannot hold.

import JSON

/// As the process says it before it loads a pack, which could not say it otherwise.
public struct SandboxReport: Sendable, Equatable {
    public enum Standing: String, Sendable {
        case held, partly, missing
    }

    /// One thing that is kept from a pack.
    public struct Layer: Sendable, Equatable {
        /// In words of a key, such as `abstract_sockets`.
        public var name: String
        public var standing: Standing
        /// What is not held, and why; empty where all is.
        public var remark: String

        /// Such as `abstract_sockets missing (…)`.
        public var text: String { "\(name) \(standing.rawValue)" + (remark.isEmpty ? "" : " (\(remark))") }
    }

    /// What came of each step: an error is `nil` where there was none.
    struct Steps {
        /// The version of Landlock in force; 0: none.
        var landlock = 0
        var landlockError: String?
        var systemCallError: String?
        var privilegeError: String?
        /// Of the first try of a filter: that which is there then tells nobody what it refuses.
        var listenerError: String?
        /// Something of the host's was opened all the same.
        var isLeaky = false
    }

    public var level: SandboxLevel
    /// The version of Landlock in force; 0: none.
    public var landlock: Int
    public var layers: [Layer]

    /// Those that are not held, or not wholly.
    public var lacking: [Layer] { layers.filter { $0.standing != .held } }

    /// What a pack is kept from all the same, where it is only told to nobody, is kept.
    private static let told = "told"

    /// Those of them that something is not kept from a pack by.
    public var unkept: [Layer] { lacking.filter { $0.name != Self.told } }

    /// Why refused system calls are told to nobody; `nil` where they are told, or there is no filter.
    /// Whether the host hears of system calls that are refused.
    public var isTold: Bool { layers.contains { $0.name == Self.told && $0.standing == .held } }
    public var untold: Layer? { lacking.first { $0.name == Self.told } }

    init(_ plan: SandboxPlan, _ steps: Steps) {
        level = plan.level
        landlock = steps.landlock
        layers = []
        guard plan.level != .off else { return }
        let filters = steps.systemCallError == nil
        let noLandlock = "no Landlock" + (steps.landlockError.map { ": \($0)" } ?? " (PACK_SANDBOX_ABI=0)")
        let noFilter = "no filter of system calls: \(steps.systemCallError ?? "")"
        func add(_ name: String, _ standing: Standing, _ remark: String = "") {
            layers.append(Layer(name: name, standing: standing, remark: standing == .held ? "" : remark))
        }
        if steps.landlock == 0 {
            add("files", .missing, noLandlock)
        } else if steps.isLeaky {
            add("files", .missing, "something of the host's could be opened all the same")
        } else {
            add("files", filters ? .held : .partly, "open are modes, owners and times of files; \(noFilter)")
        }
        if steps.landlock > 0 {
            add("processes", .held)
        } else {
            let parts = filters ? "open are the files of others in /proc; " : ""
            add("processes", filters ? .partly : .missing, parts + noLandlock)
        }
        add("signals", filters || steps.landlock >= 6 ? .held : .missing, noFilter)
        if steps.landlock >= 6 || plan.network == .none && filters {
            add("abstract_sockets", .held)
        } else {
            add("abstract_sockets", .missing, "Landlock before version 6 (Linux 6.12) knows nothing of them")
        }
        if plan.network != .any {
            let parts = steps.landlock >= 4 ? "open are all but TCP's; " : ""
            add("sockets", filters ? .held : steps.landlock >= 4 ? .partly : .missing, parts + noFilter)
        }
        add("system_calls", filters ? .held : .missing, noFilter)
        add("privileges", steps.privilegeError == nil ? .held : .missing, steps.privilegeError ?? "")
        if plan.tellsRefusals && filters {
            add(
                Self.told, steps.listenerError == nil ? .held : .missing,
                "nobody can listen to the filter: \(steps.listenerError ?? ""); the log says nothing of system calls "
                    + "that it refuses, and a pack cannot change modes and times of its own files: EPERM")
        }
    }

    /// Layers by name: how each stands, and what is to be said of it.
    public var json: JSONValue {
        var (standings, remarks) = (JSONObject(), JSONObject())
        for layer in layers {
            standings[layer.name] = .string(layer.standing.rawValue)
            if !layer.remark.isEmpty { remarks[layer.name] = .string(layer.remark) }
        }
        return [
            "level": .string(level.rawValue), "landlock": .number(JSONNumber(Int64(landlock))),
            "layers": .object(standings), "remarks": .object(remarks),
        ]
    }

    /// `nil` for anything but what ``json`` made.
    public init?(json: JSONValue) {
        guard let level = json["level"]?.string.flatMap(SandboxLevel.init), let landlock = json["landlock"]?.int64,
            let standings = json["layers"]?.object, let remarks = json["remarks"]?.object
        else { return nil }
        self.level = level
        self.landlock = Int(landlock)
        layers = []
        for (name, value) in standings {
            guard let standing = value.string.flatMap(Standing.init) else { return nil }
            layers.append(Layer(name: name, standing: standing, remark: remarks[name]?.string ?? ""))
        }
    }

    /// Such as `files held, signals held, abstract_sockets missing (…)`.
    public var text: String { layers.map(\.text).joined(separator: ", ") }
}
