//! Assessments, what others say about them, and the answers that stand for a subject.

use std::collections::{BTreeMap, BTreeSet};

use event::vocabulary::{
    Answer, AssessmentConfirmed, AssessmentContested, AssessmentKind, AssessmentSubmitted, AssessmentWithdrawn,
    CRITERIA_MAX, CatalogueDigest, Finding, Scale, Slug, Subject,
};
use event::{AssessmentId, Date, PartyId};
use ledger::standing::{GateAnswers, Given};
use ledger::{Change, CriterionNumber};
use rpc::limits::CATALOGUES_MAX;

use super::{Folding, ProgressView, Result, get, put};
use crate::rows::{
    ALIKE, ANSWERS, ASSESSMENTS, ASSESSMENTS_BY_ID, Answers, AssessmentRow, CatalogueRow, GATES, GatesRow, JUDGEMENTS,
    JudgementRow, Newest, OrganizationRow, Place, Present, RowError, STANDING_ASSESSMENTS, Says, Seat, USED, Used,
    WITHDRAWALS, WithdrawalRow, catalogue_key, day_key, decode, gates_block, gates_key, judged_key, key_at, kind_key,
    place_key, place_of, seat_key, subject_key,
};

impl ProgressView {
    pub(super) fn assessed(
        &mut self,
        folding: &mut Folding<'_>,
        submitted: &AssessmentSubmitted,
        row: &mut OrganizationRow,
    ) -> Result<()> {
        let catalogue = self.catalogue(folding, submitted.catalogue)?;
        let recorded = folding.recorded;
        let place = Place {
            day: submitted.period.to,
            position: recorded.position,
        };
        let subject = submitted.subject;
        let seat = Seat { subject, place };
        folding.count_alike(seat, submitted.kind)?;
        let standing = [&kind_key(subject, submitted.kind)[..], &place_key(place)].concat();
        put(folding.rows, STANDING_ASSESSMENTS, &standing, &submitted.catalogue);
        let slug = &catalogue.published.slug;
        let answers = folding.answers(subject, slug)?.after(&catalogue, submitted, place);
        folding.set_answers(subject, slug, &answers);
        folding.use_catalogue(subject, slug)?;
        folding.set_gates();
        let id = AssessmentId::derive(recorded.statement, 0);
        put(folding.rows, ASSESSMENTS_BY_ID, id.as_bytes(), &seat);
        let assessment = AssessmentRow {
            recorded,
            id,
            by: folding.statement.party(),
            submitted: submitted.clone(),
        };
        put(folding.rows, ASSESSMENTS, &seat_key(seat), &assessment);
        if !catalogue.is_quoted() {
            row.newest = row.newest.max(Some(place.day));
        }
        self.hold_assessed(folding, subject, slug, answers)
    }

    /// What it said no longer counts: what stood before stands again.
    pub(super) fn withdrawn(
        &mut self,
        folding: &mut Folding<'_>,
        event: &AssessmentWithdrawn,
        organization: PartyId,
        row: &mut OrganizationRow,
    ) -> Result<()> {
        let seat = folding.seat(event.assessment)?;
        let assessment = folding.assessment(seat)?;
        let kind = assessment.submitted.kind;
        let standing = [&kind_key(seat.subject, kind)[..], &place_key(seat.place)].concat();
        folding.rows.delete(STANDING_ASSESSMENTS, &standing);
        let withdrawal = WithdrawalRow {
            position: folding.recorded.position,
            reason: event.reason.clone(),
        };
        put(folding.rows, WITHDRAWALS, &seat_key(seat), &withdrawal);
        let catalogue = self.catalogue(folding, assessment.submitted.catalogue)?;
        let slug = catalogue.published.slug.clone();
        let mut answers = folding.answers(seat.subject, &slug)?;
        let numbers = answers.without(seat.place, kind);
        let before = self.found_before(folding, seat.subject, kind, seat.place, numbers)?;
        answers.again(kind, &before);
        if answers.latest == Some(seat.place) {
            answers.latest = self.latest(folding, seat.subject, &slug)?;
        }
        folding.set_answers(seat.subject, &slug, &answers);
        folding.set_gates();
        row.newest = self.newest(folding, organization)?;
        self.held.remove(&seat.subject);
        Ok(())
    }

    /// The last day of the newest assessment that stands and is no quotation, of an organization and its sites.
    pub(super) fn newest(&mut self, folding: &mut Folding<'_>, organization: PartyId) -> Result<Option<Date>> {
        let mut newest = None;
        for subject in folding.subjects(organization)? {
            for kind in AssessmentKind::ALL {
                let mut found = folding.standing_before(subject, kind, None)?;
                while let Some((place, catalogue)) = found
                    && self.catalogue(folding, catalogue)?.is_quoted()
                {
                    found = folding.standing_before(subject, kind, Some(place))?;
                }
                newest = newest.max(found.map(|(place, _)| place.day));
            }
        }
        Ok(newest)
    }

    /// The newest answers of one kind before a place, to as many of these criteria as were ever answered.
    ///
    /// Reads the assessments of that kind from there down until every criterion is found: as many as there are, where one
    /// was never answered before.
    fn found_before(
        &mut self,
        folding: &mut Folding<'_>,
        subject: Subject,
        kind: AssessmentKind,
        before: Place,
        mut numbers: BTreeSet<CriterionNumber>,
    ) -> Result<BTreeMap<CriterionNumber, Newest>> {
        let mut found = BTreeMap::new();
        let mut before = before;
        while !numbers.is_empty() {
            let Some((place, digest)) = folding.standing_before(subject, kind, Some(before))? else {
                break;
            };
            before = place;
            let catalogue = self.catalogue(folding, digest)?;
            if !catalogue
                .numbered
                .criteria
                .iter()
                .any(|asked| numbers.contains(&asked.number))
            {
                continue;
            }
            let assessment = folding.assessment(Seat { subject, place })?;
            for (number, (finding, scale)) in numbered(&catalogue, &assessment.submitted) {
                if numbers.remove(&number) {
                    found.insert(number, newest(place, finding, scale));
                }
            }
        }
        Ok(found)
    }

    /// The latest assessment that stands under a catalogue.
    fn latest(&mut self, folding: &mut Folding<'_>, subject: Subject, slug: &Slug) -> Result<Option<Place>> {
        let mut latest: Option<Place> = None;
        for kind in AssessmentKind::ALL {
            let mut before = None;
            while let Some((place, digest)) = folding.standing_before(subject, kind, before)? {
                if self.catalogue(folding, digest)?.published.slug == *slug {
                    latest = latest.max(Some(place));
                    break;
                }
                before = Some(place);
            }
        }
        Ok(latest)
    }
}

impl Folding<'_> {
    pub(super) fn confirmed(&mut self, event: &AssessmentConfirmed) -> Result<()> {
        let row = JudgementRow {
            count: 0,
            criteria: event.criteria.clone(),
            text: event.note.clone(),
            evidence: event.evidence.clone(),
        };
        self.judged(event.assessment, false, row)
    }

    pub(super) fn contested(&mut self, event: &AssessmentContested) -> Result<()> {
        let row = JudgementRow {
            count: 0,
            criteria: event.criteria.clone(),
            text: Some(event.reason.clone()),
            evidence: event.evidence.clone(),
        };
        self.judged(event.assessment, true, row)
    }

    fn judged(&mut self, assessment: AssessmentId, is_contest: bool, row: JudgementRow) -> Result<()> {
        let key = judged_key(self.seat(assessment)?, is_contest);
        let here = key_at(&key, self.recorded.position);
        let last = self.rows.last(JUDGEMENTS, &key, &here);
        let last: Option<JudgementRow> = last.map(|row| decode(JUDGEMENTS, &row.value)).transpose()?;
        let count = last.map_or(0, |last| last.count).saturating_add(1);
        put(self.rows, JUDGEMENTS, &here, &JudgementRow { count, ..row });
        Ok(())
    }

    fn seat(&mut self, assessment: AssessmentId) -> Result<Seat> {
        let seat = get(self.rows, ASSESSMENTS_BY_ID, assessment.as_bytes())?;
        seat.ok_or(RowError::Missing {
            table: ASSESSMENTS_BY_ID,
        })
    }

    fn assessment(&mut self, seat: Seat) -> Result<AssessmentRow> {
        let row = get(self.rows, ASSESSMENTS, &seat_key(seat))?;
        row.ok_or(RowError::Missing { table: ASSESSMENTS })
    }

    /// Numbers the assessments that can contradict each other, so that it shows how many there are without reading them.
    fn count_alike(&mut self, seat: Seat, kind: AssessmentKind) -> Result<()> {
        let key = [&kind_key(seat.subject, kind)[..], &day_key(seat.place.day)].concat();
        let count = self.last::<u64>(ALIKE, &key)?.unwrap_or(0) + 1;
        self.put_here(ALIKE, &key, &count);
        Ok(())
    }

    fn answers(&mut self, subject: Subject, slug: &Slug) -> Result<Answers> {
        Ok(self.last(ANSWERS, &catalogue_key(subject, slug))?.unwrap_or_default())
    }

    fn set_answers(&mut self, subject: Subject, slug: &Slug, answers: &Answers) {
        self.put_here(ANSWERS, &catalogue_key(subject, slug), answers);
    }

    fn use_catalogue(&mut self, subject: Subject, slug: &Slug) -> Result<()> {
        let key = subject_key(subject);
        let mut used: Used = self.last(USED, &key)?.unwrap_or_default();
        if used.catalogues.first() == Some(slug) {
            return Ok(());
        }
        used.catalogues.retain(|known| known != slug);
        used.catalogues.insert(0, slug.clone());
        used.catalogues.truncate(CATALOGUES_MAX);
        self.put_here(USED, &key, &used);
        Ok(())
    }

    /// Keeps what the ledger says stands on the gates, in blocks of numbers.
    fn set_gates(&mut self) {
        let numbers = self.changes.iter().filter_map(|change| match change {
            Change::Finding(key, _) => Some(gates_block(key.number)),
            _ => None,
        });
        let changed: BTreeSet<u32> = numbers.collect();
        for change in self.changes {
            let Change::Answers(subject, answers) = change else {
                continue;
            };
            for block in &changed {
                let of_block = |answers: &&GateAnswers| gates_block(answers.number) == *block;
                let gates = answers.0.iter().filter(of_block).copied().collect();
                self.put_here(
                    GATES,
                    &gates_key(*subject, *block),
                    &GatesRow(ledger::standing::Answers(gates)),
                );
            }
        }
    }

    /// The newest assessment of one kind that stands, before a place where one is given.
    fn standing_before(
        &mut self,
        subject: Subject,
        kind: AssessmentKind,
        before: Option<Place>,
    ) -> Result<Option<(Place, CatalogueDigest)>> {
        let key = kind_key(subject, kind);
        let end = before.map_or([u8::MAX; 12], place_key);
        let found = self.rows.last(STANDING_ASSESSMENTS, &key, &[&key[..], &end].concat());
        found
            .map(|row| {
                let place = place_of(STANDING_ASSESSMENTS, &row.key)?;
                Ok((place, decode(STANDING_ASSESSMENTS, &row.value)?))
            })
            .transpose()
    }
}

impl Answers {
    /// What stands once `submitted` is known too. Of criteria that no longer fit, those asked longest ago are left out.
    fn after(self, catalogue: &CatalogueRow, submitted: &AssessmentSubmitted, place: Place) -> Self {
        let latest = self.latest.filter(|latest| place < *latest).or(Some(place));
        let mut found: BTreeMap<_, _> = numbered(catalogue, submitted).collect();
        let mut before: BTreeMap<_, _> = BTreeMap::new();
        for (order, present) in self.criteria.into_iter().enumerate() {
            before.insert(present.number, (order, present));
        }
        let mut criteria = Vec::new();
        for asked in &catalogue.numbered.criteria {
            let old = before.remove(&asked.number).map(|(_, present)| present);
            let new = found.remove(&asked.number);
            let new = new.map(|(finding, scale)| newest(place, finding, scale));
            let Some(new) = new else {
                criteria.extend(old);
                continue;
            };
            let mut present = old.unwrap_or(Present {
                number: asked.number,
                by_kind: [None; AssessmentKind::ALL.len()],
            });
            let of_kind = &mut present.by_kind[submitted.kind as usize];
            if of_kind.is_none_or(|old| old.place < new.place) {
                *of_kind = Some(new);
            }
            criteria.push(present);
        }
        // Criteria of other versions only, in the order they stood in.
        let mut others: Vec<_> = before.into_values().collect();
        others.sort_by_key(|(order, _)| *order);
        criteria.extend(others.into_iter().map(|(_, present)| present));
        criteria.truncate(CRITERIA_MAX);
        Self { latest, criteria }
    }

    /// Takes back what was said at a place; on which criteria that stood.
    fn without(&mut self, place: Place, kind: AssessmentKind) -> BTreeSet<CriterionNumber> {
        let mut numbers = BTreeSet::new();
        for present in &mut self.criteria {
            let of_kind = &mut present.by_kind[kind as usize];
            if of_kind.is_some_and(|newest| newest.place == place) {
                *of_kind = None;
                numbers.insert(present.number);
            }
        }
        numbers
    }

    /// Lets stand what stood before; what was never answered otherwise goes.
    fn again(&mut self, kind: AssessmentKind, before: &BTreeMap<CriterionNumber, Newest>) {
        for present in &mut self.criteria {
            if let Some(newest) = before.get(&present.number) {
                present.by_kind[kind as usize] = Some(*newest);
            }
        }
        self.criteria.retain(|present| 0 < present.kinds());
    }
}

/// Findings by the numbers of their criteria, each with its scale.
fn numbered<'a>(
    catalogue: &'a CatalogueRow,
    submitted: &'a AssessmentSubmitted,
) -> impl Iterator<Item = (CriterionNumber, (&'a Finding, Scale))> {
    submitted.findings.iter().filter_map(|finding| {
        let asked = catalogue.numbered.criteria.get(usize::from(finding.criterion))?;
        Some((asked.number, (finding, asked.scale)))
    })
}

fn newest(place: Place, finding: &Finding, scale: Scale) -> Newest {
    let says = match (&finding.answer, Given::of(&finding.answer, scale)) {
        (Answer::Level(level), _) => Says::Level(*level),
        (_, Some(given)) if !given.is_met() => Says::Unmet,
        _ => Says::Other,
    };
    Newest { place, says }
}
