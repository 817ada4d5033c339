//! What lots become: melts, merges, splits, refined gold, bars.

use std::path::Path;

use clap::Args;
use event::vocabulary::{
    Bar, CustodyModel, FinenessClaim, FinenessMethod, LotAfter, LotForm, LotsTransformed, OUTPUTS_MAX, Output,
    ShortText, Transformation,
};
use event::{Event, Fineness, List, LotId, Mass, PartyId};
use signer::lots::Traits;

use super::{Known, Papers, Saying, Several, custody_model, form, method};
use crate::trade::balance::{Input, Stated};
use crate::trade::deeds::{in_order, numbered};
use crate::trade::desk::{agree, sign};
use crate::trade::quantity::{self, Lost};
use crate::trouble::{Done, Trouble};

#[derive(Debug, Args)]
pub(in crate::cli) struct Make {
    #[command(flatten)]
    lots: Several,
    #[command(flatten)]
    becoming: Becoming,
    /// The number of the melt.
    #[arg(long, value_name = "NUMBER")]
    melt: Option<ShortText>,
    /// Who else looked: org-….
    #[arg(long, value_name = "PARTY")]
    witness: Option<PartyId>,
    #[command(flatten)]
    papers: Papers,
    #[command(flatten)]
    saying: Saying,
}

/// What becomes of the lots.
#[derive(Debug, Args)]
struct Becoming {
    /// What comes out, residues too: FORM:GRAMS:FINENESS or FORM:GRAMS:FINENESS:METHOD, such as dore:24.2:920:xrf; by
    /// estimate where no method is named. Of a lot that is split, GRAMS alone. Again for several.
    #[arg(long, value_name = "OUTPUT", required = true, value_parser = out)]
    out: Vec<Out>,
    /// What is stamped on a bar: BRAND:SERIAL:YEAR, such as ACME:00017:2026; one for each --out, in their order.
    #[arg(long, value_name = "STAMPS", value_parser = bar)]
    bar: Vec<Bar>,
    /// A seal on what comes out: PLACE:NUMBER, such as 1:S-17 for the first --out. Again for several.
    #[arg(long, value_name = "SEAL", value_parser = seal)]
    seal: Vec<OnOutput>,
    /// The gross mass that is gone and will not be found again: a mass, or `rest` for all that is missing.
    #[arg(long, default_value = "0", value_name = "MASS", value_parser = quantity::lost)]
    lost: Lost,
    /// The gold in what is gone: a mass, or `rest` for all that is missing.
    #[arg(long, default_value = "0", value_name = "MASS", value_parser = quantity::lost)]
    lost_gold: Lost,
    /// What the outputs promise about mixing: identity-preserved, segregated or mass-balance; the most that can be promised
    /// of these lots where it is left out.
    #[arg(long, value_parser = custody_model, value_name = "MODEL")]
    custody_model: Option<CustodyModel>,
}

/// What comes out, as it was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Out {
    gross_mass: Mass,
    /// None where only a mass was named.
    looks: Option<(LotForm, FinenessClaim)>,
}

/// A seal on one of the outputs.
#[derive(Clone, Debug, PartialEq, Eq)]
struct OnOutput {
    /// Its place, counted from 1.
    place: usize,
    number: ShortText,
}

impl Make {
    pub(super) async fn run(self, how: Transformation, state: Option<&Path>, json: bool) -> Done {
        let becoming = &self.becoming;
        becoming.shape(how, self.lots.count())?;
        let signer = self.saying.signing.signer(state, json)?;
        let known = self.lots.known(&signer, state).await?;
        let input = |(lot, known): &(LotId, Known)| Input {
            lot: *lot,
            known: *known,
        };
        let inputs: Vec<_> = known.iter().map(input).collect();
        let outputs = becoming.outputs(how, &inputs)?;
        let stated = becoming.stated(how, &inputs, &outputs)?;
        let told = stated.told();
        let lots = inputs.iter().map(|input| LotAfter {
            lot: input.lot,
            after: input.known.after,
        });
        let event = Event::LotsTransformed(LotsTransformed {
            how,
            inputs: in_order(lots.collect())?,
            custody_model: becoming.model(&inputs)?,
            lost_gross_mass: stated.lost_gross_mass,
            lost_fine_mass: stated.lost_fine_mass,
            outputs: few(outputs)?,
            melt: self.melt,
            witness: self.witness,
            documents: self.papers.digests()?,
        });
        agree(&event, &told, &signer)?;
        sign(event, &signer)?;
        self.saying.submitting.run(signer.queue, state, json).await
    }
}

impl Becoming {
    /// What can be seen to be wrong without knowing any lot.
    fn shape(&self, how: Transformation, inputs: usize) -> Done {
        let (outputs, bars) = (self.out.len(), self.bar.len());
        let wrong = match how {
            Transformation::Split if inputs != 1 || outputs < 2 => {
                "one lot is split, and into several: name one lot, and --out for each part"
            }
            Transformation::Merge if inputs < 2 || outputs != 1 => {
                "several lots are put together into one: name them, and --out once"
            }
            Transformation::Cast if bars != outputs => {
                "every bar is stamped: name as many --bar as --out, in the same order"
            }
            Transformation::Melt | Transformation::Merge | Transformation::Split | Transformation::Refine
                if 0 < bars =>
            {
                "only what is cast is stamped: leave --bar out, or `cast`"
            }
            _ => return Ok(()),
        };
        Err(Trouble::usage(wrong))
    }

    fn outputs(&self, how: Transformation, inputs: &[Input]) -> Done<Vec<Output>> {
        let mut outputs = Vec::with_capacity(self.out.len());
        for (place, out) in (1..).zip(&self.out) {
            let (form, fineness) = match out.looks {
                Some(looks) => looks,
                None => unsaid(how, inputs)?,
            };
            let seals = self.seal.iter().filter(|seal| seal.place == place);
            outputs.push(Output {
                form,
                gross_mass: out.gross_mass,
                fineness,
                seals: numbered(seals.map(|seal| seal.number.clone()).collect(), "seal")?,
                bar: self.bar.get(place - 1).cloned(),
            });
        }
        if let Some(seal) = self.seal.iter().find(|seal| !(1..=outputs.len()).contains(&seal.place)) {
            return Err(Trouble::usage(format_args!(
                "the seal {} is for output {}, and there are {}",
                seal.number,
                seal.place,
                outputs.len()
            )));
        }
        Ok(outputs)
    }

    fn stated<'a>(&self, how: Transformation, inputs: &'a [Input], outputs: &'a [Output]) -> Done<Stated<'a>> {
        let nothing = Stated {
            how,
            inputs,
            outputs,
            lost_gross_mass: Mass::ZERO,
            lost_fine_mass: Mass::ZERO,
        };
        let unknown =
            || Trouble::usage("what goes in is not known here, so no rest can be told: name what is lost as a mass");
        let so_much = |lost: Lost, rest: Option<Mass>| match lost {
            Lost::Mass(mass) => Ok(mass),
            Lost::Rest => rest.ok_or_else(unknown),
        };
        let rest = nothing.rest();
        Ok(Stated {
            lost_gross_mass: so_much(self.lost, rest.map(|(gross, _)| gross))?,
            lost_fine_mass: so_much(self.lost_gold, rest.map(|(_, fine)| fine))?,
            ..nothing
        })
    }

    /// What was said, or the most that can be promised of the lots together.
    fn model(&self, inputs: &[Input]) -> Done<CustodyModel> {
        let traits: Option<Vec<Traits>> = inputs.iter().map(|input| input.known.traits).collect();
        let strongest = traits.as_deref().and_then(strongest);
        match (self.custody_model, strongest) {
            (Some(named), Some(strongest)) if named < strongest => Err(Trouble::usage(
                "a promise about mixing only weakens, and what several sites gave is at most segregated: name a weaker \
                 --custody-model, or leave it out",
            )),
            (Some(named), _) => Ok(named),
            (None, Some(strongest)) => Ok(strongest),
            (None, None) => Err(Trouble::usage(
                "what these lots promise about mixing is not known here: name --custody-model",
            )),
        }
    }
}

/// The strongest promise that still holds of lots together. Later models promise less.
fn strongest(lots: &[Traits]) -> Option<CustodyModel> {
    let weakest = lots.iter().map(|lot| lot.custody_model).max()?;
    let site = lots.first()?.site;
    let is_mixed = 1 < lots.len() && (site.is_none() || lots.iter().any(|lot| lot.site != site));
    Some(if is_mixed {
        weakest.max(CustodyModel::Segregated)
    } else {
        weakest
    })
}

/// What is split stays what it is.
fn unsaid(how: Transformation, inputs: &[Input]) -> Done<(LotForm, FinenessClaim)> {
    let whole = "write FORM:GRAMS:FINENESS, such as dore:24.2:920:xrf";
    let [input] = inputs else {
        return Err(Trouble::usage(whole));
    };
    if how != Transformation::Split {
        return Err(Trouble::usage(whole));
    }
    let facts = input.known.facts;
    let known = facts.and_then(|facts| Some((facts.form, facts.fineness?)));
    known.ok_or_else(|| {
        Trouble::usage(format_args!(
            "what {} looks like and how fine it is, is not known here: {whole}",
            input.lot
        ))
    })
}

fn few(outputs: Vec<Output>) -> Done<List<Output, OUTPUTS_MAX>> {
    let few = outputs.try_into();
    few.map_err(|_| Trouble::usage(format_args!("at most {OUTPUTS_MAX} lots come out of one step")))
}

/// Reads `dore:24.2:920:xrf`, or `24.2`.
fn out(text: &str) -> Result<Out, String> {
    let parts: Vec<_> = text.split(':').collect();
    let looks = |form_text, fineness: &str, method| {
        let fineness: Fineness = fineness
            .parse()
            .map_err(|error: event::units::UnitError| error.to_string())?;
        Ok::<_, String>(Some((form(form_text)?, FinenessClaim { fineness, method })))
    };
    let (mass, looks) = match parts.as_slice() {
        [mass] => (mass, None),
        [form, mass, fineness] => (mass, looks(form, fineness, FinenessMethod::Estimate)?),
        [form, mass, fineness, how] => (mass, looks(form, fineness, method(how)?)?),
        _ => {
            return Err(
                "write FORM:GRAMS:FINENESS or FORM:GRAMS:FINENESS:METHOD, such as dore:24.2:920:xrf".to_owned(),
            );
        }
    };
    Ok(Out {
        gross_mass: quantity::mass(mass)?,
        looks,
    })
}

/// Reads `ACME:00017:2026`; a brand may have a colon in it.
fn bar(text: &str) -> Result<Bar, String> {
    let usage = || "write BRAND:SERIAL:YEAR, such as ACME:00017:2026".to_owned();
    let (rest, year) = text.rsplit_once(':').ok_or_else(usage)?;
    let (brand, serial) = rest.rsplit_once(':').ok_or_else(usage)?;
    Ok(Bar {
        brand: short(brand)?,
        serial: short(serial)?,
        year: year.parse().map_err(|_| usage())?,
    })
}

/// Reads `1:S-17`.
fn seal(text: &str) -> Result<OnOutput, String> {
    let usage = || "write PLACE:NUMBER, such as 1:S-17 for the first --out".to_owned();
    let (place, number) = text.split_once(':').ok_or_else(usage)?;
    Ok(OnOutput {
        place: place.parse().map_err(|_| usage())?,
        number: short(number)?,
    })
}

fn short(text: &str) -> Result<ShortText, String> {
    ShortText::new(text).map_err(|error| error.to_string())
}
