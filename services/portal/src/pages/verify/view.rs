//! What a proof proves, as the page says it.

use event::vocabulary::Bar;
use event::{Mass, PartyId, SiteId};
use replay::bundle::{ComesFrom, Report};
use rpc::custody::LotForm;
use tlog::cosignature::CosignTime;

use super::super::lot::beside::Flag;
use crate::shell::word_key;

/// What a proof proves.
#[derive(Debug)]
pub(super) struct View {
    pub(super) lot_id: String,
    /// The log that it was checked against.
    pub(super) origin: String,
    /// How many entries it had.
    pub(super) tree_size: u64,
    /// Until when nothing was left out, in seconds since 1970; absent where the policy asks for no witness.
    pub(super) as_of_unix_s: Option<u64>,
    pub(super) witnesses: Vec<Witness>,
    /// Who has it: a name, or the id of who has none.
    pub(super) custodian: String,
    /// Whose it is; absent where that rests on what is not in the file.
    pub(super) owner: Option<String>,
    /// What it looks like, such as `lot-form-dust`.
    pub(super) form: String,
    /// What is stamped on it; absent where it is no bar.
    pub(super) bar: Option<Bar>,
    pub(super) gross_ug: u64,
    /// Gold, in micrograms; absent where nobody said how fine it is.
    pub(super) fine_ug: Option<u64>,
    /// How fine it is held to be, in parts per million; absent where nobody said.
    pub(super) fineness_ppm: Option<u32>,
    /// Whether its quantities are known not to be invented.
    pub(super) is_known_real: bool,
    pub(super) origins: Vec<Origin>,
    pub(super) holds: Vec<Hold>,
    pub(super) flags: Vec<Flag>,
    /// How many records are about the lot.
    pub(super) records: usize,
    /// Who signed what it rests on: names, or the ids of those who have none.
    pub(super) signers: Vec<String>,
    /// For how many records only the log says that the rules were kept.
    pub(super) rest_on_log: usize,
}

/// A witness of the policy that cosigned.
#[derive(Debug)]
pub(super) struct Witness {
    pub(super) name: String,
    pub(super) cosigned_at_unix_s: u64,
    /// Whether it decided every record again.
    pub(super) is_auditing: bool,
}

/// Where a part of the gold comes from.
#[derive(Debug)]
pub(super) struct Origin {
    /// A name, or the id of what has none.
    pub(super) from: String,
    /// Who declared it; absent where that is not in the file.
    pub(super) by: Option<String>,
    pub(super) share_ppm: u32,
}

/// A hold on the lot, or on what it was made of.
#[derive(Debug)]
pub(super) struct Hold {
    pub(super) lot_id: String,
    /// Why, in the words of who holds it.
    pub(super) reason: String,
}

impl View {
    pub(super) fn of(report: &Report) -> Self {
        let party = |id: PartyId| report.names.get(&id).cloned().unwrap_or_else(|| id.to_string());
        let site = |id: SiteId| report.site_names.get(&id).cloned().unwrap_or_else(|| id.to_string());
        let cosigned = &report.cosigned;
        Self {
            lot_id: report.lot_id.to_string(),
            origin: cosigned.checkpoint.origin.to_string(),
            tree_size: cosigned.checkpoint.size.get(),
            as_of_unix_s: cosigned.as_of.map(CosignTime::get),
            witnesses: cosigned
                .by
                .iter()
                .map(|(name, time)| Witness {
                    name: name.to_string(),
                    cosigned_at_unix_s: time.get(),
                    is_auditing: cosigned.auditors.contains(name),
                })
                .collect(),
            custodian: party(report.lot.custodian),
            owner: report.owner.map(party),
            form: word_key(LotForm::from(report.lot.form).as_str_name()),
            bar: report.bar().cloned(),
            gross_ug: report.lot.gross_mass.micrograms(),
            fine_ug: report.lot.fine_mass().map(Mass::micrograms),
            fineness_ppm: report.lot.content.map(|content| content.fineness.ppm()),
            is_known_real: !report.is_invented() && !report.is_cut,
            origins: report
                .origins
                .iter()
                .map(|share| Origin {
                    from: match share.from {
                        ComesFrom::Dug { site: id, .. } => site(id),
                        ComesFrom::Below { made } => made.to_string(),
                    },
                    by: match share.from {
                        ComesFrom::Dug { by, .. } => Some(party(by)),
                        ComesFrom::Below { .. } => None,
                    },
                    share_ppm: share.ppm,
                })
                .collect(),
            holds: report
                .holds
                .iter()
                .map(|hold| Hold {
                    lot_id: hold.lot.to_string(),
                    reason: hold.reason.clone(),
                })
                .collect(),
            flags: report.flags.iter().map(|raised| Flag::from(&raised.flag)).collect(),
            records: report.history.len(),
            signers: report.signers.iter().copied().map(party).collect(),
            rest_on_log: report.rests_on_log.len(),
        }
    }
}
