// A name of the host's configuration that a pack asks for, and what becomes of that: for whoever decides what it is
// given.

/// What an `x-env` of a pack's config schema comes to.
public struct AskedName: Sendable, Hashable {
    public enum State: String, Sendable {
        /// It has a value, which the pack is given.
        case given
        /// It has no value.
        case unset = "not set"
        /// It has a value, which the pack is not given because its file does not list the name.
        case unlisted = "not listed"
        /// The operator's file says what is to be there instead.
        case configured = "set in its file"
        /// It is the state folder, and the pack is given its own.
        case ownFolder = "its own folder"
    }

    public var name: String
    public var property: String
    public var state: State
}
