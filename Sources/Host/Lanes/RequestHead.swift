// What a pack asks of a service elsewhere, but for the body: as it goes from a runner to the host.

/// A request for `http/1`. In a block of an arena it is texts in a row (``TextFrame``).
public struct RequestHead: Sendable {
    public var method: String
    public var url: String
    public var fields: [(name: String, value: String)]
    /// The number of the call that it is for; 0 outside any.
    public var call: UInt64
    /// Milliseconds for everything; 0: what the call has left.
    public var timeout: UInt32
    /// The most bytes of the answer's body; 0: what the operator allows.
    public var limit: UInt64

    /// The most bytes of each part, of all fields together, and the most fields.
    public static let longestMethod = 32
    public static let longestURL = 8192
    public static let longestFields = 64 << 10
    public static let mostFields = 1000
    /// The most bytes of ``bytes``.
    public static let longest = longestMethod + longestURL + longestFields + (5 + 2 * mostFields) * 4 + 60

    public init(
        method: String, url: String, fields: [(name: String, value: String)] = [], call: UInt64 = 0,
        timeout: UInt32 = 0, limit: UInt64 = 0
    ) {
        self.method = method
        self.url = url
        self.fields = fields
        self.call = call
        self.timeout = timeout
        self.limit = limit
    }

    public var bytes: [UInt8] {
        let texts = [method, url, "\(call)", "\(timeout)", "\(limit)"] + fields.flatMap { [$0.name, $0.value] }
        return TextFrame.bytes(texts.map { Array($0.utf8) })
    }

    /// `nil` for anything but what ``bytes`` made.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.longest, let texts = TextFrame.strings(bytes), texts.count >= 5,
            let call = UInt64(texts[2]), let timeout = UInt32(texts[3]), let limit = UInt64(texts[4]),
            texts[0].utf8.count <= Self.longestMethod, texts[1].utf8.count <= Self.longestURL,
            texts.count <= 5 + 2 * Self.mostFields, let fields = TextFrame.pairs(texts[5...]),
            fields.reduce(0, { $0 + $1.name.utf8.count + $1.value.utf8.count }) <= Self.longestFields
        else { return nil }
        self.init(method: texts[0], url: texts[1], fields: fields, call: call, timeout: timeout, limit: limit)
    }
}
