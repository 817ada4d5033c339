//! What lots become, leave a country under, and come to a refinery as.

use event::key::Digest;
use event::vocabulary::{
    AssayPurpose, CustodyModel, FinenessClaim, FinenessMethod, LotForm, Output, QuantityBasis, SealState,
    Standing, Transformation,
};
use event::{Mass, StatementId};
use ledger::{Change, Refusal};

use crate::support::{
    Say, World, accepted, assayed, authorized, cast, check, claim, days, decided, dug, enrolled,
    exported, grams, handed, held, list, lost, made, melts, micrograms, offered, opened, out, ppm, received, retired, says,
    sealed, texts, titled, trade,
};

/// No statement has this id.
const NOTHING: StatementId = StatementId::from_bytes([9; 32]);

#[test]
fn transforming() {
    table();
}

pub(crate) fn table() {
    shapes();
    whose();
    mixing();
    gross();
    gold();
    residues();
    outside_what_went_in();
    what_comes_out();
    bars();
    exporting();
    export_flags();
    receiving();
}

/// Lots of 100 g of 900 ‰: `a`, `b` from the pit and `c` from the creek, all with the trader, who owns them.
fn three_lots() -> World {
    let lots = [("mine", "pit", "a"), ("mine", "pit", "b"), ("rival", "creek", "c")];
    lots.into_iter().fold(trade(), |world, (who, site, name)| {
        handed(world.and(says(who, dug(site)).called(name)), name, who, "trader", grams(100))
    })
}

fn dust(mass: u64) -> Output {
    Output { form: LotForm::Dust, ..out(grams(mass), 900_000) }
}

const A_GONE: &str = "lot a: 100 g of 900.0 from pit, with trader, transformed";
const B_GONE: &str = "lot b: 100 g of 900.0 from pit, with trader, transformed";
const C_GONE: &str = "lot c: 100 g of 900.0 from creek, with trader, transformed";

/// The changes in words, whatever the order of the lots' ids.
#[track_caller]
fn makes<const N: usize>(given: &World, say: &Say, expected: [&str; N]) {
    let mut world = given.clone();
    let changes = world.hear(say).unwrap();
    let shown = |change: &&Change| {
        matches!(change, Change::Lot(..) | Change::Flag(_) | Change::Seal(..) | Change::Reference(_))
    };
    let mut found: Vec<_> = changes.iter().filter(shown).map(|change| world.in_words(change)).collect();
    let mut expected = expected.map(ToOwned::to_owned).to_vec();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

fn shapes() {
    use Transformation::{Cast, Melt, Merge, Refine, Split};
    let world = three_lots();
    let tries = |how, inputs: &[&str], outputs: &[Output]| says("trader", made(how, inputs, outputs));
    makes(
        &world,
        &tries(Melt, &["a", "b"], &[out(grams(200), 900_000)]).called("bar"),
        [A_GONE, B_GONE, "lot bar: 200 g of 900.0 from pit, with trader"],
    );
    makes(
        &world,
        &tries(Merge, &["a", "c"], &[dust(200)]).called("bag"),
        [A_GONE, C_GONE, "lot bag: 200 g of 900.0 from several sites, with trader"],
    );
    makes(
        &world,
        &tries(Split, &["a"], &[dust(70), dust(30)]).called("half"),
        [A_GONE, "lot half: 70 g of 900.0 from pit, with trader", "lot half#1: 30 g of 900.0 from pit, with trader"],
    );
    makes(
        &world,
        &tries(Melt, &["a"], &[out(grams(60), 900_000), out(grams(40), 900_000)]).called("bar"),
        [A_GONE, "lot bar: 60 g of 900.0 from pit, with trader", "lot bar#1: 40 g of 900.0 from pit, with trader"],
    );
    let whole = [out(grams(100), 900_000)];
    check(&world, tries(Melt, &[], &whole), Refusal::LotsNotOrdered);
    let twice = melts(&["a"], &whole).but(|e| e.inputs = list([e.inputs[0], e.inputs[0]]));
    check(&world, says("trader", twice), Refusal::LotsNotOrdered);
    let reversed = melts(&["a", "b"], &whole).but(|e| e.inputs = list([e.inputs[1], e.inputs[0]]));
    check(&world, says("trader", reversed), Refusal::LotsNotOrdered);
    check(&world, tries(Melt, &["a"], &[out(Mass::ZERO, 900_000)]), Refusal::MassOutOfRange);
    let seals = Output { seals: texts(&["B", "A"]), ..out(grams(100), 900_000) };
    check(&world, tries(Melt, &["a"], &[seals]), Refusal::SealsNotOrdered);
    for (how, inputs, outputs) in [
        (Melt, &["a"][..], &[][..]),
        (Refine, &["a"], &[]),
        (Merge, &["a"], &[dust(100)]),
        (Merge, &["a", "b"], &[dust(100), dust(100)]),
        (Split, &["a", "b"], &[dust(100), dust(100)]),
        (Split, &["a"], &[dust(100)]),
    ] {
        check(&world, tries(how, inputs, outputs), Refusal::TransformationShape);
    }
    // What is split stays what it is.
    let finer = Output { fineness: claim(900_001), ..dust(50) };
    check(&world, tries(Split, &["a"], &[finer, dust(50)]), Refusal::TransformationShape);
    check(&world, tries(Split, &["a"], &[out(grams(50), 900_000), dust(50)]), Refusal::TransformationShape);
    let nobody = melts(&["a"], &whole).but(|e| e.witness = Some(event::PartyId::from_bytes([7; 16])));
    check(&world, says("trader", nobody), Refusal::UnknownParty);
    // Metal does not become dust again.
    let molten = world.clone().and(tries(Melt, &["a", "b"], &[out(grams(200), 900_000)]).called("bar"));
    check(&molten, tries(Melt, &["bar"], &[dust(200)]), Refusal::FormReversed);
    check(&molten, tries(Merge, &["bar", "c"], &[dust(300)]), Refusal::FormReversed);
    // Where two fit.
    check(&world, tries(Cast, &["b", "a"], &[]), Refusal::TransformationShape);
    check(&world, says("trader", melts(&["a"], &[]).but(|e| e.inputs = list([]))), Refusal::LotsNotOrdered);
    check(&world, says("thief", melts(&["nothing"], &whole)), Refusal::UnknownKey);
    check(&world, says("trader", melts(&["nothing"], &[cast(grams(1), 999_000, "1")])), Refusal::BarOutOfPlace);
}

fn whose() {
    let world = three_lots();
    let both = || melts(&["a", "b"], &[out(grams(200), 900_000)]);
    let stale = both().but(|e| {
        let stale = e.inputs.iter().map(|input| event::vocabulary::LotAfter { after: NOTHING, ..*input });
        e.inputs = list(stale.collect::<Vec<_>>());
    });
    check(&world, says("trader", stale), Refusal::Superseded);
    check(&world, says("refiner", both()), Refusal::NotCustodian);
    check(&world, says("trader", melts(&["nothing"], &[out(grams(1), 1)])), Refusal::UnknownLot);
    check(&world.clone().and(says("trader", offered("b", "refiner"))), says("trader", both()), Refusal::OfferOpen);
    check(&world.clone().and(says("trader", retired("b"))), says("trader", both()), Refusal::LotRetired);
    check(&world.clone().and(says("trader", lost("b"))), says("trader", both()), Refusal::LotIsLost);
    check(&world.clone().and(says("scheme", held("b"))), says("trader", both()), Refusal::HoldOpen);
    check(&world.clone().and(says("trader", titled("b", "buyer"))), says("trader", both()), Refusal::OwnersDiffer);
    let closed = world.clone().and(says("trader", sealed("b", &["S-1"])));
    check(&closed, says("trader", both()), Refusal::SealsWhole);
    makes(
        &closed.and(says("trader", opened("b", &["S-1"]))),
        &says("trader", both()),
        [A_GONE, B_GONE, "lot new: 200 g of 900.0 from pit, with trader"],
    );
    // Gone is gone, for everything that can be done with a lot.
    let gone = world.clone().and(says("trader", both()));
    for say in [
        says("trader", both()),
        says("trader", melts(&["a"], &[out(grams(100), 900_000)])),
        says("trader", offered("a", "refiner")),
        says("trader", retired("a")),
        says("trader", lost("a")),
        says("trader", assayed("a", 900_000)),
    ] {
        check(&gone, say, Refusal::LotTransformed);
    }
    // A suspended organization melts nothing of what it dug or made.
    let suspended = trade()
        .and(says("mine", dug("pit")).called("a"))
        .and(says("scheme", decided("mine", Standing::Suspended)));
    let own = says("mine", melts(&["a"], &[out(grams(100), 900_000)]));
    check(&suspended, own, Refusal::LotHeld);
    // How fine one is must be known, by estimate if need be.
    let unknown = trade().and(says("mine", dug("pit").but(|e| e.fineness = None)).called("a"));
    let own = || says("mine", melts(&["a"], &[out(grams(100), 900_000)]));
    check(&unknown, own(), Refusal::ContentUnknown);
    let estimate = assayed("a", 900_000).but(|e| e.method = FinenessMethod::Estimate);
    assert!(unknown.and(says("mine", estimate)).hear(&own()).is_ok());
    // Where two fit.
    let all = world.and(says("trader", titled("b", "buyer"))).and(says("trader", sealed("b", &["S-1"])));
    check(&all.clone().and(says("scheme", held("b"))), says("trader", both()), Refusal::HoldOpen);
    check(&all, says("trader", both()), Refusal::SealsWhole);
}

/// Never stronger than what went in, and never identity preserved of several sites.
fn mixing() {
    use CustodyModel::{IdentityPreserved, MassBalance, Segregated};
    let of = |world: World, who: &'static str, site: &str, name, model| {
        let lot = dug(site).but(move |e| e.custody_model = model);
        handed(world.and(says(who, lot).called(name)), name, who, "trader", grams(100))
    };
    let world = of(trade(), "mine", "pit", "kept", IdentityPreserved);
    let world = of(world, "mine", "pit", "kept too", IdentityPreserved);
    let world = of(world, "rival", "creek", "other", IdentityPreserved);
    let world = of(world, "mine", "pit", "mixed", MassBalance);
    let melted = |inputs: &[&str], model| {
        let mass = grams(100 * inputs.len() as u64);
        says("trader", melts(inputs, &[out(mass, 900_000)]).but(move |e| e.custody_model = model))
    };
    let may = |inputs: &[&str], model| world.clone().hear(&melted(inputs, model)).err();
    assert_eq!(may(&["kept", "kept too"], IdentityPreserved), None);
    assert_eq!(may(&["kept", "kept too"], MassBalance), None);
    assert_eq!(may(&["kept", "other"], IdentityPreserved), Some(Refusal::ModelTooStrong));
    assert_eq!(may(&["kept", "other"], Segregated), None);
    assert_eq!(may(&["kept", "mixed"], Segregated), Some(Refusal::ModelTooStrong));
    assert_eq!(may(&["kept", "mixed"], MassBalance), None);
    assert_eq!(may(&["mixed"], Segregated), Some(Refusal::ModelTooStrong));
    // Once mixed, it stays so, and can be cut and molten again.
    let mixed = world.clone().and(melted(&["kept", "other"], Segregated).called("bar"));
    let again = |model| says("trader", melts(&["bar"], &[out(grams(200), 900_000)]).but(move |e| e.custody_model = model));
    check(&mixed, again(IdentityPreserved), Refusal::ModelTooStrong);
    makes(
        &mixed,
        &again(Segregated),
        [
            "lot bar: 200 g of 900.0 from several sites, with trader, transformed",
            "lot new: 200 g of 900.0 from several sites, with trader",
        ],
    );
}

/// Gross mass balances within what scales differ by, and a melt loses only so much.
fn gross() {
    let world = three_lots();
    let of = |mass: u64, ppm: u32, lost: u64| {
        let plain = melts(&["a"], &[out(micrograms(mass), ppm)]);
        says("trader", plain.but(move |e| e.lost_gross_mass = micrograms(lost)))
    };
    makes(&world, &of(100_100_000, 899_000, 0), [A_GONE, "lot new: 100.1 g of 899.0 from pit, with trader"]);
    check(&world, of(100_100_001, 899_000, 0), Refusal::GrossUnbalanced);
    check(&world, of(99_899_999, 901_000, 0), Refusal::GrossUnbalanced);
    makes(&world, &of(99_900_000, 901_000, 0), [A_GONE, "lot new: 99.9 g of 901.0 from pit, with trader"]);
    check(&world, of(95_000_000, 900_000, 5_200_000), Refusal::GrossUnbalanced);
    // Six parts in a hundred of dust are usual, ten are possible, beside what scales differ by.
    makes(&world, &of(94_000_000, 950_000, 6_000_000), [A_GONE, "lot new: 94 g of 950.0 from pit, with trader"]);
    makes(
        &world,
        &of(93_000_000, 960_000, 7_000_000),
        [A_GONE, "lot new: 93 g of 960.0 from pit, with trader", "flag unusual-loss on new: 70000, line 61000"],
    );
    check(&world, of(89_800_000, 990_000, 10_200_000), Refusal::LossTooLarge);
    // Of metal hardly anything is lost.
    let bar = world.clone().and(of(100_000_000, 900_000, 0).called("bar"));
    let again = |mass: u64, lost: u64| {
        let plain = melts(&["bar"], &[out(micrograms(mass), 900_000)]);
        says("trader", plain.but(move |e| (e.lost_gross_mass, e.lost_fine_mass) = (micrograms(lost), micrograms(lost / 2))))
    };
    let gone = "lot bar: 100 g of 900.0 from pit, with trader, transformed";
    makes(&bar, &again(99_700_000, 300_000), [gone, "lot new: 99.7 g of 900.0 from pit, with trader"]);
    makes(
        &bar,
        &again(99_500_000, 500_000),
        [gone, "lot new: 99.5 g of 900.0 from pit, with trader", "flag unusual-loss on new: 5000, line 4000"],
    );
    check(&bar, again(99_300_000, 700_000), Refusal::LossTooLarge);
    // Concentrate is mostly not gold: it may lose what it will.
    let black = dug("pit").but(|e| (e.form, e.fineness) = (LotForm::Concentrate, Some(claim(300_000))));
    let sand = trade().and(says("mine", black).called("sand"));
    let washed = melts(&["sand"], &[out(grams(33), 900_000)]).but(|e| e.lost_gross_mass = grams(67));
    makes(
        &sand,
        &says("mine", washed),
        ["lot sand: 100 g of 300.0 from pit, with mine, transformed", "lot new: 33 g of 900.0 from pit, with mine"],
    );
}

/// Gold never grows beyond what can have been in what went in, and none goes missing that is not stated.
fn gold() {
    let world = three_lots();
    // 90 g of gold by X-ray fluorescence: 1 % of the whole more or less.
    let of = |ppm: u32, gross_lost: u64, fine_lost: u64| {
        let plain = melts(&["a"], &[out(micrograms(100_000_000 - gross_lost), ppm)]);
        let plain = plain.but(move |e| e.lost_gross_mass = micrograms(gross_lost));
        says("trader", plain.but(move |e| e.lost_fine_mass = micrograms(fine_lost)))
    };
    makes(&world, &of(910_000, 0, 0), [A_GONE, "lot new: 100 g of 910.0 from pit, with trader"]);
    check(&world, of(910_001, 0, 0), Refusal::FineMassGrew);
    makes(
        &world,
        &of(880_000, 0, 0),
        [A_GONE, "lot new: 100 g of 880.0 from pit, with trader"],
    );
    check(&world, of(879_999, 0, 0), Refusal::FineUnbalanced);
    makes(&world, &of(905_000, 1_000_000, 900_000), [A_GONE, "lot new: 99 g of 905.0 from pit, with trader"]);
    makes(
        &world,
        &of(905_000, 1_000_000, 900_090),
        [A_GONE, "lot new: 99 g of 905.0 from pit, with trader", "flag unusual-loss on new: 10001, line 10000"],
    );
    check(&world, of(905_000, 1_000_000, 1_000_001), Refusal::FineUnbalanced);
    // An assay of the input, sharper than the claim, leaves less room.
    let assayed = world.and(says("assayer", assayed("a", 900_000)));
    makes(
        &assayed,
        &of(900_500, 0, 0),
        ["lot a: 100 g of 900.0 from pit, with trader, transformed", "lot new: 100 g of 900.5 from pit, with trader"],
    );
    check(&assayed, of(900_501, 0, 0), Refusal::FineMassGrew);
    // Over many steps the room does not grow: what a melt leaves open is divided among what came out.
    let twice = three_lots().and(of(910_000, 0, 0).called("bar"));
    let again = |ppm| says("trader", melts(&["bar"], &[out(grams(100), ppm)]));
    check(&twice, again(910_001), Refusal::FineMassGrew);
    let halves = three_lots().and(says("trader", made(Transformation::Split, &["a"], &[dust(50), dust(50)])).called("half"));
    let both = |ppm| says("trader", melts(&["half", "half#1"], &[out(grams(100), ppm)]));
    assert!(halves.clone().hear(&both(910_000)).is_ok());
    check(&halves, both(910_001), Refusal::FineMassGrew);
    // And an assay afterwards finds no more than went in.
    let mut bar = three_lots().and(of(905_000, 0, 0).called("bar"));
    bar = bar.and(says("assayer", crate::support::assayed("bar", 950_000)));
    assert_eq!(bar.ledger.lot(&bar.lot("bar")).unwrap().fine_mass(), Some(grams(91)));
}

fn residues() {
    let world = three_lots();
    let slag = |mass: u64, ppm| Output { form: LotForm::Residue, ..out(grams(mass), ppm) };
    makes(
        &world,
        &says("trader", melts(&["a"], &[out(grams(80), 990_000), slag(20, 540_000)])),
        [
            A_GONE,
            "lot new: 80 g of 990.0 from pit, with trader",
            "lot new#1: 20 g of 540.0 from pit, with trader",
        ],
    );
    // A residue is a lot like any other, and can be molten again.
    let kept = world.and(says("trader", melts(&["a"], &[out(grams(80), 990_000), slag(20, 540_000)])).called("bar"));
    makes(
        &kept,
        &says("trader", melts(&["bar#1"], &[out(grams(12), 900_000)]).but(|e| e.lost_gross_mass = grams(8))),
        [
            "lot bar#1: 20 g of 540.0 from pit, with trader, transformed",
            "lot new: 12 g of 900.0 from pit, with trader",
        ],
    );
}

/// Finer than the finest input, but for what was burnt off, or less fine than the least fine.
fn outside_what_went_in() {
    let lot = |world: World, name: &'static str, fineness| {
        let lot = dug("pit").but(move |e| e.fineness = Some(FinenessClaim { fineness: ppm(fineness), method: FinenessMethod::FireAssay }));
        world.and(says("mine", lot).called(name))
    };
    let world = lot(lot(trade(), "poor", 800_000), "rich", 900_000);
    let sure = |mass, fineness| Output {
        fineness: FinenessClaim { fineness: ppm(fineness), method: FinenessMethod::FireAssay },
        ..out(mass, fineness)
    };
    let gone = [
        "lot poor: 100 g of 800.0 from pit, with mine, transformed",
        "lot rich: 100 g of 900.0 from pit, with mine, transformed",
    ];
    let both = |mass: u64, ppm, lost: u64| {
        says("mine", melts(&["poor", "rich"], &[sure(grams(mass), ppm)]).but(move |e| e.lost_gross_mass = grams(lost)))
    };
    makes(&world, &both(200, 850_000, 0), [gone[0], gone[1], "lot new: 200 g of 850.0 from pit, with mine"]);
    makes(&world, &both(190, 894_000, 10), [gone[0], gone[1], "lot new: 190 g of 894.0 from pit, with mine"]);
    // Part of it comes out as something else: its gold is elsewhere than in the bar.
    let apart = |bar: u32, slag: u32| {
        let slag = Output { form: LotForm::Residue, ..sure(grams(100), slag) };
        says("mine", melts(&["poor", "rich"], &[sure(grams(100), bar), slag]))
    };
    makes(
        &world,
        &apart(700_000, 999_500),
        [
            gone[0],
            gone[1],
            "lot new: 100 g of 700.0 from pit, with mine",
            "lot new#1: 100 g of 999.5 from pit, with mine",
            "flag fineness-outside-inputs on new: 700000, line 799500",
        ],
    );
    let two = |one: u32, other: u32| {
        says("mine", melts(&["poor", "rich"], &[sure(grams(100), one), sure(grams(100), other)]))
    };
    makes(
        &world,
        &two(750_000, 950_000),
        [
            gone[0],
            gone[1],
            "lot new: 100 g of 750.0 from pit, with mine",
            "lot new#1: 100 g of 950.0 from pit, with mine",
            "flag fineness-outside-inputs on new: 750000, line 799500",
            "flag fineness-outside-inputs on new#1: 950000, line 900500",
        ],
    );
}

fn what_comes_out() {
    let world = three_lots();
    let of_two = || melts(&["a", "c"], &[out(grams(200), 900_000)]);
    let mut melted = world.clone().and(says("trader", of_two()).called("bar"));
    let bar = *melted.ledger.lot(&melted.lot("bar")).unwrap();
    assert_eq!((bar.site, bar.country), (None, Some("CD".parse().unwrap())));
    assert_eq!((bar.by, bar.custodian, bar.owner), [melted.party("trader"); 3].into());
    assert_eq!((bar.basis, bar.declared_mass), (QuantityBasis::Illustrative, grams(200)));
    assert_eq!(bar.fine_mass(), Some(grams(180)));
    // What was assayed keeps its assay when it is split.
    let assayed = world.clone().and(says("assayer", assayed("a", 905_000)));
    let dust = |mass| Output { fineness: claim(905_000), ..dust(mass) };
    melted = assayed.and(says("trader", made(Transformation::Split, &["a"], &[dust(60), dust(40)])).called("part"));
    let part = melted.ledger.lot(&melted.lot("part#1")).unwrap().content.unwrap();
    assert_eq!((part.purpose, part.method), (Some(AssayPurpose::Control), FinenessMethod::FireAssay));
    // Seals of the outputs are new ones.
    let closed = |one: &'static [&str], other: &'static [&str]| {
        let output = |seals| Output { seals: texts(seals), ..out(grams(100), 900_000) };
        says("trader", melts(&["a", "b"], &[output(one), output(other)]))
    };
    makes(
        &world,
        &closed(&["S-1"], &["S-2"]),
        [
            A_GONE,
            B_GONE,
            "lot new: 100 g of 900.0 from pit, with trader",
            "lot new#1: 100 g of 900.0 from pit, with trader",
            "seal S-1: on new",
            "seal S-2: on new#1",
        ],
    );
    check(&world, closed(&["S-1"], &["S-1"]), Refusal::SealTaken);
    let taken = world.clone().and(says("trader", sealed("c", &["S-1"])));
    check(&taken, closed(&["S-1"], &["S-2"]), Refusal::SealTaken);
    // The same melt sheet for another melt.
    let sheet = |lot: &str| melts(&[lot], &[out(grams(100), 900_000)]).but(|e| e.documents = list([Digest::from_bytes([4; 32])]));
    let one = world.and(says("trader", sheet("a")).called("one"));
    makes(
        &one,
        &says("trader", sheet("b")),
        [B_GONE, "lot new: 100 g of 900.0 from pit, with trader", "flag document-reused on new like one"],
    );
}

/// 89 g of fine gold at the refiner.
fn refined() -> World {
    let world = handed(three_lots(), "a", "trader", "refiner", grams(100));
    let fine = Output {
        form: LotForm::Fine,
        fineness: FinenessClaim { fineness: ppm(999_900), method: FinenessMethod::FireAssay },
        ..out(grams(89), 999_900)
    };
    let slag = Output { form: LotForm::Residue, ..out(grams(11), 10_000) };
    world.and(says("refiner", made(Transformation::Refine, &["a"], &[fine, slag])).called("grain"))
}

fn bars() {
    let world = refined();
    let pours = |who, outputs: &[Output]| says(who, made(Transformation::Cast, &["grain"], outputs));
    let bar = |mass, serial| cast(grams(mass), 999_900, serial);
    let gone = "lot grain: 89 g of 999.9 from pit, with refiner, transformed";
    makes(
        &world,
        &pours("refiner", &[bar(50, "1"), bar(39, "2")]),
        [
            gone,
            "lot new: 50 g of 999.9 from pit, with refiner",
            "lot new#1: 39 g of 999.9 from pit, with refiner",
            "reference taken",
            "reference taken",
        ],
    );
    check(&world, pours("trader", &[bar(89, "1")]), Refusal::BarOutOfPlace);
    check(&world, pours("refiner", &[Output { bar: None, ..bar(89, "1") }]), Refusal::BarOutOfPlace);
    check(&world, pours("refiner", &[Output { form: LotForm::Dore, ..bar(89, "1") }]), Refusal::BarOutOfPlace);
    let stamped = made(Transformation::Melt, &["grain"], &[bar(89, "1")]);
    check(&world, says("refiner", stamped), Refusal::BarOutOfPlace);
    // Only fine gold is cast.
    let dore = handed(world.clone(), "b", "trader", "refiner", grams(100));
    let slag = cast(grams(100), 900_000, "1");
    check(&dore, says("refiner", made(Transformation::Cast, &["b"], &[slag])), Refusal::BarOutOfPlace);
    // Each bar once, for ever; another year, brand or refiner is another bar.
    check(&world, pours("refiner", &[bar(50, "1"), bar(39, "1")]), Refusal::BarTaken);
    let poured = world.clone().and(pours("refiner", &[bar(50, "1"), bar(39, "2")]).called("bar"));
    let again = |change: fn(&mut event::vocabulary::Bar)| {
        let mut output = bar(50, "1");
        change(output.bar.as_mut().unwrap());
        says("refiner", made(Transformation::Cast, &["bar"], &[output]))
    };
    check(&poured, again(|_| ()), Refusal::BarTaken);
    for change in [
        (|bar| bar.year = 2027) as fn(&mut event::vocabulary::Bar),
        |bar| bar.brand = "OTHER".parse().unwrap(),
        |bar| bar.serial = "3".parse().unwrap(),
    ] {
        assert!(poured.clone().hear(&again(change)).is_ok());
    }
    // Where two fit.
    check(&world, says("trader", made(Transformation::Cast, &["nothing"], &[bar(89, "1")])), Refusal::BarOutOfPlace);
}

fn exporting() {
    let world = three_lots();
    let sends = |change: fn(&mut event::vocabulary::LotExported)| says("trader", exported(&["a", "c"], "1").but(change));
    makes(
        &world,
        &sends(|_| ()),
        [
            "lot a: 100 g of 900.0 from pit, with trader",
            "lot c: 100 g of 900.0 from creek, with trader",
            "reference taken",
        ],
    );
    check(&world, sends(|e| e.lots = list([])), Refusal::LotsNotOrdered);
    check(&world, sends(|e| e.lots = list([e.lots[1], e.lots[0]])), Refusal::LotsNotOrdered);
    check(&world, sends(|e| e.certified_gross_mass = Mass::ZERO), Refusal::MassOutOfRange);
    check(&world, sends(|e| e.expires = days(-2)), Refusal::CertificateDays);
    check(&world, sends(|e| (e.issued, e.expires) = (days(0), days(91))), Refusal::CertificateDays);
    assert!(world.clone().hear(&sends(|e| (e.issued, e.expires) = (days(0), days(90)))).is_ok());
    check(&world, sends(|e| (e.issued, e.expires) = (days(1), days(2))), Refusal::CertificateNotValid);
    check(&world, sends(|e| (e.issued, e.expires) = (days(-2), days(-1))), Refusal::CertificateNotValid);
    assert!(world.clone().hear(&sends(|e| (e.issued, e.expires) = (days(0), days(0)))).is_ok());
    check(&world, sends(|e| e.to = e.from), Refusal::ExportToSelf);
    check(&world, sends(|e| e.importer = event::PartyId::from_bytes([7; 16])), Refusal::UnknownReceiver);
    check(&world, says("trader", exported(&["a", "nothing"], "1")), Refusal::UnknownLot);
    check(&world, says("exporter", exported(&["a", "c"], "1")), Refusal::NotCustodian);
    let stale = exported(&["a"], "1").but(|e| {
        e.lots = list([event::vocabulary::LotAfter { after: NOTHING, ..e.lots[0] }]);
    });
    check(&world, says("trader", stale), Refusal::Superseded);
    check(&world.clone().and(says("trader", offered("c", "refiner"))), sends(|_| ()), Refusal::OfferOpen);
    check(&world.clone().and(says("scheme", held("c"))), sends(|_| ()), Refusal::HoldOpen);
    check(&world.clone().and(says("trader", retired("c"))), sends(|_| ()), Refusal::LotRetired);
    // As much as the certificate says, within what scales differ by.
    assert!(world.clone().hear(&sends(|e| e.certified_gross_mass = micrograms(200_200_000))).is_ok());
    check(&world, sends(|e| e.certified_gross_mass = micrograms(200_200_001)), Refusal::CertifiedMassDiffers);
    check(&world, sends(|e| e.certified_gross_mass = micrograms(199_799_999)), Refusal::CertifiedMassDiffers);
    // A certificate is used once, and a lot leaves a country once.
    let sent = world.clone().and(says("trader", exported(&["a"], "1")));
    check(&sent, says("trader", exported(&["c"], "1")), Refusal::CertificateTaken);
    check(&sent, says("trader", exported(&["a"], "2")), Refusal::LotExported);
    let on = says("trader", exported(&["a"], "2").but(|e| (e.from, e.to) = ("AE".parse().unwrap(), "CH".parse().unwrap())));
    makes(&sent, &on, ["lot a: 100 g of 900.0 from pit, with trader", "reference taken"]);
    // Where two fit.
    check(&sent, says("trader", exported(&["a", "c"], "1")), Refusal::LotExported);
    check(&sent, says("exporter", exported(&["c"], "1")), Refusal::NotCustodian);
}

fn export_flags() {
    // Dug in another country than it is exported from.
    let world = three_lots();
    let from_rwanda = says("trader", exported(&["a"], "1").but(|e| e.from = "RW".parse().unwrap()));
    makes(
        &world,
        &from_rwanda,
        ["lot a: 100 g of 900.0 from pit, with trader", "reference taken", "flag other-origin on a"],
    );
    // An export that is stated makes a handover abroad no wonder.
    let abroad = enrolled(event::vocabulary::PartyKind::Refiner).but(|e| e.country = "AE".parse().unwrap());
    let world = world.and(says("scheme", abroad).called("dubai")).and(says("scheme", authorized("dubai", "dubai")));
    let takes = || says("dubai", accepted("a", grams(100)).but(|e| e.seals = SealState::None));
    let silent = world.clone().and(says("trader", offered("a", "dubai")));
    let has_it = "lot a: 100 g of 900.0 from pit, with dubai, owned by trader";
    check(&silent, takes(), [has_it, "flag crossed-border on a"]);
    let stated = world.clone().and(says("trader", exported(&["a"], "1"))).and(says("trader", offered("a", "dubai")));
    check(&stated, takes(), [has_it]);
    // The same papers for another certificate.
    let papers = |lot: &str, number| exported(&[lot], number).but(|e| e.documents = list([Digest::from_bytes([3; 32])]));
    let one = world.and(says("trader", papers("a", "1")));
    makes(
        &one,
        &says("trader", papers("b", "2")),
        ["lot b: 100 g of 900.0 from pit, with trader", "reference taken", "flag document-reused on b like a"],
    );
}

fn receiving() {
    let world = handed(three_lots(), "a", "trader", "refiner", grams(100));
    let takes = |mass| says("refiner", received("a", "R-1", mass));
    let books = "lot a: 100 g of 900.0 from pit, with refiner";
    makes(&world, &takes(grams(100)), [books, "reference taken"]);
    makes(
        &world,
        &takes(grams(93)),
        [
            "lot a: 93 g of 100 g of 900.0 from pit, with refiner",
            "reference taken",
            "flag unusual-loss on a: 70000, line 60000",
        ],
    );
    check(&world, says("trader", received("c", "R-1", grams(100))), Refusal::RefinerOnly);
    check(&world, takes(Mass::ZERO), Refusal::MassOutOfRange);
    check(&world, takes(micrograms(100_500_001)), Refusal::MassGrew);
    check(&world, says("refiner", received("a", "R-1", grams(100)).but(|e| e.arrived = days(1))), Refusal::ArrivalInFuture);
    check(&world, says("refiner", received("c", "R-1", grams(100))), Refusal::NotCustodian);
    check(&world, says("refiner", received("nothing", "R-1", grams(100))), Refusal::UnknownLot);
    check(&world, says("refiner", received("a", "R-1", grams(1)).but(|e| e.after = NOTHING)), Refusal::Superseded);
    check(&world.clone().and(says("refiner", offered("a", "buyer"))), takes(grams(100)), Refusal::OfferOpen);
    check(&world.clone().and(says("scheme", held("a"))), takes(grams(100)), Refusal::HoldOpen);
    check(&world.clone().and(says("refiner", sealed("a", &["S-1"]))), takes(grams(100)), Refusal::SealsWhole);
    let booked = handed(world.clone(), "b", "trader", "refiner", grams(100)).and(takes(grams(100)));
    check(&booked, says("refiner", received("a", "R-2", grams(100))), Refusal::LotReceived);
    check(&booked, says("refiner", received("b", "R-1", grams(100))), Refusal::RefineryLotTaken);
    makes(
        &booked,
        &says("refiner", received("b", "R-2", grams(100))),
        ["lot b: 100 g of 900.0 from pit, with refiner", "reference taken"],
    );
    // Another refiner has numbers of its own.
    let other = world
        .and(says("scheme", enrolled(event::vocabulary::PartyKind::Refiner)).called("other"))
        .and(says("scheme", authorized("other", "other")));
    let other = handed(other.and(takes(grams(100))), "c", "trader", "other", grams(100));
    makes(
        &other,
        &says("other", received("c", "R-1", grams(100))),
        ["lot c: 100 g of 900.0 from creek, with other", "reference taken"],
    );
}
