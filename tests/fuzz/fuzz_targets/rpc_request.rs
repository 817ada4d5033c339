//! A request of any service: what is read asks for no more than there is, and its page token is the one that was sent.
//!
//! The first byte chooses the message; the others are its bytes.
#![no_main]

use std::fmt::Debug;

use event::StreamPosition;
use libfuzzer_sys::fuzz_target;
use prost::Message;
use rpc::limits::{ENTRIES_MAX, PAGE_SIZE_MAX};
use rpc::read::POSITION_MAX;
use rpc::status::refusal_of;
use rpc::{InvalidMessage, Page, ReadAt, audit, custody, ingest, progress};
use tlog::tree::TREE_SIZE_MAX;
use tonic::{Code, Status};

fuzz_target!(|input: &[u8]| {
    let Some((message, bytes)) = input.split_first() else {
        return;
    };
    match message % 14 {
        0 => {
            check(
                bytes,
                |asked: &progress::ListSitesRequest, read: &progress::SitesQuery| {
                    check_list(&asked.page_token, &read.page, read.at);
                },
            );
        }
        1 => {
            check(
                bytes,
                |asked: &progress::ListOrganizationsRequest, read: &progress::OrganizationsQuery| {
                    check_list(&asked.page_token, &read.page, read.at);
                },
            );
        }
        2 => {
            check(
                bytes,
                |asked: &progress::ListAssessmentsRequest, read: &progress::AssessmentsQuery| {
                    check_list(&asked.page_token, &read.page, read.at);
                },
            );
        }
        3 => {
            check(bytes, |asked: &custody::ListLotsRequest, read: &custody::LotsQuery| {
                assert_ne!(read.state, Some(custody::LotState::Unspecified));
                check_list(&asked.page_token, &read.page, read.at);
            });
        }
        4 => {
            check(bytes, |asked: &custody::GetLotRequest, read: &custody::LotQuery| {
                check_list(&asked.page_token, &read.page, read.at);
            });
        }
        5 => check(bytes, |_: &progress::GetSiteRequest, read: &progress::SiteQuery| {
            check_at(read.at)
        }),
        6 => {
            check(
                bytes,
                |_: &progress::GetOrganizationRequest, read: &progress::OrganizationQuery| check_at(read.at),
            );
        }
        7 => check(bytes, |asked: &ingest::GetKeyRequest, read: &ingest::KeyQuery| {
            assert!(asked.key.eq_ignore_ascii_case(&read.key.to_string()));
            check_position(read.at_least);
        }),
        8 => {
            check(
                bytes,
                |asked: &audit::GetInclusionProofRequest, read: &audit::InclusionQuery| {
                    assert!(read.leaf.get() == asked.leaf_index && read.leaf.get() < POSITION_MAX);
                    check_position(read.at_least);
                },
            );
        }
        9 => {
            check(
                bytes,
                |_: &audit::GetConsistencyProofRequest, read: &audit::ConsistencyQuery| {
                    assert!(read.new.is_none_or(|new| read.old <= new && new <= TREE_SIZE_MAX));
                    check_position(read.at_least);
                },
            );
        }
        10 => check(bytes, |_: &audit::ListEntriesRequest, read: &audit::EntriesQuery| {
            check_entries(read)
        }),
        11 => check(bytes, |_: &audit::StreamEntriesRequest, read: &audit::EntriesQuery| {
            check_entries(read)
        }),
        12 => check(bytes, |_: &audit::GetLotProofRequest, read: &audit::LotProofQuery| {
            check_position(read.at_least)
        }),
        _ => check(
            bytes,
            |_: &audit::GetEntryProofRequest, read: &audit::EntryProofQuery| {
                check_position(read.at_least);
            },
        ),
    }
});

/// What is read twice is the same twice; what is refused names the field, and is no refusal by the rules.
fn check<M, Q>(bytes: &[u8], check_read: impl Fn(&M, &Q))
where
    M: Message + Default + Clone + PartialEq,
    Q: TryFrom<M, Error = InvalidMessage> + PartialEq + Debug,
{
    let Ok(asked) = M::decode(bytes) else { return };
    let resent = M::decode(asked.encode_to_vec().as_slice()).expect("what was written can be read");
    assert!(resent == asked);
    let read = Q::try_from(asked.clone());
    assert_eq!(Q::try_from(resent), read);
    match read {
        Ok(read) => check_read(&asked, &read),
        Err(invalid) => {
            assert!(!invalid.field().is_empty());
            let status = Status::from(invalid);
            assert_eq!((status.code(), refusal_of(&status)), (Code::InvalidArgument, None));
        }
    }
}

fn check_list(token: &str, page: &Page, at: ReadAt) {
    check_at(at);
    assert!((1..=PAGE_SIZE_MAX).contains(&page.size));
    assert_eq!(token.is_empty(), page.after.is_none());
    if let Some(after) = &page.after {
        let position = at.as_of.expect("a token pins the position");
        assert!(Page::token(position, after).eq_ignore_ascii_case(token));
    }
}

fn check_at(at: ReadAt) {
    check_position(at.wait_for());
    assert!(at.at_least <= at.wait_for());
}

fn check_entries(read: &audit::EntriesQuery) {
    assert!((1..=ENTRIES_MAX).contains(&read.count_max));
    assert!(read.start.get() < POSITION_MAX);
    check_position(read.at_least);
}

fn check_position(position: StreamPosition) {
    assert!(position.get() <= POSITION_MAX);
}
