//! Rows in the words of the wire.

use event::vocabulary::{self, Finding as FindingWords, Subject};
use event::{PartyId, SiteId, StreamPosition};
use ledger::CriterionNumber;
use rpc::limits::JUDGEMENTS_MAX;
use rpc::progress::{
    Assessment, Attribution, CataloguePublication, Criterion, Deposit, Finding, Indicator, Judgement, Measurement,
    Organization, PartyKind, Pillar, Site, Unit, Withdrawal, assessment,
};

use super::Result;
use crate::reading::Reading;
use crate::rows::{AssessmentRow, CatalogueRow, PartyRow, Place, Seat};

/// A criterion of a catalogue, by place; empty where there is none.
pub(crate) fn criterion(catalogue: &CatalogueRow, place: usize) -> Criterion {
    let asked = catalogue.published.criteria.get(place);
    let numbered = catalogue.numbered.criteria.get(place);
    let (Some(asked), Some(numbered)) = (asked, numbered) else {
        return Criterion::default();
    };
    Criterion {
        catalogue_slug: catalogue.published.slug.to_string(),
        catalogue_version: catalogue.published.version.to_string(),
        slug: asked.slug.to_string(),
        question: asked.question.to_string(),
        scale: Some(asked.scale.into()),
        number: numbered.number.0,
        place: u32::try_from(place).unwrap_or(u32::MAX),
        module: asked.module.map_or(0, |module| module.number().into()),
        pillar: asked.pillar.map_or(Pillar::Unspecified, Into::into).into(),
        theme: asked.theme.as_ref().map(ToString::to_string).unwrap_or_default(),
    }
}

/// Where a criterion stands in a catalogue version.
pub(crate) fn place_in(catalogue: &CatalogueRow, number: CriterionNumber) -> Option<usize> {
    let criteria = &catalogue.numbered.criteria;
    criteria.iter().position(|asked| asked.number == number)
}

/// What an assessment found about a criterion, whatever the version of its catalogue.
pub(crate) fn found<'a>(
    catalogue: &CatalogueRow,
    row: &'a AssessmentRow,
    number: CriterionNumber,
) -> Option<(usize, &'a FindingWords)> {
    let place = place_in(catalogue, number)?;
    let findings = &row.submitted.findings;
    let finding = findings.binary_search_by_key(&place, |finding| finding.criterion.into());
    Some((place, &findings[finding.ok()?]))
}

pub(crate) fn indicator(catalogue: &CatalogueRow, place: usize) -> Indicator {
    let asked = catalogue.published.indicators.get(place);
    let numbered = catalogue.numbered.indicators.get(place);
    let (Some(asked), Some(numbered)) = (asked, numbered) else {
        return Indicator::default();
    };
    Indicator {
        catalogue_slug: catalogue.published.slug.to_string(),
        catalogue_version: catalogue.published.version.to_string(),
        slug: asked.slug.to_string(),
        question: asked.question.to_string(),
        unit: Unit::from(asked.unit).into(),
        pillar: asked.pillar.map_or(Pillar::Unspecified, Into::into).into(),
        number: numbered.number.0,
    }
}

pub(crate) fn measurements(catalogue: &CatalogueRow, row: &AssessmentRow) -> Vec<Measurement> {
    let measured = |measured: &vocabulary::Measurement| Measurement {
        indicator: Some(indicator(catalogue, measured.indicator.into())),
        value: measured.value,
    };
    row.submitted.measurements.iter().map(measured).collect()
}

pub(crate) fn evidence(digests: &vocabulary::Evidence) -> Vec<String> {
    digests.iter().map(ToString::to_string).collect()
}

pub(crate) fn organization(id: PartyId, row: &PartyRow) -> Organization {
    Organization {
        party_id: id.to_string(),
        kind: PartyKind::from(row.profile.kind).into(),
        name: row.profile.name.to_string(),
        country: row.profile.country.to_string(),
        languages: row.profile.languages.iter().map(ToString::to_string).collect(),
        reference: row.profile.reference.as_ref().map(Into::into),
        enrolled_position: row.recorded.position.get(),
        statement_id: row.recorded.statement.to_string(),
    }
}

impl AssessmentRow {
    /// Where it lies in the history of its subject.
    pub(crate) const fn seat(&self) -> Seat {
        Seat {
            subject: self.submitted.subject,
            place: Place {
                day: self.submitted.period.to,
                position: self.recorded.position,
            },
        }
    }
}

impl Reading<'_> {
    pub(crate) fn attribution(&mut self, row: &AssessmentRow) -> Result<Attribution> {
        Ok(Attribution {
            by: Some(self.assessor_name(row.by)?),
            kind: rpc::progress::AssessmentKind::from(row.submitted.kind).into(),
            assessed_from: row.submitted.period.from.to_string(),
            assessed_to: row.submitted.period.to.to_string(),
            assessment_id: row.id.to_string(),
            statement_id: row.recorded.statement.to_string(),
            position: row.recorded.position.get(),
            admitted_at_unix_ms: row.recorded.admitted_at.unix_ms(),
        })
    }

    /// What others say for, or against, an assessment or one of its criteria, by place; and how many more of it there is.
    pub(crate) fn judgement_messages(
        &mut self,
        seat: Seat,
        is_contest: bool,
        criterion: Option<usize>,
    ) -> Result<(Vec<Judgement>, u32)> {
        let judged = self.judged(seat, is_contest)?;
        let mut messages = Vec::new();
        let mut left_out = judged.not_read;
        for (position, row) in &judged.read {
            let is_meant = |place: usize| row.criteria.iter().any(|criterion| usize::from(*criterion) == place);
            if !criterion.is_none_or(is_meant) {
                continue;
            }
            if messages.len() == JUDGEMENTS_MAX {
                left_out = left_out.saturating_add(1);
                continue;
            }
            let criteria = row.criteria.iter().copied().map(Into::into);
            messages.push(Judgement {
                source: Some(self.source(*position)?),
                criteria: if criterion.is_none() {
                    criteria.collect()
                } else {
                    Vec::new()
                },
                text: row.text.as_ref().map(ToString::to_string).unwrap_or_default(),
                evidence_digests: evidence(&row.evidence),
            });
        }
        Ok((messages, left_out))
    }

    /// Whether anybody confirms, or contests, one criterion of an assessment, by number.
    pub(crate) fn is_judged(&mut self, seat: Seat, is_contest: bool, number: CriterionNumber) -> Result<bool> {
        Ok(self.last_judged(seat, is_contest, number)?.is_some())
    }

    /// Where somebody confirms, or contests, one criterion of an assessment, by number: the last place.
    pub(crate) fn last_judged(
        &mut self,
        seat: Seat,
        is_contest: bool,
        number: CriterionNumber,
    ) -> Result<Option<StreamPosition>> {
        let judged = self.judged(seat, is_contest)?;
        let Some((oldest_read, _)) = judged.read.last() else {
            return Ok(None);
        };
        let row = self.assessment(seat)?;
        let catalogue = self.catalogue(row.submitted.catalogue)?;
        let Some(place) = place_in(&catalogue, number) else {
            return Ok(None);
        };
        let about = |criteria: &[u16]| criteria.iter().any(|criterion| usize::from(*criterion) == place);
        let last = judged.read.iter().find(|(_, row)| about(&row.criteria));
        // What there was no room to read stands behind the oldest that was.
        let not_read = (0 < judged.not_read).then_some(*oldest_read);
        Ok(last.map(|(position, _)| *position).or(not_read))
    }

    pub(crate) fn withdrawal_message(&self, seat: Seat) -> Result<Option<Withdrawal>> {
        let Some(row) = self.withdrawal(seat)? else {
            return Ok(None);
        };
        Ok(Some(Withdrawal {
            source: Some(self.source(row.position)?),
            reason: row.reason.to_string(),
        }))
    }

    pub(crate) fn assessment_message(&mut self, row: &AssessmentRow) -> Result<Assessment> {
        let catalogue = self.catalogue(row.submitted.catalogue)?;
        let subject = match row.submitted.subject {
            Subject::Site(id) => assessment::Subject::Site(self.site_name(id)?),
            Subject::Party(id) => assessment::Subject::Party(self.party_name(id)?),
        };
        let finding = |finding: &FindingWords| Finding {
            criterion: Some(criterion(&catalogue, finding.criterion.into())),
            answer: Some((&finding.answer).into()),
            evidence_digests: evidence(&finding.evidence),
        };
        let (confirmations, confirmations_left_out) = self.judgement_messages(row.seat(), false, None)?;
        let (contests, contests_left_out) = self.judgement_messages(row.seat(), true, None)?;
        Ok(Assessment {
            subject: Some(subject),
            catalogue_slug: catalogue.published.slug.to_string(),
            catalogue_version: catalogue.published.version.to_string(),
            attribution: Some(self.attribution(row)?),
            reference: row.submitted.reference.as_ref().map(Into::into),
            findings: row.submitted.findings.iter().map(finding).collect(),
            measurements: measurements(&catalogue, row),
            withdrawal: self.withdrawal_message(row.seat())?,
            confirmations,
            confirmations_left_out,
            contests,
            contests_left_out,
            catalogue_digest: row.submitted.catalogue.to_string(),
            catalogue_publication: Some(self.publication(&catalogue)?),
        })
    }

    pub(crate) fn publication(&self, catalogue: &CatalogueRow) -> Result<CataloguePublication> {
        Ok(CataloguePublication {
            full_text_digest: catalogue.published.full_text.to_string(),
            licence: catalogue.published.licence.to_string(),
            source: Some(self.source(catalogue.position)?),
        })
    }

    pub(crate) fn site_message(&self, id: SiteId) -> Result<Option<Site>> {
        let Some(row) = self.site(id)? else {
            return Ok(None);
        };
        let registered = &row.registered;
        Ok(Some(Site {
            site_id: id.to_string(),
            name: registered.name.to_string(),
            operator: Some(self.party_name(registered.operator)?),
            country: registered.country.to_string(),
            area: registered.area.as_ref().map(ToString::to_string).unwrap_or_default(),
            cell: registered.cell.map(Into::into),
            deposit: Deposit::from(registered.deposit).into(),
            reference: registered.reference.as_ref().map(Into::into),
            registered_position: row.recorded.position.get(),
            statement_id: row.recorded.statement.to_string(),
        }))
    }
}
