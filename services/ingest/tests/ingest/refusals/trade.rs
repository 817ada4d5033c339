//! Permits and what sites give; what is measured, made, sent abroad, held and set right.

use event::codec::List;
use event::vocabulary::{AssayPurpose, CustodyModel, LotForm, Output, PermitStatus, Reaction, Term, Transformation};
use event::{Mass, StatementId};
use ledger::{HOLD_REACH_MAX, PERMITS_OF_SITE_MAX, Refusal};

use super::Given;
use crate::cast::{
    NOON, Say, accepted, agreed, amended, assayed, capacity, cast, corrected, days, declared, dug, exported, grams,
    hands, held, list, looked_up, lost, made, micrograms, offered, opened, out, permit_is, permitted, policy, ppm,
    received, released, sampled, says, sealed, settles, titled, trade_history,
};

pub(super) fn table() -> Vec<Given> {
    vec![
        permits(),
        as_many_permits_as_can_be(),
        sites(),
        declarations(),
        measuring(),
        offers(),
        expired(),
        made_of(),
        balances(),
        bars(),
        abroad(),
        holds(),
        as_wide_as_can_be(),
        corrections(),
    ]
}

fn trade(further: impl IntoIterator<Item = Say>) -> Given {
    Given::history(trade_history().into_iter().chain(further))
}

fn ore() -> Say {
    says("mine", dug("pit")).called("ore")
}

fn permits() -> Given {
    let record = |who: &str| says(who, permitted("9", "mine", &["pit"]));
    let status = |who: &str, permit: &str, site: &str| says(who, permit_is(permit, PermitStatus::InForce, &[site]));
    let gone = says(
        "ministry",
        permit_is("permit of creek", PermitStatus::Withdrawn, &["creek"]),
    );
    trade([gone])
        .refuses(Refusal::MayNotRecordPermit, record("trader"))
        .refuses(
            Refusal::PermitReversed,
            says(
                "mine",
                permitted("9", "mine", &["pit"]).but(|e| e.until = Some(days(-400))),
            ),
        )
        .refuses(
            Refusal::PermitSitesNotOrdered,
            says(
                "mine",
                permitted("9", "mine", &["pit"]).but(|e| e.sites = List::empty()),
            ),
        )
        .refuses(
            Refusal::CheckInFuture,
            says(
                "mine",
                permitted("9", "mine", &["pit"]).but(|e| e.checked = Some(looked_up(2))),
            ),
        )
        .refuses(Refusal::UnknownPermit, status("ministry", "nothing", "pit"))
        .refuses(Refusal::PermitSitesDiffer, status("ministry", "permit of pit", "creek"))
        .refuses(Refusal::MayNotJudgePermit, status("mine", "permit of pit", "pit"))
        .refuses(Refusal::PermitWithdrawn, status("ministry", "permit of creek", "creek"))
}

fn as_many_permits_as_can_be() -> Given {
    let more =
        (1..PERMITS_OF_SITE_MAX).map(|number| says("ministry", permitted(&format!("more {number}"), "mine", &["pit"])));
    trade(more).refuses(
        Refusal::TooManyPermits,
        says("ministry", permitted("9", "mine", &["pit"])),
    )
}

fn sites() -> Given {
    trade([])
        .refuses(
            Refusal::MayNotEstablishCapacity,
            says("mine", capacity("pit", grams(1), None)),
        )
        .refuses(
            Refusal::CapacityOutOfRange,
            says("monitor", capacity("pit", Mass::ZERO, None)),
        )
        .refuses(Refusal::NothingAmended, says("scheme", amended("pit")))
}

fn declarations() -> Given {
    let strict = says("scheme", policy([Term::Unpermitted(Reaction::Refuse)]));
    let small = says("monitor", capacity("pit", grams(10), None));
    let old = dug("pit").but(|e| e.extracted.from = days(-500));
    trade([strict, small])
        .refuses(Refusal::NoPermit, says("mine", old))
        .refuses(Refusal::CapacityExceeded, says("mine", dug("pit")))
        .refuses(
            Refusal::MinersOutOfRange,
            says("mine", dug("pit").but(|e| e.miners = Some(0))),
        )
        .refuses(
            Refusal::FormNotDug,
            says("mine", dug("pit").but(|e| e.form = LotForm::Fine)),
        )
}

fn measuring() -> Given {
    let too_much = assayed("ore", 900_000).but(|e| e.silver = Some(ppm(200_000)));
    let sample = assayed("ore", 900_000).but(|e| e.sample = Some("M-9".parse().unwrap()));
    let nothing = StatementId::from_bytes([9; 32]);
    trade([ore()])
        .refuses(Refusal::SealNotOnLot, says("mine", opened("ore", &["S-1"])))
        .refuses(Refusal::NoSeals, says("mine", sealed("ore", &[])))
        .refuses(Refusal::NoSeals, says("mine", sampled("ore", &[])))
        .refuses(Refusal::MayNotAssay, says("trader", assayed("ore", 900_000)))
        .refuses(Refusal::SettlementBySeller, says("mine", settles("ore", 900_000)))
        .refuses(Refusal::ContentAboveWhole, says("assayer", too_much))
        .refuses(Refusal::UnknownSample, says("assayer", sample))
        .refuses(
            Refusal::NothingToReplace,
            says(
                "assayer",
                assayed("ore", 900_000).but(move |e| e.replaces = Some(nothing)),
            ),
        )
        .refuses(
            Refusal::UmpireNotIndependent,
            says(
                "mine",
                assayed("ore", 900_000).but(|e| e.purpose = AssayPurpose::Umpire),
            ),
        )
}

fn offers() -> Given {
    let sold = says("mine", titled("ore", "trader"));
    let gone = [says("mine", dug("pit")).called("gone"), says("mine", lost("gone"))];
    trade([ore(), sold].into_iter().chain(gone))
        .refuses(Refusal::NotOwner, says("mine", titled("ore", "buyer")))
        .refuses(Refusal::TitleToSelf, says("trader", titled("ore", "trader")))
        .refuses(Refusal::LotIsLost, says("mine", offered("gone", "trader")))
}

/// An offer of a month ago.
fn expired() -> Given {
    let open = says("mine", offered("ore", "trader"));
    let later = NOON.plus_days(31);
    trade([ore(), open]).at(later).refuses(
        Refusal::OfferExpired,
        says("trader", accepted("ore", grams(100)))
            .admitted_at(later)
            .stated_at(later),
    )
}

fn melts(inputs: &[&str], outputs: &[Output]) -> Say {
    says("mine", made(Transformation::Melt, inputs, outputs))
}

fn made_of() -> Given {
    let history = [
        ore(),
        says("mine", dug("pit")).called("molten"),
        melts(&["molten"], &[out(grams(100), 900_000)]).called("bar"),
        says("mine", declared("pit")).called("unknown"),
        says("mine", dug("pit")).called("closed"),
        says("mine", sealed("closed", &["S-1"])),
        says("mine", dug("pit")).called("sold"),
        says("mine", titled("sold", "trader")),
        says("mine", dug("pit").but(|e| e.custody_model = CustodyModel::MassBalance)).called("mixed"),
    ];
    let whole = [out(grams(100), 900_000)];
    let dust = Output {
        form: LotForm::Dust,
        ..out(grams(100), 900_000)
    };
    trade(history)
        .refuses(Refusal::LotTransformed, says("mine", offered("molten", "trader")))
        .refuses(Refusal::LotsNotOrdered, melts(&[], &whole))
        .refuses(Refusal::TransformationShape, melts(&["ore"], &[]))
        .refuses(Refusal::ContentUnknown, melts(&["unknown"], &whole))
        .refuses(Refusal::SealsWhole, melts(&["closed"], &whole))
        .refuses(
            Refusal::OwnersDiffer,
            melts(&["ore", "sold"], &[out(grams(200), 900_000)]),
        )
        .refuses(Refusal::ModelTooStrong, melts(&["mixed"], &whole))
        .refuses(Refusal::FormReversed, melts(&["bar"], &[dust]))
}

fn balances() -> Given {
    let losing = |gross: u64, left: u64| {
        let melt = made(Transformation::Melt, &["ore"], &[out(grams(left), 900_000)]);
        says("mine", melt.but(move |e| e.lost_gross_mass = grams(gross)))
    };
    trade([ore()])
        .refuses(Refusal::GrossUnbalanced, melts(&["ore"], &[out(grams(101), 900_000)]))
        .refuses(Refusal::FineMassGrew, melts(&["ore"], &[out(grams(100), 950_000)]))
        .refuses(Refusal::FineUnbalanced, melts(&["ore"], &[out(grams(100), 800_000)]))
        .refuses(Refusal::LossTooLarge, losing(20, 80))
}

fn bars() -> Given {
    let bar = || [cast(grams(89), 999_000, "1")];
    let fine = Output {
        form: LotForm::Fine,
        ..out(grams(89), 999_000)
    };
    let slag = Output {
        form: LotForm::Residue,
        ..out(grams(11), 10_000)
    };
    let refines = made(Transformation::Refine, &["ore"], &[fine, slag]);
    let history = hands("ore", "mine", "refiner", grams(100)).into_iter().chain([
        says("refiner", refines).called("grain"),
        says("refiner", made(Transformation::Cast, &["grain"], &bar())).called("bar"),
    ]);
    trade(
        [ore(), says("mine", dug("pit")).called("more")]
            .into_iter()
            .chain(history),
    )
    .refuses(
        Refusal::BarOutOfPlace,
        says("mine", made(Transformation::Cast, &["more"], &bar())),
    )
    .refuses(
        Refusal::BarTaken,
        says("refiner", made(Transformation::Cast, &["bar"], &bar())),
    )
}

fn abroad() -> Given {
    let history = [
        ore(),
        says("mine", dug("pit")).called("more"),
        says("mine", exported(&["more"], "1")),
    ];
    let at_the_refiner = ["booked", "second"].map(|lot| {
        let [offers, takes] = hands(lot, "mine", "refiner", grams(100));
        [says("mine", dug("pit")).called(lot), offers, takes]
    });
    let books = says("refiner", received("booked", "R-1", grams(100)));
    let sends = |change: fn(&mut event::vocabulary::LotExported)| says("mine", exported(&["ore"], "2").but(change));
    trade(
        history
            .into_iter()
            .chain(at_the_refiner.into_iter().flatten())
            .chain([books]),
    )
    .refuses(Refusal::CertificateDays, sends(|e| e.expires = days(-5)))
    .refuses(
        Refusal::CertificateNotValid,
        sends(|e| (e.issued, e.expires) = (days(-5), days(-1))),
    )
    .refuses(Refusal::CertificateTaken, says("mine", exported(&["ore"], "1")))
    .refuses(
        Refusal::CertifiedMassDiffers,
        sends(|e| e.certified_gross_mass = grams(90)),
    )
    .refuses(Refusal::ExportToSelf, sends(|e| e.to = e.from))
    .refuses(Refusal::LotExported, says("mine", exported(&["more"], "2")))
    .refuses(Refusal::RefinerOnly, says("mine", received("ore", "R-2", grams(100))))
    .refuses(
        Refusal::LotReceived,
        says("refiner", received("booked", "R-2", grams(100))),
    )
    .refuses(
        Refusal::RefineryLotTaken,
        says("refiner", received("second", "R-1", grams(100))),
    )
    .refuses(
        Refusal::ArrivalInFuture,
        says(
            "refiner",
            received("second", "R-2", grams(100)).but(|e| e.arrived = days(2)),
        ),
    )
}

fn holds() -> Given {
    let other = says("mine", dug("pit")).called("free");
    trade([ore(), says("ministry", held("ore")), other])
        .refuses(Refusal::HoldOpen, says("mine", offered("ore", "trader")))
        .refuses(Refusal::MayNotHold, says("monitor", held("free")))
        .refuses(Refusal::HeldAlready, says("scheme", held("ore")))
        .refuses(Refusal::NotHeld, says("scheme", released("free")))
        .refuses(Refusal::MayNotRelease, says("auditor", released("ore")))
}

/// A lot cut into more lots than one hold reaches.
fn as_wide_as_can_be() -> Given {
    let dust = |mass: u64| Output {
        form: LotForm::Dust,
        ..out(micrograms(mass), 900_000)
    };
    let cut = |lot: &str, mass: u64| {
        let pieces: Vec<_> = (0..64).map(|_| dust(mass / 64)).collect();
        says("mine", made(Transformation::Split, &[lot], &pieces))
    };
    let again = HOLD_REACH_MAX / 64;
    let bits = (0..again).map(|place| cut(&format!("piece#{place}"), 1_562_500));
    trade([ore(), cut("ore", 100_000_000).called("piece")].into_iter().chain(bits))
        .refuses(Refusal::HoldTooWide, says("scheme", held("ore")))
}

fn corrections() -> Given {
    let [offers, takes] = hands("sold", "mine", "trader", grams(100));
    let history = [
        ore(),
        says("mine", dug("pit")).called("sold"),
        offers,
        takes.called("handover"),
    ];
    trade(history)
        .refuses(
            Refusal::NotCorrectable,
            says("trader", corrected("sold", "ore", grams(99))),
        )
        .refuses(
            Refusal::NotSigner,
            says("rival", corrected("sold", "handover", grams(99))),
        )
        .refuses(
            Refusal::NothingCorrected,
            says("mine", corrected("ore", "ore", grams(100))),
        )
        .refuses(
            Refusal::CorrectionRaises,
            says("mine", corrected("ore", "ore", grams(101))),
        )
        .refuses(Refusal::UnknownProposal, says("mine", agreed("sold")))
        .refuses(Refusal::SealsNotOrdered, says("mine", sampled("ore", &["B", "A"])))
        .refuses(Refusal::SettlementBySeller, says("mine", settles("ore", 900_000)))
        .refuses(Refusal::UnknownReceiver, says("trader", titled("sold", "nobody")))
        .refuses(
            Refusal::Superseded,
            says("mine", lost("ore").but(|e| e.after = StatementId::from_bytes([9; 32]))),
        )
        .refuses(
            Refusal::LotsNotOrdered,
            says("mine", exported(&["ore"], "1").but(|e| e.lots = list([]))),
        )
}
