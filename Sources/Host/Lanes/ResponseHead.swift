// How a pack's request ended, but for the body: as it goes from the host to a runner.

/// A response of `http/1`, in the numbers of `tool_http.h`. In a block of an arena it is texts in a row
/// (``TextFrame``).
public struct ResponseHead: Sendable {
    /// `TOOL_OK` where there is an answer.
    public var status: Int32
    /// `TOOL_HTTP_…`.
    public var flags: UInt32
    /// 0 where there is no answer.
    public var httpStatus: UInt32
    /// Milliseconds after which to try again; 0: nobody says.
    public var retryAfter: UInt32
    /// Why there is no answer.
    public var message: String
    public var fields: [(name: String, value: String)]

    public init(
        status: Int32, flags: UInt32 = 0, httpStatus: UInt32 = 0, retryAfter: UInt32 = 0, message: String = "",
        fields: [(name: String, value: String)] = []
    ) {
        self.status = status
        self.flags = flags
        self.httpStatus = httpStatus
        self.retryAfter = retryAfter
        self.message = message
        self.fields = fields
    }

    public var bytes: [UInt8] {
        let texts =
            ["\(status)", "\(flags)", "\(httpStatus)", "\(retryAfter)", message]
            + fields.flatMap { [$0.name, $0.value] }
        return TextFrame.bytes(texts.map { Array($0.utf8) })
    }

    /// `nil` for anything but what ``bytes`` made.
    public init?(_ bytes: [UInt8]) {
        guard let texts = TextFrame.strings(bytes), texts.count >= 5, let status = Int32(texts[0]),
            let flags = UInt32(texts[1]), let httpStatus = UInt32(texts[2]), let retryAfter = UInt32(texts[3]),
            let fields = TextFrame.pairs(texts[5...])
        else { return nil }
        self.init(
            status: status, flags: flags, httpStatus: httpStatus, retryAfter: retryAfter, message: texts[4],
            fields: fields)
    }
}
