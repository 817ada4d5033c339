//! A stream written by a small cast, and the door to what is folded from it.

use std::sync::Arc;

use ::replay::{Replica, check};
use event::vocabulary::{
    Answer, AssessmentKind, AssessmentSubmitted, AssessorAccredited, CatalogueDigest, CataloguePublished, Finding,
    PartyKind, PartyProfile, Period, Reference, Scale, SiteRegistered, Subject,
};
use event::{Date, Event, List, PartyId, Record, SignedStatement, SiteId, StreamPosition, Timestamp};
use progress::{Door, ProgressView};
use rpc::progress::progress_service_server::ProgressService;
use rpc::progress::{
    GetSiteRequest, GetSiteResponse, ListAssessmentsRequest, ListAssessmentsResponse, ListOrganizationsRequest,
    ListOrganizationsResponse, ListSitesRequest, ListSitesResponse, get_site_request,
};
use rpc::view::ViewPosition;
use service::clock::TestClock;
use tempfile::TempDir;
use tests::world::{self, BEGIN, Signer, World, line, list, profile, short, slug};
use tokio::sync::watch;
use tonic::{Code, Request};
use views::{Identity, RowsDigest, Store, View};

/// A stream and those who write it.
pub(crate) struct Stream {
    pub(crate) world: World,
    pub(crate) records: Vec<Vec<u8>>,
    /// An assessor: looks as implementer, monitor or third party.
    pub(crate) assessor: Signer,
    pub(crate) operators: Vec<Signer>,
    pub(crate) sites: Vec<SiteId>,
    pub(crate) catalogues: Vec<CataloguePublished>,
    /// When the next record is admitted.
    pub(crate) now: Timestamp,
}

/// What is folded from a stream, and the door to it.
pub(crate) struct Folded {
    pub(crate) door: Door,
    pub(crate) store: Store,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) position: watch::Sender<StreamPosition>,
    _dir: TempDir,
}

impl Stream {
    /// An accredited assessor, two operators with a site each, and two catalogues: `a` in three versions, and `b`.
    pub(crate) fn begin() -> Self {
        let (mut world, founded) = World::found(1);
        let (assessor, enrolled) = world.enrol(PartyKind::Assessor, "The assessor");
        let catalogues = catalogues();
        let mut stream = Self {
            world,
            records: Vec::new(),
            assessor,
            operators: Vec::new(),
            sites: Vec::new(),
            catalogues,
            now: BEGIN,
        };
        stream.append(&founded);
        for statement in &enrolled {
            stream.append(statement);
        }
        stream.scheme_says(Event::AssessorAccredited(AssessorAccredited {
            assessor: stream.assessor.party,
            until: world::BEGIN.plus_days(365).date(),
            basis: line("ISO 19011"),
        }));
        for catalogue in stream.catalogues.clone() {
            stream.scheme_says(Event::CataloguePublished(catalogue));
        }
        stream.add_operator();
        stream.add_operator();
        stream.add_site(0);
        stream.add_site(1);
        stream
    }

    /// Its position.
    pub(crate) fn append(&mut self, statement: &SignedStatement) -> u64 {
        self.records.push(Record::new(self.now, statement.clone()).encode());
        self.end()
    }

    pub(crate) fn scheme_says(&mut self, event: Event) -> SignedStatement {
        let statement = self.world.scheme.say(self.world.deployment, event);
        self.append(&statement);
        statement
    }

    pub(crate) fn end(&self) -> u64 {
        self.records.len() as u64
    }

    pub(crate) fn add_operator(&mut self) {
        let n = self.operators.len();
        let profile = PartyProfile {
            reference: Some(reference(&format!("group-{n}"))),
            ..profile(PartyKind::InformalMinersGroup, &format!("Operator {n}"))
        };
        let enrolled = self.scheme_says(Event::PartyEnrolled(profile));
        let party = PartyId::derive(self.world.id(&enrolled), 0);
        let key = self.world.new_key();
        let authorized = event::vocabulary::KeyAuthorized {
            party,
            key: key.verifying_key().into(),
        };
        self.scheme_says(Event::KeyAuthorized(authorized));
        self.operators.push(Signer { key, party, number: 0 });
    }

    pub(crate) fn add_site(&mut self, operator: usize) {
        let n = self.sites.len();
        let site = SiteRegistered {
            reference: Some(reference(&format!("site-{n}"))),
            ..world::site(self.operators[operator].party, &format!("Site {n}"))
        };
        let registered = self.scheme_says(Event::SiteRegistered(site));
        self.sites.push(SiteId::derive(self.world.id(&registered), 0));
    }

    /// An assessment of a site by whoever may look in this way; its position. `catalogue` is such as `a@1`.
    pub(crate) fn assess(
        &mut self,
        site: usize,
        kind: AssessmentKind,
        day: i32,
        catalogue: &str,
        said: &[Said<'_>],
    ) -> u64 {
        let (subject, owner) = (Subject::Site(self.sites[site]), site % self.operators.len());
        self.assess_subject(subject, owner, kind, day, catalogue, said)
    }

    pub(crate) fn assess_subject(
        &mut self,
        subject: Subject,
        owner: usize,
        kind: AssessmentKind,
        day: i32,
        catalogue: &str,
        said: &[Said<'_>],
    ) -> u64 {
        let catalogue = self.catalogues.iter().find(|known| name(known) == catalogue).unwrap();
        let submitted = AssessmentSubmitted {
            subject,
            kind,
            period: on(day),
            catalogue: catalogue.digest(),
            findings: findings(catalogue, said),
            measurements: event::List::empty(),
            reference: None,
        };
        let deployment = self.world.deployment;
        let signer = if kind == AssessmentKind::SelfReported {
            &mut self.operators[owner]
        } else {
            &mut self.assessor
        };
        let statement = signer.say(deployment, Event::AssessmentSubmitted(submitted));
        self.append(&statement)
    }

    /// Signed by one who may, in a form that verifies, and refused.
    pub(crate) fn append_refused(&mut self) {
        let assessment = world::assessment(self.sites[0], CatalogueDigest::from_bytes([9; 32]), true);
        let statement = self
            .assessor
            .say(self.world.deployment, Event::AssessmentSubmitted(assessment));
        self.append(&statement);
    }

    /// Folded in batches of these lengths, over and over, up to a position.
    pub(crate) fn fold(&self, up_to: u64, batches: &[usize]) -> Folded {
        let records = &self.records[..usize::try_from(up_to).unwrap()];
        let dir = tempfile::tempdir().unwrap();
        let identity = Identity {
            service: ProgressView::SERVICE,
            row_version: ProgressView::ROW_VERSION,
            incarnation: Vec::new(),
        };
        let mut store = Store::open(dir.path().join("rows"), &identity).unwrap().store;
        let mut replica = Replica::new();
        let mut lengths = batches.iter().cycle();
        let mut rest = records;
        while !rest.is_empty() {
            let (batch, later) = rest.split_at(rest.len().min(*lengths.next().unwrap()));
            let mut rows = store.begin();
            // As after a restart: what it keeps beside the rows is gone.
            let mut view = ProgressView::default();
            for record in batch {
                let step = replica.step(check(replica.deployment(), record.clone().into()));
                view.fold(&step, &mut rows).unwrap();
            }
            store.commit(rows, replica.position()).unwrap();
            rest = later;
        }
        let position = watch::Sender::new(store.cursor());
        // A clock that stopped long ago: the present is when the last record was admitted.
        let clock = Arc::new(TestClock::at(Timestamp::from_unix_ms(0)));
        let door = Door::with_clock(position.subscribe(), clock.clone());
        door.open(store.reader());
        Folded {
            door,
            store,
            clock,
            position,
            _dir: dir,
        }
    }

    /// Folds the records from a position on into rows that hold those before.
    fn fold_more(&self, from: u64, store: &mut Store) {
        let (before, more) = self.records.split_at(usize::try_from(from).unwrap());
        let mut replica = Replica::new();
        for record in before {
            replica.step(check(replica.deployment(), record.clone().into()));
        }
        let mut rows = store.begin();
        let mut view = ProgressView::default();
        for record in more {
            let step = replica.step(check(replica.deployment(), record.clone().into()));
            view.fold(&step, &mut rows).unwrap();
        }
        store.commit(rows, replica.position()).unwrap();
    }

    pub(crate) fn fold_all(&self) -> Folded {
        self.fold(self.end(), &[100])
    }
}

impl Folded {
    /// Takes in what the stream holds after a position.
    pub(crate) fn append(&mut self, stream: &Stream, after: u64) {
        stream.fold_more(after, &mut self.store);
        self.position.send_replace(self.store.cursor());
    }

    pub(crate) fn digest(&self) -> RowsDigest {
        self.store.reader().read().unwrap().digest().unwrap()
    }

    /// 0 for the present.
    pub(crate) async fn site(&self, id: SiteId, as_of_position: u64) -> GetSiteResponse {
        let site = Some(get_site_request::Site::SiteId(id.to_string()));
        let request = GetSiteRequest {
            site,
            as_of_position,
            ..Default::default()
        };
        self.door.get_site(Request::new(request)).await.unwrap().into_inner()
    }

    pub(crate) async fn sites(&self, request: ListSitesRequest) -> ListSitesResponse {
        self.door.list_sites(Request::new(request)).await.unwrap().into_inner()
    }

    pub(crate) async fn organizations(&self, request: ListOrganizationsRequest) -> ListOrganizationsResponse {
        self.door
            .list_organizations(Request::new(request))
            .await
            .unwrap()
            .into_inner()
    }

    pub(crate) async fn assessments(&self, request: ListAssessmentsRequest) -> ListAssessmentsResponse {
        self.door
            .list_assessments(Request::new(request))
            .await
            .unwrap()
            .into_inner()
    }

    pub(crate) async fn view(&self) -> ViewPosition {
        let answer = self
            .door
            .get_position(Request::new(rpc::progress::GetPositionRequest {
                with_digest: true,
                ..Default::default()
            }))
            .await;
        answer.unwrap().into_inner().view.unwrap()
    }
}

/// A criterion and the answer to it.
pub(crate) type Said<'a> = (&'a str, Answer);

pub(crate) fn seen() -> Said<'static> {
    ("mercury", Answer::Observed)
}

pub(crate) fn not_seen() -> Said<'static> {
    ("mercury", Answer::NoneObserved)
}

pub(crate) fn workers(count: u64) -> Said<'static> {
    ("workers", Answer::Count(count))
}

/// Days count from 2020-01-01; 0 and more.
pub(crate) fn on(day: i32) -> Period {
    let day = Date::from_unix_days(18_262 + day);
    Period { from: day, to: day }
}

pub(crate) fn name(catalogue: &CataloguePublished) -> String {
    format!("{}@{}", catalogue.slug, catalogue.version)
}

pub(crate) fn reference(value: &str) -> Reference {
    Reference {
        source: slug("register"),
        value: short(value),
    }
}

pub(crate) fn catalogue(slug_text: &str, version: &str, criteria: &[(&str, Scale)]) -> CataloguePublished {
    let criterion = |(name, scale): &(&str, Scale)| world::question(name, *scale, name);
    CataloguePublished {
        slug: slug(slug_text),
        version: short(version),
        criteria: list(criteria.iter().map(criterion).collect()),
        ..world::catalogue()
    }
}

fn catalogues() -> Vec<CataloguePublished> {
    let (mercury, workers) = (("mercury", Scale::Observation), ("workers", Scale::Count));
    let first = catalogue("a", "1", &[mercury, workers, ("status", Scale::Words)]);
    let second = catalogue("a", "2", &[workers, mercury, ("level", Scale::Level { max: 4 })]).replacing(&first);
    let third = catalogue("a", "3", &[workers]).replacing(&second);
    let other = catalogue("b", "1", &[("legal", Scale::PassFail)]);
    vec![first, second, third, other]
}

/// A catalogue that follows another one.
pub(crate) trait Replacing {
    /// Criteria and indicators of the same name are the same.
    fn replacing(self, old: &Self) -> Self;
}

impl Replacing for CataloguePublished {
    fn replacing(mut self, old: &Self) -> Self {
        let place = |place: Option<usize>| place.map(|place| u16::try_from(place).unwrap());
        let mut criteria = self.criteria.to_vec();
        for criterion in &mut criteria {
            criterion.replaces = place(old.criteria.iter().position(|old| old.slug == criterion.slug));
        }
        let mut indicators = self.indicators.to_vec();
        for indicator in &mut indicators {
            indicator.replaces = place(old.indicators.iter().position(|old| old.slug == indicator.slug));
        }
        self.criteria = list(criteria);
        self.indicators = list(indicators);
        self.supersedes = Some(old.digest());
        self
    }
}

pub(crate) fn findings<const MAX: usize>(catalogue: &CataloguePublished, said: &[Said<'_>]) -> List<Finding, MAX> {
    let finding = |(criterion, answer): &Said<'_>| {
        let place = catalogue
            .criteria
            .iter()
            .position(|known| known.slug.as_str() == *criterion);
        Finding {
            criterion: u16::try_from(place.unwrap()).unwrap(),
            answer: answer.clone(),
            evidence: List::empty(),
        }
    };
    let mut findings: Vec<_> = said.iter().map(finding).collect();
    findings.sort_by_key(|finding| finding.criterion);
    list(findings)
}

/// The status code of a call that must fail.
#[track_caller]
pub(crate) fn code<T>(answer: Result<T, tonic::Status>) -> Code {
    answer.err().expect("the call is refused").code()
}
