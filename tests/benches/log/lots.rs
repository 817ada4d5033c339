//! Lots that are handed on and on, so that each has as many statements as a proof is asked for.

use event::{LotId, SignedStatement};
use tests::world::World;

use crate::said::Mine;

/// Statements about each of the lots.
pub(crate) const STATEMENTS: [usize; 3] = [5, 12, 40];
/// What each of them weighs.
const GRAMS: u64 = 500;

/// Lots with so many statements about each, and all of these.
pub(crate) fn lots(world: &World, mine: &mut Mine) -> ([LotId; STATEMENTS.len()], Vec<SignedStatement>) {
    let mut said = Vec::new();
    let lots = STATEMENTS.map(|count| {
        let (lot, declared) = world.declare(&mut mine.operator, mine.site, GRAMS);
        let mut last = world.id(&declared);
        said.push(declared);
        let (mut giver, mut taker) = (&mut mine.operator, &mut mine.trader);
        for at in 1..count {
            let next = if at % 2 == 1 {
                world.offer(giver, lot, last, taker)
            } else {
                let accepted = world.accept(taker, lot, last, GRAMS);
                (giver, taker) = (taker, giver);
                accepted
            };
            last = world.id(&next);
            said.push(next);
        }
        lot
    });
    (lots, said)
}
