//! What a published catalogue asks: in every language where its full text can be had, and else as the stream has it. The
//! statement that published it is read from the log, and whatever else is read is checked against that.

use std::borrow::Cow;

use catalogue::{CATALOGUE_BYTES_MAX, Catalogue};
use event::key::Digest;
use event::vocabulary::{CatalogueDigest, CataloguePublished};
use event::{DeploymentId, Event, Record};
use rpc::audit::ListEntriesRequest;
use rpc::evidence::{GetEvidenceRequest, get_evidence_request, get_evidence_response};
use rpc::progress::PublishedCatalogue;
use tlog::Leaf;

use crate::shell::Portal;
use crate::trouble::Trouble;

/// A catalogue version.
#[derive(Debug)]
pub(super) struct Known {
    /// As the stream has it.
    pub(super) published: CataloguePublished,
    /// With every language.
    pub(super) full: Option<Cow<'static, Catalogue>>,
}

impl Known {
    /// The version of this digest, one of those that were published.
    pub(super) async fn read(
        portal: &Portal,
        deployment: DeploymentId,
        digest: CatalogueDigest,
        all: &[PublishedCatalogue],
    ) -> Result<Self, Trouble> {
        if let Some(shipped) = catalogue::by_digest(&digest) {
            return Ok(Self {
                published: shipped.published().clone(),
                full: Some(Cow::Borrowed(shipped)),
            });
        }
        let published = published(portal, deployment, digest, all).await?;
        let before = match published.supersedes {
            Some(before) => Some(superseded(portal, deployment, before, all).await?),
            None => None,
        };
        let full = full_text(portal, published.full_text).await.and_then(|text| {
            let read = match &before {
                Some(before) => Catalogue::parse_superseding(&text, before),
                None => Catalogue::parse(&text),
            };
            // Its texts are those of the statement in the language of the statement, or it is another catalogue.
            read.ok().filter(|full| full.digest() == digest)
        });
        Ok(Self {
            published,
            full: full.map(Cow::Owned),
        })
    }
}

async fn superseded(
    portal: &Portal,
    deployment: DeploymentId,
    digest: CatalogueDigest,
    all: &[PublishedCatalogue],
) -> Result<CataloguePublished, Trouble> {
    match catalogue::by_digest(&digest) {
        Some(shipped) => Ok(shipped.published().clone()),
        None => published(portal, deployment, digest, all).await,
    }
}

/// The statement that published a version, from the log.
async fn published(
    portal: &Portal,
    deployment: DeploymentId,
    digest: CatalogueDigest,
    all: &[PublishedCatalogue],
) -> Result<CataloguePublished, Trouble> {
    let name = digest.to_string();
    let missing = || Trouble::NotFound(format!("no catalogue {name} was published"));
    let listed = all
        .iter()
        .find(|one| one.catalogue_digest == name)
        .ok_or_else(missing)?;
    let source = listed.publication.as_ref().and_then(|one| one.source.as_ref());
    let position = source.map(|source| source.position).ok_or_else(missing)?;
    let request = ListEntriesRequest {
        start_index: position.checked_sub(1).ok_or_else(missing)?,
        max_count: 1,
        // A catalogue is known as soon as its record is folded; the log is waited for until a checkpoint covers it.
        at_least_position: position,
    };
    let leaf = portal
        .sources
        .audit()
        .list_entries(request)
        .await?
        .into_inner()
        .leaves
        .pop();
    let read = leaf.and_then(|leaf| said(&leaf, deployment));
    read.filter(|published| published.digest() == digest)
        .ok_or_else(|| Trouble::Wrong(format!("the log has no catalogue {name} where it was published")))
}

fn said(leaf: &[u8], deployment: DeploymentId) -> Option<CataloguePublished> {
    let record = Record::decode(Leaf::parse(leaf).ok()?.record).ok()?;
    match record.into_statement().verify(deployment).ok()?.event() {
        Event::CataloguePublished(published) => Some(published.clone()),
        _ => None,
    }
}

/// The file of a full text, where it is kept for anyone. Nobody needs it to be asked, so that it is no trouble where it cannot be had.
async fn full_text(portal: &Portal, digest: Digest) -> Option<String> {
    let request = GetEvidenceRequest {
        asked: Some(get_evidence_request::Asked::Digest(digest.to_string())),
    };
    let mut parts = portal.sources.evidence().get_evidence(request).await.ok()?.into_inner();
    let mut file = Vec::new();
    while let Some(part) = parts.message().await.ok()? {
        if let Some(get_evidence_response::Part::Chunk(chunk)) = part.part {
            file.extend(chunk);
        }
        if CATALOGUE_BYTES_MAX < file.len() {
            return None;
        }
    }
    (Digest::of(&file) == digest).then_some(())?;
    String::from_utf8(file).ok()
}
