import Testing
import ToolSDK

@testable import Units

@Suite struct UnitsTests {
    @Test func packIsSound() {
        #expect(UnitsPack.problems() == [])
    }

    @Test func convertsMilesToMetres() throws {
        let answer = try ConvertLength(digits: 1).answer(["value": 2, "from": "mile"])
        #expect(answer == ["value": 3218.7, "unit": "metre"])
    }

    @Test func refusesAnUnknownUnit() {
        #expect(throws: ToolError.self) {
            try ConvertLength(digits: 1).answer(["value": 2, "from": "parsec"])
        }
    }

    @Test func logsWhatItStartsWith() throws {
        let host = TestHost()
        _ = try UnitsPack(configuration: .init(digits: 2), host: host.link)
        #expect(host.lines.map(\.metadata) == [["digits": "2"]])
    }
}
