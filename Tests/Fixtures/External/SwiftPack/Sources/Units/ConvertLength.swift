import ToolSDK

struct ConvertLength: InlineTool {
    static let name = "convert_length"
    static let title = "Convert a length"
    static let summary = "Converts a length from one unit to another. Use it instead of doing the arithmetic yourself."
    static let hints: Hints = [.readOnly, .additive, .idempotent, .closedWorld]

    enum Unit: String, CaseIterable {
        case metre, kilometre, foot, mile

        var metres: Double {
            switch self {
            case .metre: 1
            case .kilometre: 1000
            case .foot: 0.3048
            case .mile: 1609.344
            }
        }
    }

    struct Input {
        var value: Double
        var from: Unit
        var to: Unit
    }

    struct Output {
        var value: Double
        var unit: Unit
    }

    static let input = Schema<Input>.object(
        Property("value", \.value, .number(0...1e12), "The length to convert"),
        Property("from", \.from, .enumeration(), "Its unit"),
        Property("to", \.to, .enumeration(), default: .metre, "The unit wanted"),
        make: Input.init)

    static let output = Schema<Output>.object(
        Property("value", \.value, .number(), "The converted length"),
        Property("unit", \.unit, .enumeration(), "Its unit"),
        make: Output.init)

    let digits: Int

    func call(_ input: Input, context: CallContext) throws -> Output {
        let value = input.value * input.from.metres / input.to.metres
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        return Output(value: (value * scale).rounded() / scale, unit: input.to)
    }
}
