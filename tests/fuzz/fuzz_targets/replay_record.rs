//! A whole stream, of garbage and of signed statements about what the stream itself brought into the world: every record
//! makes one step, and every replica takes the same one.
//!
//! The input is a row of records: a byte that says who signs, in whose name and how many days later, a length of two bytes,
//! and the bytes of an event.
#![no_main]

use bytes::Bytes;
use ed25519_dalek::{Signer, SigningKey};
use event::codec::{decode_strict, encode};
use event::statement::{Body, SignatureBytes};
use event::vocabulary::{
    CatalogueDigest, DelegationGranted, LotAfter, LotsTransformed, PermitStatusChanged, Subject, Topic,
};
use event::{
    AssessmentId, DeploymentId, Event, IncidentId, List, LotId, Mass, PartyId, PermitId, PlanId, PublicKey, Record,
    SignedStatement, SiteId, Statement, StatementId, Timestamp,
};
use fuzz::founding;
use libfuzzer_sys::fuzz_target;
use replay::{Replica, Step, Verdict, check};
use tlog::leaf::LEAF_RECORD_BYTES_MAX;
use tlog::{Leaf, Origin};

/// Longer streams are slower and reach nothing else.
const RECORDS_MAX: usize = 64;
const STARTED_AT: Timestamp = Timestamp::from_unix_ms(1_780_228_800_000);
/// The signer that stands for none: the bytes are the record.
const UNSIGNED: u8 = 0xff;
const KEYS: u8 = 3;
/// Whoever signs does so in its own name, or in that of one of the first parties.
const NAMES: u8 = 8;
/// Time passes in such steps: within a few, a report is old, a plan overdue, a delegation over.
const STEP_DAYS: u16 = 40;

fuzz_target!(|input: &[u8]| {
    let mut world = World::founded();
    let mut rest = input;
    for _ in 0..RECORDS_MAX {
        let Some((who, bytes, after)) = next_record(rest) else {
            break;
        };
        let payload = world.payload(who, bytes);
        world.take(payload);
        rest = after;
    }
    assert_eq!(world.first.ledger().digest(), world.second.ledger().digest());
    assert_eq!(world.first.ledger().digest(), world.plain.ledger().digest());
    world.time_alone_changes_nothing_unannounced();
});

fn next_record(input: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[who, low, high], rest) = input.split_first_chunk()?;
    let length = usize::from(u16::from_le_bytes([low, high])).min(rest.len());
    let (bytes, after) = rest.split_at(length);
    Some((who, bytes, after))
}

/// Three replicas of one stream, and what has been made in it so far.
struct World {
    /// Checks each record when its turn has come.
    first: Replica,
    /// Checks each record as if nothing had been founded yet.
    second: Replica,
    /// Without a log; tries each statement on a stage and drops it before the record is there.
    plain: Replica,
    keys: [SigningKey; KEYS as usize],
    number: u64,
    now: Timestamp,
    parties: Vec<PartyId>,
    sites: Vec<SiteId>,
    lots: Vec<LotId>,
    catalogues: Vec<CatalogueDigest>,
    assessments: Vec<AssessmentId>,
    plans: Vec<PlanId>,
    incidents: Vec<IncidentId>,
    permits: Vec<PermitId>,
    /// What was said about lots.
    said: Vec<StatementId>,
}

impl World {
    fn founded() -> Self {
        let origin: Origin = "fuzz.example/log".parse().expect("a key name");
        let mut world = Self {
            first: Replica::with_log(&origin),
            second: Replica::with_log(&origin),
            plain: Replica::new(),
            keys: [1, 2, 3].map(|seed| SigningKey::from_bytes(&[seed; 32])),
            number: 0,
            now: STARTED_AT,
            parties: Vec::new(),
            sites: Vec::new(),
            lots: Vec::new(),
            catalogues: Vec::new(),
            assessments: Vec::new(),
            plans: Vec::new(),
            incidents: Vec::new(),
            permits: Vec::new(),
            said: Vec::new(),
        };
        let payload = world.payload(0, &encode(&founding()));
        world.take(payload);
        assert!(world.first.deployment().is_some(), "the founding statement is admitted");
        world
    }

    /// The record with these bytes: themselves, or signed as the event that they are, or signed as they are.
    fn payload(&mut self, who: u8, bytes: &[u8]) -> Bytes {
        if who == UNSIGNED {
            return Bytes::copy_from_slice(bytes);
        }
        let key = &self.keys[usize::from(who % KEYS)];
        let public = PublicKey::from(key.verifying_key());
        let party = self.speaks_for(&public, who / KEYS % NAMES);
        let days = u16::from(who / KEYS / NAMES) * STEP_DAYS;
        self.number += 1;
        self.now = self.now.plus_days(days).plus_ms(1);
        let body = match decode_strict::<Event>(bytes, usize::MAX) {
            Ok(event) => {
                let event = self.aimed(event);
                encode(&Statement {
                    party,
                    number: self.number,
                    stated_at: self.now,
                    event,
                })
            }
            Err(_) => bytes.to_vec(),
        };
        let deployment = self.first.deployment().unwrap_or(DeploymentId::FOUNDING);
        let signed = [b"veta/statement/v1\n".as_slice(), deployment.as_bytes(), &body].concat();
        let signature = SignatureBytes(key.sign(&signed).to_bytes());
        let statement = SignedStatement {
            key: public,
            signature,
            body: Body(body),
        };
        Record::new(self.now, statement).encode().into()
    }

    /// The key's own party, or one of the others.
    fn speaks_for(&self, key: &PublicKey, name: u8) -> PartyId {
        if let Some(place) = usize::from(name).checked_sub(1) {
            return self.parties[place % self.parties.len()];
        }
        let known = self.first.ledger().key(key);
        known.map_or(PartyId::FOUNDER, |known| known.party)
    }

    /// The same event about what is there: a random id would name nothing.
    fn aimed(&self, mut event: Event) -> Event {
        match &mut event {
            Event::DeploymentFounded(_) | Event::PartyEnrolled(_) | Event::PolicySet(_) | Event::ReportPublished(_) => {
            }
            Event::KeyAuthorized(event) => {
                self.at_party(&mut event.party);
                self.at_key(&mut event.key);
            }
            Event::KeyRevoked(event) => self.at_key(&mut event.key),
            Event::SiteRegistered(event) => self.at_party(&mut event.operator),
            Event::DelegationGranted(event) => self.at_delegate(event),
            Event::DelegationRevoked(event) => self.at_party(&mut event.to),
            Event::AssessorAccredited(event) => self.at_party(&mut event.assessor),
            Event::AccreditationWithdrawn(event) => self.at_party(&mut event.assessor),
            Event::CataloguePublished(event) => {
                if let Some(superseded) = &mut event.supersedes {
                    self.at_catalogue(superseded);
                }
            }
            Event::AssessmentSubmitted(event) => {
                self.at_subject(&mut event.subject);
                self.at_catalogue(&mut event.catalogue);
            }
            Event::AssessmentConfirmed(event) => self.at_assessment(&mut event.assessment, &mut event.subject),
            Event::AssessmentContested(event) => self.at_assessment(&mut event.assessment, &mut event.subject),
            Event::AssessmentWithdrawn(event) => self.at_assessment(&mut event.assessment, &mut event.subject),
            Event::PlanAdopted(event) => self.at_catalogue(&mut event.catalogue),
            Event::MilestoneReported(event) => self.at_plan(&mut event.plan, Some(&mut event.organization)),
            Event::PlanExtended(event) => self.at_plan(&mut event.plan, None),
            Event::PlanClosed(event) => self.at_plan(&mut event.plan, Some(&mut event.organization)),
            Event::IncidentReported(event) => self.at_subject(&mut event.subject),
            Event::IncidentUpdated(event) => self.at_incident(&mut event.incident, &mut event.subject),
            Event::IncidentClosed(event) => self.at_incident(&mut event.incident, &mut event.subject),
            Event::StandingDecided(event) => self.at_party(&mut event.organization),
            Event::SiteAmended(event) => {
                self.at_site(&mut event.site);
                event.operator.iter_mut().for_each(|operator| self.at_party(operator));
            }
            Event::PermitRecorded(event) => {
                self.at_party(&mut event.holder);
                self.at_sites(&mut event.sites);
            }
            Event::PermitStatusChanged(event) => self.at_permit(event),
            Event::CapacityEstablished(event) => self.at_site(&mut event.site),
            event => self.aimed_at_lots(event),
        }
        event
    }

    /// The same of what is about lots.
    fn aimed_at_lots(&self, event: &mut Event) {
        match event {
            Event::LotDeclared(event) => self.at_site(&mut event.site),
            Event::CustodyOffered(event) => {
                self.at_party(&mut event.to);
                self.at_lot(&mut event.lot, &mut event.after);
            }
            Event::CustodyAccepted(event) => self.at_lot(&mut event.lot, &mut event.after),
            Event::CustodyDeclined(event) => self.at_lot(&mut event.lot, &mut event.after),
            Event::OfferWithdrawn(event) => self.at_lot(&mut event.lot, &mut event.after),
            Event::LotRetired(event) => self.at_lot(&mut event.lot, &mut event.after),
            Event::LotWeighed(event) => {
                self.at_lot(&mut event.lot, &mut event.after);
                event.witness.iter_mut().for_each(|witness| self.at_party(witness));
            }
            Event::LotSampled(event) => {
                self.at_lot(&mut event.lot, &mut event.after);
                event.witness.iter_mut().for_each(|witness| self.at_party(witness));
            }
            Event::LotAssayed(event) => {
                self.at_lot(&mut event.lot, &mut event.after);
                event.replaces.iter_mut().for_each(|assay| self.at_said(assay));
            }
            Event::LotSealed(event) => self.at_lot(&mut event.lot, &mut event.after),
            Event::SealBroken(event) => self.at_lot(&mut event.lot, &mut event.after),
            Event::TitleTransferred(event) => {
                self.at_party(&mut event.to);
                self.at_lot(&mut event.lot, &mut event.after);
            }
            Event::LotsTransformed(event) => {
                self.at_lots(&mut event.inputs);
                event.witness.iter_mut().for_each(|witness| self.at_party(witness));
            }
            Event::LotExported(event) => {
                self.at_lots(&mut event.lots);
                self.at_party(&mut event.importer);
            }
            Event::LotReceived(event) => self.at_lot(&mut event.lot, &mut event.after),
            Event::LotHeld(event) => aim(&mut event.lot, &self.lots, LotId::as_bytes),
            Event::LotReleased(event) => aim(&mut event.lot, &self.lots, LotId::as_bytes),
            Event::LotLost(event) => self.at_lot(&mut event.lot, &mut event.after),
            Event::CorrectionProposed(event) => {
                self.at_lot(&mut event.lot, &mut event.after);
                self.at_said(&mut event.target);
            }
            Event::CorrectionConfirmed(event) => {
                self.at_lot(&mut event.lot, &mut event.after);
                self.at_said(&mut event.proposal);
            }
            other => unreachable!("{} is aimed before", other.kind().name()),
        }
    }

    fn at_party(&self, party: &mut PartyId) {
        aim(party, &self.parties, PartyId::as_bytes);
    }

    fn at_key(&self, key: &mut PublicKey) {
        aim(key, &self.public_keys(), PublicKey::as_bytes);
    }

    fn at_catalogue(&self, catalogue: &mut CatalogueDigest) {
        aim(catalogue, &self.catalogues, CatalogueDigest::as_bytes);
    }

    fn at_subject(&self, subject: &mut Subject) {
        match subject {
            Subject::Party(party) => self.at_party(party),
            Subject::Site(site) => self.at_site(site),
        }
    }

    fn at_site(&self, site: &mut SiteId) {
        aim(site, &self.sites, SiteId::as_bytes);
    }

    /// In order again: their ids are not known beforehand.
    fn at_sites<const MAX: usize>(&self, sites: &mut List<SiteId, MAX>) {
        let mut aimed = sites.to_vec();
        aimed.iter_mut().for_each(|site| self.at_site(site));
        aimed.sort_unstable();
        aimed.dedup();
        *sites = aimed.try_into().expect("no more than there were");
    }

    fn at_delegate(&self, event: &mut DelegationGranted) {
        self.at_party(&mut event.to);
        self.at_sites(&mut event.sites);
    }

    fn at_permit(&self, event: &mut PermitStatusChanged) {
        aim(&mut event.permit, &self.permits, PermitId::as_bytes);
        self.at_sites(&mut event.sites);
        let known = self.first.ledger().permit(&event.permit);
        // With all of them in most cases: nothing else is admitted.
        if let Some(known) = known.filter(|_| !event.sites.is_empty()) {
            event.sites = known.sites.clone().try_into().expect("no more than were recorded");
        }
    }

    /// In order again, each as it is known last.
    fn at_lots<const MAX: usize>(&self, lots: &mut List<LotAfter, MAX>) {
        let mut aimed = lots.to_vec();
        for LotAfter { lot, after } in &mut aimed {
            self.at_lot(lot, after);
        }
        aimed.sort_unstable_by_key(|each| each.lot);
        aimed.dedup_by_key(|each| each.lot);
        *lots = aimed.try_into().expect("no more than there were");
    }

    fn at_said(&self, statement: &mut StatementId) {
        aim(statement, &self.said, StatementId::as_bytes);
    }

    fn at_assessment(&self, assessment: &mut AssessmentId, subject: &mut Subject) {
        aim(assessment, &self.assessments, AssessmentId::as_bytes);
        let known = self.first.ledger().assessment(assessment);
        aim(subject, known.map(|known| known.subject).as_slice(), subject_bytes);
    }

    fn at_incident(&self, incident: &mut IncidentId, subject: &mut Subject) {
        aim(incident, &self.incidents, IncidentId::as_bytes);
        let known = self.first.ledger().incident(incident);
        aim(subject, known.map(|known| known.subject).as_slice(), subject_bytes);
    }

    fn at_plan(&self, plan: &mut PlanId, organization: Option<&mut PartyId>) {
        aim(plan, &self.plans, PlanId::as_bytes);
        let known = self.first.ledger().plan(plan);
        if let Some(organization) = organization {
            aim(organization, known.map(|known| known.of).as_slice(), PartyId::as_bytes);
        }
    }

    fn at_lot(&self, lot: &mut LotId, after: &mut StatementId) {
        aim(lot, &self.lots, LotId::as_bytes);
        let known = self.first.ledger().lot(lot);
        aim(after, known.map(|known| known.latest).as_slice(), StatementId::as_bytes);
    }

    fn public_keys(&self) -> Vec<PublicKey> {
        self.keys.iter().map(|key| key.verifying_key().into()).collect()
    }

    fn take(&mut self, payload: Bytes) {
        self.try_on_stage(&payload);
        let steps = [
            self.first.step(check(self.first.deployment(), payload.clone())),
            self.second.step(check(None, payload.clone())),
            self.plain.step(check(self.plain.deployment(), payload.clone())),
        ];
        let [first, second, plain] = &steps;
        assert_eq!(first.position, self.first.position());
        assert_eq!((first.position, &first.verdict), (second.position, &second.verdict));
        assert_eq!((first.position, &first.verdict), (plain.position, &plain.verdict));
        let leaf = &first.logged().expect("memory does not fail").bytes;
        assert_eq!(*leaf, second.logged().expect("memory does not fail").bytes);
        let parsed = Leaf::parse(leaf).expect("a leaf can be read");
        assert_eq!(
            (parsed.verdict, parsed.record),
            (
                first.verdict.code(),
                &payload[..payload.len().min(LEAF_RECORD_BYTES_MAX)]
            )
        );
        self.remember(first);
    }

    /// What is staged and dropped leaves no trace.
    fn try_on_stage(&mut self, payload: &Bytes) {
        let Ok(record) = Record::decode(payload) else { return };
        let deployment = self.plain.deployment().unwrap_or(DeploymentId::FOUNDING);
        let admitted_at = record.admitted_at();
        let Ok(statement) = record.into_statement().verify(deployment) else {
            return;
        };
        let before = self.plain.ledger().digest();
        let mut staged = self.plain.stage();
        if let Ok(admitted) = staged.admit(&statement, admitted_at) {
            staged.apply(admitted);
        }
        drop(staged);
        assert_eq!(self.plain.ledger().digest(), before);
    }

    fn remember(&mut self, step: &Step) {
        let (Verdict::Admitted(changes), Some(statement)) = (&step.verdict, &step.statement) else {
            return;
        };
        assert!(!changes.is_empty(), "an admitted statement changes something");
        let id = statement.id();
        match statement.event() {
            Event::DeploymentFounded(_) | Event::PartyEnrolled(_) => self.parties.push(PartyId::derive(id, 0)),
            Event::SiteRegistered(_) => self.sites.push(SiteId::derive(id, 0)),
            Event::PermitRecorded(_) => self.permits.push(PermitId::derive(id, 0)),
            Event::LotDeclared(_) => self.lots.push(LotId::derive(id, 0)),
            Event::LotsTransformed(event) => {
                let outputs: Vec<_> = (0..)
                    .take(event.outputs.len())
                    .map(|place| LotId::derive(id, place))
                    .collect();
                self.no_gold_appears(event, &outputs);
                self.lots.extend(outputs);
            }
            Event::CataloguePublished(event) => self.catalogues.push(event.digest()),
            Event::AssessmentSubmitted(_) => self.assessments.push(AssessmentId::derive(id, 0)),
            Event::PlanAdopted(_) => self.plans.push(PlanId::derive(id, 0)),
            Event::IncidentReported(_) => self.incidents.push(IncidentId::derive(id, 0)),
            _ => {}
        }
        if statement.event().kind().topic() == Topic::Custody {
            self.said.push(id);
        }
        self.everything_stays_known();
    }

    /// What comes out can never be said to hold more gold than what went in.
    fn no_gold_appears(&self, event: &LotsTransformed, outputs: &[LotId]) {
        let ledger = self.first.ledger();
        let most = |lot: &LotId| ledger.lot(lot).expect("it was admitted").fine_mass_max;
        let went_in: Mass = event.inputs.iter().map(|input| most(&input.lot)).sum();
        let came_out: Mass = outputs.iter().map(most).sum();
        assert!(came_out <= went_in, "{came_out} out of {went_in}");
    }

    /// What came into the world never leaves it, whatever is withdrawn, closed or retired.
    fn everything_stays_known(&self) {
        let ledger = self.first.ledger();
        assert!(self.parties.iter().all(|id| ledger.party(id).is_some()));
        assert!(self.sites.iter().all(|id| ledger.site(id).is_some()));
        assert!(self.lots.iter().all(|id| ledger.lot(id).is_some()));
        assert!(self.catalogues.iter().all(|id| ledger.catalogue(id).is_some()));
        assert!(self.assessments.iter().all(|id| ledger.assessment(id).is_some()));
        assert!(self.plans.iter().all(|id| ledger.plan(id).is_some()));
        assert!(self.incidents.iter().all(|id| ledger.incident(id).is_some()));
        assert!(self.permits.iter().all(|id| ledger.permit(id).is_some()));
    }

    /// Until the instant that the ledger names next, what follows about an organization is what follows now.
    fn time_alone_changes_nothing_unannounced(&self) {
        let ledger = self.first.ledger();
        let now = ledger.clock();
        for party in &self.parties {
            let basis = ledger.basis(*party);
            let next = basis.next_change(now);
            let last = next.map_or(now.plus_days(u16::MAX), |next| next.plus_ms(-1));
            assert!(now <= last, "a change is announced for later");
            assert_eq!(
                basis.derive(now),
                basis.derive(last),
                "of {party} between {now} and {last}"
            );
        }
    }
}

/// Replaces an id by one that is there, chosen by its first byte, unless its second byte asks to be left alone.
fn aim<Id: Copy, const BYTES: usize>(id: &mut Id, known: &[Id], bytes: impl Fn(&Id) -> &[u8; BYTES]) {
    let &[first, second, ..] = &bytes(id)[..] else { return };
    if second < 0xf0 && !known.is_empty() {
        *id = known[usize::from(first) % known.len()];
    }
}

fn subject_bytes(subject: &Subject) -> &[u8; 16] {
    match subject {
        Subject::Party(party) => party.as_bytes(),
        Subject::Site(site) => site.as_bytes(),
    }
}
