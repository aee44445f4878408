// What a pack's requests hold together: never more than the budget, and given back when they are gone.

import Testing

@testable import HostOutbound

@Suite struct ByteBudgetTests {
    @Test func noMoreIsTakenThanThereIs() {
        let budget = ByteBudget(10)
        let (first, second) = (ByteShare(of: budget), ByteShare(of: budget))
        let taken = [first.take(6), second.take(5), second.take(4), first.take(1), first.take(0)]
        #expect(taken == [true, false, true, false, true])
    }

    @Test func aShareThatGoesGivesBackWhatItTook() {
        let budget = ByteBudget(10)
        for _ in 1...3 {
            let share = ByteShare(of: budget)
            let taken = [share.take(6), share.take(4), share.take(1)]
            #expect(taken == [true, true, false])
        }
    }
}
