//! What a lot rests on, and how far back that goes: the same for who gathers a bundle and for who verifies one.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use event::vocabulary::{Event, LotsTransformed, ShortText};
use event::{LotId, PartyId, VerifiedStatement};
use tlog::map::MapKind;

use crate::touches::{Touched, policy_key};

/// Map keys that a lot rests on, as far as they are known, with how many transformations lie between it and each.
pub(super) struct Reach {
    /// How far back to go; everywhere, where there is none.
    depth: Option<u16>,
    steps: BTreeMap<Touched, u16>,
    open: VecDeque<(Touched, u16)>,
    /// Lots that lie further back.
    beyond: BTreeSet<LotId>,
}

impl Reach {
    pub(super) fn new(lot: LotId, depth: Option<u16>) -> Self {
        let mut reach = Self {
            depth,
            steps: BTreeMap::new(),
            open: VecDeque::new(),
            beyond: BTreeSet::new(),
        };
        reach.want(policy_key(), 0, 0);
        reach.want(Touched::lot(lot), 0, 0);
        reach
    }

    /// The next key to look under, the nearest first; each is final, since what it rests on lies no nearer.
    pub(super) fn next(&mut self) -> Option<(Touched, u16)> {
        while let Some((key, steps)) = self.open.pop_front() {
            if self.steps[&key] == steps {
                return Some((key, steps));
            }
        }
        None
    }

    /// Takes up what a statement rests on that stands under `key`.
    pub(super) fn rest(&mut self, (key, steps): &(Touched, u16), statement: &VerifiedStatement) {
        for other in rests_on(statement) {
            self.want(other, *steps, 0);
        }
        if let Event::LotsTransformed(event) = statement.event() {
            let inputs = event.inputs.iter().map(|input| Touched::lot(input.lot));
            let inputs: Vec<_> = inputs.collect();
            // What went in together lies as far back as each other; seen from what came out, a step further.
            let back = u16::from(!inputs.contains(key));
            for input in inputs {
                self.want(input, *steps, back);
            }
        }
    }

    /// The keys that were reached.
    pub(super) fn keys(&self) -> impl Iterator<Item = &Touched> {
        self.steps.keys()
    }

    /// How many keys were reached.
    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    /// The lots that what was reached was made of, and that lie further back than is gone.
    pub(super) fn below(&self) -> BTreeSet<LotId> {
        let is_reached = |lot: &&LotId| self.steps.contains_key(&Touched::lot(**lot));
        self.beyond.iter().filter(|lot| !is_reached(lot)).copied().collect()
    }

    fn want(&mut self, key: Touched, steps: u16, back: u16) {
        let steps = steps.saturating_add(back);
        if self.depth.is_some_and(|depth| depth < steps) {
            if key.kind == MapKind::Lot {
                let id = key.id.as_slice().try_into();
                self.beyond
                    .insert(LotId::from_bytes(id.expect("a lot's id has 16 bytes")));
            }
            return;
        }
        if self.steps.get(&key).is_some_and(|known| *known <= steps) {
            return;
        }
        self.steps.insert(key.clone(), steps);
        if back == 0 {
            self.open.push_front((key, steps));
        } else {
            self.open.push_back((key, steps));
        }
    }
}

/// What a statement about a lot, or about what that rests on, rests on itself, beside what a lot was made of.
fn rests_on(statement: &VerifiedStatement) -> Vec<Touched> {
    let mut keys = vec![policy_key(), Touched::signer(statement.key())];
    if statement.party() != PartyId::FOUNDER {
        keys.push(Touched::party(statement.party()));
    }
    match statement.event() {
        Event::KeyAuthorized(event) => keys.push(Touched::party(event.party)),
        Event::SiteRegistered(event) => keys.push(Touched::party(event.operator)),
        Event::CustodyOffered(event) => keys.push(Touched::party(event.to)),
        Event::DelegationGranted(event) => {
            keys.push(Touched::party(event.to));
            keys.extend(event.sites.iter().map(|site| Touched::site(*site)));
        }
        Event::DelegationRevoked(event) => keys.push(Touched::party(event.to)),
        Event::AssessorAccredited(event) => keys.push(Touched::party(event.assessor)),
        Event::AccreditationWithdrawn(event) => keys.push(Touched::party(event.assessor)),
        Event::StandingDecided(event) => keys.push(Touched::party(event.organization)),
        Event::LotDeclared(event) => {
            keys.push(Touched::site(event.site));
            keys.extend(seals(&event.seals));
        }
        Event::SiteAmended(event) => keys.extend(event.operator.map(Touched::party)),
        Event::PermitRecorded(event) => {
            keys.push(Touched::party(event.holder));
            keys.extend(event.sites.iter().map(|site| Touched::site(*site)));
        }
        Event::PermitStatusChanged(event) => keys.extend(event.sites.iter().map(|site| Touched::site(*site))),
        Event::LotWeighed(event) => keys.extend(event.witness.map(Touched::party)),
        Event::LotSampled(event) => {
            keys.extend(event.witness.map(Touched::party));
            keys.extend(seals(&event.samples));
        }
        Event::LotAssayed(event) => keys.extend(event.sample.iter().map(|seal| Touched::seal(seal.as_str()))),
        Event::LotSealed(event) => keys.extend(seals(&event.seals)),
        Event::SealBroken(event) => keys.extend(seals(&event.seals)),
        Event::TitleTransferred(event) => keys.push(Touched::party(event.to)),
        Event::LotsTransformed(event) => keys.extend(taken(statement.party(), event)),
        Event::LotExported(event) => {
            keys.push(Touched::party(event.importer));
            keys.push(Touched::certificate(&event.certificate));
            keys.extend(event.lots.iter().map(|each| Touched::lot(each.lot)));
        }
        _ => {}
    }
    keys
}

fn seals(numbers: &[ShortText]) -> impl Iterator<Item = Touched> {
    numbers.iter().map(|seal| Touched::seal(seal.as_str()))
}

/// What is made rests on the numbers that it takes, and on who saw it.
fn taken(signer: PartyId, event: &LotsTransformed) -> impl Iterator<Item = Touched> {
    let taken = event.outputs.iter().flat_map(move |output| {
        let bar = output.bar.iter().map(move |bar| Touched::bar(signer, bar));
        seals(&output.seals).chain(bar)
    });
    taken.chain(event.witness.map(Touched::party))
}
