// The log's share of a review: one line a tool, since the commands tell the rest.

import Logging

extension ClientReview {
    public func write(to logger: Logger) {
        let all = byTool
        for (tool, quirks) in all.prefix(Self.loggedTools) {
            let list: Logger.MetadataValue = "\(quirks.joined(separator: " "))"
            if let tool {
                logger.warning(
                    "clients may refuse or misread a tool: toolhost tools says which and why",
                    metadata: ["tool": "\(tool)", "quirks": list])
            } else {
                logger.warning(
                    "clients may refuse or misread these tools: toolhost tools says which and why",
                    metadata: ["quirks": list])
            }
        }
        guard all.count > Self.loggedTools else { return }
        logger.warning(
            "clients may refuse or misread further tools: toolhost tools names them",
            metadata: ["tools": "\(all.count - Self.loggedTools)"])
    }
}
