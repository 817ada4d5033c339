//! A stream written by a small cast, and the door to what is folded from it.

use ::replay::{Replica, Verdict, check};
use custody::{CustodyView, Door};
use std::sync::Arc;

use event::vocabulary::{
    CustodyAccepted, CustodyDeclined, CustodyModel, CustodyOffered, FinenessClaim, FinenessMethod, KeyRevoked,
    LotAfter, LotDeclared, LotForm, LotHeld, LotReleased, LotRetired, LotsTransformed, OfferWithdrawn, Output,
    PartyKind, RevocationReason, SealState, SiteRegistered, Transformation,
};
use event::{
    Event, Fineness, List, LotId, Mass, Record, SignedStatement, SiteId, StatementId, StreamPosition, Timestamp,
};
use rpc::custody::custody_service_server::CustodyService;
use rpc::custody::{
    FindLotsRequest, FindLotsResponse, GetLineageRequest, GetLineageResponse, GetLotRequest, GetLotResponse,
    GetOriginTableRequest, GetOriginTableResponse, GetOriginsRequest, GetOriginsResponse, GetPartyRequest,
    GetPartyResponse, GetPositionRequest, GetProvenanceRequest, GetProvenanceResponse, GetSiteProductionRequest,
    GetSiteProductionResponse, ListLotsRequest, ListLotsResponse, ListSuspectsRequest, ListSuspectsResponse,
    get_lot_request,
};
use rpc::view::ViewPosition;
use service::clock::TestClock;
use tempfile::TempDir;
use tests::world::{self, BEGIN, Signer, World, line, list, short};
use tokio::sync::watch;
use tonic::{Code, Request};
use views::{Identity, RowsDigest, Store, View};

/// Who holds gold in this world, by place: two that declare lots, and two that only take them.
pub(crate) const NAMES: [&str; 4] = ["Miners", "Diggers", "Trader", "Refiner"];
pub(crate) const MINERS: usize = 0;
pub(crate) const DIGGERS: usize = 1;
pub(crate) const TRADER: usize = 2;
pub(crate) const REFINER: usize = 3;

/// A stream and those who write it.
pub(crate) struct Stream {
    pub(crate) world: World,
    pub(crate) records: Vec<Vec<u8>>,
    pub(crate) people: Vec<Signer>,
    /// Of the first two.
    pub(crate) sites: Vec<SiteId>,
    pub(crate) lots: Vec<LotId>,
    /// The latest admitted statement on each lot.
    pub(crate) latest: Vec<StatementId>,
    /// Which statements are admitted.
    pub(crate) replica: Replica,
    /// When the next record is admitted.
    pub(crate) now: Timestamp,
}

/// What is folded from a stream, and the door to it.
pub(crate) struct Folded {
    pub(crate) door: Door,
    pub(crate) clock: Arc<TestClock>,
    store: Store,
    _position: watch::Sender<StreamPosition>,
    _dir: TempDir,
}

/// What is said about a lot; people by their place in [`NAMES`].
#[derive(Clone, Copy, Debug)]
pub(crate) enum Say {
    Offer { to: usize },
    Accept { mg: u64 },
    Decline,
    Withdraw,
    Retire,
}

impl Stream {
    pub(crate) fn begin() -> Self {
        let (world, founded) = World::found(1);
        let (people, sites, lots, latest) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut stream = Self {
            world,
            records: Vec::new(),
            people,
            sites,
            lots,
            latest,
            replica: Replica::new(),
            now: BEGIN,
        };
        assert!(stream.admit(&founded));
        let kinds = [
            PartyKind::MinersOrganization,
            PartyKind::InformalMinersGroup,
            PartyKind::Trader,
            PartyKind::Refiner,
        ];
        for (kind, name) in kinds.into_iter().zip(NAMES) {
            let (person, statements) = stream.world.enrol(kind, name);
            assert!(statements.iter().all(|statement| stream.admit(statement)));
            stream.people.push(person);
        }
        for (operator, name) in ["North", "South"].into_iter().enumerate() {
            let (site, registered) = stream.world.site(&stream.people[operator], name);
            assert!(stream.admit(&registered));
            stream.sites.push(site);
        }
        stream
    }

    pub(crate) fn end(&self) -> u64 {
        self.records.len() as u64
    }

    /// Declares a lot at the person's site, with these seals, half gold; its place.
    pub(crate) fn declare(&mut self, by: usize, grams: u64, seals: &[&str]) -> usize {
        self.declare_with(by, world::lot(self.sites[by], grams), seals)
    }

    fn declare_with(&mut self, by: usize, declared: LotDeclared, seals: &[&str]) -> usize {
        let fineness = Fineness::from_ppm(500_000).unwrap();
        let declared = LotDeclared {
            seals: list(seals.iter().map(|seal| short(seal)).collect()),
            fineness: Some(FinenessClaim {
                fineness,
                method: FinenessMethod::Touchstone,
            }),
            ..declared
        };
        let statement = self.tell(by, Event::LotDeclared(declared)).expect("it is admitted");
        self.made(statement, 1)[0]
    }

    /// The places of lots that a statement makes known.
    fn made(&mut self, statement: StatementId, count: u32) -> Vec<usize> {
        let made = |place| {
            self.lots.push(LotId::derive(statement, place));
            self.latest.push(statement);
            self.lots.len() - 1
        };
        (0..count).map(made).collect()
    }

    /// Says anything; its id if it is admitted. What it says of lots must be followed by [`Stream::told`].
    pub(crate) fn tell(&mut self, by: usize, event: Event) -> Option<StatementId> {
        let statement = self.people[by].say(self.world.deployment, event);
        self.admit(&statement).then(|| self.world.id(&statement))
    }

    /// Says something about a lot, from its latest statement on, that is admitted; its position.
    #[track_caller]
    pub(crate) fn tell_of(&mut self, by: usize, lot: usize, event: impl FnOnce(LotId, StatementId) -> Event) -> u64 {
        let event = event(self.lots[lot], self.latest[lot]);
        let told = self.tell(by, event.clone());
        self.latest[lot] = told.unwrap_or_else(|| panic!("{event:?} is admitted"));
        self.end()
    }

    /// Turns lots into others of these masses in grams and finenesses in parts per thousand; their places.
    #[track_caller]
    pub(crate) fn transform(
        &mut self,
        by: usize,
        how: Transformation,
        inputs: &[usize],
        outputs: &[(u64, u32)],
        lost: (u64, u64),
    ) -> Vec<usize> {
        let outputs = outputs.iter().map(|(mass, fine)| melted(grams(*mass), fine * 1_000));
        let made = self.become_lots(by, how, inputs, outputs.collect(), (grams(lost.0), grams(lost.1)));
        made.expect("it is admitted")
    }

    /// Turns lots into others; their places, if it is admitted.
    pub(crate) fn become_lots(
        &mut self,
        by: usize,
        how: Transformation,
        inputs: &[usize],
        outputs: Vec<Output>,
        lost: (Mass, Mass),
    ) -> Option<Vec<usize>> {
        let count = u32::try_from(outputs.len()).unwrap();
        let after = |lot: &usize| LotAfter {
            lot: self.lots[*lot],
            after: self.latest[*lot],
        };
        let mut inputs_after: Vec<_> = inputs.iter().map(after).collect();
        inputs_after.sort_by_key(|input| input.lot);
        let event = LotsTransformed {
            how,
            inputs: list(inputs_after),
            outputs: list(outputs),
            custody_model: CustodyModel::MassBalance,
            lost_gross_mass: lost.0,
            lost_fine_mass: lost.1,
            melt: Some(short("M-1")),
            witness: None,
            documents: List::empty(),
        };
        let statement = self.tell(by, Event::LotsTransformed(event))?;
        for input in inputs {
            self.latest[*input] = statement;
        }
        Some(self.made(statement, count))
    }

    /// Gives a lot to another one, who weighs the same.
    pub(crate) fn hand_over(&mut self, from: usize, lot: usize, to: usize, grams: u64) {
        self.say_rightly(from, lot, Say::Offer { to });
        self.say_rightly(to, lot, Say::Accept { mg: grams * 1_000 });
    }

    /// Registers another site of a person, in another country; its place.
    pub(crate) fn site_in(&mut self, operator: usize, name: &str, country: &str) -> usize {
        let site = SiteRegistered {
            country: country.parse().unwrap(),
            ..world::site(self.people[operator].party, name)
        };
        let registered = self.decree(Event::SiteRegistered(site)).expect("it is admitted");
        self.sites.push(SiteId::derive(registered, 0));
        self.sites.len() - 1
    }

    /// Declares a lot at a site of the person, half gold; its place.
    pub(crate) fn declare_at(&mut self, by: usize, site: usize, grams: u64) -> usize {
        self.declare_with(by, world::lot(self.sites[site], grams), &[])
    }

    /// Says anything in the name of the scheme; its id if it is admitted.
    pub(crate) fn decree(&mut self, event: Event) -> Option<StatementId> {
        let statement = self.world.scheme.say(self.world.deployment, event);
        self.admit(&statement).then(|| self.world.id(&statement))
    }

    /// Holds a lot in the name of the scheme; whether that is admitted.
    pub(crate) fn hold(&mut self, lot: usize) -> bool {
        let held = self.decree(Event::LotHeld(LotHeld {
            lot: self.lots[lot],
            reason: line("Under inquiry"),
            incident: None,
            documents: List::empty(),
        }));
        self.latest[lot] = held.unwrap_or(self.latest[lot]);
        held.is_some()
    }

    /// Releases a lot in the name of the scheme; whether that is admitted.
    pub(crate) fn release(&mut self, lot: usize) -> bool {
        let released = self.decree(Event::LotReleased(LotReleased {
            lot: self.lots[lot],
            reason: line("Cleared"),
        }));
        self.latest[lot] = released.unwrap_or(self.latest[lot]);
        released.is_some()
    }

    /// Says that a person's key is not to be believed since a position; whether that is admitted.
    pub(crate) fn compromise(&mut self, person: usize, since: u64) -> bool {
        let revoked = KeyRevoked {
            key: self.people[person].key.verifying_key().into(),
            reason: RevocationReason::Compromised {
                since: StreamPosition::new(since),
            },
        };
        self.decree(Event::KeyRevoked(revoked)).is_some()
    }

    /// A person's key as the ledger has it.
    pub(crate) fn key_of(&self, person: usize) -> ledger::Key {
        let key = self.people[person].key.verifying_key().into();
        *self.replica.ledger().key(&key).unwrap()
    }

    /// The place of whoever has a lot.
    pub(crate) fn holder(&self, lot: usize) -> usize {
        let custodian = self.known(lot).custodian;
        self.people.iter().position(|person| person.party == custodian).unwrap()
    }

    /// A lot as the ledger has it.
    pub(crate) fn known(&self, lot: usize) -> ledger::Lot {
        *self.replica.ledger().lot(&self.lots[lot]).unwrap()
    }

    /// Some days later.
    pub(crate) fn pass_days(&mut self, days: u16) {
        self.now = self.now.plus_days(days);
    }

    /// Says something about a lot; whether it is admitted.
    pub(crate) fn say(&mut self, by: usize, lot: usize, say: Say) -> bool {
        let (id, after) = (self.lots[lot], self.latest[lot]);
        let event = match say {
            Say::Offer { to } => Event::CustodyOffered(CustodyOffered {
                lot: id,
                after,
                to: self.people[to].party,
                with_title: true,
                documents: List::empty(),
            }),
            Say::Accept { mg } => Event::CustodyAccepted(CustodyAccepted {
                lot: id,
                after,
                gross_mass: Mass::from_micrograms(mg * 1_000),
                seals: SealState::Intact,
            }),
            Say::Decline => Event::CustodyDeclined(CustodyDeclined {
                lot: id,
                after,
                reason: line("Too wet"),
            }),
            Say::Withdraw => Event::OfferWithdrawn(OfferWithdrawn { lot: id, after }),
            Say::Retire => Event::LotRetired(LotRetired {
                lot: id,
                after,
                reason: line("Made into a ring"),
            }),
        };
        let told = self.tell(by, event);
        if let Some(statement) = told {
            self.latest[lot] = statement;
        }
        told.is_some()
    }

    /// As [`Stream::say`], of something that is admitted; its position.
    #[track_caller]
    pub(crate) fn say_rightly(&mut self, by: usize, lot: usize, say: Say) -> u64 {
        assert!(self.say(by, lot, say), "{say:?} is admitted");
        self.end()
    }

    /// Whether it is admitted.
    pub(crate) fn admit(&mut self, statement: &SignedStatement) -> bool {
        self.append(Record::new(self.now, statement.clone()).encode())
    }

    /// Whether it is admitted.
    pub(crate) fn append(&mut self, record: Vec<u8>) -> bool {
        self.records.push(record.clone());
        let step = self.replica.step(check(self.replica.deployment(), record.into()));
        matches!(step.verdict, Verdict::Admitted(_))
    }

    /// Folded in batches of these lengths, over and over, up to a position.
    pub(crate) fn fold(&self, up_to: u64, batches: &[usize]) -> Folded {
        let dir = tempfile::tempdir().unwrap();
        let identity = Identity {
            service: CustodyView::SERVICE,
            row_version: CustodyView::ROW_VERSION,
            incarnation: Vec::new(),
        };
        let mut store = Store::open(dir.path().join("rows"), &identity).unwrap().store;
        let mut replica = Replica::new();
        let mut lengths = batches.iter().cycle();
        let mut rest = &self.records[..usize::try_from(up_to).unwrap()];
        while !rest.is_empty() {
            let (batch, later) = rest.split_at(rest.len().min(*lengths.next().unwrap()));
            let mut rows = store.begin();
            for record in batch {
                let step = replica.step(check(replica.deployment(), record.clone().into()));
                CustodyView.fold(&step, &mut rows).unwrap();
            }
            store.commit(rows, replica.position()).unwrap();
            rest = later;
        }
        let position = watch::Sender::new(store.cursor());
        let clock = Arc::new(TestClock::at(replica.ledger().clock()));
        let door = Door::with_clock(position.subscribe(), clock.clone());
        door.open(store.reader());
        Folded {
            door,
            clock,
            store,
            _position: position,
            _dir: dir,
        }
    }

    pub(crate) fn fold_all(&self) -> Folded {
        self.fold(self.end(), &[100])
    }
}

impl Folded {
    pub(crate) fn digest(&self) -> RowsDigest {
        self.store.reader().read().unwrap().digest().unwrap()
    }

    pub(crate) async fn get(&self, request: GetLotRequest) -> GetLotResponse {
        self.door.get_lot(Request::new(request)).await.unwrap().into_inner()
    }

    pub(crate) async fn list(&self, request: ListLotsRequest) -> ListLotsResponse {
        self.door.list_lots(Request::new(request)).await.unwrap().into_inner()
    }

    pub(crate) async fn lineage(&self, request: GetLineageRequest) -> GetLineageResponse {
        self.door.get_lineage(Request::new(request)).await.unwrap().into_inner()
    }

    pub(crate) async fn origins(&self, request: GetOriginsRequest) -> GetOriginsResponse {
        self.door.get_origins(Request::new(request)).await.unwrap().into_inner()
    }

    pub(crate) async fn provenance(&self, request: GetProvenanceRequest) -> GetProvenanceResponse {
        self.door
            .get_provenance(Request::new(request))
            .await
            .unwrap()
            .into_inner()
    }

    pub(crate) async fn party(&self, request: GetPartyRequest) -> GetPartyResponse {
        self.door.get_party(Request::new(request)).await.unwrap().into_inner()
    }

    pub(crate) async fn production(&self, request: GetSiteProductionRequest) -> GetSiteProductionResponse {
        self.door
            .get_site_production(Request::new(request))
            .await
            .unwrap()
            .into_inner()
    }

    pub(crate) async fn suspects(&self, request: ListSuspectsRequest) -> ListSuspectsResponse {
        self.door
            .list_suspects(Request::new(request))
            .await
            .unwrap()
            .into_inner()
    }

    pub(crate) async fn origin_table(&self, request: GetOriginTableRequest) -> GetOriginTableResponse {
        self.door
            .get_origin_table(Request::new(request))
            .await
            .unwrap()
            .into_inner()
    }

    pub(crate) async fn find(&self, request: FindLotsRequest) -> FindLotsResponse {
        self.door.find_lots(Request::new(request)).await.unwrap().into_inner()
    }

    pub(crate) async fn view(&self) -> ViewPosition {
        let answer = self
            .door
            .get_position(Request::new(GetPositionRequest {
                with_digest: true,
                ..GetPositionRequest::default()
            }))
            .await;
        answer.unwrap().into_inner().view.unwrap()
    }
}

/// So many grams.
pub(crate) const fn grams(grams: u64) -> Mass {
    Mass::from_micrograms(grams * 1_000_000)
}

/// Doré of a mass and a fineness in parts per million.
pub(crate) fn melted(gross_mass: Mass, ppm: u32) -> Output {
    Output {
        form: LotForm::Dore,
        gross_mass,
        fineness: FinenessClaim {
            fineness: Fineness::from_ppm(ppm).unwrap(),
            method: FinenessMethod::Touchstone,
        },
        seals: List::empty(),
        bar: None,
    }
}

/// Asks for a lot; as of 0 is the present.
pub(crate) fn of_lot(id: LotId, as_of_position: u64) -> GetLotRequest {
    let lot = Some(get_lot_request::Lot::LotId(id.to_string()));
    GetLotRequest {
        lot,
        as_of_position,
        ..GetLotRequest::default()
    }
}

/// The status code of a call that must fail.
#[track_caller]
pub(crate) fn code<T>(answer: Result<T, tonic::Status>) -> Code {
    answer.err().expect("the call is refused").code()
}
