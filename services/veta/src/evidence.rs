//! `veta evidence put | get | check | set-visibility | sign-in | accesses`: the files that support what is said, and who looked at them.

use std::path::Path;

use data_encoding::HEXLOWER;
use ed25519_dalek::SigningKey;
use event::key::Digest;
use event::request::{
    Ask, Audience, Challenge, DescribeEvidence, EVIDENCE_BYTES_MAX, GetEvidence, ListAccesses, Nonce, PutEvidence,
    Request, SetVisibility, SignIn,
};
use event::vocabulary::{self, EVIDENCE_MAX};
use event::{DeploymentId, PartyId, SignedRequest, Visibility};
use journal::evidence::MediaType;
use rpc::evidence::{
    Access, AccessOutcome, AccessWay, AccessedFile, DescribeEvidenceRequest, DescribedEvidence, Digests, Evidence,
    EvidenceState, GetEvidenceRequest, ListAccessesRequest, PutOutcome, SetVisibilityRequest,
    describe_evidence_request, get_evidence_request, list_accesses_request, upload_messages, whole_file,
};
use rpc::limits::EVIDENCE_PART_BYTES;
use serde_json::{Value, json};
use service::clock::{Clock, SystemClock};
use tonic::transport::Channel;

use crate::files::{self, FileError};
use crate::keys;
use crate::print;
use crate::submit::{bar, next_number};
use crate::trouble::{Done, Trouble};

/// A party that asks with its key.
pub struct Asker {
    key: SigningKey,
    party: PartyId,
    deployment: DeploymentId,
}

impl Asker {
    /// Whoever holds this key; in whose name, where that is another's, `party` says.
    pub async fn new(key: &Path, party: Option<PartyId>, deployment: DeploymentId, ingest: &Channel) -> Done<Self> {
        let key = keys::read(key)?;
        let party = match party {
            Some(party) => party,
            None => own_party(&key, ingest).await?,
        };
        Ok(Self { key, party, deployment })
    }

    fn sign(&self, ask: Ask) -> Done<SignedRequest> {
        let mut nonce = [0; 32];
        getrandom::fill(&mut nonce).map_err(Trouble::at("the system gives no randomness"))?;
        let request = Request {
            party: self.party,
            asked_at: SystemClock.now(),
            nonce: Nonce::from_bytes(nonce),
            ask,
        };
        Ok(SignedRequest::sign(&request, self.deployment, &self.key))
    }
}

async fn own_party(key: &SigningKey, ingest: &Channel) -> Done<PartyId> {
    let known = next_number(ingest, keys::public(key), 0).await?;
    let (party, _) = known.ok_or_else(|| Trouble::failed("this key speaks for nobody here: have it authorized"))?;
    party.parse().map_err(Trouble::at("the key's party"))
}

/// Has a file kept.
pub async fn put(progress: Channel, file: &Path, visibility: Visibility, asker: &Asker, json: bool) -> Done {
    let bytes = read(file)?;
    if MediaType::of(&bytes).is_none() {
        return Err(Trouble::failed(format_args!(
            "{}: {}",
            file.display(),
            journal::evidence::EvidenceError::MediaType
        )));
    }
    let (digest, size) = (Digest::of(&bytes), bytes.len() as u64);
    let claim = asker.sign(Ask::PutEvidence(PutEvidence {
        digest,
        size,
        visibility,
    }))?;
    let bar = bar(bytes.len(), "uploading");
    let sent = bar.clone();
    let parts: Vec<_> = upload_messages(&claim, &bytes).collect();
    let parts = parts.into_iter().inspect(move |_| sent.inc(EVIDENCE_PART_BYTES as u64));
    let answers = rpc::client::evidence(progress)
        .put_evidence(tokio_stream::iter(parts))
        .await;
    let answer = answers?.into_inner().message().await;
    bar.finish_and_clear();
    let answer = answer?.ok_or_else(|| Trouble::try_again("the line ended without an answer: put it again"))?;
    let outcome = match answer.outcome() {
        PutOutcome::Stored => "stored",
        PutOutcome::AlreadyKept => "already kept",
        PutOutcome::Mended => "mended",
        PutOutcome::Unspecified => return Err(Trouble::failed("the service does not say what became of the file")),
    };
    if json {
        let evidence = answer.evidence.as_ref().map(to_json);
        print::json(&json!({"digest": digest, "outcome": outcome, "evidence": evidence}));
        return Ok(());
    }
    print::line(format_args!("{outcome} {digest}"));
    if let Some(evidence) = &answer.evidence {
        print::line(words(evidence)?);
    }
    Ok(())
}

/// Writes a file, once it is whole and what its digest says.
pub async fn get(progress: Channel, digest: Digest, output: &Path, asker: Option<&Asker>, json: bool) -> Done {
    use get_evidence_request::Asked;
    let wanted = match asker {
        None => Asked::Digest(digest.to_string()),
        Some(asker) => Asked::SignedRequest(asker.sign(Ask::GetEvidence(GetEvidence { digest }))?.encode()),
    };
    let request = GetEvidenceRequest { asked: Some(wanted) };
    let parts = rpc::client::evidence(progress)
        .get_evidence(request)
        .await?
        .into_inner();
    let (evidence, bytes) = whole_file(parts).await.map_err(|error| match error {
        rpc::evidence::FileError::Status(status) => status.into(),
        error => Trouble::failed(error),
    })?;
    if Digest::of(&bytes) != digest {
        return Err(Trouble::failed(
            "ALTERED: these bytes are not what the digest says, and are not written",
        ));
    }
    let cannot = format!("cannot write {}", output.display());
    service::durable::write(output, &bytes).map_err(Trouble::at(cannot))?;
    if json {
        print::json(&to_json(&evidence));
        return Ok(());
    }
    print::line(format_args!("{} bytes in {}", bytes.len(), output.display()));
    print::line(words(&evidence)?);
    Ok(())
}

/// Says of each file or digest whether it is kept, whole.
pub async fn check(progress: Channel, what: &[String], asker: Option<&Asker>, json: bool) -> Done {
    use describe_evidence_request::Asked;
    let digests = what.iter().map(|what| digest_of(what)).collect::<Done<Vec<_>>>()?;
    let wanted = match asker {
        None => Asked::Digests(Digests {
            digests: digests.iter().map(Digest::to_string).collect(),
        }),
        Some(asker) => {
            let digests = digests.try_into().map_err(Trouble::at("at one time"))?;
            let ask = Ask::DescribeEvidence(DescribeEvidence { digests });
            Asked::SignedRequest(asker.sign(ask)?.encode())
        }
    };
    let request = DescribeEvidenceRequest { asked: Some(wanted) };
    let answer = rpc::client::evidence(progress).describe_evidence(request).await?;
    let described = answer.into_inner().described;
    tell(&described, json)?;
    let whole = described
        .iter()
        .filter(|file| file.state() == EvidenceState::Present)
        .count();
    if whole < what.len() {
        return Err(Trouble::failed(format_args!(
            "{whole} of {} are kept, whole and for you",
            what.len()
        )));
    }
    Ok(())
}

/// Lets others see a file, or others no longer.
pub async fn set_visibility(
    progress: Channel,
    digest: Digest,
    visibility: Visibility,
    asker: &Asker,
    json: bool,
) -> Done {
    let signed_request = asker
        .sign(Ask::SetVisibility(SetVisibility { digest, visibility }))?
        .encode();
    let request = SetVisibilityRequest { signed_request };
    let answer = rpc::client::evidence(progress)
        .set_visibility(request)
        .await?
        .into_inner();
    let evidence = answer.evidence.ok_or(rpc::InvalidMessage::Missing("evidence"))?;
    if json {
        print::json(&to_json(&evidence));
        return Ok(());
    }
    print::line(words(&evidence)?);
    Ok(())
}

/// Prints a request that lets a site look in the asker's name, in hexadecimal.
pub fn sign_in(site: Audience, challenge: Challenge, asker: &Asker, json: bool) -> Done {
    let ask = Ask::SignIn(SignIn {
        audience: site,
        challenge,
    });
    let signed = HEXLOWER.encode(&asker.sign(ask)?.encode());
    if json {
        print::json(&json!({"signed": signed}));
        return Ok(());
    }
    print::line(signed);
    Ok(())
}

/// Says who looked at the asker's files, or at those of a party that lets it speak: so many of the newest looks.
pub async fn accesses(progress: Channel, owner: Option<PartyId>, newest: usize, asker: &Asker, json: bool) -> Done {
    use list_accesses_request::Asked;
    let owner = owner.unwrap_or(asker.party);
    let mut door = rpc::client::evidence(progress);
    let (mut looks, mut from) = (Vec::new(), 0);
    while looks.len() < newest {
        let signed = asker.sign(Ask::ListAccesses(ListAccesses { owner, from }))?;
        let request = ListAccessesRequest {
            asked: Some(Asked::SignedRequest(signed.encode())),
        };
        let answer = door.list_accesses(request).await?.into_inner();
        looks.extend(answer.accesses);
        from = answer.older;
        if from == 0 {
            break;
        }
    }
    looks.truncate(newest);
    if json {
        for look in &looks {
            print::json(&look_to_json(look));
        }
        return Ok(());
    }
    if looks.is_empty() {
        print::line("nobody looked at a file that is not public");
        return Ok(());
    }
    let rows = looks.iter().flat_map(|look| {
        look.files.iter().map(|file| {
            [
                look.number.to_string(),
                event::Timestamp::from_unix_ms(look.at_unix_ms).to_string(),
                look.party_id.clone(),
                outcome(file.outcome()).to_owned(),
                file.digest.clone(),
                way(look.way()).to_owned(),
                look.key.clone(),
            ]
        })
    });
    print::table(["number", "when", "who", "what came of it", "file", "how", "key"], rows);
    Ok(())
}

fn look_to_json(look: &Access) -> Value {
    let file = |file: &AccessedFile| json!({"digest": file.digest, "outcome": outcome(file.outcome())});
    json!({
        "number": look.number,
        "at_unix_ms": look.at_unix_ms,
        "party_id": look.party_id,
        "key": look.key,
        "way": way(look.way()),
        "files": look.files.iter().map(file).collect::<Vec<_>>(),
    })
}

const fn outcome(outcome: AccessOutcome) -> &'static str {
    match outcome {
        AccessOutcome::Unspecified => "unknown",
        AccessOutcome::HandedOut => "handed out",
        AccessOutcome::Described => "described",
        AccessOutcome::Refused => "refused",
    }
}

const fn way(way: AccessWay) -> &'static str {
    match way {
        AccessWay::Unspecified => "unknown",
        AccessWay::SignedRequest => "signed request",
        AccessWay::Session => "session",
    }
}

/// A digest as it is written, or that of a file.
pub fn digest_of(what: &str) -> Done<Digest> {
    match what.parse() {
        Ok(digest) => Ok(digest),
        Err(_) => Ok(Digest::of(&read(Path::new(what))?)),
    }
}

/// The digests of documents, each named as a file or as its digest, in the order in which they were named.
pub fn digests(what: &[String]) -> Done<vocabulary::Evidence> {
    let digests = what.iter().map(|what| digest_of(what)).collect::<Done<Vec<_>>>()?;
    let few = digests.try_into();
    few.map_err(|_| Trouble::usage(format_args!("at most {EVIDENCE_MAX} documents go with one statement")))
}

/// The bytes of a file that supports what is said.
pub fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    files::read(path, "evidence", EVIDENCE_BYTES_MAX)
}

fn tell(described: &[DescribedEvidence], json: bool) -> Done {
    if json {
        for file in described {
            let evidence = file.evidence.as_ref().map(to_json);
            print::json(&json!({"digest": file.digest, "state": state(file.state()), "evidence": evidence}));
        }
        return Ok(());
    }
    let row = |file: &DescribedEvidence| {
        let known = file.evidence.as_ref().map(words).transpose()?;
        Ok([
            file.digest.clone(),
            state(file.state()).to_owned(),
            known.unwrap_or_default(),
        ])
    };
    let rows = described.iter().map(row).collect::<Done<Vec<_>>>()?;
    print::table(["digest", "state", "what is known of it"], rows);
    Ok(())
}

const fn state(state: EvidenceState) -> &'static str {
    match state {
        EvidenceState::Unspecified => "unknown",
        EvidenceState::Present => "present",
        EvidenceState::Missing => "MISSING",
        EvidenceState::Altered => "ALTERED",
        EvidenceState::NotForYou => "not for you",
    }
}

fn words(evidence: &Evidence) -> Done<String> {
    let visibility = Visibility::try_from(evidence.visibility())?;
    let uploaded_at = event::Timestamp::from_unix_ms(evidence.uploaded_at_unix_ms);
    Ok(format!(
        "{}, {} bytes, of {} since {uploaded_at}, for {visibility}",
        evidence.media_type, evidence.size, evidence.owner_id
    ))
}

fn to_json(evidence: &Evidence) -> Value {
    json!({
        "digest": evidence.digest,
        "size": evidence.size,
        "media_type": evidence.media_type,
        "owner_id": evidence.owner_id,
        "visibility": Visibility::try_from(evidence.visibility()).ok().map(Visibility::name),
        "uploaded_at_unix_ms": evidence.uploaded_at_unix_ms,
    })
}
