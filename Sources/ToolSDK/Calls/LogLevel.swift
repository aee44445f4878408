// How important a line in the host's log is.

import ToolABI

/// The importance of a log line.
public enum LogLevel: Sendable, Hashable, CaseIterable {
    case trace, debug, info, warning, error

    var abiValue: Int32 {
        switch self {
        case .trace: TOOL_LOG_TRACE
        case .debug: TOOL_LOG_DEBUG
        case .info: TOOL_LOG_INFO
        case .warning: TOOL_LOG_WARNING
        case .error: TOOL_LOG_ERROR
        }
    }
}
