// Why a command to a host comes to nothing, said so that whoever typed it can act on it.

/// A whole sentence, and its kind.
public struct ControlFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// The names are what is sent.
    public enum Code: String, Sendable {
        /// What was asked makes no sense: the command, its members, or what they name.
        case usage
        /// It makes sense, and is not done.
        case refused
        /// The peer may ask nothing: it is somebody else, or has no key.
        case forbidden
        /// As many ask at this moment as may.
        case busy
        /// The request or its answer is too long.
        case tooLarge = "too_large"
        /// The request did not come in time.
        case timeout
        /// There is no host to ask, or it does not answer. Never sent.
        case absent
    }

    public var code: Code
    public var description: String

    public init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
