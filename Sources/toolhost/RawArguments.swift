// The command line as bytes: names of files are not always text.

/// Arguments as the system handed them over.
enum RawArguments {
    /// The bytes of an argument that is not UTF-8 and was made into `text`, in which something stands for what it is
    /// not; `nil` where that is what was typed.
    static func repaired(as text: String) -> [UInt8]? {
        guard text.unicodeScalars.contains("\u{FFFD}") else { return nil }
        for index in 0..<Int(CommandLine.argc) {
            guard let argument = unsafe CommandLine.unsafeArgv[index] else { continue }
            var bytes: [UInt8] = []
            while unsafe argument[bytes.count] != 0 { unsafe bytes.append(UInt8(bitPattern: argument[bytes.count])) }
            guard String(validating: bytes, as: UTF8.self) == nil else { continue }
            if String(decoding: bytes, as: UTF8.self) == text { return bytes }
        }
        return nil
    }
}
