//! What was ever said about a subject: assessments, answers to one criterion, measurements.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use event::vocabulary::Subject;
use ledger::CriterionNumber;
use prost::Message;
use rpc::progress::{
    AnswersQuery, AssessmentsQuery, GivenAnswer, IndicatorPoint, IndicatorSeries, ListAnswersResponse,
    ListAssessmentsResponse, ListMeasurementsResponse, Measured, Measurement, MeasurementsQuery, indicator_series,
    page_token,
};
use rpc::{InvalidMessage, Page};

use super::message::{criterion, evidence, found, indicator, measurements};
use super::{Result, known};
use crate::reading::Reading;
use crate::rows::{ASSESSMENTS, AssessmentRow, CatalogueRow, decode, place_key};

/// Rows of a history that are looked at for one page, in reads of this many: 3 MiB at a time at most.
const HISTORY_READ_ROWS: usize = 64;
const HISTORY_READS_MAX: usize = 16;
/// Assessments of one subject in which measurements are looked for to show their series.
const SERIES_ASSESSMENTS_MAX: usize = 64;
/// Assessments of an organization and its sites in which measurements are looked for: 49 KiB each at most, one at a time.
pub(crate) const SERIES_READS_MAX: usize = 512;
/// Points shown of one series.
const SERIES_POINTS_MAX: usize = 24;

pub(crate) fn assessments(reading: &mut Reading<'_>, query: &AssessmentsQuery) -> Result<ListAssessmentsResponse> {
    let (assessments, next_page_token) = history(reading, query.subject, &query.page, |reading, row| {
        reading.assessment_message(row).map(Some)
    })?;
    Ok(ListAssessmentsResponse {
        position: reading.at().get(),
        evaluated_at_unix_ms: reading.now().unix_ms(),
        assessments,
        next_page_token,
    })
}

pub(crate) fn answers(reading: &mut Reading<'_>, query: &AnswersQuery) -> Result<ListAnswersResponse> {
    let (answers, next_page_token) = history(reading, query.subject, &query.page, |reading, row| {
        let catalogue = reading.catalogue(row.submitted.catalogue)?;
        let Some((place, finding)) = found(&catalogue, row, query.number) else {
            return Ok(None);
        };
        let (confirmations, _) = reading.judgement_messages(row.seat(), false, Some(place))?;
        let (contests, _) = reading.judgement_messages(row.seat(), true, Some(place))?;
        Ok(Some(GivenAnswer {
            criterion: Some(criterion(&catalogue, place)),
            answer: Some((&finding.answer).into()),
            attribution: Some(reading.attribution(row)?),
            evidence_digests: evidence(&finding.evidence),
            withdrawal: reading.withdrawal_message(row.seat())?,
            confirmations,
            contests,
        }))
    })?;
    Ok(ListAnswersResponse {
        position: reading.at().get(),
        evaluated_at_unix_ms: reading.now().unix_ms(),
        answers,
        next_page_token,
    })
}

pub(crate) fn measured(reading: &mut Reading<'_>, query: &MeasurementsQuery) -> Result<ListMeasurementsResponse> {
    let (measured, next_page_token) = history(reading, query.subject, &query.page, |reading, row| {
        let catalogue = reading.catalogue(row.submitted.catalogue)?;
        let is_asked = |measured: &Measurement| {
            let number = measured.indicator.as_ref().map(|indicator| indicator.number);
            query.number.is_none_or(|asked| number == Some(asked.0))
        };
        let measurements: Vec<_> = measurements(&catalogue, row).into_iter().filter(is_asked).collect();
        if measurements.is_empty() || reading.withdrawal(row.seat())?.is_some() {
            return Ok(None);
        }
        Ok(Some(Measured {
            attribution: Some(reading.attribution(row)?),
            measurements,
        }))
    })?;
    Ok(ListMeasurementsResponse {
        position: reading.at().get(),
        evaluated_at_unix_ms: reading.now().unix_ms(),
        measured,
        next_page_token,
    })
}

/// A page of what is made of the history of a subject, from the latest day back.
fn history<M: Message>(
    reading: &mut Reading<'_>,
    subject: Subject,
    page: &Page,
    message: impl Fn(&mut Reading<'_>, &AssessmentRow) -> Result<Option<M>>,
) -> Result<(Vec<M>, String)> {
    known(reading, subject)?;
    let after = |key: &Vec<u8>| key.as_slice().try_into().map_err(|_| InvalidMessage::PageToken);
    let mut before: Option<[u8; 12]> = page.after.as_ref().map(after).transpose()?;
    let mut room = page.room();
    let mut messages = Vec::new();
    let token = |reading: &Reading<'_>, before: Option<[u8; 12]>| {
        let key = before.as_ref().map_or(&[][..], |before| &before[..]);
        page_token(reading.at(), reading.now(), key)
    };
    for _ in 0..HISTORY_READS_MAX {
        let found = reading.history(subject, before, HISTORY_READ_ROWS)?;
        let is_last = found.len() < HISTORY_READ_ROWS;
        for (seat, row) in found {
            if seat.place.position <= reading.at() {
                let row = decode(ASSESSMENTS, &row.value)?;
                if let Some(message) = message(reading, &row)? {
                    if !room.take(&message) {
                        return Ok((messages, token(reading, before)));
                    }
                    messages.push(message);
                }
            }
            before = Some(place_key(seat.place));
        }
        if is_last {
            return Ok((messages, String::new()));
        }
    }
    Ok((messages, token(reading, before)))
}

/// What is measured about a subject over time, and whether there may be more than stands here.
pub(crate) fn series(
    reading: &mut Reading<'_>,
    subject: Subject,
    may_read: &mut usize,
) -> Result<(Vec<IndicatorSeries>, bool)> {
    let limit = SERIES_ASSESSMENTS_MAX.min(*may_read);
    let found = reading.history(subject, None, limit)?;
    *may_read -= found.len();
    let mut has_more = found.len() == limit;
    let mut by_number: BTreeMap<CriterionNumber, IndicatorSeries> = BTreeMap::new();
    for (seat, row) in found {
        if reading.at() < seat.place.position {
            continue;
        }
        let row: AssessmentRow = decode(ASSESSMENTS, &row.value)?;
        if row.submitted.measurements.is_empty() || reading.withdrawal(seat)?.is_some() {
            continue;
        }
        let catalogue = reading.catalogue(row.submitted.catalogue)?;
        for measured in &row.submitted.measurements {
            let place = usize::from(measured.indicator);
            let Some(numbered) = catalogue.numbered.indicators.get(place) else {
                continue;
            };
            let series = match by_number.entry(numbered.number) {
                Entry::Occupied(series) => series.into_mut(),
                Entry::Vacant(vacant) => vacant.insert(begin(reading, subject, &catalogue, place)?),
            };
            if series.points.len() == SERIES_POINTS_MAX {
                has_more = true;
                continue;
            }
            series.points.push(IndicatorPoint {
                value: measured.value,
                attribution: Some(reading.attribution(&row)?),
                catalogue_version: catalogue.published.version.to_string(),
            });
        }
    }
    Ok((by_number.into_values().collect(), has_more))
}

fn begin(
    reading: &Reading<'_>,
    subject: Subject,
    catalogue: &Arc<CatalogueRow>,
    place: usize,
) -> Result<IndicatorSeries> {
    let subject = match subject {
        Subject::Site(site) => indicator_series::Subject::Site(reading.site_name(site)?),
        Subject::Party(party) => indicator_series::Subject::Party(reading.party_name(party)?),
    };
    Ok(IndicatorSeries {
        subject: Some(subject),
        indicator: Some(indicator(catalogue, place)),
        points: Vec::new(),
    })
}
