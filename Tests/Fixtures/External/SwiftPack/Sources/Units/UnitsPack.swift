import ToolSDK

struct UnitsPack: ToolPack {
    static let id = "units"
    static let version = "1.0.0"
    static let description = "Converts between units of length."
    static let configuration = Schema<Configuration>.object(
        Property("digits", \.digits, .integer(0...9), default: 3, environment: "UNITS_DIGITS", "Digits kept"),
        make: Configuration.init)
    static let tools: [PackTool<UnitsPack>] = [
        PackTool { ConvertLength(digits: $0.digits) }
    ]

    struct Configuration: Sendable {
        var digits: Int
    }

    let digits: Int

    init(configuration: Configuration, host: HostLink) throws {
        digits = configuration.digits
        host.log(.info, "units are ready", metadata: ["digits": "\(digits)"])
    }
}

@c(tool_pack_entry_v1) public func packEntry() -> PackEntry { UnitsPack.entry }
