//! Rules about catalogues and assessments.

use event::AssessmentId;
use event::vocabulary::{AssessmentKind, AssessmentSubmitted, CataloguePublished, Finding, PartyKind, Scale, Subject};

use crate::Refusal;
use crate::rules::Said;
use crate::state::{Catalogue, Change, Ledger};

pub(crate) fn catalogue_published(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &CataloguePublished,
) -> Result<Vec<Change>, Refusal> {
    if !matches!(said.kind, PartyKind::Scheme | PartyKind::Assessor) {
        return Err(Refusal::MayNotPublish);
    }
    if event.criteria.is_empty() {
        return Err(Refusal::CatalogueEmpty);
    }
    let mut slugs: Vec<_> = event.criteria.iter().map(|criterion| &criterion.slug).collect();
    slugs.sort_unstable();
    if slugs.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Refusal::CriterionRepeated);
    }
    if ledger.versions.contains(&(event.slug.clone(), event.version.clone())) {
        return Err(Refusal::CatalogueKnown);
    }
    let scales = event.criteria.iter().map(|criterion| criterion.scale).collect();
    let catalogue = Catalogue {
        slug: event.slug.clone(),
        version: event.version.clone(),
        scales,
    };
    Ok(vec![Change::Catalogue(event.digest(), catalogue)])
}

pub(crate) fn assessment_submitted(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &AssessmentSubmitted,
) -> Result<Vec<Change>, Refusal> {
    if event.period.to < event.period.from {
        return Err(Refusal::PeriodReversed);
    }
    if ledger.policy().latest_allowed(said.admitted_at).date() < event.period.to {
        return Err(Refusal::PeriodInFuture);
    }
    if event.findings.is_empty() {
        return Err(Refusal::NoFindings);
    }
    in_order(&event.findings)?;
    right_assessor(ledger, said, event)?;
    let catalogue = ledger.catalogue(&event.catalogue).ok_or(Refusal::UnknownCatalogue)?;
    in_scale(&event.findings, &catalogue.scales)?;
    let reference = ledger.take_reference("assessment", event.reference.as_ref())?;
    let mut changes = vec![Change::Assessment(AssessmentId::derive(said.statement.id(), 0))];
    changes.extend(reference);
    Ok(changes)
}

fn right_assessor(ledger: &Ledger, said: &Said<'_>, event: &AssessmentSubmitted) -> Result<(), Refusal> {
    let owner = match event.subject {
        Subject::Party(party) => ledger.party(&party).map(|_| party),
        Subject::Site(site) => ledger.site(&site).map(|site| site.operator),
    };
    let owner = owner.ok_or(Refusal::UnknownSubject)?;
    if event.kind == AssessmentKind::SelfReported {
        return if owner == said.party {
            Ok(())
        } else {
            Err(Refusal::NotOwnSubject)
        };
    }
    if owner == said.party {
        return Err(Refusal::OwnSubject);
    }
    if !assesses(said.kind, event.kind) {
        return Err(Refusal::MayNotAssess);
    }
    Ok(())
}

/// Whether a party of this kind looks at others in this way; a third party is independent of scheme and state.
fn assesses(party: PartyKind, kind: AssessmentKind) -> bool {
    match party {
        PartyKind::Assessor => true,
        PartyKind::Auditor | PartyKind::Authority | PartyKind::Scheme => kind != AssessmentKind::ThirdParty,
        _ => false,
    }
}

fn in_order(findings: &[Finding]) -> Result<(), Refusal> {
    if findings.windows(2).any(|pair| pair[1].criterion <= pair[0].criterion) {
        return Err(Refusal::FindingsNotOrdered);
    }
    Ok(())
}

fn in_scale(findings: &[Finding], scales: &[Scale]) -> Result<(), Refusal> {
    for finding in findings {
        let scale = scales
            .get(usize::from(finding.criterion))
            .ok_or(Refusal::UnknownCriterion)?;
        if !finding.answer.fits(*scale) {
            return Err(Refusal::WrongScale);
        }
    }
    Ok(())
}
