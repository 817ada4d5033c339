//! What stops a lot and what makes it suspect: holds, and keys that are not to be believed.

use event::vocabulary::{DelegationGranted, EventKind, LotWeighed, Transformation};
use event::{Event, List, PublicKey};
use rpc::custody::custody_service_server::CustodyService;
use rpc::custody::{GetProvenanceRequest, ListLotsRequest, ListSuspectsRequest, ListSuspectsResponse, Suspect};
use tests::world::list;
use tonic::{Code, Request};

use crate::support::{DIGGERS, Folded, MINERS, Stream, TRADER, code, grams, of_lot};

/// A lot of the miners and one of the diggers, molten by the trader.
fn melted() -> (Stream, usize) {
    let mut stream = Stream::begin();
    let lots = [stream.declare(MINERS, 10, &[]), stream.declare(DIGGERS, 10, &[])];
    stream.hand_over(MINERS, lots[0], TRADER, 10);
    stream.hand_over(DIGGERS, lots[1], TRADER, 10);
    let made = stream.transform(TRADER, Transformation::Melt, &lots, &[(20, 500)], (0, 0));
    (stream, made[0])
}

/// The lots that are listed as held.
async fn held(folded: &Folded, as_of_position: u64) -> Vec<String> {
    let request = ListLotsRequest {
        on_hold: true,
        as_of_position,
        ..Default::default()
    };
    folded
        .list(request)
        .await
        .lots
        .into_iter()
        .map(|lot| lot.lot_id)
        .collect()
}

#[tokio::test]
async fn a_hold_reaches_what_a_lot_became_until_it_is_released() {
    let (mut stream, made) = melted();
    let free = stream.end();
    assert!(stream.hold(0));
    let held_at = stream.end();
    assert!(stream.hold(1), "another reason");
    assert!(stream.release(0));
    assert!(stream.release(1));
    let released_at = stream.end();
    let folded = stream.fold_all();
    let made_id = stream.lots[made].to_string();
    let sources = [0, 1].map(|lot| stream.lots[lot].to_string());
    let cases: [(u64, &[&String]); 5] = [
        (free, &[]),
        (held_at, &[&sources[0]]),
        (held_at + 1, &[&sources[0], &sources[1]]),
        (held_at + 2, &[&sources[1]]),
        (released_at, &[]),
    ];
    for (at, expected) in cases {
        let answer = folded.get(of_lot(stream.lots[made], at)).await;
        let mut by: Vec<_> = answer.holds.iter().map(|hold| &hold.source_lot_id).collect();
        by.sort_unstable();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(by, expected, "at {at}");
        assert_eq!(answer.lot.unwrap().on_hold, !expected.is_empty(), "at {at}");
        let listed: Vec<_> = if expected.is_empty() {
            vec![]
        } else {
            vec![made_id.clone()]
        };
        assert_eq!(held(&folded, at).await, listed, "at {at}");
    }
    let hold = &folded.get(of_lot(stream.lots[made], held_at)).await.holds[0];
    assert_eq!((hold.reason.as_str(), hold.position), ("Under inquiry", held_at));
    assert_eq!(hold.by.as_ref().unwrap().name, "Test scheme");
    let step = folded.get(of_lot(stream.lots[0], held_at)).await.path.pop().unwrap();
    assert_eq!(
        (step.event.as_str(), step.reason.as_str()),
        ("LotHeld", "Under inquiry")
    );
}

async fn suspects(stream: &Stream, lot: usize, as_of_position: u64) -> Vec<Suspect> {
    let request = GetProvenanceRequest {
        lot_id: stream.lots[lot].to_string(),
        as_of_position,
        ..Default::default()
    };
    stream.fold_all().provenance(request).await.suspects
}

fn key(stream: &Stream, person: usize) -> String {
    PublicKey::from(stream.people[person].key.verifying_key()).to_string()
}

/// Checks for how many lots the miners' key is suspect, of four: two that they and the diggers declared, what these were
/// molten into, and one that the diggers declared later; where the key is not believed since their offer and so much more.
async fn check(later: u64, expected: [usize; 4]) {
    let (mut stream, made) = melted();
    let other = stream.declare(DIGGERS, 10, &[]);
    let offered = stream.fold_all().get(of_lot(stream.lots[0], 0)).await.path[1].position;
    let before = stream.end();
    assert!(stream.compromise(MINERS, offered + later));
    for (lot, expected) in [0, 1, made, other].into_iter().zip(expected) {
        let found = suspects(&stream, lot, 0).await;
        assert_eq!(found.len(), expected, "lot {lot}, since {later} after the offer");
        if let Some(suspect) = found.first() {
            let spoke = (
                suspect.key.clone(),
                suspect.spoke_position,
                suspect.spoke_lot_id.clone(),
            );
            assert_eq!(spoke, (key(&stream, MINERS), offered, stream.lots[0].to_string()));
            assert_eq!(
                (suspect.since_position, suspect.revocation_position),
                (offered + later, stream.end())
            );
        }
        assert_eq!(suspects(&stream, lot, before).await, [], "nobody had said so then");
    }
}

#[tokio::test]
async fn what_a_stolen_key_said_is_suspect_in_all_that_it_became() {
    check(0, [1, 0, 1, 0]).await;
    check(1, [0, 0, 0, 0]).await;
}

async fn listed(folded: &Folded, key: &str, as_of_position: u64, page: (u32, &str)) -> ListSuspectsResponse {
    let request = ListSuspectsRequest {
        key: key.to_owned(),
        as_of_position,
        page_size: page.0,
        page_token: page.1.to_owned(),
        ..Default::default()
    };
    folded.suspects(request).await
}

#[tokio::test]
async fn what_a_stolen_key_said_is_listed() {
    let (mut stream, _) = melted();
    let declared = stream.fold_all().get(of_lot(stream.lots[0], 0)).await.path[0].position;
    let unsold = stream.declare(MINERS, 10, &[]);
    let before = stream.end();
    assert!(stream.compromise(MINERS, declared));
    let (folded, key) = (stream.fold_all(), key(&stream, MINERS));
    let whole = listed(&folded, &key, 0, (0, "")).await;
    let row = |lot: &rpc::custody::SuspectLot| (lot.event.clone(), lot.lot.clone().unwrap().lot_id, lot.is_live);
    let lot = |place: usize| stream.lots[place].to_string();
    assert_eq!(
        whole.lots.iter().map(row).collect::<Vec<_>>(),
        [
            ("LotDeclared".to_owned(), lot(0), false),
            ("CustodyOffered".to_owned(), lot(0), false),
            ("LotDeclared".to_owned(), lot(unsold), true),
        ]
    );
    assert_eq!((whole.is_compromised, whole.since_position), (true, declared));

    let (mut paged, mut token) = (Vec::new(), String::new());
    loop {
        let page = listed(&folded, &key, 0, (1, &token)).await;
        paged.extend(page.lots);
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(paged, whole.lots);

    let then = listed(&folded, &key, before, (0, "")).await;
    assert_eq!((then.is_compromised, then.lots.len()), (false, 0));
    let no_key = ListSuspectsRequest {
        key: "7".repeat(63),
        ..Default::default()
    };
    assert_eq!(
        code(folded.door.list_suspects(Request::new(no_key)).await),
        Code::InvalidArgument
    );
}

/// A key that speaks for another party is named beside that party.
#[tokio::test]
async fn who_signs_for_another_one_is_named() {
    let mut stream = Stream::begin();
    stream.declare(MINERS, 10, &[]);
    let granted = DelegationGranted {
        to: stream.people[TRADER].party,
        kinds: list(vec![EventKind::LotWeighed]),
        sites: List::empty(),
        gross_mass_max: None,
        until: stream.now.date().plus_days(30),
    };
    stream
        .tell(MINERS, Event::DelegationGranted(granted))
        .expect("it is admitted");
    let weighed = LotWeighed {
        lot: stream.lots[0],
        after: stream.latest[0],
        gross_mass: grams(10),
        scale: None,
        calibrated: None,
        witness: None,
        documents: List::empty(),
    };
    stream.people[TRADER].party = stream.people[MINERS].party;
    stream.tell(TRADER, Event::LotWeighed(weighed)).expect("it is admitted");
    let path = stream.fold_all().get(of_lot(stream.lots[0], 0)).await.path;
    let told = path
        .into_iter()
        .map(|step| (step.by.unwrap().name, step.signer.unwrap().name));
    let told: Vec<_> = told.collect();
    let [miners, trader] = ["Miners", "Trader"].map(str::to_owned);
    assert_eq!(told, [(miners.clone(), miners.clone()), (miners, trader)]);
}
