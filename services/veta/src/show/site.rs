//! Sites: where they are, who works them, what was found there.

use catalogue::{ipis_site_qualification, ipis_site_visits};
use event::{Date, SiteId, Timestamp};
use inquiry::Pages;
use rpc::progress::{
    Answer, Assessment, GetSiteRequest, ListSitesRequest, PresentAnswer, Site, SiteRow, answer, get_site_request,
    list_assessments_request,
};
use rpc::view::Reference;
use serde_json::{Value, json};
use tonic::transport::Channel;

use super::history::{self, history};
use super::{Asked, PAGE_SIZE, PRESENT_HEADER, assessment_json, named, others, present_json, present_row};
use crate::import::ipis::{Validity, qualification_words};
use crate::print;
use crate::trouble::{Done, Trouble};

/// Every site, one row each; for programs, one JSON object a line.
pub async fn list(progress: &Channel, asked: Asked) -> Done {
    let mut rows = Vec::new();
    let mut pages = Pages::first();
    while let Some(page_token) = pages.token() {
        let request = ListSitesRequest {
            as_of_position: asked.as_of,
            at_least_position: asked.at_least,
            as_of_unix_ms: asked.on_unix_ms,
            page_size: PAGE_SIZE,
            page_token,
            ..Default::default()
        };
        let page = rpc::client::progress(progress.clone())
            .list_sites(request)
            .await?
            .into_inner();
        let today = Timestamp::from_unix_ms(page.evaluated_at_unix_ms).date();
        for row in &page.sites {
            let standing = Standing::of(row, today);
            if asked.json {
                print::json(&standing.json(page.position));
            } else {
                rows.push(standing.row());
            }
        }
        pages.turn(page.next_page_token);
    }
    if !asked.json {
        print::table(
            [
                "site",
                "pcode",
                "name",
                "latest visit",
                "workers",
                "mercury",
                "interference",
                "under 15",
                "traceability",
                "qualification",
            ],
            rows,
        );
    }
    Ok(())
}

/// One site: its present answers, each with its day, and the whole history.
pub async fn show(progress: &Channel, site: &str, asked: Asked) -> Done {
    let site = match site.parse::<SiteId>() {
        Ok(id) => get_site_request::Site::SiteId(id.to_string()),
        Err(error) if site.starts_with("site-") => return Err(Trouble::usage(error)),
        Err(_) => get_site_request::Site::Reference(Reference {
            source: "ipis".to_owned(),
            value: site.to_owned(),
        }),
    };
    let request = GetSiteRequest {
        site: Some(site),
        as_of_position: asked.as_of,
        at_least_position: asked.at_least,
        as_of_unix_ms: asked.on_unix_ms,
    };
    let found = rpc::client::progress(progress.clone())
        .get_site(request)
        .await?
        .into_inner();
    let standing = found.standing.unwrap_or_default();
    let site = standing.site.clone().unwrap_or_default();
    let subject = list_assessments_request::Subject::SiteId(site.site_id.clone());
    let history = history(progress, subject, found.position).await?;
    let today = Timestamp::from_unix_ms(found.evaluated_at_unix_ms).date();
    let validity = standing.answers.iter().find_map(validity);
    if asked.json {
        print::json(&json!({
            "site": site_json(&site),
            "present": standing.answers.iter().map(present_json).collect::<Vec<_>>(),
            "others": standing.others.iter().map(others::json).collect::<Vec<_>>(),
            "others_left_out": standing.others_left_out,
            "status_until": validity.map(|validity| validity.until.to_string()),
            "status_is_over": validity.map(|validity| validity.is_over(today)),
            "history": history.iter().map(assessment_json).collect::<Vec<_>>(),
            "position": found.position,
        }));
        return Ok(());
    }
    print::line(format_args!("{} ({})", site.name, site.site_id));
    print::line(format_args!("worked by {}", named(site.operator.as_ref())));
    print::line(format_args!("{} {}", site.country, site.area));
    print::line(format_args!(
        "as of position {}\n\nPresent answers (what was never asked is not here; it is no \"no\")",
        found.position
    ));
    print::table(PRESENT_HEADER, standing.answers.iter().map(present_row));
    if let Some(validity) = validity {
        print::line(validity.told(today));
    }
    others::print(&standing.others, standing.others_left_out, &[]);
    history::print(&history);
    Ok(())
}

/// How long the present status from the ministry of mines holds.
fn validity(present: &PresentAnswer) -> Option<Validity> {
    let criterion = present.criterion.as_ref()?;
    let is_status = criterion.catalogue_slug == ipis_site_qualification().slug().as_str();
    if !is_status || criterion.slug != "qualification" {
        return None;
    }
    let words = words(present.answer.as_ref()?.answer.as_ref()?)?;
    Validity::of(&words, present.attribution.as_ref()?.assessed_to.parse().ok()?)
}

pub(super) fn site_json(site: &Site) -> Value {
    json!({
        "site_id": site.site_id,
        "name": site.name,
        "operator": site.operator.as_ref().map(|operator| operator.name.clone()),
        "operator_id": site.operator.as_ref().map(|operator| operator.party_id.clone()),
        "country": site.country,
        "area": site.area,
        "reference": site.reference.as_ref().map(|reference| format!("{}:{}", reference.source, reference.value)),
        "registered_position": site.registered_position,
        "statement_id": site.statement_id,
    })
}

/// What the latest visit and the latest status say: what a visit did not ask is no data, whatever an earlier one found.
struct Standing<'a> {
    site: Site,
    visit: Option<&'a Assessment>,
    status: Option<&'a Assessment>,
    today: Date,
}

impl<'a> Standing<'a> {
    fn of(row: &'a SiteRow, today: Date) -> Self {
        let (visits, status) = (ipis_site_visits(), ipis_site_qualification());
        let under = |slug: &str| {
            row.latest_assessments
                .iter()
                .find(|latest| latest.catalogue_slug == slug)
        };
        Self {
            site: row.site.clone().unwrap_or_default(),
            visit: under(visits.published().slug.as_str()),
            status: under(status.published().slug.as_str()),
            today,
        }
    }

    fn visited(&self, slug: &str) -> Option<&answer::Answer> {
        answer_to(self.visit?, slug)?.answer.as_ref()
    }

    fn seen(&self, slug: &str) -> &'static str {
        match self.visited(slug) {
            Some(answer::Answer::Observed(())) => "observed",
            Some(answer::Answer::NoneObserved(())) => "none observed",
            _ => "no data",
        }
    }

    fn workers(&self) -> Option<u64> {
        match self.visited("workers_numb") {
            Some(answer::Answer::Count(count)) => Some(*count),
            _ => None,
        }
    }

    fn traceability(&self) -> Option<String> {
        words(self.visited("traceability")?)
    }

    fn qualification(&self) -> Option<String> {
        let words = words(answer_to(self.status?, "qualification")?.answer.as_ref()?)?;
        qualification_words(&words).map(str::to_owned)
    }

    fn status_date(&self) -> Option<Date> {
        self.status?.attribution.as_ref()?.assessed_to.parse().ok()
    }

    fn validity(&self) -> Option<Validity> {
        Validity::of(&self.qualification()?, self.status_date()?)
    }

    /// The status; and if it does not hold any more, since when.
    fn status(&self) -> Option<String> {
        let status = self.qualification()?;
        let over = self.validity().filter(|validity| validity.is_over(self.today));
        Some(over.map_or_else(|| status.clone(), |over| format!("{status}, over since {}", over.until)))
    }

    fn visit_date(&self) -> Option<String> {
        self.visit
            .and_then(|visit| Some(visit.attribution.as_ref()?.assessed_to.clone()))
    }

    fn pcode(&self) -> Option<String> {
        self.site.reference.as_ref().map(|reference| reference.value.clone())
    }

    fn json(&self, position: u64) -> Value {
        json!({
            "site_id": self.site.site_id,
            "pcode": self.pcode(),
            "name": self.site.name,
            "visit_date": self.visit_date(),
            "workers_numb": self.workers(),
            "mercury": self.seen("mercury"),
            "interference": self.seen("interference"),
            "childunder15": self.seen("childunder15"),
            "traceability": self.traceability(),
            "qualification": self.qualification(),
            "qualification_date": self.status_date().map(|day| day.to_string()),
            "qualification_until": self.validity().map(|validity| validity.until.to_string()),
            "qualification_is_over": self.validity().map(|validity| validity.is_over(self.today)),
            "position": position,
        })
    }

    fn row(&self) -> [String; 10] {
        let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        [
            self.site.site_id.clone(),
            or_none(self.pcode()),
            self.site.name.clone(),
            or_none(self.visit_date()),
            or_none(self.workers().map(|count| count.to_string())),
            self.seen("mercury").to_owned(),
            self.seen("interference").to_owned(),
            self.seen("childunder15").to_owned(),
            or_none(self.traceability()),
            or_none(self.status()),
        ]
    }
}

fn answer_to<'a>(assessment: &'a Assessment, slug: &str) -> Option<&'a Answer> {
    let finding = assessment
        .findings
        .iter()
        .find(|f| f.criterion.as_ref().is_some_and(|c| c.slug == slug))?;
    finding.answer.as_ref()
}

fn words(given: &answer::Answer) -> Option<String> {
    match given {
        answer::Answer::Words(words) => Some(words.clone()),
        _ => None,
    }
}
