//! What a report is written from: asked of the services, all of it as of one position and one instant.

use std::collections::{BTreeMap, BTreeSet};

use event::PartyId;
use inquiry::Pages;
use rpc::audit::GetCheckpointRequest;
use rpc::progress::progress_service_client::ProgressServiceClient;
use rpc::progress::{
    Assessment, GetOrganizationRequest, GetOrganizationResponse, GetSiteRequest, GivenAnswer, Incident,
    ListAnswersRequest, ListAssessmentsRequest, ListIncidentsRequest, ListMeasurementsRequest, ListPlansRequest,
    ListSitesRequest, Measured, Plan, Report, SiteStanding, StandingDecision, get_organization_request,
    get_site_request, list_answers_request, list_assessments_request, list_measurements_request,
};
use tlog::Checkpoint;
use tlog::note::Vkey;
use tonic::transport::Channel;
use tonic::{Code, Status};

use crate::show::Asked;
use crate::trouble::{Done, Trouble};

type Client = ProgressServiceClient<Channel>;

/// Rows asked for at a time.
const PAGE_SIZE: u32 = 500;
/// Answers asked for in all: 512 sites with a history of some 60 criteria each.
const PAGES_MAX: u32 = 32_768;
/// Reports, and decisions, of one organization: one a month for ten years.
const DECISIONS_MAX: usize = 120;

/// Everything that a report says, as it was answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gathered {
    /// The organization, its standing, what comes next, and its own present answers.
    pub organization: GetOrganizationResponse,
    /// Every site, in the order of registration.
    pub sites: Vec<SiteStanding>,
    /// Every plan, the newest first.
    pub plans: Vec<Plan>,
    /// Every incident, the newest first.
    pub incidents: Vec<Incident>,
    /// The log that all of it stands in.
    pub log: Log,
    /// What the full version adds.
    pub record: Option<Record>,
}

/// What the log says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Log {
    /// Its latest checkpoint, whose signature holds.
    Checked(Signed),
    /// No audit service answers.
    #[default]
    Unreachable,
    /// The audit service has not come as far as the report.
    Behind,
}

/// A checkpoint whose signature was verified with the log's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Which tree of which log.
    pub checkpoint: Checkpoint,
    /// The log's key.
    pub vkey: String,
}

/// The whole record of an organization.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The organization itself, and then each site of [`Gathered::sites`].
    pub subjects: Vec<History>,
    /// Every report that was the latest at some time, the latest first. One about days that another has covered already
    /// never was.
    pub reports: Vec<Report>,
    /// Every decision of the scheme, the latest first.
    pub decisions: Vec<StandingDecision>,
}

/// All that was ever said about one subject.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// Every assessment, the latest day first.
    pub assessments: Vec<Assessment>,
    /// Every answer to each criterion that was ever asked, the latest day first.
    pub answers: Vec<Vec<GivenAnswer>>,
    /// What was measured, the latest day first.
    pub measured: Vec<Measured>,
}

/// Whom to ask.
#[derive(Clone, Debug)]
pub struct Services {
    /// Answers about organizations.
    pub progress: Channel,
    /// The log, where it can be reached.
    pub audit: Option<Channel>,
    /// The key that the log must have signed with.
    pub vkey: Vkey,
}

/// Asks for what stands in a report; `is_full` asks for the whole record, too.
pub async fn gather(services: &Services, party: PartyId, asked: Asked, is_full: bool) -> Done<Gathered> {
    let request = GetOrganizationRequest {
        organization: Some(get_organization_request::Organization::PartyId(party.to_string())),
        as_of_position: asked.as_of,
        at_least_position: asked.at_least,
        as_of_unix_ms: asked.on_unix_ms,
    };
    let mut client = rpc::client::progress(services.progress.clone());
    let organization = client.get_organization(request).await?.into_inner();
    let mut reader = Reader {
        progress: services.progress.clone(),
        party: party.to_string(),
        position: organization.position,
        unix_ms: organization.evaluated_at_unix_ms,
        pages_left: PAGES_MAX,
    };
    let sites = reader.sites(&organization).await?;
    let record = if is_full {
        Some(reader.record(&organization, &sites).await?)
    } else {
        None
    };
    Ok(Gathered {
        plans: reader.plans().await?,
        incidents: reader.incidents().await?,
        log: log(services, organization.position).await?,
        organization,
        sites,
        record,
    })
}

async fn log(services: &Services, position: u64) -> Done<Log> {
    let Some(audit) = &services.audit else {
        return Ok(Log::Unreachable);
    };
    let request = GetCheckpointRequest {
        at_least_position: position,
    };
    let answer = match rpc::client::audit(audit.clone()).get_checkpoint(request).await {
        Ok(answer) => answer.into_inner(),
        Err(status) if status.code() == Code::DeadlineExceeded => return Ok(Log::Behind),
        Err(status) if status.code() == Code::Unavailable => return Ok(Log::Unreachable),
        Err(status) => return Err(status.into()),
    };
    let checkpoint = Checkpoint::open(&answer.checkpoint_note, &services.vkey).map_err(Trouble::at(
        "the log's checkpoint does not hold, so no report is written",
    ))?;
    if checkpoint.size.get() < position {
        return Ok(Log::Behind);
    }
    Ok(Log::Checked(Signed {
        checkpoint,
        vkey: services.vkey.to_string(),
    }))
}

/// Which page of a list, as of when.
struct Next {
    position: u64,
    unix_ms: i64,
    token: String,
}

/// Asks as of one position and instant.
struct Reader {
    progress: Channel,
    party: String,
    position: u64,
    unix_ms: i64,
    pages_left: u32,
}

impl Reader {
    /// One more answer is asked for.
    fn ask(&mut self) -> Done {
        self.pages_left = self.pages_left.checked_sub(1).ok_or_else(|| {
            Trouble::failed(format_args!(
                "more than {PAGES_MAX} answers would be needed: leave out --full, and read the rest with `veta site show`"
            ))
        })?;
        Ok(())
    }

    /// Whether an answer is true of the same position and instant as the first one.
    fn check(&self, position: u64, unix_ms: i64) -> Done {
        if (position, unix_ms) == (self.position, self.unix_ms) {
            return Ok(());
        }
        Err(Trouble::try_again(
            "the service answered as of another position than was asked for: try again",
        ))
    }

    /// Every row of a list. `ask` asks for a page and answers with what it is true of, its rows, and the next page's token.
    async fn rows<T>(
        &mut self,
        ask: impl AsyncFn(Client, Next) -> Result<((u64, i64), Vec<T>, String), Status>,
    ) -> Done<Vec<T>> {
        let mut rows = Vec::new();
        let mut pages = Pages::first();
        while let Some(token) = pages.token() {
            self.ask()?;
            let next = Next {
                position: self.position,
                unix_ms: self.unix_ms,
                token,
            };
            let client = rpc::client::progress(self.progress.clone());
            let ((position, unix_ms), found, next_token) = ask(client, next).await?;
            self.check(position, unix_ms)?;
            rows.extend(found);
            pages.turn(next_token);
        }
        Ok(rows)
    }

    /// Those of the first answer, and the others, if there are more than stand there.
    async fn sites(&mut self, organization: &GetOrganizationResponse) -> Done<Vec<SiteStanding>> {
        if !organization.more_sites {
            return Ok(organization.sites.clone());
        }
        let operator_id = self.party.clone();
        let rows = self.rows(async |mut client, next| {
            let request = ListSitesRequest {
                operator_id: operator_id.clone(),
                as_of_position: next.position,
                as_of_unix_ms: next.unix_ms,
                page_size: PAGE_SIZE,
                page_token: next.token,
                ..Default::default()
            };
            let page = client.list_sites(request).await?.into_inner();
            Ok((
                (page.position, page.evaluated_at_unix_ms),
                page.sites,
                page.next_page_token,
            ))
        });
        let ids = rows.await?.into_iter().filter_map(|row| Some(row.site?.site_id));
        let known = organization.sites.iter().filter_map(|standing| {
            let site = standing.site.as_ref()?;
            Some((site.site_id.as_str(), standing))
        });
        let known: BTreeMap<_, _> = known.collect();
        let mut sites = Vec::new();
        for id in ids {
            match known.get(id.as_str()) {
                Some(standing) => sites.push((*standing).clone()),
                None => sites.push(self.site(id).await?),
            }
        }
        Ok(sites)
    }

    async fn site(&mut self, id: String) -> Done<SiteStanding> {
        self.ask()?;
        let request = GetSiteRequest {
            site: Some(get_site_request::Site::SiteId(id)),
            as_of_position: self.position,
            as_of_unix_ms: self.unix_ms,
            ..Default::default()
        };
        let mut client = rpc::client::progress(self.progress.clone());
        let found = client.get_site(request).await?.into_inner();
        self.check(found.position, found.evaluated_at_unix_ms)?;
        Ok(found.standing.ok_or(rpc::InvalidMessage::Missing("standing"))?)
    }

    async fn plans(&mut self) -> Done<Vec<Plan>> {
        let party_id = self.party.clone();
        self.rows(async |mut client, next| {
            let request = ListPlansRequest {
                party_id: party_id.clone(),
                as_of_position: next.position,
                as_of_unix_ms: next.unix_ms,
                page_size: PAGE_SIZE,
                page_token: next.token,
                ..Default::default()
            };
            let page = client.list_plans(request).await?.into_inner();
            Ok((
                (page.position, page.evaluated_at_unix_ms),
                page.plans,
                page.next_page_token,
            ))
        })
        .await
    }

    async fn incidents(&mut self) -> Done<Vec<Incident>> {
        let party_id = self.party.clone();
        self.rows(async |mut client, next| {
            let request = ListIncidentsRequest {
                party_id: party_id.clone(),
                as_of_position: next.position,
                as_of_unix_ms: next.unix_ms,
                page_size: PAGE_SIZE,
                page_token: next.token,
                ..Default::default()
            };
            let page = client.list_incidents(request).await?.into_inner();
            Ok((
                (page.position, page.evaluated_at_unix_ms),
                page.incidents,
                page.next_page_token,
            ))
        })
        .await
    }

    async fn record(&mut self, organization: &GetOrganizationResponse, sites: &[SiteStanding]) -> Done<Record> {
        let mut subjects = vec![self.history(&About::Party(self.party.clone())).await?];
        for standing in sites {
            let site = standing.site.as_ref().ok_or(rpc::InvalidMessage::Missing("site"))?;
            subjects.push(self.history(&About::Site(site.site_id.clone())).await?);
        }
        let (reports, decisions) = self.decided(organization).await?;
        Ok(Record {
            subjects,
            reports,
            decisions,
        })
    }

    async fn history(&mut self, about: &About) -> Done<History> {
        let assessments = self.assessments(about).await?;
        let asked: BTreeSet<_> = assessments
            .iter()
            .flat_map(|assessment| &assessment.findings)
            .filter_map(|finding| finding.criterion.as_ref())
            .map(|criterion| criterion.number)
            .collect();
        let mut answers = Vec::new();
        for number in asked {
            answers.push(self.answers(about, number).await?);
        }
        let has_measured = assessments.iter().any(|assessment| !assessment.measurements.is_empty());
        let measured = if has_measured {
            self.measured(about).await?
        } else {
            Vec::new()
        };
        Ok(History {
            assessments,
            answers,
            measured,
        })
    }

    async fn assessments(&mut self, about: &About) -> Done<Vec<Assessment>> {
        use list_assessments_request::Subject;
        let subject = match about.clone() {
            About::Party(id) => Subject::PartyId(id),
            About::Site(id) => Subject::SiteId(id),
        };
        self.rows(async |mut client, next| {
            let request = ListAssessmentsRequest {
                subject: Some(subject.clone()),
                as_of_position: next.position,
                as_of_unix_ms: next.unix_ms,
                page_size: PAGE_SIZE,
                page_token: next.token,
                ..Default::default()
            };
            let page = client.list_assessments(request).await?.into_inner();
            Ok((
                (page.position, page.evaluated_at_unix_ms),
                page.assessments,
                page.next_page_token,
            ))
        })
        .await
    }

    async fn answers(&mut self, about: &About, number: u32) -> Done<Vec<GivenAnswer>> {
        use list_answers_request::Subject;
        let subject = match about.clone() {
            About::Party(id) => Subject::PartyId(id),
            About::Site(id) => Subject::SiteId(id),
        };
        self.rows(async |mut client, next| {
            let request = ListAnswersRequest {
                subject: Some(subject.clone()),
                criterion_number: number,
                as_of_position: next.position,
                as_of_unix_ms: next.unix_ms,
                page_size: PAGE_SIZE,
                page_token: next.token,
                ..Default::default()
            };
            let page = client.list_answers(request).await?.into_inner();
            Ok((
                (page.position, page.evaluated_at_unix_ms),
                page.answers,
                page.next_page_token,
            ))
        })
        .await
    }

    async fn measured(&mut self, about: &About) -> Done<Vec<Measured>> {
        use list_measurements_request::Subject;
        let subject = match about.clone() {
            About::Party(id) => Subject::PartyId(id),
            About::Site(id) => Subject::SiteId(id),
        };
        self.rows(async |mut client, next| {
            let request = ListMeasurementsRequest {
                subject: Some(subject.clone()),
                as_of_position: next.position,
                as_of_unix_ms: next.unix_ms,
                page_size: PAGE_SIZE,
                page_token: next.token,
                ..Default::default()
            };
            let page = client.list_measurements(request).await?.into_inner();
            Ok((
                (page.position, page.evaluated_at_unix_ms),
                page.measured,
                page.next_page_token,
            ))
        })
        .await
    }

    /// Reports and decisions. An answer names the latest of each; what stood before the later of both is asked
    /// for as of right before it.
    async fn decided(&mut self, organization: &GetOrganizationResponse) -> Done<(Vec<Report>, Vec<StandingDecision>)> {
        let (mut reports, mut decisions) = (Vec::<Report>::new(), Vec::<StandingDecision>::new());
        let mut standing = organization.standing.clone();
        while let Some(found) = standing {
            let reported = found
                .report
                .as_ref()
                .and_then(|report| Some(report.source.as_ref()?.position));
            let decided = found
                .decision
                .as_ref()
                .and_then(|decision| Some(decision.source.as_ref()?.position));
            let is_new = |position: u64, last: Option<u64>| last != Some(position);
            if let (Some(report), Some(position)) = (found.report, reported) {
                let last = reports.last().and_then(|report| Some(report.source.as_ref()?.position));
                if is_new(position, last) {
                    reports.push(report);
                }
            }
            if let (Some(decision), Some(position)) = (found.decision, decided) {
                let last = decisions
                    .last()
                    .and_then(|decision| Some(decision.source.as_ref()?.position));
                if is_new(position, last) {
                    decisions.push(decision);
                }
            }
            let Some(before) = reported.max(decided).and_then(|position| position.checked_sub(1)) else {
                break;
            };
            if DECISIONS_MAX < reports.len() + decisions.len() {
                return Err(Trouble::failed(format_args!(
                    "more than {DECISIONS_MAX} reports and decisions: leave out --full"
                )));
            }
            standing = self.standing_at(before).await?;
        }
        Ok((reports, decisions))
    }

    async fn standing_at(&mut self, position: u64) -> Done<Option<rpc::progress::OrganizationStanding>> {
        self.ask()?;
        let request = GetOrganizationRequest {
            organization: Some(get_organization_request::Organization::PartyId(self.party.clone())),
            as_of_position: position,
            ..Default::default()
        };
        let mut client = rpc::client::progress(self.progress.clone());
        Ok(client.get_organization(request).await?.into_inner().standing)
    }
}

/// Whose history is asked for.
#[derive(Clone, Debug)]
enum About {
    Party(String),
    Site(String),
}
