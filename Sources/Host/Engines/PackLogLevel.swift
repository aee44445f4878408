// The levels of a pack's lines in the log, as the ABI and the host's log have them.

import Logging
import ToolABI

/// The levels of the ABI.
enum PackLogLevel {
    static func level(_ number: Int32) -> Logger.Level {
        switch number {
        case ...TOOL_LOG_TRACE: .trace
        case TOOL_LOG_DEBUG: .debug
        case TOOL_LOG_INFO: .info
        case TOOL_LOG_WARNING: .warning
        default: .error
        }
    }

    /// The lowest that is written at a level.
    static func number(of level: Logger.Level) -> Int32 {
        switch level {
        case .trace: TOOL_LOG_TRACE
        case .debug: TOOL_LOG_DEBUG
        case .info: TOOL_LOG_INFO
        case .notice, .warning: TOOL_LOG_WARNING
        case .error, .critical: TOOL_LOG_ERROR
        }
    }
}
