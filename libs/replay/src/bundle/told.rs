//! A report, in plain words and for programs.

use core::fmt;

use event::vocabulary::QuantityBasis;
use event::{LotId, Mass, PartyId, SiteId, Timestamp};
use ledger::{End, FlagKind, FlagUnit};
use serde_json::{Value, json};
use tlog::cosignature::CosignTime;
use tlog::policy::Cosigned;

use super::BundleError;
use super::older::Bracket;
use super::origins::ComesFrom;
use super::report::{Entry, FLAGS_NOT_DECIDED, Raised, Report, Share};

impl Report {
    /// For programs: everything it says, under the same names for every program of ours.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let lot = &self.lot;
        json!({
            "verified": true,
            "lot": self.lot_id,
            "deployment": self.deployment,
            "deployment_name": self.deployment_name,
            "log": checkpoint_json(&self.cosigned),
            "older_checkpoints": self.older.iter().map(|older| json!({
                "tree_size": older.checkpoint.size.get(), "as_of": older.as_of.map(rfc3339),
            })).collect::<Vec<_>>(),
            "custodian": lot.custodian,
            "custodian_name": self.names.get(&lot.custodian),
            "owner": self.owner,
            "owner_name": self.owner.and_then(|owner| self.names.get(&owner)),
            "form": lot.form,
            "bar": self.bar(),
            "gross_mass_micrograms": lot.gross_mass.micrograms(),
            "fine_mass_micrograms": lot.fine_mass().map(Mass::micrograms),
            "fineness_ppm": lot.content.map(|content| content.fineness.ppm()),
            "quantity_invented": self.known(self.is_invented()),
            "end": lot.end.map(end_name),
            "became": self.became(),
            "exported_from": lot.exported.map(|country| country.to_string()),
            "depth": self.depth,
            "below": self.below,
            "origins": self.origins.iter().map(|share| self.share_json(share)).collect::<Vec<_>>(),
            "held": self.known(self.is_held),
            "holds": self.holds.iter().map(|hold| json!({
                "lot": hold.lot, "by": hold.by, "by_name": self.names.get(&hold.by), "index": hold.index.get(), "reason": hold.reason,
            })).collect::<Vec<_>>(),
            "flags": self.flags.iter().map(flag_json).collect::<Vec<_>>(),
            "history": self.history.iter().map(|entry| self.entry_json(entry)).collect::<Vec<_>>(),
            "rests_on": {
                "signers": self.signers,
                "signer_names": self.signers.iter().map(|party| self.names.get(party)).collect::<Vec<_>>(),
                "log": self.rests_on_log.iter().map(|index| index.get()).collect::<Vec<_>>(),
                "flags_not_decided": FLAGS_NOT_DECIDED.map(FlagKind::name),
                "auditing_witnesses": self.cosigned.auditors.iter().map(ToString::to_string).collect::<Vec<_>>(),
            },
        })
    }

    /// Whether its masses are invented, or those of what it was made of.
    #[must_use]
    pub fn is_invented(&self) -> bool {
        self.lot.basis == QuantityBasis::Illustrative
    }

    /// What would be so by something that is not in the bundle, too, is not known not to be.
    fn known(&self, is_so: bool) -> Option<bool> {
        (is_so || !self.is_cut).then_some(is_so)
    }

    /// The lots that it became.
    #[must_use]
    pub fn became(&self) -> Vec<LotId> {
        match self.lot.end {
            Some(End::Transformed { by, outputs }) => {
                (0..u32::from(outputs)).map(|place| LotId::derive(by, place)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn entry_json(&self, entry: &Entry) -> Value {
        let Bracket { not_before, not_after } = self.bracket(entry.index);
        json!({
            "index": entry.index.get(),
            "event": entry.statement.event().kind().name(),
            "party": entry.statement.party(),
            "party_name": self.names.get(&entry.statement.party()),
            "key": entry.statement.key(),
            "statement_id": entry.statement.id(),
            "stated_at": entry.statement.stated_at().to_string(),
            "admitted_at": entry.admitted_at.to_string(),
            "not_before": not_before.map(rfc3339),
            "not_after": not_after.map(rfc3339),
            "refused": entry.refused.map(ledger::Refusal::name),
        })
    }

    fn share_json(&self, share: &Share) -> Value {
        let (site, by, below) = match share.from {
            ComesFrom::Dug { site, by } => (Some(site), Some(by), None),
            ComesFrom::Below { made } => (None, None, Some(made)),
        };
        json!({
            "site": site,
            "site_name": site.and_then(|site| self.site_names.get(&site)),
            "by": by,
            "by_name": by.and_then(|by| self.names.get(&by)),
            "below": below,
            "fine_mass_micrograms": share.fine.micrograms(),
            "share_ppm": share.ppm,
        })
    }

    fn party(&self, id: PartyId) -> String {
        self.names.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }

    fn site(&self, id: SiteId) -> String {
        self.site_names.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }

    fn state(&self) -> String {
        let became = || self.became().iter().map(ToString::to_string).collect::<Vec<_>>();
        let state = match self.lot.end {
            None => "in the custody of".to_owned(),
            Some(End::Retired) => "retired; last in the custody of".to_owned(),
            Some(End::Lost) => "lost; last in the custody of".to_owned(),
            Some(End::Transformed { .. }) => format!("made into {}; last in the custody of", became().join(", ")),
        };
        let invented = if self.is_invented() {
            " (INVENTED for demonstration)"
        } else {
            ""
        };
        let custodian = self.party(self.lot.custodian);
        format!("{}{invented} {state} {custodian}", self.lot.gross_mass)
    }

    fn write_log(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cosigned {
            checkpoint,
            by,
            as_of,
            auditors,
            ..
        } = &self.cosigned;
        writeln!(
            f,
            "verified: everything about {} in the log {}",
            self.lot_id, checkpoint.origin
        )?;
        match as_of {
            Some(as_of) => writeln!(f, "complete as of {} ({} entries)", rfc3339(*as_of), checkpoint.size)?,
            None => writeln!(
                f,
                "complete as of its {} entries; your policy asks no witness when that was, and whether others were shown the same",
                checkpoint.size
            )?,
        }
        for (name, time) in by {
            let audits = if auditors.contains(name) {
                ", and decided every record again"
            } else {
                ""
            };
            writeln!(f, "  {name} saw it at {}{audits}", rfc3339(*time))?;
        }
        Ok(())
    }

    fn write_lot(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{}", self.state())?;
        let gold = self.lot.fine_mass().map_or_else(
            || "nobody said how fine it is".to_owned(),
            |gold| format!("{gold} of gold in it"),
        );
        match self.owner {
            Some(owner) => writeln!(f, "owned by {}; {gold}", self.party(owner))?,
            None => writeln!(f, "whose it is rests on what is not in this bundle; {gold}")?,
        }
        for share in &self.origins {
            let percent = percent(share.ppm);
            match share.from {
                ComesFrom::Dug { site, by } => writeln!(
                    f,
                    "  {percent} dug at {}, by {} ({})",
                    self.site(site),
                    self.party(by),
                    share.fine
                )?,
                ComesFrom::Below { made } => writeln!(
                    f,
                    "  {percent} of what {made} was made of, which is not in this bundle ({})",
                    share.fine
                )?,
            }
        }
        if let Some(depth) = self.depth {
            let below = self.below.len();
            writeln!(
                f,
                "what it was made of is in this bundle {depth} steps back; {below} lots before that are not,"
            )?;
            writeln!(f, "nor whether one of those is held")?;
        }
        Ok(())
    }

    fn write_times(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\nits records, when they were admitted by the log's clock, and when they came by your witnesses' clocks:"
        )?;
        for entry in &self.history {
            let came = self.bracket(entry.index);
            writeln!(f, "  entry {} at {}: {came}", entry.index, entry.admitted_at)?;
        }
        Ok(())
    }

    fn write_warnings(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_held {
            writeln!(
                f,
                "HELD: it, or a lot that it was made of, does not move until the hold is released"
            )?;
        }
        for hold in &self.holds {
            writeln!(f, "  {} is held by {}: {}", hold.lot, self.party(hold.by), hold.reason)?;
        }
        for raised in &self.flags {
            let of = if raised.flag.lot == self.lot_id {
                String::new()
            } else {
                format!(" ({})", raised.flag.lot)
            };
            writeln!(
                f,
                "flag {}{of}: {}{}",
                raised.flag.kind.name(),
                raised.flag.kind.text(),
                figures(raised)
            )?;
        }
        let refused: Vec<_> = self.history.iter().filter(|entry| entry.refused.is_some()).collect();
        for entry in refused {
            let refusal = entry.refused.expect("filtered");
            let event = entry.statement.event().kind().name();
            let party = self.party(entry.statement.party());
            writeln!(f, "refused at entry {}: {event} by {party}: {refusal}", entry.index)?;
        }
        Ok(())
    }

    fn write_trust(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signers: Vec<_> = self.signers.iter().map(|party| self.party(*party)).collect();
        writeln!(f, "\nrests on what they signed: {}", signers.join(", "))?;
        let kinds: Vec<_> = FLAGS_NOT_DECIDED.iter().map(|kind| kind.name()).collect();
        let whose = if self.cosigned.auditors.is_empty() {
            "rests on the log's word alone, since no auditing witness of your policy cosigned".to_owned()
        } else {
            let auditors: Vec<_> = self.cosigned.auditors.iter().map(ToString::to_string).collect();
            format!("rests on the log's word, which {} decided again", auditors.join(", "))
        };
        writeln!(
            f,
            "{whose}: that no rule about what else a site gave or a party did was broken"
        )?;
        if !self.rests_on_log.is_empty() {
            writeln!(f, "  and the verdict on {} of these records", self.rests_on_log.len())?;
        }
        writeln!(f, "not decided by these records: the flags {}", kinds.join(", "))?;
        writeln!(f, "It proves what was said, by whom and in which order, and no origin.")
    }
}

/// In plain words.
impl fmt::Display for Bracket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.not_before.map(rfc3339), self.not_after.map(rfc3339)) {
            (Some(before), Some(after)) => write!(f, "between {before} and {after}"),
            (Some(before), None) => write!(f, "not before {before}"),
            (None, Some(after)) => write!(f, "not after {after}"),
            (None, None) => write!(f, "no time known"),
        }
    }
}

/// In plain words, line by line.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_log(f)?;
        self.write_lot(f)?;
        self.write_times(f)?;
        self.write_warnings(f)?;
        self.write_trust(f)
    }
}

impl BundleError {
    /// For programs: that a bundle proves nothing, and why.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({"verified": false, "reason": self.name(), "message": self.to_string()})
    }
}

fn checkpoint_json(cosigned: &Cosigned) -> Value {
    let witnesses = cosigned.by.iter().map(|(name, time)| {
        json!({"name": name.to_string(), "cosigned_at": rfc3339(*time), "auditing": cosigned.auditors.contains(name)})
    });
    json!({
        "origin": cosigned.checkpoint.origin.to_string(),
        "vkey": cosigned.log.to_string(),
        "tree_size": cosigned.checkpoint.size.get(),
        "root": cosigned.checkpoint.root.to_string(),
        "complete_as_of": cosigned.as_of.map(rfc3339),
        "witnesses": witnesses.collect::<Vec<_>>(),
    })
}

fn flag_json(raised: &Raised) -> Value {
    let flag = &raised.flag;
    json!({
        "kind": flag.kind.name(), "text": flag.kind.text(), "lot": flag.lot, "index": raised.index.get(),
        "found": flag.found, "line": flag.line, "other": flag.other,
    })
}

fn figures(raised: &Raised) -> String {
    let (found, line) = (raised.flag.found, raised.flag.line);
    let mass = |micrograms| Mass::from_micrograms(micrograms).to_string();
    match raised.flag.kind.unit() {
        FlagUnit::None => String::new(),
        FlagUnit::Ppm => format!(": {found} where the line is {line} parts per million"),
        FlagUnit::Micrograms => format!(": {} where the line is {}", mass(found), mass(line)),
        FlagUnit::Days => format!(": {found} days where the line is {line}"),
        FlagUnit::Times => format!(": {found} times where the line is {line}"),
    }
}

const fn end_name(end: End) -> &'static str {
    match end {
        End::Transformed { .. } => "transformed",
        End::Retired => "retired",
        End::Lost => "lost",
    }
}

/// Parts per million, rounded down to a hundredth of a percent.
fn percent(ppm: u32) -> String {
    format!("{}.{:02} %", ppm / 10_000, ppm % 10_000 / 100)
}

fn rfc3339(time: CosignTime) -> String {
    let seconds = i64::try_from(time.get()).unwrap_or(i64::MAX);
    Timestamp::from_unix_ms(seconds.saturating_mul(1_000)).to_string()
}
