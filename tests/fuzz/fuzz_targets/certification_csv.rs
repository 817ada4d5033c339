//! A table of certification events: what is read means the same when it is written anew, no period is more precise than its
//! date, and all that is planned from it is admitted.
#![no_main]

use std::collections::BTreeSet;
use std::sync::LazyLock;

use event::{Date, StatementId};
use fuzz::{Deployment, LAST_DAY, can_be_stated};
use libfuzzer_sys::fuzz_target;
use veta::import::Speaker;
use veta::import::certifications::{EventFile, Known, Plan, Precision, UNDATED};

/// Signing takes longer than anything else here, so that larger plans are checked without.
const SIGNED_MAX: usize = 16;
/// Every column that anything is read from.
const COLUMNS: [&str; 9] = [
    "organization",
    "country",
    "place",
    "scheme",
    "event",
    "date",
    "date_precision",
    "detail",
    "source_url",
];

static FOUNDED: LazyLock<Deployment> = LazyLock::new(Deployment::found);
static TODAY: LazyLock<Date> = LazyLock::new(|| "2026-05-31".parse().expect("a day"));

fuzz_target!(|bytes: &[u8]| {
    let Ok(file) = EventFile::read(bytes, *TODAY) else {
        return;
    };
    check_rows(&file);
    let plan = Plan::of(&file);
    check_plan(&file, &plan);
    let written = written(&file);
    let again = EventFile::read(written.as_slice(), *TODAY).expect("what was written can be read");
    let replanned = Plan::of(&again);
    assert_eq!(
        (&replanned.organizations, &replanned.events),
        (&plan.organizations, &plan.events)
    );
    check_stated(&plan);
});

fn check_rows(file: &EventFile) {
    for row in file.rows() {
        let (period, date) = (row.period(), file.words(row, "date"));
        assert!(period.from <= period.to && period.to <= *TODAY);
        match row.precision() {
            Precision::Unknown => assert_eq!((period.from, period.to), (UNDATED, UNDATED)),
            // What was published stands at the beginning of every day that it leaves open.
            _ => assert!(
                !date.is_empty()
                    && [period.from, period.to]
                        .iter()
                        .all(|day| day.to_string().starts_with(date))
            ),
        }
    }
}

/// Every row is an event, or one that was told before; each has a number of its own.
fn check_plan(file: &EventFile, plan: &Plan) {
    let numbers: BTreeSet<_> = file.rows().iter().map(|row| file.event_number(row)).collect();
    assert_eq!(
        (plan.report.rows, plan.report.events),
        (file.rows().len(), numbers.len())
    );
    assert!(plan.events.iter().all(|event| numbers.contains(&event.reference.value)));
    assert!(plan.events.is_sorted_by_key(|event| event.period.to));
}

fn written(file: &EventFile) -> Vec<u8> {
    let columns: Vec<_> = COLUMNS.into_iter().filter(|column| file.has(column)).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&columns).expect("written into memory");
    for row in file.rows() {
        let fields = columns.iter().map(|column| file.words(row, column));
        writer.write_record(fields).expect("written into memory");
    }
    writer.into_inner().expect("written into memory")
}

/// Each statement can be made; a ledger admits all of a small plan; stated once, nothing is missing.
fn check_stated(plan: &Plan) {
    // The compiler, its key, the catalogue and the accreditation.
    let parts = 4 + plan.organizations.len() + plan.events.len();
    let mut deployment = (parts <= SIGNED_MAX).then(|| FOUNDED.clone());
    let (mut known, mut count) = (Known::default(), 0_u32);
    let key = Deployment::other_key();
    let stated = plan.state_missing(&mut known, key, LAST_DAY, |speaker, event| {
        assert!(can_be_stated(&event));
        count += 1;
        let party = match speaker {
            Speaker::Scheme => None,
            Speaker::Assessor(party) => Some(party),
        };
        match &mut deployment {
            Some(deployment) => deployment.state(party, event),
            None => Ok(StatementId::from_bytes(
                [count.to_be_bytes(); 8].concat().try_into().expect("32 bytes"),
            )),
        }
    });
    let expected = if plan.events.is_empty() { 0 } else { parts };
    assert_eq!((stated, count as usize), (Ok(()), expected));
    plan.state_missing(&mut known, key, LAST_DAY, |_, event| Err(Box::new(event)))
        .expect("nothing is missing");
}
