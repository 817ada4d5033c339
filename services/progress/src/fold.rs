//! From steps to rows. Pure: the same steps make the same rows, whatever batches they come in.

use std::collections::BTreeMap;

use event::codec::encode;
use event::vocabulary::{
    AssessmentKind, AssessmentSubmitted, CRITERIA_MAX, CataloguePublished, Finding, PartyProfile, SiteRegistered, Slug,
    Subject,
};
use event::{AssessmentId, Event, PartyId, SiteId, StreamPosition};
use replay::{Step, Verdict};
use rpc::limits::CATALOGUES_MAX;
use serde::Serialize;
use serde::de::DeserializeOwned;
use views::{Rows, View};

use crate::rows::{
    ALIKE, ANSWERS, ASSESSMENTS, Answers, AssessmentRow, CATALOGUES, LAST_ALIKE, LAST_ANSWERS, LAST_STANDING, PARTIES,
    PARTIES_BY_REFERENCE, PARTIES_IN_ORDER, PARTIES_OF_KIND, PartyRow, Place, Present, ROW_VERSION, Recorded, RowError,
    SITES, SITES_BY_REFERENCE, SITES_IN_ORDER, SITES_OF_OPERATOR, STANDINGS, SiteRow, Standing, Used, alike_key,
    catalogue_key, decode, place_key, position_key, reference_key, subject_key,
};

/// Parties, sites, catalogues and assessments, as rows. A refused record changes none of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProgressView;

impl View for ProgressView {
    type Error = RowError;

    const SERVICE: &'static str = "progress";
    const ROW_VERSION: u32 = ROW_VERSION;

    fn fold(&mut self, step: &Step, rows: &mut Rows) -> Result<(), RowError> {
        let (Verdict::Admitted(_), Some(statement), Some(admitted_at)) =
            (&step.verdict, &step.statement, step.admitted_at)
        else {
            return Ok(());
        };
        let recorded = Recorded {
            position: step.position,
            statement: statement.id(),
            admitted_at,
        };
        match statement.event() {
            Event::DeploymentFounded(event) => enrolled(rows, recorded, &event.scheme),
            Event::PartyEnrolled(profile) => enrolled(rows, recorded, profile),
            Event::SiteRegistered(event) => registered(rows, recorded, event),
            Event::CataloguePublished(event) => put(rows, CATALOGUES, event.digest().as_bytes(), event),
            Event::AssessmentSubmitted(event) => return assessed(rows, recorded, statement.party(), event),
            _ => {}
        }
        Ok(())
    }
}

fn enrolled(rows: &mut Rows, recorded: Recorded, profile: &PartyProfile) {
    let id = PartyId::derive(recorded.statement, 0);
    let position = position_key(recorded.position);
    put(rows, PARTIES_IN_ORDER, &position, &id);
    put(
        rows,
        PARTIES_OF_KIND,
        &[encode(&profile.kind).as_slice(), &position].concat(),
        &id,
    );
    if let Some(reference) = &profile.reference {
        put(rows, PARTIES_BY_REFERENCE, &reference_key(reference), &id);
    }
    put(
        rows,
        PARTIES,
        id.as_bytes(),
        &PartyRow {
            recorded,
            profile: profile.clone(),
        },
    );
}

fn registered(rows: &mut Rows, recorded: Recorded, event: &SiteRegistered) {
    let id = SiteId::derive(recorded.statement, 0);
    let position = position_key(recorded.position);
    put(rows, SITES_IN_ORDER, &position, &id);
    put(
        rows,
        SITES_OF_OPERATOR,
        &[event.operator.as_bytes().as_slice(), &position].concat(),
        &id,
    );
    if let Some(reference) = &event.reference {
        put(rows, SITES_BY_REFERENCE, &reference_key(reference), &id);
    }
    put(
        rows,
        SITES,
        id.as_bytes(),
        &SiteRow {
            recorded,
            registered: event.clone(),
        },
    );
}

fn assessed(rows: &mut Rows, recorded: Recorded, by: PartyId, submitted: &AssessmentSubmitted) -> Result<(), RowError> {
    let catalogue: Option<CataloguePublished> = get(rows, CATALOGUES, submitted.catalogue.as_bytes())?;
    let catalogue = catalogue.ok_or(RowError::Missing { table: CATALOGUES })?;
    let place = Place {
        day: submitted.period.to,
        position: recorded.position,
    };
    count_alike(rows, submitted.subject, &catalogue.slug, submitted.kind, place)?;
    answer(rows, &catalogue, submitted, place)?;
    use_catalogue(rows, submitted.subject, &catalogue.slug, recorded.position)?;
    let key = [&subject_key(submitted.subject)[..], &place_key(place)].concat();
    let id = AssessmentId::derive(recorded.statement, 0);
    put(
        rows,
        ASSESSMENTS,
        &key,
        &AssessmentRow {
            recorded,
            id,
            by,
            submitted: submitted.clone(),
        },
    );
    Ok(())
}

/// Numbers the assessments that can contradict each other, so that it shows how many there are without reading them.
fn count_alike(
    rows: &mut Rows,
    subject: Subject,
    catalogue: &Slug,
    kind: AssessmentKind,
    place: Place,
) -> Result<(), RowError> {
    let key = alike_key(subject, catalogue, kind, place.day);
    let count = get::<u64>(rows, LAST_ALIKE, &key)?.unwrap_or(0) + 1;
    put(rows, LAST_ALIKE, &key, &count);
    put(rows, ALIKE, &[&key[..], &position_key(place.position)].concat(), &count);
    Ok(())
}

fn answer(
    rows: &mut Rows,
    catalogue: &CataloguePublished,
    submitted: &AssessmentSubmitted,
    place: Place,
) -> Result<(), RowError> {
    let key = catalogue_key(submitted.subject, &catalogue.slug);
    let before: Answers = get_last(rows, LAST_ANSWERS, ANSWERS, &key)?.unwrap_or_default();
    put_last(
        rows,
        LAST_ANSWERS,
        ANSWERS,
        &key,
        place.position,
        &before.after(catalogue, submitted, place),
    );
    Ok(())
}

fn use_catalogue(rows: &mut Rows, subject: Subject, slug: &Slug, position: StreamPosition) -> Result<(), RowError> {
    let key = subject_key(subject);
    let before: Standing = get_last(rows, LAST_STANDING, STANDINGS, &key)?.unwrap_or_default();
    put_last(
        rows,
        LAST_STANDING,
        STANDINGS,
        &key,
        position,
        &before.after(slug, position),
    );
    Ok(())
}

impl Answers {
    /// What stands once `submitted` is known too. Of criteria that no longer fit, those asked longest ago are left out.
    fn after(self, catalogue: &CataloguePublished, submitted: &AssessmentSubmitted, place: Place) -> Self {
        let latest = self.latest.filter(|latest| place.day < latest.day).or(Some(place));
        let mut found: BTreeMap<&Slug, &Finding> = BTreeMap::new();
        for finding in &submitted.findings {
            let criterion = catalogue.criteria.get(usize::from(finding.criterion));
            found.extend(criterion.map(|criterion| (&criterion.slug, finding)));
        }
        let mut before: BTreeMap<Slug, (usize, Present)> = BTreeMap::new();
        for (order, present) in self.criteria.into_iter().enumerate() {
            before.insert(present.criterion.clone(), (order, present));
        }
        let mut criteria = Vec::new();
        for slug in catalogue.criteria.iter().map(|criterion| &criterion.slug) {
            let old = before.remove(slug).map(|(_, present)| present);
            let new = found.contains_key(slug).then(|| Present {
                criterion: slug.clone(),
                kind: submitted.kind,
                place,
            });
            criteria.extend(prevailing(old, new));
        }
        // Criteria of other versions only, in the order they stood in.
        let mut others: Vec<_> = before.into_values().collect();
        others.sort_by_key(|(order, _)| *order);
        criteria.extend(others.into_iter().map(|(_, present)| present));
        criteria.truncate(CRITERIA_MAX);
        Self { latest, criteria }
    }
}

impl Standing {
    fn after(mut self, slug: &Slug, answers: StreamPosition) -> Self {
        self.catalogues.retain(|used| used.slug != *slug);
        self.catalogues.insert(
            0,
            Used {
                slug: slug.clone(),
                answers,
            },
        );
        self.catalogues.truncate(CATALOGUES_MAX);
        self
    }
}

/// More assurance goes before a later day, and a later record before an earlier one of the same day.
fn prevailing(old: Option<Present>, new: Option<Present>) -> Option<Present> {
    let (Some(old), Some(new)) = (&old, &new) else {
        return old.or(new);
    };
    let rank = |present: &Present| (present.kind, present.place);
    Some(if rank(old) < rank(new) {
        new.clone()
    } else {
        old.clone()
    })
}

fn put(rows: &mut Rows, table: &'static str, key: &[u8], row: &impl Serialize) {
    rows.put(table, key, encode(row));
}

fn get<T: Serialize + DeserializeOwned>(
    rows: &mut Rows,
    table: &'static str,
    key: &[u8],
) -> Result<Option<T>, RowError> {
    rows.get(table, key).map(|bytes| decode(table, &bytes)).transpose()
}

/// The last of the rows `key ‖ position`.
fn get_last<T: Serialize + DeserializeOwned>(
    rows: &mut Rows,
    last: &'static str,
    table: &'static str,
    key: &[u8],
) -> Result<Option<T>, RowError> {
    let Some(position) = get::<StreamPosition>(rows, last, key)? else {
        return Ok(None);
    };
    let row = get(rows, table, &[key, &position_key(position)].concat())?;
    row.map(Some).ok_or(RowError::Missing { table })
}

fn put_last(
    rows: &mut Rows,
    last: &'static str,
    table: &'static str,
    key: &[u8],
    position: StreamPosition,
    row: &impl Serialize,
) {
    put(rows, last, key, &position);
    put(rows, table, &[key, &position_key(position)].concat(), row);
}
