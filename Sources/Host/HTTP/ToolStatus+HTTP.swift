// The one place where the status of a call becomes one of HTTP.

import HostCalls
import NIOHTTP1

extension ToolStatus {
    var httpStatus: HTTPResponseStatus {
        switch self {
        case .invalid: .unprocessableEntity
        case .denied: .forbidden
        case .notFound: .notFound
        case .conflict: .conflict
        case .busy, .cancelled, .unavailable, .packRestarting, .packFailed, .toolQuarantined: .serviceUnavailable
        case .packCrashed, .packOverLimit: .badGateway
        case .deadline: .gatewayTimeout
        case .unsupported: .notImplemented
        case .tooLarge: .payloadTooLarge
        case .internal: .internalServerError
        }
    }
}
