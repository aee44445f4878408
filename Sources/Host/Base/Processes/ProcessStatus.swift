// What the system says of a process in one file, which is read in one go: `/proc/PID/status` of proc(5).

/// The lines of one moment.
public struct ProcessStatus: Sendable {
    private let bytes: [UInt8]

    /// Empty where the process is gone.
    public init(of process: Int32) {
        bytes = ProcessFile.bytes("/proc/\(process)/status")
    }

    /// As one of its threads has it: the same but for what is the thread's own. Empty where the thread is gone.
    public init(of process: Int32, thread: Int32) {
        bytes = ProcessFile.bytes("/proc/\(process)/task/\(thread)/status")
    }

    init(text: String) {
        bytes = Array(text.utf8)
    }

    /// The numbers of lines, in the order of their names; `nil` for a line that is not there, as those of its memory
    /// are not once a process has given that back. Sizes are in units of 1024 bytes.
    ///
    /// - Parameter names: such as `Threads`.
    public func numbers(_ names: [String]) -> [Int?] {
        let names = names.map { Array($0.utf8) + [UInt8(ascii: ":")] }
        var numbers = [Int?](repeating: nil, count: names.count)
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            for (index, name) in names.enumerated() where bytes[start..<end].starts(with: name) {
                numbers[index] = Self.number(bytes[(start + name.count)..<end])
            }
            start = end + 1
        }
        return numbers
    }

    private static func number(_ line: ArraySlice<UInt8>) -> Int? {
        let digits = line.drop { $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: " ") }.prefix(while: \.isASCIIDigit)
        return Int(String(decoding: digits, as: UTF8.self))
    }
}
