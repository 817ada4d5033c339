//! The same records make the same rows and the same answers, whenever and in whatever batches they are folded.

use std::collections::{BTreeMap, BTreeSet};

use event::vocabulary::{
    AssayPurpose, FinenessMethod, LotAssayed, LotReceived, LotWeighed, RevocationReason, TitleTransferred,
    Transformation,
};
use event::{Event, Fineness, List, LotId, Mass};
use proptest::collection::vec;
use proptest::prelude::*;
use rpc::custody::{
    Declaration, GetLineageRequest, GetLineageResponse, GetLotResponse, GetOriginTableRequest, GetOriginTableResponse,
    GetOriginsRequest, GetOriginsResponse, GetPartyRequest, GetPartyResponse, GetProvenanceRequest,
    GetProvenanceResponse, GetSiteProductionRequest, GetSiteProductionResponse, LineageDirection, ListLotsRequest,
    ListLotsResponse, ListSuspectsRequest, ListSuspectsResponse, LotState, Origin, OriginsBy, PartyMonth, Suspect,
    Tally,
};
use tests::world::short;

use crate::support::{Folded, REFINER, Say, Stream, melted, of_lot};

/// What comes next in a random history; much of it is refused, and much of it is not.
#[derive(Clone, Debug)]
enum Next {
    Declared {
        by: usize,
        sealed: bool,
    },
    Said {
        by: usize,
        lot: usize,
        say: Say,
    },
    Handed {
        lot: usize,
        to: usize,
        ppm: u32,
    },
    Became {
        lots: usize,
        inputs: usize,
        outputs: usize,
        lost_ppm: u32,
        off_ppm: i32,
    },
    Weighed {
        lot: usize,
        ppm: u32,
    },
    Assayed {
        lot: usize,
        ppm: u32,
    },
    Titled {
        lot: usize,
        to: usize,
    },
    Received {
        lot: usize,
    },
    Held {
        lot: usize,
        held: bool,
    },
    Compromised {
        person: usize,
        since: u64,
    },
    Days(u16),
    Garbage(Vec<u8>),
}

fn next() -> impl Strategy<Value = Next> {
    let lot = || 0..40_usize;
    let say = prop_oneof![
        6 => (0..4_usize).prop_map(|to| Say::Offer { to }),
        6 => (9_900..10_040_u64).prop_map(|mg| Say::Accept { mg }),
        1 => Just(Say::Decline),
        1 => Just(Say::Withdraw),
        1 => Just(Say::Retire),
    ];
    prop_oneof![
        6 => (0..2_usize, prop::bool::weighted(0.2)).prop_map(|(by, sealed)| Next::Declared { by, sealed }),
        8 => (0..4_usize, lot(), say).prop_map(|(by, lot, say)| Next::Said { by, lot, say }),
        14 => (lot(), 1..4_usize, 990_000..1_004_000_u32).prop_map(|(lot, to, ppm)| Next::Handed { lot, to, ppm }),
        14 => (lot(), 1..4_usize, 1..4_usize, 0..4_000_u32, -15_000..15_000_i32)
            .prop_map(|(lots, inputs, outputs, lost_ppm, off_ppm)| Next::Became { lots, inputs, outputs, lost_ppm, off_ppm }),
        2 => (lot(), 990_000..1_004_000_u32).prop_map(|(lot, ppm)| Next::Weighed { lot, ppm }),
        2 => (lot(), 480_000..520_000_u32).prop_map(|(lot, ppm)| Next::Assayed { lot, ppm }),
        1 => (lot(), 0..4_usize).prop_map(|(lot, to)| Next::Titled { lot, to }),
        2 => lot().prop_map(|lot| Next::Received { lot }),
        3 => (lot(), any::<bool>()).prop_map(|(lot, held)| Next::Held { lot, held }),
        1 => (0..2_usize, 0..60_u64).prop_map(|(person, since)| Next::Compromised { person, since }),
        2 => (1..40_u16).prop_map(Next::Days),
        1 => vec(any::<u8>(), 0..40).prop_map(Next::Garbage),
    ]
}

fn history() -> impl Strategy<Value = Vec<Next>> {
    vec(next(), 1..60)
}

fn stream(history: &[Next]) -> Stream {
    let mut stream = Stream::begin();
    for _ in 0..3 {
        stream.declare(0, 10, &[]);
    }
    for (n, next) in history.iter().enumerate() {
        go_on(&mut stream, n, next);
    }
    stream
}

fn go_on(stream: &mut Stream, n: usize, next: &Next) {
    let place = |lot: &usize, stream: &Stream| lot % stream.lots.len();
    match next {
        Next::Declared { by, sealed } => {
            let seal = format!("S-{n}");
            let seals: &[&str] = if *sealed { &[&seal] } else { &[] };
            // Whose key is not believed any more declares nothing.
            if stream.key_of(*by).revoked.is_none() {
                stream.declare(*by, 10, seals);
            }
        }
        Next::Said { by, lot, say } => _ = stream.say(*by, place(lot, stream), *say),
        Next::Handed { lot, to, ppm } => {
            let lot = place(lot, stream);
            let mg = stream.known(lot).gross_mass.ppm(*ppm).micrograms() / 1_000;
            let by = stream.holder(lot);
            stream.say(by, lot, Say::Offer { to: *to });
            stream.say(*to, lot, Say::Accept { mg });
        }
        Next::Became {
            lots,
            inputs,
            outputs,
            lost_ppm,
            off_ppm,
        } => {
            let first = place(lots, stream);
            became(stream, first, *inputs, *outputs, (*lost_ppm, *off_ppm));
        }
        Next::Held { lot, held } => {
            let lot = place(lot, stream);
            _ = if *held { stream.hold(lot) } else { stream.release(lot) };
        }
        Next::Compromised { person, since } => _ = stream.compromise(*person, *since),
        Next::Days(days) => stream.pass_days(*days),
        Next::Garbage(bytes) => _ = stream.append(bytes.clone()),
        Next::Weighed { .. } | Next::Assayed { .. } | Next::Titled { .. } | Next::Received { .. } => {
            of_one(stream, n, next);
        }
    }
}

/// What whoever has a lot says of it.
fn of_one(stream: &mut Stream, n: usize, next: &Next) {
    let place = |lot: &usize, stream: &Stream| lot % stream.lots.len();
    match next {
        Next::Weighed { lot, ppm } => {
            let lot = place(lot, stream);
            let gross_mass = stream.known(lot).gross_mass.ppm(*ppm);
            of_custodian(stream, lot, |lot, after| {
                Event::LotWeighed(LotWeighed {
                    lot,
                    after,
                    gross_mass,
                    scale: None,
                    calibrated: None,
                    witness: None,
                    documents: List::empty(),
                })
            });
        }
        Next::Assayed { lot, ppm } => {
            let gold = Fineness::from_ppm(*ppm).unwrap();
            of_custodian(stream, place(lot, stream), |lot, after| {
                Event::LotAssayed(assay(lot, after, gold))
            });
        }
        Next::Titled { lot, to } => {
            let (lot, to) = (place(lot, stream), stream.people[*to].party);
            of_custodian(stream, lot, |lot, after| {
                let documents = List::empty();
                Event::TitleTransferred(TitleTransferred {
                    lot,
                    after,
                    to,
                    documents,
                })
            });
        }
        Next::Received { lot } => {
            let lot = place(lot, stream);
            let (after_melt_mass, arrived) = (stream.known(lot).gross_mass.ppm(999_000), stream.now.date());
            of_custodian(stream, lot, |lot, after| {
                Event::LotReceived(LotReceived {
                    lot,
                    after,
                    refinery_lot: short(&format!("R-{n}")),
                    arrived,
                    after_melt_mass,
                    discrepancy: None,
                    documents: List::empty(),
                })
            });
        }
        _ => unreachable!("nothing else is of one lot"),
    }
}

fn assay(lot: LotId, after: event::StatementId, gold: Fineness) -> LotAssayed {
    LotAssayed {
        lot,
        after,
        method: FinenessMethod::Touchstone,
        gold,
        silver: None,
        uncertainty_ppm: None,
        purpose: AssayPurpose::Control,
        sample: None,
        melt: None,
        replaces: None,
        documents: List::empty(),
    }
}

/// Says something of a lot in the name of whoever has it, admitted or not.
fn of_custodian(stream: &mut Stream, lot: usize, event: impl FnOnce(LotId, event::StatementId) -> Event) {
    let by = stream.holder(lot);
    let event = event(stream.lots[lot], stream.latest[lot]);
    if let Some(statement) = stream.tell(by, event) {
        stream.latest[lot] = statement;
    }
}

/// Makes some lots of those that the holder of one of them has: as much gold as there is but for what is lost, measured
/// anew and not quite alike.
fn became(stream: &mut Stream, first: usize, inputs: usize, outputs: usize, (lost_ppm, off_ppm): (u32, i32)) {
    let by = stream.holder(first);
    let custodian = stream.people[by].party;
    let fits = |lot: &usize| {
        let known = stream.known(*lot);
        known.custodian == custodian && known.owner == custodian && known.end.is_none() && known.seals == 0
    };
    let inputs: Vec<_> = (0..stream.lots.len()).filter(fits).take(inputs).collect();
    if inputs.is_empty() {
        return;
    }
    let gross: Mass = inputs.iter().map(|lot| stream.known(*lot).gross_mass).sum();
    let fine: Mass = inputs.iter().map(|lot| stream.known(*lot).fine_mass().unwrap()).sum();
    let is_split = inputs.len() == 1 && 1 < outputs && off_ppm % 2 == 0;
    let (how, lost_ppm, ppm) = if is_split {
        let fineness = stream.known(inputs[0]).content.unwrap().fineness;
        (Transformation::Split, 0, fineness.ppm())
    } else {
        let ppm = u128::from(fine.micrograms()) * 1_000_000 / u128::from(gross.micrograms());
        let ppm = i32::try_from(ppm).unwrap() + off_ppm;
        (Transformation::Melt, lost_ppm, u32::try_from(ppm).unwrap())
    };
    let lost = (gross.ppm(lost_ppm), fine.ppm(lost_ppm));
    let left = gross.minus(lost.0).micrograms();
    let each = left / outputs as u64;
    let masses = (0..outputs as u64).map(|place| {
        if place == 0 {
            left - each * (outputs as u64 - 1)
        } else {
            each
        }
    });
    let outputs = masses.map(|mass| melted(Mass::from_micrograms(mass), ppm)).collect();
    let _ = stream.become_lots(by, how, &inputs, outputs, lost);
}

/// Everything that can be asked about a stream's lots as of a position; 0 for the present.
#[derive(Debug, PartialEq)]
struct Told {
    all: ListLotsResponse,
    lists: Vec<ListLotsResponse>,
    lots: Vec<GetLotResponse>,
    lineages: Vec<GetLineageResponse>,
    origins: Vec<GetOriginsResponse>,
    provenances: Vec<GetProvenanceResponse>,
    parties: Vec<GetPartyResponse>,
    sites: Vec<GetSiteProductionResponse>,
    suspects: Vec<ListSuspectsResponse>,
    table: GetOriginTableResponse,
}

async fn told(folded: &Folded, stream: &Stream, as_of_position: u64) -> Told {
    let request = ListLotsRequest {
        as_of_position,
        ..Default::default()
    };
    let all = folded.list(request.clone()).await;
    let mut told = Told {
        lists: lists(folded, stream, &request).await,
        lots: Vec::new(),
        lineages: Vec::new(),
        origins: Vec::new(),
        provenances: Vec::new(),
        parties: Vec::new(),
        sites: Vec::new(),
        suspects: Vec::new(),
        table: folded
            .origin_table(GetOriginTableRequest {
                refiner_id: stream.people[REFINER].party.to_string(),
                as_of_position,
                ..Default::default()
            })
            .await,
        all,
    };
    for lot in &told.all.lots {
        let lot_id = lot.lot_id.clone();
        told.lots
            .push(folded.get(of_lot(lot_id.parse().unwrap(), as_of_position)).await);
        for direction in [LineageDirection::Up, LineageDirection::Down] {
            told.lineages
                .push(folded.lineage(lineage_of(&lot_id, direction, as_of_position)).await);
        }
        for by in [OriginsBy::Site, OriginsBy::Organization] {
            told.origins
                .push(folded.origins(origins_of(&lot_id, by, as_of_position)).await);
        }
        let request = GetProvenanceRequest {
            lot_id,
            as_of_position,
            ..Default::default()
        };
        told.provenances.push(folded.provenance(request).await);
    }
    for person in &stream.people {
        let party_id = person.party.to_string();
        let request = GetPartyRequest {
            party_id,
            as_of_position,
            ..Default::default()
        };
        told.parties.push(folded.party(request).await);
        let key = event::PublicKey::from(person.key.verifying_key()).to_string();
        let request = ListSuspectsRequest {
            key,
            as_of_position,
            ..Default::default()
        };
        told.suspects.push(folded.suspects(request).await);
    }
    for site in &stream.sites {
        let request = GetSiteProductionRequest {
            site_id: site.to_string(),
            as_of_position,
            ..Default::default()
        };
        told.sites.push(folded.production(request).await);
    }
    told
}

/// Lots by each thing that they are listed by.
async fn lists(folded: &Folded, stream: &Stream, all: &ListLotsRequest) -> Vec<ListLotsResponse> {
    let mut requests = Vec::new();
    for person in &stream.people {
        let (custodian_id, owner_id) = (person.party.to_string(), person.party.to_string());
        requests.push(ListLotsRequest {
            custodian_id,
            ..all.clone()
        });
        requests.push(ListLotsRequest {
            owner_id,
            ..all.clone()
        });
    }
    for site in &stream.sites {
        let site_id = site.to_string();
        requests.push(ListLotsRequest { site_id, ..all.clone() });
    }
    for state in [
        LotState::Held,
        LotState::Offered,
        LotState::Retired,
        LotState::Transformed,
        LotState::Lost,
    ] {
        let state = state.into();
        requests.push(ListLotsRequest { state, ..all.clone() });
    }
    for flag in ledger::FlagKind::ALL {
        let flag = flag.name().to_owned();
        requests.push(ListLotsRequest { flag, ..all.clone() });
    }
    requests.push(ListLotsRequest {
        on_hold: true,
        ..all.clone()
    });
    let mut lists = Vec::new();
    for request in requests {
        lists.push(folded.list(request).await);
    }
    lists
}

fn lineage_of(lot_id: &str, direction: LineageDirection, as_of_position: u64) -> GetLineageRequest {
    GetLineageRequest {
        lot_id: lot_id.to_owned(),
        direction: direction.into(),
        as_of_position,
        ..Default::default()
    }
}

fn origins_of(lot_id: &str, by: OriginsBy, as_of_position: u64) -> GetOriginsRequest {
    GetOriginsRequest {
        lot_id: lot_id.to_owned(),
        by: by.into(),
        as_of_position,
        ..Default::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_past_is_what_it_was(history in history(), part in 0..=100_u64) {
        let stream = stream(&history);
        let begun = Stream::begin().end();
        let at = begun + (stream.end() - begun) * part / 100;
        let (now, then) = (stream.fold_all(), stream.fold(at, &[7]));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (past, present) = runtime.block_on(async { (told(&now, &stream, at).await, told(&then, &stream, 0).await) });
        prop_assert_eq!(past, present);
    }

    #[test]
    fn batches_leave_no_trace(history in history(), batches in vec(1..20_usize, 1..6)) {
        let stream = stream(&history);
        prop_assert_eq!(stream.fold(stream.end(), &batches).digest(), stream.fold_all().digest());
    }

    /// What the view says of a lot is what the ledger says.
    #[test]
    fn lots_stand_as_in_the_ledger(history in history()) {
        let stream = stream(&history);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let all = runtime.block_on(async { stream.fold_all().list(ListLotsRequest::default()).await });
        prop_assert_eq!(all.lots.len(), stream.lots.len());
        let now = stream.replica.ledger().clock();
        for lot in all.lots {
            let id = lot.lot_id.parse().unwrap();
            let known = stream.replica.ledger().lot(&id).unwrap();
            prop_assert_eq!(lot.latest_statement_id.clone(), known.latest.to_string());
            prop_assert_eq!(lot.gross_mass_micrograms, known.gross_mass.micrograms());
            prop_assert_eq!(lot.fine_mass_micrograms, known.fine_mass().map(Mass::micrograms));
            prop_assert_eq!(lot.state() == LotState::Retired, known.is_retired());
            prop_assert_eq!(lot.ended_position != 0, known.end.is_some());
            prop_assert_eq!(lot.on_hold, stream.replica.ledger().is_held(&id));
            prop_assert_eq!(lot.custodian.unwrap().party_id, known.custodian.to_string());
            prop_assert_eq!(lot.owner.unwrap().party_id, known.owner.to_string());
            let since = |offer: &ledger::Offer| offer.position.get();
            prop_assert_eq!(lot.open_offer.map(|offer| offer.since_position), known.open_offer(now).as_ref().map(since));
        }
    }

    /// No microgram appears or vanishes on the way from the sites, whatever is melted, split and measured anew.
    #[test]
    fn origins_sum_to_the_gold(history in history()) {
        let stream = stream(&history);
        let folded = stream.fold_all();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        for (place, id) in stream.lots.iter().enumerate() {
            for by in [OriginsBy::Site, OriginsBy::Organization] {
                let origins = runtime.block_on(folded.origins(origins_of(&id.to_string(), by, 0))).origins;
                let sum: u64 = origins.iter().map(|origin| origin.fine_mass_micrograms.unwrap()).sum();
                prop_assert_eq!(sum, stream.known(place).fine_mass().unwrap().micrograms());
                prop_assert_eq!(origins.iter().map(|origin| origin.share_ppm).sum::<u32>(), 1_000_000);
            }
        }
    }

    /// What came to a party and did not leave it is what it has.
    #[test]
    fn balances_close(history in history()) {
        let stream = stream(&history);
        let folded = stream.fold_all();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        for person in &stream.people {
            let request = GetPartyRequest { party_id: person.party.to_string(), ..Default::default() };
            let months = runtime.block_on(folded.party(request)).months;
            let has: Vec<_> = (0..stream.lots.len())
                .map(|lot| stream.known(lot))
                .filter(|lot| lot.custodian == person.party && lot.end.is_none())
                .collect();
            let gross: Mass = has.iter().map(|lot| lot.gross_mass).sum();
            let fine: Mass = has.iter().filter_map(ledger::Lot::fine_mass).sum();
            prop_assert_eq!(left(&months, |tally| tally.gross_mass_micrograms), i128::from(gross.micrograms()));
            prop_assert_eq!(left(&months, |tally| tally.fine_mass_micrograms), i128::from(fine.micrograms()));
        }
    }

    /// Upwards from every lot that came out, and downwards from every one that went in, whatever the pages.
    #[test]
    fn lineages_lead_up_and_down(history in history(), page_size in 1..4_u32) {
        let stream = stream(&history);
        let folded = stream.fold_all();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let walk = |lot: &LotId, direction| {
            let request = lineage_of(&lot.to_string(), direction, 0);
            let whole = runtime.block_on(folded.lineage(request.clone())).steps;
            let mut paged = Vec::new();
            let mut page_token = String::new();
            loop {
                let page = GetLineageRequest { page_size, page_token, ..request.clone() };
                let page = runtime.block_on(folded.lineage(page));
                paged.extend(page.steps);
                page_token = page.next_page_token;
                if page_token.is_empty() {
                    break;
                }
            }
            assert_eq!(paged, whole);
            whole
        };
        let mut below = BTreeSet::new();
        let mut above = BTreeSet::new();
        for lot in &stream.lots {
            for step in walk(lot, LineageDirection::Down) {
                below.extend(step.outputs.iter().map(|output| (lot.to_string(), output.lot_id.clone())));
            }
            for step in walk(lot, LineageDirection::Up) {
                above.extend(step.inputs.iter().map(|input| (input.lot_id.clone(), lot.to_string())));
            }
        }
        prop_assert_eq!(above, below, "what a lot was made of became it");
    }

    /// What is kept with a transformation is what walking through its lineage finds.
    #[test]
    fn what_lots_were_made_of_goes_with_them(history in history()) {
        let stream = stream(&history);
        let folded = stream.fold_all();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        for lot in &stream.lots {
            let made_of = runtime.block_on(made_of(&folded, *lot));
            let request = GetProvenanceRequest { lot_id: lot.to_string(), ..Default::default() };
            let known = runtime.block_on(folded.provenance(request));
            let inherited = known.inherited_flags.iter().map(|flags| flags.first.as_ref().unwrap().kind.clone());
            prop_assert_eq!(inherited.collect::<BTreeSet<_>>(), made_of.flags());
            let spoke = |suspect: &Suspect| (suspect.key.clone(), suspect.spoke_position);
            let suspects: BTreeMap<_, _> = known.suspects.iter().map(spoke).collect();
            prop_assert_eq!(suspects, made_of.suspects(&stream));
            let origins = runtime.block_on(folded.origins(origins_of(&lot.to_string(), OriginsBy::Site, 0))).origins;
            prop_assert_eq!(origins.iter().map(between).collect::<BTreeSet<_>>(), made_of.declared());
        }
    }
}

/// The first and the last declaration of an origin: site, operator, and both positions.
type Between = (String, String, u64, u64);

fn between(origin: &Origin) -> Between {
    let (site, operator) = (origin.site.clone().unwrap(), origin.operator.clone().unwrap());
    let position = |declaration: &Option<Declaration>| declaration.as_ref().unwrap().position;
    (
        site.site_id,
        operator.party_id,
        position(&origin.first),
        position(&origin.last),
    )
}

/// A lot, and all that it was made of.
struct MadeOf {
    lot: GetLotResponse,
    /// Each as it was when it was used up.
    ancestors: Vec<GetLotResponse>,
}

async fn made_of(folded: &Folded, lot: LotId) -> MadeOf {
    let lineage = folded
        .lineage(lineage_of(&lot.to_string(), LineageDirection::Up, 0))
        .await;
    let mut ancestors = Vec::new();
    for step in &lineage.steps {
        for input in &step.inputs {
            ancestors.push(folded.get(of_lot(input.lot_id.parse().unwrap(), step.position)).await);
        }
    }
    let lot = folded.get(of_lot(lot, 0)).await;
    MadeOf { lot, ancestors }
}

impl MadeOf {
    fn flags(&self) -> BTreeSet<String> {
        let flags = self.ancestors.iter().flat_map(|lot| &lot.flags);
        flags.map(|flag| flag.kind.clone()).collect()
    }

    /// The last word of each key that is not to be believed, since it is not.
    fn suspects(&self, stream: &Stream) -> BTreeMap<String, u64> {
        let mut last = BTreeMap::new();
        for step in self.ancestors.iter().chain([&self.lot]).flat_map(|lot| &lot.path) {
            let known = last.entry(step.key.clone()).or_insert(0);
            *known = step.position.max(*known);
        }
        last.retain(|key, last| {
            let key = stream.replica.ledger().key(&key.parse().unwrap()).unwrap();
            let reason = key.revoked.map(|revoked| revoked.reason);
            matches!(reason, Some(RevocationReason::Compromised { since }) if since.get() <= *last)
        });
        last
    }

    fn declared(&self) -> BTreeSet<Between> {
        let mut between = BTreeMap::new();
        for lot in self
            .ancestors
            .iter()
            .chain([&self.lot])
            .map(|lot| lot.lot.as_ref().unwrap())
        {
            if lot.is_made {
                continue;
            }
            let of = (
                lot.site.clone().unwrap().site_id,
                lot.declared_by.clone().unwrap().party_id,
            );
            let at = lot.declared_position;
            let (first, last) = between.entry(of).or_insert((at, at));
            (*first, *last) = (at.min(*first), at.max(*last));
        }
        between
            .into_iter()
            .map(|((site, by), (first, last))| (site, by, first, last))
            .collect()
    }
}

fn left(months: &[PartyMonth], of: impl Fn(&Tally) -> u64) -> i128 {
    let sum = |tallies: [&Option<Tally>; 5]| -> i128 {
        tallies
            .iter()
            .map(|tally| i128::from(of(tally.as_ref().unwrap())))
            .sum()
    };
    let came = |month: &PartyMonth| {
        let declared = &month.declared;
        sum([
            declared,
            &month.made,
            &month.received,
            &month.found_more,
            &Some(Tally::default()),
        ])
    };
    let left = |month: &PartyMonth| {
        sum([
            &month.given,
            &month.used_up,
            &month.retired,
            &month.lost,
            &month.found_less,
        ])
    };
    months.iter().map(|month| came(month) - left(month)).sum()
}

#[tokio::test]
async fn a_refused_record_changes_no_row() {
    let mut stream = Stream::begin();
    stream.declare(0, 10, &[]);
    let before = stream.fold_all();
    assert!(!stream.say(1, 0, Say::Retire));
    assert!(!stream.append(b"garbage".to_vec()));
    let after = stream.fold_all();
    assert_eq!(after.digest(), before.digest());
    let (view, again) = (after.view().await, after.view().await);
    assert_eq!(view, again);
    assert_eq!(
        (view.position, view.rows_digest),
        (stream.end(), before.digest().to_string())
    );
    assert_eq!(view.rows, before.view().await.rows);
}
