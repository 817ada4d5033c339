//! A request of any service: what is read asks for no more than there is, and its page token is the one that was sent.
//!
//! The first byte chooses the message; the others are its bytes.
#![no_main]

use std::fmt::Debug;

use event::key::Digest;
use event::request::{ListAccesses, SignedRequest};
use event::vocabulary::EVIDENCE_MAX;
use event::{PartyId, SiteId, StreamPosition, Timestamp};
use libfuzzer_sys::fuzz_target;
use prost::Message;
use rpc::evidence::{Asked, DescribeEvidenceRequest, GetEvidenceRequest, ListAccessesRequest, SetVisibilityRequest};
use rpc::limits::{ENTRIES_MAX, FILTER_VALUES_MAX, PAGE_SIZE_MAX, STANDINGS_MAX};
use rpc::progress::AsOf;
use rpc::read::POSITION_MAX;
use rpc::status::refusal_of;
use rpc::{InvalidMessage, Page, ReadAt, audit, custody, ingest, progress};
use tlog::tree::TREE_SIZE_MAX;
use tonic::{Code, Status};

/// Reads bytes as one kind of message.
type Check = fn(&[u8]);

const PROGRESS: [Check; 12] = [
    |bytes| {
        check(bytes, |asked: &progress::GetSiteRequest, read: &progress::SiteQuery| {
            check_as_of(asked.as_of_unix_ms, read.as_of);
        });
    },
    |bytes| {
        check(
            bytes,
            |asked: &progress::ListSitesRequest, read: &progress::SitesQuery| {
                check_dated_list(&asked.page_token, &read.page, read.as_of);
            },
        );
    },
    |bytes| {
        check(
            bytes,
            |asked: &progress::GetOrganizationRequest, read: &progress::OrganizationQuery| {
                check_as_of(asked.as_of_unix_ms, read.as_of);
            },
        );
    },
    |bytes| {
        check(
            bytes,
            |asked: &progress::ListOrganizationsRequest, read: &progress::OrganizationsQuery| {
                let filter = &read.filter;
                let values = [
                    filter.standings.len(),
                    filter.decided.len(),
                    filter.modules_met.len(),
                    filter.pillar_levels.len(),
                ];
                assert!(values.iter().all(|count| *count <= FILTER_VALUES_MAX));
                check_dated_list(&asked.page_token, &read.page, read.as_of);
            },
        );
    },
    |bytes| {
        check(
            bytes,
            |asked: &progress::ListAssessmentsRequest, read: &progress::AssessmentsQuery| {
                check_dated_list(&asked.page_token, &read.page, read.as_of);
            },
        );
    },
    |bytes| {
        check(
            bytes,
            |asked: &progress::ListAnswersRequest, read: &progress::AnswersQuery| {
                assert_eq!(asked.criterion_number, read.number.0);
                check_dated_list(&asked.page_token, &read.page, read.as_of);
            },
        );
    },
    |bytes| {
        check(
            bytes,
            |asked: &progress::ListMeasurementsRequest, read: &progress::MeasurementsQuery| {
                assert_eq!(asked.indicator_number, read.number.map(|number| number.0));
                check_dated_list(&asked.page_token, &read.page, read.as_of);
            },
        );
    },
    |bytes| {
        check(
            bytes,
            |asked: &progress::ListPlansRequest, read: &progress::ConductQuery| {
                assert_eq!(asked.open_only, read.open_only);
                check_dated_list(&asked.page_token, &read.page, read.as_of);
            },
        );
    },
    |bytes| {
        check(
            bytes,
            |asked: &progress::ListIncidentsRequest, read: &progress::ConductQuery| {
                assert_eq!(asked.open_only, read.open_only);
                check_dated_list(&asked.page_token, &read.page, read.as_of);
            },
        );
    },
    |bytes| {
        check(
            bytes,
            |asked: &progress::CompareOrganizationsRequest, read: &progress::ComparisonQuery| {
                for (asked, read) in [(&asked.left, read.left), (&asked.right, read.right)] {
                    let asked = asked.as_ref().expect("what was read was there");
                    check_as_of(asked.as_of_unix_ms, read.as_of);
                }
            },
        );
    },
    |bytes| {
        check(
            bytes,
            |asked: &progress::GetStandingsRequest, read: &progress::StandingsQuery| {
                assert!((1..=STANDINGS_MAX).contains(&read.asked.len()) && read.asked.len() == asked.asked.len());
                for (asked_of, read) in asked.asked.iter().zip(&read.asked) {
                    check_at(read.as_of.at);
                    if asked_of.as_of_position == 0 {
                        check_as_of(asked.as_of_unix_ms, read.as_of);
                    }
                }
            },
        );
    },
    |bytes| {
        check(
            bytes,
            |asked: &progress::WatchChangesRequest, read: &progress::ChangesQuery| {
                assert_eq!(asked.after_position, read.after.get());
                check_position(read.after);
            },
        );
    },
];

const EVIDENCE: [Check; 4] = [
    |bytes| check(bytes, |_: &GetEvidenceRequest, _: &Asked<Digest>| {}),
    |bytes| {
        check(bytes, |_: &DescribeEvidenceRequest, read: &Asked<Vec<Digest>>| {
            let (Asked::ByAnyone(digests) | Asked::InSession(_, digests)) = read else {
                return;
            };
            assert!(digests.len() <= EVIDENCE_MAX);
        });
    },
    |bytes| {
        check(bytes, |asked: &SetVisibilityRequest, read: &SignedRequest| {
            assert!(asked.signed_request == read.encode());
        });
    },
    |bytes| {
        check(bytes, |_: &ListAccessesRequest, read: &Asked<ListAccesses>| {
            assert!(!matches!(read, Asked::ByAnyone(_)));
        });
    },
];

const CUSTODY: [Check; 10] = [
    |bytes| {
        check(bytes, |asked: &custody::ListLotsRequest, read: &custody::LotsQuery| {
            assert_ne!(read.state, Some(custody::LotState::Unspecified));
            assert_eq!(asked.flag, read.flag.map_or("", |flag| flag.name()));
            check_dated_list(&asked.page_token, &read.page, read.as_of);
        });
    },
    |bytes| {
        check(bytes, |asked: &custody::GetLotRequest, read: &custody::LotQuery| {
            check_dated_list(&asked.page_token, &read.page, read.as_of);
        });
    },
    |bytes| {
        check(bytes, |asked: &custody::FindLotsRequest, read: &custody::FindQuery| {
            check_dated_list(&asked.page_token, &read.page, read.as_of);
        });
    },
    |bytes| {
        check(
            bytes,
            |asked: &custody::GetLineageRequest, read: &custody::LineageQuery| {
                check_dated_list(&asked.page_token, &read.page, read.as_of);
            },
        );
    },
    |bytes| {
        check(
            bytes,
            |asked: &custody::GetOriginsRequest, read: &custody::OriginsQuery| {
                check_dated_list(&asked.page_token, &read.page, read.as_of);
            },
        );
    },
    |bytes| {
        check(
            bytes,
            |asked: &custody::GetProvenanceRequest, read: &custody::ProvenanceQuery| {
                check_as_of(asked.as_of_unix_ms, read.as_of);
            },
        );
    },
    |bytes| {
        check(
            bytes,
            |asked: &custody::GetPartyRequest, read: &custody::MonthsQuery<PartyId>| {
                check_months(&asked.from_month, &asked.to_month, read);
                check_dated_list(&asked.page_token, &read.page, read.as_of);
            },
        );
    },
    |bytes| {
        check(
            bytes,
            |asked: &custody::GetSiteProductionRequest, read: &custody::MonthsQuery<SiteId>| {
                check_months(&asked.from_month, &asked.to_month, read);
                check_dated_list(&asked.page_token, &read.page, read.as_of);
            },
        );
    },
    |bytes| {
        check(
            bytes,
            |asked: &custody::GetOriginTableRequest, read: &custody::MonthsQuery<PartyId>| {
                check_months(&asked.from_month, &asked.to_month, read);
                check_dated_list(&asked.page_token, &read.page, read.as_of);
            },
        );
    },
    |bytes| {
        check(
            bytes,
            |asked: &custody::ListSuspectsRequest, read: &custody::SuspectsQuery| {
                assert!(asked.key.eq_ignore_ascii_case(&read.key.to_string()));
                check_dated_list(&asked.page_token, &read.page, read.as_of);
            },
        );
    },
];

const INGEST: [Check; 1] = [|bytes| {
    check(bytes, |asked: &ingest::GetKeyRequest, read: &ingest::KeyQuery| {
        assert!(asked.key.eq_ignore_ascii_case(&read.key.to_string()));
        check_position(read.at_least);
    });
}];

const AUDIT: [Check; 6] = [
    |bytes| {
        check(
            bytes,
            |asked: &audit::GetInclusionProofRequest, read: &audit::InclusionQuery| {
                assert!(read.leaf.get() == asked.leaf_index && read.leaf.get() < POSITION_MAX);
                check_position(read.at_least);
            },
        );
    },
    |bytes| {
        check(
            bytes,
            |_: &audit::GetConsistencyProofRequest, read: &audit::ConsistencyQuery| {
                assert!(read.new.is_none_or(|new| read.old <= new && new <= TREE_SIZE_MAX));
                check_position(read.at_least);
            },
        );
    },
    |bytes| {
        check(bytes, |_: &audit::ListEntriesRequest, read: &audit::EntriesQuery| {
            check_entries(read)
        })
    },
    |bytes| {
        check(bytes, |_: &audit::StreamEntriesRequest, read: &audit::EntriesQuery| {
            check_entries(read)
        })
    },
    |bytes| {
        check(bytes, |_: &audit::GetLotProofRequest, read: &audit::LotProofQuery| {
            check_position(read.at_least)
        })
    },
    |bytes| {
        check(
            bytes,
            |_: &audit::GetEntryProofRequest, read: &audit::EntryProofQuery| check_position(read.at_least),
        )
    },
];

/// Every message that a service reads into words of the domain.
const MESSAGES: [&[Check]; 5] = [&PROGRESS, &EVIDENCE, &CUSTODY, &INGEST, &AUDIT];

fuzz_target!(|input: &[u8]| {
    let Some((message, bytes)) = input.split_first() else {
        return;
    };
    let messages = MESSAGES.iter().copied().flatten();
    if let Some(check) = messages.cycle().nth(usize::from(*message)) {
        check(bytes);
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

/// A month that was asked for is the one that is read.
fn check_months<Id>(from: &str, to: &str, read: &custody::MonthsQuery<Id>) {
    for (asked, read) in [(from, read.from), (to, read.to)] {
        assert!(asked.is_empty() || asked == read.to_string());
    }
}

fn check_dated_list(token: &str, page: &Page, as_of: AsOf) {
    check_at(as_of.at);
    check_page(token, page);
    if let Some(after) = &page.after {
        let position = as_of.at.as_of.expect("a token pins the position");
        let instant = as_of.instant.expect("a token pins the instant");
        assert!(progress::page_token(position, instant, after).eq_ignore_ascii_case(token));
    }
}

fn check_page(token: &str, page: &Page) {
    assert!((1..=PAGE_SIZE_MAX).contains(&page.size));
    assert_eq!(token.is_empty(), page.after.is_none());
}

fn check_as_of(unix_ms: i64, as_of: AsOf) {
    check_at(as_of.at);
    assert_eq!(unix_ms, as_of.instant.map_or(0, Timestamp::unix_ms));
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
