//! What has changed from one version of a catalogue to another, and whether answers can still be compared.

use core::fmt;
use std::collections::BTreeSet;

use event::vocabulary::{Module, Pillar, Scale, Slug, Unit};

use crate::error::Part;
use crate::language::Texts;
use crate::{Catalogue, Criterion, Indicator, Language};

/// What has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    /// Whether the newer one says that it supersedes the older one. Where it does not, no answer carries over,
    /// whatever the two have in common; they are then set side by side by slug.
    pub supersedes: bool,
    /// The changes: criteria, then indicators, in the newer one's order, then what is gone.
    pub changes: Vec<Change>,
}

impl Diff {
    /// Whether an answer from before `change` may be compared with one from after it.
    #[must_use]
    pub const fn comparable(&self, change: &Change) -> bool {
        self.supersedes && change.kind.keeps_answers()
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Of what, by its newer name; what is gone, by its older one.
    pub part: Part,
    /// What has changed.
    pub kind: ChangeKind,
}

/// What has changed about a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It was not there.
    Added,
    /// It is gone.
    Removed,
    /// It had another slug.
    Renamed {
        /// Which one.
        from: Slug,
    },
    /// It is answered in another way, and so it is another criterion of the same name.
    Scale {
        /// How it was.
        from: Scale,
        /// How it is.
        to: Scale,
    },
    /// It is measured in something else, and so it is another indicator of the same name.
    Unit {
        /// What it was.
        from: Unit,
        /// What it is.
        to: Unit,
    },
    /// It means something else for a buyer.
    Module {
        /// What it was.
        from: Option<Module>,
        /// What it is.
        to: Option<Module>,
    },
    /// It is shown under another pillar.
    Pillar {
        /// Which one it was.
        from: Option<Pillar>,
        /// Which one it is.
        to: Option<Pillar>,
    },
    /// It is shown with others.
    Theme {
        /// Which ones they were.
        from: Option<Slug>,
        /// Which ones they are.
        to: Option<Slug>,
    },
    /// Its title or question reads differently; the author of the newer version says that it means the same.
    Wording {
        /// In which languages, also those that only one of both has.
        languages: BTreeSet<Language>,
    },
}

impl ChangeKind {
    /// Whether an answer from before still answers what is asked now.
    #[must_use]
    pub const fn keeps_answers(&self) -> bool {
        match self {
            Self::Added | Self::Removed | Self::Scale { .. } | Self::Unit { .. } => false,
            Self::Renamed { .. }
            | Self::Module { .. }
            | Self::Pillar { .. }
            | Self::Theme { .. }
            | Self::Wording { .. } => true,
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { part, kind } = self;
        match kind {
            ChangeKind::Added => write!(f, "{part} is new"),
            ChangeKind::Removed => write!(f, "{part} is gone"),
            ChangeKind::Renamed { from } => write!(f, "{part} was called {from}"),
            ChangeKind::Scale { from, to } => write!(f, "{part} is answered as {to:?}, was {from:?}"),
            ChangeKind::Unit { from, to } => write!(f, "{part} is measured in {to:?}, was {from:?}"),
            ChangeKind::Module { from, to } => {
                let number = |module: &Option<Module>| or_none(module.map(Module::number));
                write!(f, "{part} is in module {}, was in {}", number(to), number(from))
            }
            ChangeKind::Pillar { from, to } => {
                let name = |pillar: &Option<Pillar>| or_none(pillar.map(|pillar| format!("{pillar:?}")));
                write!(f, "{part} is under {}, was under {}", name(to), name(from))
            }
            ChangeKind::Theme { from, to } => {
                let name = |theme: &Option<Slug>| or_none(theme.as_ref());
                write!(f, "{part} has the theme {}, had {}", name(to), name(from))
            }
            ChangeKind::Wording { languages } => {
                let codes: Vec<_> = languages.iter().map(|language| language.code()).collect();
                write!(f, "{part} is worded differently: {}", codes.join(", "))
            }
        }
    }
}

fn or_none(value: Option<impl fmt::Display>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}

/// What has changed from `old` to `new`.
#[must_use]
pub fn diff(old: &Catalogue, new: &Catalogue) -> Diff {
    let supersedes = new.published().supersedes == Some(old.digest());
    let mut changes = Vec::new();
    let before: Vec<_> = old.criteria().collect();
    let after: Vec<_> = new.criteria().collect();
    compare(&before, &after, supersedes, &mut changes);
    let before: Vec<_> = old.indicators().collect();
    let after: Vec<_> = new.indicators().collect();
    compare(&before, &after, supersedes, &mut changes);
    Diff { supersedes, changes }
}

/// What criteria and indicators have in common for a comparison.
trait Item {
    fn slug(&self) -> &Slug;
    fn replaces(&self) -> Option<u16>;
    fn part(&self) -> Part;
    /// What differs from `old`, that one being the same thing before.
    fn differences(&self, old: &Self) -> Vec<ChangeKind>;
}

impl Item for Criterion<'_> {
    fn slug(&self) -> &Slug {
        self.slug
    }

    fn replaces(&self) -> Option<u16> {
        self.replaces
    }

    fn part(&self) -> Part {
        Part::Criterion(self.slug.clone())
    }

    fn differences(&self, old: &Self) -> Vec<ChangeKind> {
        let (from, to) = (old.scale, self.scale);
        let scale = (from != to).then_some(ChangeKind::Scale { from, to });
        let (from, to) = (old.module, self.module);
        let module = (from != to).then_some(ChangeKind::Module { from, to });
        let pillar = pillar(old.pillar, self.pillar);
        let theme = theme(old.theme, self.theme);
        let wording = wording(&[(old.titles, self.titles), (old.questions, self.questions)]);
        [scale, module, pillar, theme, wording].into_iter().flatten().collect()
    }
}

impl Item for Indicator<'_> {
    fn slug(&self) -> &Slug {
        self.slug
    }

    fn replaces(&self) -> Option<u16> {
        self.replaces
    }

    fn part(&self) -> Part {
        Part::Indicator(self.slug.clone())
    }

    fn differences(&self, old: &Self) -> Vec<ChangeKind> {
        let (from, to) = (old.unit, self.unit);
        let unit = (from != to).then_some(ChangeKind::Unit { from, to });
        let pillar = pillar(old.pillar, self.pillar);
        let theme = theme(old.theme, self.theme);
        let wording = wording(&[(old.titles, self.titles), (old.questions, self.questions)]);
        [unit, pillar, theme, wording].into_iter().flatten().collect()
    }
}

fn pillar(from: Option<Pillar>, to: Option<Pillar>) -> Option<ChangeKind> {
    (from != to).then_some(ChangeKind::Pillar { from, to })
}

fn theme(from: Option<&Slug>, to: Option<&Slug>) -> Option<ChangeKind> {
    let (from, to) = (from.cloned(), to.cloned());
    (from != to).then_some(ChangeKind::Theme { from, to })
}

fn wording(pairs: &[(&Texts, &Texts)]) -> Option<ChangeKind> {
    let differs = |language: &Language| pairs.iter().any(|(old, new)| old.get(*language) != new.get(*language));
    let languages: BTreeSet<_> = Language::ALL.into_iter().filter(differs).collect();
    (!languages.is_empty()).then_some(ChangeKind::Wording { languages })
}

fn compare<T: Item>(before: &[T], after: &[T], supersedes: bool, changes: &mut Vec<Change>) {
    let mut kept = BTreeSet::new();
    for new in after {
        let part = new.part();
        let old = match new.replaces().filter(|_| supersedes) {
            Some(place) => before.get(usize::from(place)),
            None => before.iter().find(|old| old.slug() == new.slug()),
        };
        let Some(old) = old else {
            changes.push(Change {
                part,
                kind: ChangeKind::Added,
            });
            continue;
        };
        kept.insert(old.slug());
        let renamed = (old.slug() != new.slug()).then(|| ChangeKind::Renamed {
            from: old.slug().clone(),
        });
        let kinds = renamed.into_iter().chain(new.differences(old));
        changes.extend(kinds.map(|kind| Change {
            part: part.clone(),
            kind,
        }));
    }
    let gone = before.iter().filter(|old| !kept.contains(old.slug()));
    changes.extend(gone.map(|old| Change {
        part: old.part(),
        kind: ChangeKind::Removed,
    }));
}
