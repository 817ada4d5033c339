//! By which policy a lot is judged, and how the verdict is shown.

use axum::extract::Multipart;
use axum::extract::multipart::Field;
use diligence::POLICY_BYTES_MAX;

use crate::asked::Query;
use crate::trouble::Trouble;

/// Bytes of the form at most: a policy in each of its two fields, and what stands around them.
pub(in super::super) const BODY_BYTES_MAX: usize = 2 * POLICY_BYTES_MAX + 4 * 1024;

/// The policies that come with the portal; their texts are `policy-<name>` and `policy-<name>-why`.
pub(crate) const SHIPPED: [(&str, &str); 3] = [
    (
        "progressive",
        include_str!("../../../../../deploy/policies/progressive.toml"),
    ),
    (
        "legal-title",
        include_str!("../../../../../deploy/policies/legal-title.toml"),
    ),
    ("strict", include_str!("../../../../../deploy/policies/strict.toml")),
];

/// The fields: which policy, one's own as a text or as a file, and how the verdict is shown.
const POLICY: &str = "policy";
const TEXT: &str = "text";
const FILE: &str = "file";
const AS: &str = "as";
/// What stands for a policy of one's own.
const OWN: &str = "own";

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) chosen: Chosen,
    pub(crate) shown: Shown,
}

/// Which policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// None: what counts whatever a policy says.
    Nothing,
    /// One that is shipped, by its name, with its text.
    Shipped(&'static str, &'static str),
    /// The text of one's own.
    Own(String),
}

/// How the verdict is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// With the form to ask again.
    Page,
    /// To print and keep: all of it, and nothing to press.
    Dossier,
    /// As a file for programs.
    File,
}

impl Chosen {
    /// Its text; none where none was chosen.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Nothing => None,
            Self::Shipped(_, text) => Some(text),
            Self::Own(text) => Some(text),
        }
    }
}

impl Asked {
    /// By this policy, to be read by whoever asks.
    pub(crate) fn to_read(chosen: Chosen) -> Self {
        let shown = Shown::Page;
        Self { chosen, shown }
    }

    pub(crate) fn of_query(query: &Query) -> Result<Self, Trouble> {
        let given = |name| query.get(name).unwrap_or_default();
        let chosen = match given(POLICY) {
            "" => Chosen::Nothing,
            name => shipped(name)?,
        };
        Ok(Self {
            chosen,
            shown: shown(given(AS))?,
        })
    }

    pub(crate) async fn of_form(mut form: Multipart) -> Result<Self, Trouble> {
        let [mut policy, mut text, mut file, mut how] = [const { String::new() }; 4];
        while let Some(field) = form
            .next_field()
            .await
            .map_err(|error| Trouble::of_form(&error, POLICY_BYTES_MAX))?
        {
            let into: &mut String = match field.name() {
                Some(POLICY) => &mut policy,
                Some(TEXT) => &mut text,
                Some(FILE) => &mut file,
                Some(AS) => &mut how,
                _ => continue,
            };
            *into = read(field).await?;
        }
        // A browser ends every line that was typed with two bytes, and a file stays as it is.
        let own = if file.is_empty() {
            text.replace("\r\n", "\n")
        } else {
            file
        };
        let chosen = match policy.as_str() {
            OWN => Chosen::Own(own),
            // Who wrote or chose one of his own, and no other, means it.
            "" if !own.trim().is_empty() => Chosen::Own(own),
            "" => Chosen::Nothing,
            name => shipped(name)?,
        };
        Ok(Self {
            chosen,
            shown: shown(&how)?,
        })
    }
}

async fn read(field: Field<'_>) -> Result<String, Trouble> {
    let bytes = field
        .bytes()
        .await
        .map_err(|error| Trouble::of_form(&error, POLICY_BYTES_MAX))?;
    String::from_utf8(bytes.into()).map_err(|_| Trouble::Asked("a policy is a text in UTF-8".to_owned()))
}

pub(crate) fn shipped(name: &str) -> Result<Chosen, Trouble> {
    let found = SHIPPED.iter().find(|(shipped, _)| *shipped == name);
    let unknown = || Trouble::Asked("`policy` is progressive, legal-title or strict".to_owned());
    found
        .map(|(name, text)| Chosen::Shipped(name, text))
        .ok_or_else(unknown)
}

fn shown(how: &str) -> Result<Shown, Trouble> {
    match how {
        "" => Ok(Shown::Page),
        "dossier" => Ok(Shown::Dossier),
        "json" => Ok(Shown::File),
        _ => Err(Trouble::Asked("`as` is dossier or json".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shipped_is_a_policy() {
        for (name, text) in SHIPPED {
            assert!(inquiry::policy::faults(text).is_empty(), "{name}");
            assert_eq!(shipped(name).unwrap(), Chosen::Shipped(name, text));
        }
        assert!(shipped("lenient").is_err() && shipped(OWN).is_err());
    }
}
