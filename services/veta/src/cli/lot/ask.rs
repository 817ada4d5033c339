//! Which lots a number names.

use std::path::Path;

use clap::Args;
use event::PartyId;
use event::vocabulary::Reference;
use rpc::custody::find_lots_request::Query;
use rpc::custody::{BarQuery, RefineryLotQuery};

use super::{Moment, custody, reference};
use crate::show;
use crate::trouble::Done;

#[derive(Debug, Args)]
pub(in crate::cli) struct Find {
    #[command(flatten)]
    number: Number,
    /// Who gave the number of the bar, or in whose books the lot is: org-….
    #[arg(long, value_name = "PARTY")]
    refiner: Option<PartyId>,
    /// The brand of the bar.
    #[arg(long, requires = "bar")]
    brand: Option<String>,
    /// The year in which the bar was made.
    #[arg(long, requires = "bar")]
    year: Option<u16>,
    #[command(flatten)]
    when: Moment,
}

/// Which number.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Number {
    /// Of a seal, a tag or a sample.
    #[arg(long, value_name = "NUMBER")]
    seal: Option<String>,
    /// Of an export certificate, such as icglr:CD-0042.
    #[arg(long, value_name = "SOURCE:NUMBER", value_parser = reference)]
    certificate: Option<Reference>,
    /// Of a bar: its serial number.
    #[arg(long, value_name = "SERIAL")]
    bar: Option<String>,
    /// Of a melt. Those who melt do not number alike.
    #[arg(long, value_name = "NUMBER")]
    melt: Option<String>,
    /// A refiner's own.
    #[arg(long, value_name = "NUMBER")]
    refinery_lot: Option<String>,
}

impl Find {
    pub(super) async fn run(self, state: Option<&Path>, json: bool) -> Done {
        let asked = self.when.asked(json);
        show::find(&custody(state).await?, self.query(), asked).await
    }

    fn query(self) -> Query {
        let Number {
            seal,
            certificate,
            bar,
            melt,
            refinery_lot,
        } = self.number;
        let refiner_id = self.refiner.map(|refiner| refiner.to_string()).unwrap_or_default();
        let seal = seal.map(Query::Seal);
        let certificate = certificate
            .as_ref()
            .map(|certificate| Query::Certificate(certificate.into()));
        let bar = bar.map(|serial| {
            Query::Bar(BarQuery {
                serial,
                refiner_id: refiner_id.clone(),
                brand: self.brand.unwrap_or_default(),
                year: self.year.unwrap_or_default().into(),
            })
        });
        let melt = melt.map(Query::Melt);
        let refinery_lot = refinery_lot.map(|number| Query::RefineryLot(RefineryLotQuery { number, refiner_id }));
        let named = seal.or(certificate).or(bar).or(melt).or(refinery_lot);
        named.expect("clap asks for one of them")
    }
}
