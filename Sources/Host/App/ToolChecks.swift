// What everybody who is to describe a tool to clients asks of its descriptor, so that a pack's team hears of it first.

import HostDocuments
import HostLanes
import HostMCP
import HostPacks
import HostRunner
import HostTools

/// The checks that every tool passes before it is served.
enum ToolChecks {
    static let all: [ToolCheck] = [
        { OpenAILimits.problems(with: $0).first },
        { OpenAPIDocument.check($0).first },
        { HeaderParameter.problem(with: $0) },
    ]
}

extension PackTrial {
    /// Loads the pack and tells the host what it describes.
    public static func run(copy: String, name: String, host: Int32) -> Never {
        run(copy: copy, name: name, host: host, checks: ToolChecks.all)
    }
}

extension PackRunner {
    /// Loads the pack and runs it for the host.
    public static func run(
        copy: String, name: String, host: Int32, program: String, niceness: Int32, map: RunnerMap
    ) -> Never {
        run(
            copy: copy, name: name, host: host, program: program, niceness: niceness, map: map, checks: ToolChecks.all)
    }
}
