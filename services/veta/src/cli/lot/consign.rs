//! What takes lots across a border and into a refinery.

use std::path::Path;

use clap::Args;
use event::vocabulary::{Country, Line, LotAfter, LotExported, LotReceived, Reference, ShortText};
use event::{Date, Event, Mass, PartyId};
use service::clock::{Clock, SystemClock};

use super::{At, Known, On, Papers, Saying, Several, about, reference};
use crate::trade::deeds::in_order;
use crate::trade::desk::{self, agree, sign};
use crate::trade::quantity;
use crate::trouble::{Done, Trouble};

#[derive(Debug, Args)]
pub(in crate::cli) struct Export {
    #[command(flatten)]
    lots: Several,
    /// Whose certificate and its number, such as icglr:CD-0042.
    #[arg(long, value_name = "SOURCE:NUMBER", value_parser = reference)]
    certificate: Reference,
    /// Who issued it, in its own words.
    #[arg(long, value_name = "NAME")]
    authority: Line,
    /// The first day on which it is valid.
    #[arg(long, value_name = "DAY")]
    issued: Date,
    /// The last day on which it is valid.
    #[arg(long, value_name = "DAY")]
    expires: Date,
    /// What the certificate says that the lots weigh together; the sum of what they weigh where it is left out.
    #[arg(long, value_parser = quantity::mass)]
    mass: Option<Mass>,
    /// The country that they leave, in two letters, such as CD.
    #[arg(long, value_name = "COUNTRY")]
    from: Country,
    /// The country that they go to, in two letters, such as CH.
    #[arg(long, value_name = "COUNTRY")]
    to: Country,
    /// Who is to receive them: org-….
    #[arg(long, value_name = "PARTY")]
    importer: PartyId,
    /// The code of the harmonized system.
    #[arg(long, value_name = "CODE", default_value = "7108.12")]
    hs_code: ShortText,
    #[command(flatten)]
    papers: Papers,
    #[command(flatten)]
    saying: Saying,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Receive {
    #[command(flatten)]
    on: On,
    /// Your own number for it: unique for ever among yours.
    #[arg(long)]
    number: ShortText,
    /// When it arrived; today where it is left out.
    #[arg(long, value_name = "DAY")]
    arrived: Option<Date>,
    /// Its gross mass after it was molten, in grams, or in troy ounces, such as "400 oz".
    #[arg(long, value_parser = quantity::mass)]
    mass: Mass,
    /// Why it differs from what was declared, where it does.
    #[arg(long, value_name = "REASON")]
    discrepancy: Option<Line>,
    #[command(flatten)]
    papers: Papers,
    #[command(flatten)]
    saying: Saying,
}

impl Export {
    pub(super) async fn run(self, state: Option<&Path>, json: bool) -> Done {
        if self.expires < self.issued {
            return Err(Trouble::usage(format_args!(
                "the certificate is valid until {}, before {}: exchange --issued and --expires",
                self.expires, self.issued
            )));
        }
        if self.from == self.to {
            return Err(Trouble::usage(
                "an export goes to another country than it comes from: look at --from and --to",
            ));
        }
        let signer = self.saying.signing.signer(state, json)?;
        let known = self.lots.known(&signer, state).await?;
        let gross = known.iter().map(|(_, known)| known.facts.map(|facts| facts.gross_mass));
        let gross: Option<Mass> = gross.sum();
        let unknown = "what one of these lots weighs is not known here: name what the certificate says with --mass";
        let certified = self.mass.or(gross).ok_or_else(|| Trouble::usage(unknown))?;
        let mut shown: Vec<_> = known.iter().map(|(lot, known)| about(*lot, known)).collect();
        shown.extend(gross.map(|gross| format!("the certificate: {}", quantity::difference(gross, certified))));
        let lots = known.iter().map(|(lot, known)| LotAfter {
            lot: *lot,
            after: known.after,
        });
        let event = Event::LotExported(LotExported {
            lots: in_order(lots.collect())?,
            certificate: self.certificate,
            authority: self.authority,
            issued: self.issued,
            expires: self.expires,
            certified_gross_mass: certified,
            from: self.from,
            to: self.to,
            importer: self.importer,
            hs_code: self.hs_code,
            documents: self.papers.digests()?,
        });
        agree(&event, &shown, &signer)?;
        sign(event, &signer)?;
        self.saying.submitting.run(signer.queue, state, json).await
    }
}

impl Receive {
    pub(super) async fn run(self, state: Option<&Path>, json: bool) -> Done {
        let today = SystemClock.now().date();
        let arrived = self.arrived.unwrap_or(today);
        // Where the signer is, it may be tomorrow.
        if today.plus_days(1) < arrived {
            return Err(Trouble::usage(format_args!(
                "it cannot have arrived on {arrived}: today is {today}"
            )));
        }
        let documents = self.papers.digests()?;
        let deed = |At { lot, after }: At, known: &Known| {
            let event = Event::LotReceived(LotReceived {
                lot,
                after,
                refinery_lot: self.number,
                arrived,
                after_melt_mass: self.mass,
                discrepancy: self.discrepancy,
                documents,
            });
            Ok((event, vec![desk::weighed(known.facts, self.mass)]))
        };
        self.on.say_seeing(deed, self.saying, state, json).await
    }
}
