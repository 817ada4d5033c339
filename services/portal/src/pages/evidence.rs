//! A file that something rests on: what is known of it, and the file itself, for those for whom it is. Who may see it decides the
//! door to evidence, which is asked with what the reader's key signed.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderName;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use event::key::Digest;
use event::request::EVIDENCE_BYTES_MAX;
use futures_util::StreamExt;
use rpc::evidence::{
    DescribeEvidenceRequest, DescribedEvidence, Digests, Evidence, FileInSession, FilesInSession, GetEvidenceRequest,
    GetEvidenceResponse, describe_evidence_request, get_evidence_request, get_evidence_response,
};
use serde::Serialize;
use tonic::Status;
use utoipa::ToSchema;
use wording::IdKind;

use crate::asked::{AsOf, id};
use crate::language::Language;
use crate::shell::{Named, Portal, Shell, word_key};
use crate::told::Names;
use crate::trouble::Trouble;

/// Kinds of files that are sent as what they are, with what their names end in; others are sent as bytes.
const KINDS: [(&str, &str); 8] = [
    ("image/jpeg", "jpg"),
    ("image/png", "png"),
    ("image/webp", "webp"),
    ("application/pdf", "pdf"),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
    ),
    ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
    ("text/csv", "csv"),
    ("text/plain", "txt"),
];
const ANY_KIND: (&str, &str) = ("application/octet-stream", "bin");

/// Where a file is opened that a browser opens after all: in a place of its own, where nothing of it runs and nothing is fetched.
const ALONE: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// Digits of the digest in the name under which a file is saved.
const NAME_DIGITS: usize = 16;

/// What is known of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Evidence)]
pub(crate) struct EvidenceView {
    /// Its SHA-256 digest, in hexadecimal.
    digest: String,
    /// Whether it is there: `evidence-state-present`.
    state: String,
    /// What it is; absent where that is not for who asks.
    #[schema(required)]
    kept: Option<Kept>,
}

/// A file that is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = KeptEvidence)]
struct Kept {
    /// Bytes.
    size: u64,
    /// What kind of file it is, by its content.
    media_type: String,
    /// Whose it is.
    owner: Named,
    /// Who may see it: `visibility-auditors`.
    visibility: String,
    /// When it came, in milliseconds since 1970.
    uploaded_at_unix_ms: i64,
}

impl EvidenceView {
    fn new(described: DescribedEvidence, names: &Names) -> Self {
        let kept = |evidence: Evidence| Kept {
            size: evidence.size,
            visibility: word_key(evidence.visibility().as_str_name()),
            owner: Named {
                name: names.of(&evidence.owner_id).to_owned(),
                id: evidence.owner_id,
            },
            media_type: evidence.media_type,
            uploaded_at_unix_ms: evidence.uploaded_at_unix_ms,
        };
        Self {
            state: word_key(described.state().as_str_name()),
            digest: described.digest,
            kept: described.evidence.map(kept),
        }
    }

    fn is(&self, state: &str) -> bool {
        self.state == state
    }
}

#[derive(Template)]
#[template(path = "evidence.html")]
struct Page<'a> {
    s: &'a Shell,
    view: &'a EvidenceView,
}

pub(super) async fn show(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(digest): Path<String>,
) -> Result<Response, Trouble> {
    let view = view(&s, &portal, id(&digest)?).await?;
    s.page(&Page { s: &s, view: &view })
}

/// What is known of a file, and is for who reads here.
pub(crate) async fn view(s: &Shell, portal: &Portal, digest: Digest) -> Result<EvidenceView, Trouble> {
    use describe_evidence_request::Asked;
    let digests = Digests {
        digests: vec![digest.to_string()],
    };
    let asked = match &s.reader {
        None => Asked::Digests(digests),
        Some(reader) => Asked::InSession(FilesInSession {
            session: reader.session.clone(),
            digests: Some(digests),
        }),
    };
    let request = DescribeEvidenceRequest { asked: Some(asked) };
    let answer = portal.sources.evidence().describe_evidence(request).await?.into_inner();
    let described = answer.described.into_iter().next();
    let described = described.ok_or_else(|| Trouble::Wrong("progress says nothing of a file".to_owned()))?;
    let owner = described
        .evidence
        .iter()
        .map(|evidence| (IdKind::Party, evidence.owner_id.clone()));
    let names = portal
        .sources
        .names(&owner.collect::<BTreeSet<_>>(), AsOf::Present)
        .await;
    Ok(EvidenceView::new(described, &names))
}

pub(super) async fn save(
    s: Shell,
    State(portal): State<Arc<Portal>>,
    Path(digest): Path<String>,
) -> Result<Response, Trouble> {
    use get_evidence_request::Asked;
    let digest: Digest = id(&digest)?;
    let asked = match &s.reader {
        None => Asked::Digest(digest.to_string()),
        Some(reader) => Asked::InSession(FileInSession {
            session: reader.session.clone(),
            digest: digest.to_string(),
        }),
    };
    let request = GetEvidenceRequest { asked: Some(asked) };
    let answer = portal.sources.evidence().get_evidence(request).await;
    let mut parts = answer.map_err(|status| not_had(&s, status))?.into_inner();
    let first = parts.message().await?.and_then(|message| message.part);
    let Some(get_evidence_response::Part::Evidence(evidence)) = first else {
        return Err(Trouble::Wrong("progress sends no file".to_owned()));
    };
    if EVIDENCE_BYTES_MAX < evidence.size {
        return Err(Trouble::Wrong("progress sends a file that is too long".to_owned()));
    }
    let mut left = evidence.size;
    // A line that breaks, or more than was said, ends what is sent before its length: no browser takes it for the file.
    let file = Body::from_stream(parts.map(move |part| chunk(part, &mut left)));
    Ok((headers(digest, &evidence), file).into_response())
}

/// Who is not signed in may do so, and then see the file.
fn not_had(s: &Shell, status: Status) -> Trouble {
    match Trouble::from(status) {
        Trouble::NotForYou(said) if s.reader.is_none() => Trouble::SignIn(said),
        trouble => trouble,
    }
}

fn chunk(part: Result<GetEvidenceResponse, Status>, left: &mut u64) -> io::Result<Vec<u8>> {
    let part = part.map_err(io::Error::other)?.part;
    let Some(get_evidence_response::Part::Chunk(chunk)) = part else {
        return Err(io::Error::other("not a part of a file"));
    };
    *left = left
        .checked_sub(chunk.len() as u64)
        .ok_or_else(|| io::Error::other("longer than the file was said to be"))?;
    Ok(chunk)
}

fn headers(digest: Digest, evidence: &Evidence) -> [(HeaderName, String); 5] {
    let known = KINDS
        .into_iter()
        .find(|(media_type, _)| *media_type == evidence.media_type);
    let (media_type, ending) = known.unwrap_or(ANY_KIND);
    let name = &digest.to_string()[..NAME_DIGITS];
    let content_type = if media_type.starts_with("text/") {
        format!("{media_type}; charset=utf-8")
    } else {
        media_type.to_owned()
    };
    [
        (CONTENT_TYPE, content_type),
        (CONTENT_LENGTH, evidence.size.to_string()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"veta-{name}.{ending}\""),
        ),
        (CONTENT_SECURITY_POLICY, ALONE.to_owned()),
        (CACHE_CONTROL, "private, no-cache".to_owned()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_saved_under_its_digest_and_as_what_it_is_or_as_bytes() {
        let sent = |media_type: &str| {
            let evidence = Evidence {
                size: 7,
                media_type: media_type.to_owned(),
                ..Evidence::default()
            };
            headers(Digest::from_bytes([0xab; 32]), &evidence).map(|(_, value)| value)
        };
        let [content_type, length, disposition, policy, _] = sent("image/jpeg");
        assert_eq!((content_type.as_str(), length.as_str()), ("image/jpeg", "7"));
        assert_eq!(disposition, "attachment; filename=\"veta-abababababababab.jpg\"");
        assert!(policy.contains("sandbox"), "{policy}");
        assert_eq!(sent("text/csv")[0], "text/csv; charset=utf-8");
        for unsafe_here in ["text/html", "image/svg+xml", "application/javascript", "", "a\r\nb: c"] {
            let [content_type, _, disposition, ..] = sent(unsafe_here);
            assert_eq!(content_type, "application/octet-stream", "{unsafe_here}");
            assert!(disposition.ends_with(".bin\""), "{disposition}");
        }
    }

    #[test]
    fn no_more_is_sent_than_was_said() {
        let part = |part| {
            Ok(GetEvidenceResponse {
                part: Some(get_evidence_response::Part::Chunk(part)),
            })
        };
        let mut left = 5;
        assert_eq!(chunk(part(vec![1; 3]), &mut left).unwrap(), [1; 3]);
        assert_eq!(chunk(part(vec![2; 2]), &mut left).unwrap(), [2; 2]);
        assert!(chunk(part(vec![3]), &mut left).is_err());
        assert!(chunk(Ok(GetEvidenceResponse::default()), &mut left).is_err());
        assert!(chunk(Err(Status::unavailable("cut")), &mut left).is_err());
    }
}
