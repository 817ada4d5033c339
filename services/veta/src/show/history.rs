//! Every assessment of a site or an organization.

use catalogue::scheme_certifications;
use inquiry::Pages;
use rpc::progress::{Assessment, ListAssessmentsRequest, list_assessments_request};
use tonic::transport::Channel;

use super::{PAGE_SIZE, answered, assurance, day};
use crate::print;
use crate::trouble::Done;

/// The history of one subject as of a position, the newest first.
pub(super) async fn history(
    progress: &Channel,
    subject: list_assessments_request::Subject,
    position: u64,
) -> Done<Vec<Assessment>> {
    let mut found = Vec::new();
    let mut pages = Pages::first();
    while let Some(page_token) = pages.token() {
        let request = ListAssessmentsRequest {
            subject: Some(subject.clone()),
            as_of_position: position,
            page_size: PAGE_SIZE,
            page_token,
            ..Default::default()
        };
        let page = rpc::client::progress(progress.clone())
            .list_assessments(request)
            .await?
            .into_inner();
        found.extend(page.assessments);
        pages.turn(page.next_page_token);
    }
    Ok(found)
}

/// For people; what certification schemes decided stands apart, since no scheme signed it.
pub(super) fn print(history: &[Assessment]) {
    let (certifications, history): (Vec<_>, Vec<_>) =
        history.iter().partition(|assessment| is_certification(assessment));
    let others = if certifications.is_empty() {
        "History"
    } else {
        "Other assessments"
    };
    if let Some(latest) = certifications.first() {
        let said = latest.attribution.clone().unwrap_or_default();
        print::line(format_args!(
            "\nWhat certification schemes decided, as published pages tell it, newest first. No scheme signed any of it, and\n\
             nothing follows from it here. Told by {} as {}.",
            said.by.as_ref().map(|by| by.name.as_str()).unwrap_or_default(),
            assurance(&said)
        ));
        let header = [
            "date",
            "what the date means",
            "scheme",
            "what happened",
            "what else was read",
            "page",
        ];
        print::table(header, certifications.into_iter().map(certification_row));
    }
    print::line(format_args!("\n{others}, newest first: {}", history.len()));
    print::table(
        ["on", "by", "assurance", "catalogue", "answers", "position"],
        history.into_iter().map(history_row),
    );
}

/// Whether a catalogue is that of what certification schemes decided.
pub(super) fn is_of_certifications(catalogue_slug: &str) -> bool {
    catalogue_slug == scheme_certifications().slug().as_str()
}

fn is_certification(assessment: &Assessment) -> bool {
    is_of_certifications(&assessment.catalogue_slug)
}

fn certification_row(assessment: &Assessment) -> [String; 6] {
    ["date", "date_precision", "scheme", "event", "detail", "source_url"].map(|slug| {
        let is_asked = |finding: &&rpc::progress::Finding| finding.criterion.as_ref().is_some_and(|c| c.slug == slug);
        let finding = assessment.findings.iter().find(is_asked);
        answered(finding.and_then(|finding| finding.answer.as_ref()))
    })
}

fn history_row(assessment: &Assessment) -> [String; 6] {
    let attribution = assessment.attribution.clone().unwrap_or_default();
    let answers = assessment.findings.iter().map(|finding| {
        let slug = finding
            .criterion
            .as_ref()
            .map(|criterion| criterion.slug.as_str())
            .unwrap_or_default();
        format!("{slug}={}", answered(finding.answer.as_ref()))
    });
    [
        day(&attribution.assessed_to).to_owned(),
        attribution.by.as_ref().map(|by| by.name.clone()).unwrap_or_default(),
        assurance(&attribution).to_owned(),
        assessment.catalogue_slug.clone(),
        answers.collect::<Vec<_>>().join(", "),
        attribution.position.to_string(),
    ]
}
