//! One entry: what it says, who signed it, whether it was admitted, when it came, and the proof that it is in the log.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_DISPOSITION;
use axum::response::Response;
use futures_util::future::try_join_all;
use rpc::audit::{
    GetEntryProofRequest, GetInclusionProofRequest, GetInclusionProofResponse, GetTimeBracketRequest,
    GetTimeBracketResponse, ListEntriesRequest,
};
use rpc::custody::{GetLotRequest, QuantityBasis, get_lot_request};
use serde::Serialize;
use tlog::note::{Note, Vkey};
use tlog::tree::{InclusionProof, leaf_hash};
use tlog::{Checkpoint, Hash, LeafIndex};
use tonic::Code;
use utoipa::ToSchema;
use wording::IdKind;

use super::leaf::Entry;
use crate::asked::AsOf;
use crate::language::Language;
use crate::shell::{Named, Portal, Shell};
use crate::sources::Sources;
use crate::told::Names;
use crate::trouble::Trouble;

/// Lots that one statement names and that are asked whether their masses are invented; of one origin they are alike.
const LOTS_ASKED_MAX: usize = 8;

/// An entry of the log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Entry)]
pub(crate) struct EntryView {
    /// What it holds.
    entry: Entry,
    /// In whose name it speaks.
    by: Named,
    /// What parties and sites that it names call themselves.
    names: Names,
    /// Whether a lot that it names has invented masses.
    is_illustrative: bool,
    /// It came after this time, in seconds since 1970, by the witnesses' clocks; absent where that is not known.
    not_before_unix_s: Option<u64>,
    /// It came before this time; absent where that is not known.
    not_after_unix_s: Option<u64>,
    /// That it is in the log.
    inclusion: Inclusion,
}

/// That a leaf is in a tree.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Inclusion {
    /// The size of the tree.
    tree_size: u64,
    /// Its root, in base64.
    root: String,
    /// From the leaf's sibling up to a child of the root, in base64.
    hashes: Vec<String>,
    /// Whether they lead to the root that the log signed, as this portal computes.
    holds: bool,
}

#[derive(Template)]
#[template(path = "entry.html")]
struct Page<'a> {
    s: &'a Shell,
    view: &'a EntryView,
}

impl Page<'_> {
    /// Which of its two numbers is which.
    fn numbers(&self) -> String {
        let entry = &self.view.entry;
        let (position, index) = (entry.position.to_string(), entry.index.to_string());
        self.s.say2("entry-numbers", ("position", &position), ("index", &index))
    }

    /// Where another entry is.
    fn at(&self, index: u64) -> String {
        self.s.link(&format!("/log/{index}"))
    }

    /// Where the proof of this one is.
    fn proof(&self) -> String {
        self.s.link(&format!("/log/{}/proof", self.view.entry.index))
    }
}

pub(super) async fn show(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(index): Path<String>,
) -> Result<Response, Trouble> {
    let index = read_index(&index)?;
    let view = gather(&portal, &s, index).await?;
    s.page(&Page { s: &s, view: &view })
}

/// The proof as a file of c2sp.org/tlog-proof.
pub(crate) async fn proof(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(index): Path<String>,
) -> Result<Response, Trouble> {
    let leaf_index = read_index(&index)?;
    let sources = &portal.sources;
    let ask = |at_least_position| async move {
        let request = GetEntryProofRequest {
            leaf_index,
            at_least_position,
        };
        Ok(sources.audit().get_entry_proof(request).await?.into_inner())
    };
    let answer = sources.sure(Some(leaf_index + 1), ask).await?;
    let mut response = super::text(&s, answer.tlog_proof.into());
    let name = format!("attachment; filename=\"entry-{leaf_index}.tlog-proof\"");
    let name = HeaderValue::try_from(name).expect("a number is of digits");
    response.headers_mut().insert(CONTENT_DISPOSITION, name);
    Ok(response)
}

pub(crate) fn read_index(index: &str) -> Result<u64, Trouble> {
    let read = index.parse().ok().filter(|index| *index < rpc::read::POSITION_MAX);
    read.ok_or_else(|| Trouble::NotFound(format!("{index} is no place in the log")))
}

/// What is shown of the entry of this index.
pub(crate) async fn gather(portal: &Portal, s: &Shell, index: u64) -> Result<EntryView, Trouble> {
    if super::until(portal, s.as_of, rpc::read::POSITION_MAX).await? <= index {
        return Err(nothing(index));
    }
    let sources = &portal.sources;
    let position = index + 1;
    let ask = |at_least_position| leaf(sources, index, at_least_position);
    let leaf = sources.sure(Some(position), ask).await?;
    let log = super::log(portal).await?;
    let entry = Entry::read(index, &leaf, super::deployment(&log)).ok_or_else(|| nothing(index))?;
    let mut mentioned: BTreeSet<_> = entry.ids(&[IdKind::Party, IdKind::Site]).into_iter().collect();
    mentioned.extend(entry.signer());
    let lots = entry.ids(&[IdKind::Lot]);
    let (names, is_illustrative, bracket, inclusion) = tokio::join!(
        sources.names(&mentioned, s.as_of),
        are_invented(sources, &lots, position, s.as_of),
        bracket(sources, index),
        inclusion(sources, index, &leaf, &log.vkey),
    );
    let by = entry.signer().map_or_else(Named::default, |(_, id)| Named {
        name: names.of(&id).to_owned(),
        id,
    });
    let bracket = bracket?;
    Ok(EntryView {
        by,
        names,
        is_illustrative: is_illustrative?,
        not_before_unix_s: (bracket.not_before != 0).then_some(bracket.not_before),
        not_after_unix_s: (bracket.not_after != 0).then_some(bracket.not_after),
        inclusion: inclusion?,
        entry,
    })
}

fn nothing(index: u64) -> Trouble {
    Trouble::NotFound(format!("no checkpoint covers an entry {index}"))
}

async fn leaf(sources: &Sources, index: u64, at_least_position: u64) -> Result<Vec<u8>, Trouble> {
    let request = ListEntriesRequest {
        start_index: index,
        max_count: 1,
        at_least_position,
    };
    let mut answer = sources.audit().list_entries(request).await?.into_inner();
    answer.leaves.pop().ok_or_else(|| nothing(index))
}

/// Whether one of these lots, which the statement at a position names, has invented masses; a lot that is not known there, as one of a
/// refused statement, says nothing.
async fn are_invented(
    sources: &Sources,
    lots: &[(IdKind, String)],
    position: u64,
    as_of: AsOf,
) -> Result<bool, Trouble> {
    let asked = lots.iter().take(LOTS_ASKED_MAX).map(|(_, lot)| async {
        let request = GetLotRequest {
            lot: Some(get_lot_request::Lot::LotId(lot.clone())),
            as_of_position: as_of.position(),
            at_least_position: position,
            as_of_unix_ms: as_of.unix_ms(),
            page_size: 1,
            ..GetLotRequest::default()
        };
        match sources.custody().get_lot(request).await {
            Ok(answer) => Ok(answer.into_inner().lot.unwrap_or_default().basis() == QuantityBasis::Illustrative),
            Err(status) if status.code() == Code::NotFound => Ok(false),
            Err(status) => Err(Trouble::from(status)),
        }
    });
    Ok(try_join_all(asked).await?.contains(&true))
}

/// Between which times it came; nothing is known of one that no checkpoint was published with.
async fn bracket(sources: &Sources, leaf_index: u64) -> Result<GetTimeBracketResponse, Trouble> {
    let request = GetTimeBracketRequest {
        leaf_index,
        at_least_position: leaf_index + 1,
    };
    match sources.audit().get_time_bracket(request).await {
        Ok(answer) => Ok(answer.into_inner()),
        Err(status) if status.code() == Code::NotFound => Ok(GetTimeBracketResponse::default()),
        Err(status) => Err(status.into()),
    }
}

async fn inclusion(sources: &Sources, leaf_index: u64, leaf: &[u8], vkey: &str) -> Result<Inclusion, Trouble> {
    let request = GetInclusionProofRequest {
        leaf_index,
        tree_size: 0,
        at_least_position: leaf_index + 1,
    };
    let answer = sources.audit().get_inclusion_proof(request).await?.into_inner();
    Ok(Inclusion::read(&answer, leaf_index, leaf, vkey))
}

impl Inclusion {
    fn read(answer: &GetInclusionProofResponse, index: u64, leaf: &[u8], vkey: &str) -> Self {
        let hash = |bytes: &Vec<u8>| Some(Hash::from_bytes(bytes.as_slice().try_into().ok()?));
        let hashes: Vec<Hash> = answer.hashes.iter().filter_map(hash).collect();
        let hashes_text = hashes.iter().map(Hash::to_string).collect();
        let signed = Note::parse(&answer.checkpoint_note)
            .ok()
            .zip(vkey.parse::<Vkey>().ok())
            .and_then(|(note, vkey)| Checkpoint::from_note(&note, &vkey).ok());
        let proof = InclusionProof { hashes };
        let holds = signed.as_ref().is_some_and(|signed| {
            let verified = proof.verify(&leaf_hash(leaf), LeafIndex::new(index), &signed.head());
            signed.head().size.get() == answer.tree_size && verified.is_ok()
        });
        Self {
            tree_size: answer.tree_size,
            root: signed.map_or_else(String::new, |signed| signed.head().root.to_string()),
            hashes: hashes_text,
            holds,
        }
    }
}
