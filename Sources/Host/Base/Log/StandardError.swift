// What a command says to whoever typed it, on the way that the log's lines go: neither may cut the other.

/// Standard error, for the command line.
public enum StandardError {
    /// Writes a line, or more of them. Waits no longer than a second for somebody to read.
    public static func line(_ text: String) {
        LineOutput.standardError.write(Array((text + "\n").utf8)[...])
        LineOutput.standardError.flush()
    }
}
