//! A file of visits: what is read means the same when it is written anew, and all that is planned from it is admitted.
#![no_main]

use std::collections::BTreeSet;
use std::sync::LazyLock;

use catalogue::{ipis_site_qualification, ipis_site_visits};
use event::vocabulary::ShortText;
use event::{Date, StatementId};
use fuzz::{Deployment, can_be_stated};
use libfuzzer_sys::fuzz_target;
use veta::import::ipis::{Known, Plan, Standing, VisitFile};
use veta::import::{Note, Speaker};

/// Signing takes longer than anything else here, so that larger plans are checked without.
const SIGNED_MAX: usize = 16;

static FOUNDED: LazyLock<Deployment> = LazyLock::new(Deployment::found);
/// Every column that anything is read from.
static COLUMNS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let (visits, qualification) = (ipis_site_visits(), ipis_site_qualification());
    let asked = [&visits, &qualification]
        .into_iter()
        .flat_map(|catalogue| catalogue.criteria())
        .filter_map(|criterion| criterion.column);
    let always = ["vid", "pcode", "name", "visit_date", "source", "project"];
    let places = ["longitude", "latitude", "province", "territoire"];
    asked.chain(always).chain(places).map(str::to_owned).collect()
});

fuzz_target!(|bytes: &[u8]| {
    let Ok(file) = VisitFile::read(bytes) else { return };
    check_rows(&file);
    let plan = Plan::of(&file);
    check_counts(&file, &plan);
    check_written(&file, &plan);
    check_standings(&file, &plan);
    check_stated(&plan);
});

fn check_rows(file: &VisitFile) {
    let mut visits = BTreeSet::new();
    for row in file.rows() {
        assert!(visits.insert(row.visit()), "each visit number once");
        assert_eq!(row.date().to_string().parse::<Date>(), Ok(row.date()));
        assert_eq!(row.site().as_str().parse::<ShortText>().as_ref(), Ok(row.site()));
        assert_eq!(row.visit(), file.words(row, "vid"));
    }
}

/// Every row is counted, as what it gave or as why it gave nothing.
fn check_counts(file: &VisitFile, plan: &Plan) {
    let report = &plan.report;
    assert_eq!(report.rows, file.rows().len() + file.repeated());
    assert_eq!(plan.assessments.len(), report.visits + report.qualifications);
    let skipped: usize = report.skipped.values().sum();
    let both = file
        .rows()
        .iter()
        .filter(|row| file.is_visit(row) && file.is_qualification(row));
    assert_eq!(
        report.rows,
        report.visits + report.qualifications + skipped - both.count()
    );
}

fn check_written(file: &VisitFile, plan: &Plan) {
    let written = written(file);
    let again = VisitFile::read(written.as_slice()).expect("what was written can be read");
    assert_eq!((again.rows().len(), again.repeated()), (file.rows().len(), 0));
    for (row, again) in file.rows().iter().zip(again.rows()) {
        assert_eq!(
            (row.visit(), row.site(), row.date()),
            (again.visit(), again.site(), again.date())
        );
    }
    let replanned = Plan::of(&again);
    assert_eq!(
        (&replanned.sites, &replanned.catalogues),
        (&plan.sites, &plan.catalogues)
    );
    assert_eq!(replanned.assessments, plan.assessments);
    assert_eq!(replanned.report.columns_absent, plan.report.columns_absent);
    assert_eq!(Standing::of_file(&again), Standing::of_file(file));
}

/// The columns that are read, and no others.
fn written(file: &VisitFile) -> Vec<u8> {
    let columns: Vec<&str> = COLUMNS
        .iter()
        .map(String::as_str)
        .filter(|column| file.has(column))
        .collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&columns).expect("written into memory");
    for row in file.rows() {
        let fields = columns.iter().map(|column| file.words(row, column));
        writer.write_record(fields).expect("written into memory");
    }
    writer.into_inner().expect("written into memory")
}

/// What the rows say and what the planned assessments say is the same, unless words had to be changed to be stated.
fn check_standings(file: &VisitFile, plan: &Plan) {
    let notes = &plan.report.notes;
    if notes.contains_key(&Note::Shortened) || notes.contains_key(&Note::ControlCharacters) {
        return;
    }
    let standings = Standing::of_file(file);
    assert!(standings.keys().eq(plan.sites.iter().map(|site| &site.number)));
    if SIGNED_MAX < standings.len() {
        return;
    }
    for (site, standing) in standings {
        let of_site = plan.assessments.iter().filter(|assessment| assessment.site == site);
        let submitted: Vec<_> = of_site
            .map(|assessment| assessment.submitted(event::SiteId::from_bytes([0; 16])))
            .collect();
        assert_eq!(Standing::of_assessments(&submitted), standing);
    }
}

/// Each statement can be made; a ledger admits all of a small plan; stated once, nothing is missing.
fn check_stated(plan: &Plan) {
    let parts = 2 * plan.sites.len() + plan.catalogues.len() + plan.assessments.len();
    let mut deployment = (parts <= SIGNED_MAX).then(|| FOUNDED.clone());
    let (mut known, mut count) = (Known::default(), 0_u32);
    let key = Deployment::other_key();
    let stated = plan.state_missing(&mut known, key, |speaker, event| {
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
    assert_eq!((stated, count as usize), (Ok(()), 2 + parts));
    plan.state_missing(&mut known, key, |_, event| Err(Box::new(event)))
        .expect("nothing is missing");
}
