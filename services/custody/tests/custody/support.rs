//! A stream written by a small cast, and the door to what is folded from it.

use ::replay::{Replica, Verdict, check};
use custody::{CustodyView, Door};
use event::vocabulary::{
    CustodyAccepted, CustodyDeclined, CustodyOffered, FinenessClaim, FinenessMethod, LotDeclared, LotRetired,
    OfferWithdrawn, PartyKind, SealState,
};
use event::{Event, Fineness, LotId, Mass, SiteId, StatementId, StreamPosition};
use rpc::custody::custody_service_server::CustodyService;
use rpc::custody::{
    GetLotRequest, GetLotResponse, GetPositionRequest, ListLotsRequest, ListLotsResponse, get_lot_request,
};
use rpc::view::ViewPosition;
use tempfile::TempDir;
use tests::world::{self, Signer, World, line, list, record, short};
use tokio::sync::watch;
use tonic::{Code, Request};
use views::{Identity, RowsDigest, Store, View};

/// Who holds gold in this world, by place: two that declare lots, and two that only take them.
pub(crate) const NAMES: [&str; 4] = ["Miners", "Diggers", "Trader", "Refiner"];

/// A stream and those who write it.
pub(crate) struct Stream {
    world: World,
    pub(crate) records: Vec<Vec<u8>>,
    pub(crate) people: Vec<Signer>,
    /// Of the first two.
    pub(crate) sites: Vec<SiteId>,
    pub(crate) lots: Vec<LotId>,
    /// The latest admitted statement on each lot.
    latest: Vec<StatementId>,
    /// Which statements are admitted.
    pub(crate) replica: Replica,
}

/// What is folded from a stream, and the door to it.
pub(crate) struct Folded {
    pub(crate) door: Door,
    store: Store,
    _position: watch::Sender<StreamPosition>,
    _dir: TempDir,
}

/// What is said about a lot; people by their place in [`NAMES`].
#[derive(Clone, Copy, Debug)]
pub(crate) enum Say {
    Offer { to: usize },
    Accept { grams: u64 },
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
        };
        assert!(stream.append(record(&founded)));
        let kinds = [
            PartyKind::MinersOrganization,
            PartyKind::InformalMinersGroup,
            PartyKind::Trader,
            PartyKind::Refiner,
        ];
        for (kind, name) in kinds.into_iter().zip(NAMES) {
            let (person, statements) = stream.world.enrol(kind, name);
            assert!(statements.iter().all(|statement| stream.append(record(statement))));
            stream.people.push(person);
        }
        for (operator, name) in ["North", "South"].into_iter().enumerate() {
            let (site, registered) = stream.world.site(&stream.people[operator], name);
            assert!(stream.append(record(&registered)));
            stream.sites.push(site);
        }
        stream
    }

    pub(crate) fn end(&self) -> u64 {
        self.records.len() as u64
    }

    /// Declares a lot at the person's site, with these seals, half gold; its place.
    pub(crate) fn declare(&mut self, by: usize, grams: u64, seals: &[&str]) -> usize {
        let fineness = Fineness::from_ppm(500_000).unwrap();
        let declared = LotDeclared {
            seals: list(seals.iter().map(|seal| short(seal)).collect()),
            fineness: Some(FinenessClaim {
                fineness,
                method: FinenessMethod::Touchstone,
            }),
            ..world::lot(self.sites[by], grams)
        };
        let statement = self.people[by].say(self.world.deployment, Event::LotDeclared(declared));
        assert!(self.append(record(&statement)));
        self.lots.push(LotId::derive(self.world.id(&statement), 0));
        self.latest.push(self.world.id(&statement));
        self.lots.len() - 1
    }

    /// Says something about a lot; whether it is admitted.
    pub(crate) fn say(&mut self, by: usize, lot: usize, say: Say) -> bool {
        let (id, after) = (self.lots[lot], self.latest[lot]);
        let event = match say {
            Say::Offer { to } => Event::CustodyOffered(CustodyOffered {
                lot: id,
                after,
                to: self.people[to].party,
            }),
            Say::Accept { grams } => Event::CustodyAccepted(CustodyAccepted {
                lot: id,
                after,
                gross_mass: Mass::from_micrograms(grams * 1_000_000),
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
        let statement = self.people[by].say(self.world.deployment, event);
        let admitted = self.append(record(&statement));
        if admitted {
            self.latest[lot] = self.world.id(&statement);
        }
        admitted
    }

    /// As [`Stream::say`], of something that is admitted; its position.
    #[track_caller]
    pub(crate) fn say_rightly(&mut self, by: usize, lot: usize, say: Say) -> u64 {
        assert!(self.say(by, lot, say), "{say:?} is admitted");
        self.end()
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
        let door = Door::new(position.subscribe());
        door.open(store.reader());
        Folded {
            door,
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
