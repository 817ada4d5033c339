//! What a statement says, in the reader's words: the facts of `wording` under names of his language, every id a link.

use std::borrow::Cow;
use std::collections::BTreeMap;

use askama::Template;
use askama::filters::HtmlSafe;
use serde::Serialize;
use utoipa::openapi::schema::{Array, ObjectBuilder, Schema, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};
use wording::{Fact, IdKind, Told, Value};

use crate::shell::Shell;

/// What parties and sites call themselves, by their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(transparent)]
pub struct Names(BTreeMap<String, String>);

/// Facts as a list of terms.
#[derive(Debug, Template)]
#[template(
    source = "<dl class=\"facts\">{% for fact in facts %}<dt>{{ s.fact(fact) }}</dt><dd>{{ self.shown(fact) }}</dd>{% endfor %}</dl>",
    ext = "html"
)]
pub struct Facts<'a> {
    s: &'a Shell,
    names: &'a Names,
    facts: &'a [Fact],
}

/// One value.
#[derive(Debug, Template)]
#[template(path = "told.html")]
struct Shown<'a> {
    s: &'a Shell,
    names: &'a Names,
    value: &'a Value,
}

/// How [`Told`] is described to programs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ToldSchema {}

/// How a [`Fact`] is described to programs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FactSchema {}

impl PartialSchema for ToldSchema {
    fn schema() -> RefOr<Schema> {
        let object = ObjectBuilder::new()
            .description(Some("What a statement says."))
            .property("kind", text("Its kind, such as `lot-declared`."))
            .required("kind")
            .property("facts", Array::new(Ref::from_schema_name(FactSchema::name())))
            .required("facts");
        object.into()
    }
}

impl ToSchema for ToldSchema {
    fn name() -> Cow<'static, str> {
        "Told".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((FactSchema::name().into(), FactSchema::schema()));
    }
}

impl PartialSchema for FactSchema {
    fn schema() -> RefOr<Schema> {
        let kinds = [
            "nothing", "text", "flag", "word", "id", "mass", "fineness", "share", "date", "instant", "position",
            "number", "digest", "key", "country", "list", "facts",
        ];
        let kind = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(kinds));
        let value = ObjectBuilder::new()
            .description(Some(
                "What is said. Beside `type` stands what there is of such a value: the `text`; whether it `is`; the `word` of an \
                 enum, which one it is of, and what is said `with` it; an `id` and its `kind`; `micrograms`; `ppm`; a `date`; \
                 `unix_ms`; a `position`; a `number`; a `digest`; a `key`; a `country`; the `items` of a list, which are such \
                 values; `facts` that belong together. Integers that can be longer than 53 bits are text.",
            ))
            .property("type", kind)
            .required("type");
        let object = ObjectBuilder::new()
            .description(Some("One thing that is said."))
            .property("of", text("What it is a fact of, such as `lot-declared` or `period`."))
            .required("of")
            .property("label", text("Its name, such as `gross-mass`."))
            .required("label")
            .property("value", value)
            .required("value");
        object.into()
    }
}

impl ToSchema for FactSchema {
    fn name() -> Cow<'static, str> {
        "Fact".into()
    }
}

fn text(description: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
}

impl HtmlSafe for Facts<'_> {}
impl HtmlSafe for Shown<'_> {}

impl Names {
    /// What somebody or something calls itself; nothing where that is not known.
    #[must_use]
    pub fn of(&self, id: &str) -> &str {
        self.0.get(id).map_or("", String::as_str)
    }
}

impl FromIterator<(String, String)> for Names {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(named: I) -> Self {
        Self(named.into_iter().collect())
    }
}

impl Shell {
    /// All that a statement says.
    #[must_use]
    pub(crate) fn told<'a>(&'a self, told: &'a Told, names: &'a Names) -> Facts<'a> {
        Facts {
            s: self,
            names,
            facts: &told.facts,
        }
    }

    /// The kind of a statement, such as `lot-declared`.
    #[must_use]
    pub(crate) fn kind(&self, kind: &str) -> String {
        self.t(&format!("event-kind-{kind}"))
    }

    /// The name of a fact: that of its kind, or the one that it has everywhere.
    #[must_use]
    pub(crate) fn fact(&self, fact: &Fact) -> String {
        self.label(&fact.of, &fact.label)
    }

    /// The name of a fact, by what it is a fact of and its label.
    #[must_use]
    pub(crate) fn label(&self, of: &str, label: &str) -> String {
        let own = format!("fact-{of}-{label}");
        if self.language.has(&own) {
            return self.t(&own);
        }
        self.t(&format!("fact-{label}"))
    }

    /// Why a statement is refused.
    #[must_use]
    pub(crate) fn refusal(&self, code: u16) -> String {
        let key = format!("refusal-{code}");
        if self.language.has(&key) {
            return self.t(&key);
        }
        self.t("refusal-unknown")
    }
}

impl<'a> Facts<'a> {
    fn shown(&self, fact: &'a Fact) -> Shown<'a> {
        Shown {
            s: self.s,
            names: self.names,
            value: &fact.value,
        }
    }
}

impl<'a> Shown<'a> {
    fn within(&self, value: &'a Value) -> Self {
        Self { value, ..*self }
    }

    fn facts(&self, facts: &'a [Fact]) -> Facts<'a> {
        Facts {
            s: self.s,
            names: self.names,
            facts,
        }
    }

    /// Where there is a page of it; nothing elsewhere. What nobody enrolled or registered has no name and no page: refused
    /// statements name such things, and the founding one speaks for a party that it only makes.
    fn page(&self, kind: IdKind, id: &str) -> Option<String> {
        let is_known = !self.names.of(id).is_empty();
        let under = match kind {
            IdKind::Party if is_known => "/orgs/",
            IdKind::Site if is_known => "/sites/",
            IdKind::Lot => "/lots/",
            IdKind::Statement => "/statements/",
            _ => return None,
        };
        Some(self.s.link(&format!("{under}{id}")))
    }

    /// Whether something in a list needs lines of its own.
    #[expect(clippy::unused_self, reason = "templates call methods only")]
    fn is_long(&self, items: &[Value]) -> bool {
        let is_tree = |item: &Value| matches!(item, Value::Facts { .. } | Value::Word { with: Some(_), .. });
        items.iter().any(is_tree)
    }

    fn number(&self, number: i128) -> String {
        u64::try_from(number).map_or_else(|_| number.to_string(), |number| self.s.number(number))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use wording::Word;

    use super::*;
    use crate::asked::Query;
    use crate::language::Language;

    #[track_caller]
    fn check(language: Language, value: &Value, expected: &str) {
        let shell = Shell::new(language, "/log/1", Query::default(), &HeaderMap::new());
        let names = Names::from_iter([("org-1".to_owned(), "<b>Mines & co</b>".to_owned())]);
        let shown = Shown {
            s: &shell,
            names: &names,
            value,
        };
        assert_eq!(shown.to_string().replace('\n', ""), expected);
    }

    fn word(of: &str, word: &str, with: Option<Value>) -> Value {
        Value::Word {
            word: Word {
                of: of.to_owned(),
                word: word.to_owned(),
            },
            with: with.map(Box::new),
        }
    }

    fn party() -> Value {
        Value::Id {
            kind: IdKind::Party,
            id: "org-1".to_owned(),
        }
    }

    #[test]
    fn values_are_told_in_the_language_and_words_of_others_stay_text() {
        let text = Value::Text {
            text: "<script>alert(1)</script>".to_owned(),
        };
        let named = "<a href=\"/en/orgs/org-1\"><bdi>&#60;b&#62;Mines &#38; co&#60;/b&#62;</bdi></a>";
        let mass = Value::Mass {
            of: wording::MassOf::Gross,
            micrograms: 25_010_000,
        };
        check(
            Language::En,
            &text,
            "<bdi>&#60;script&#62;alert(1)&#60;/script&#62;</bdi>",
        );
        check(Language::En, &party(), named);
        check(Language::En, &mass.clone(), "25.01\u{a0}g");
        check(Language::Fr, &mass, "25,01\u{a0}g");
        check(Language::Es, &word("lot-form", "dust", None), "oro en polvo");
        check(
            Language::En,
            &word("subject", "party", Some(party())),
            &format!("the party: {named}"),
        );
        check(Language::Pt, &Value::Flag { is: true }, "sim");
        check(Language::En, &Value::Number { number: -900 }, "-900");
        let several = vec![Value::Number { number: 1 }, Value::Number { number: 2_000 }];
        check(Language::En, &Value::List { items: several }, "1, 2,000");
        check(Language::En, &Value::Share { ppm: 12_500 }, "1.25%");
        check(
            Language::En,
            &Value::Position { position: 8 },
            "<a class=\"entry\" href=\"/en/log/7\" title=\"This entry in the log\">#8</a>",
        );
    }

    /// What a hostile party writes: it ends an attribute and an element, runs a script, fetches a picture, and turns the
    /// direction of whatever follows.
    const HOSTILE: &str = "\"'></bdi></script><script>alert(1)</script><img src=x onerror=alert(2)>\u{202e}";
    /// The same as text.
    const INERT: &str = "&#34;&#39;&#62;&#60;/bdi&#62;&#60;/script&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#60;img \
         src=x onerror=alert(2)&#62;\u{202e}";

    /// Writes it wherever a text stands, and says how often.
    fn attack(value: &mut Value) -> usize {
        match value {
            Value::Text { text } => {
                HOSTILE.clone_into(text);
                1
            }
            Value::Word { with: Some(with), .. } => attack(with),
            Value::List { items } => items.iter_mut().map(attack).sum(),
            Value::Facts { facts } => facts.iter_mut().map(|fact| attack(&mut fact.value)).sum(),
            _ => 0,
        }
    }

    /// Every text of every kind of statement, those that are added to the vocabulary too.
    #[test]
    fn whatever_somebody_writes_into_a_statement_stays_text() {
        let names = Names::default();
        for language in Language::ALL {
            let shell = Shell::new(language, "/log/1", Query::default(), &HeaderMap::new());
            let mut attacked = 0;
            for mut told in wording::forms() {
                let texts: usize = told.facts.iter_mut().map(|fact| attack(&mut fact.value)).sum();
                let shown = shell.told(&told, &names).to_string();
                let inert = format!("<bdi>{INERT}</bdi>");
                assert_eq!(shown.matches(&inert).count(), texts, "{}: {shown}", told.kind);
                assert_eq!(shown.matches("alert").count(), 2 * texts, "{}: {shown}", told.kind);
                attacked += texts;
            }
            assert!(50 < attacked, "{attacked} texts were attacked");
        }
    }

    #[test]
    fn a_fact_that_means_something_else_somewhere_is_named_so() {
        let shell = Shell::new(Language::En, "/", Query::default(), &HeaderMap::new());
        let fact = |of: &str| Fact {
            of: of.to_owned(),
            label: "scale".to_owned(),
            value: Value::Nothing,
        };
        assert_eq!(shell.fact(&fact("criterion")), "Scale");
        assert_eq!(shell.fact(&fact("lot-weighed")), "Number of the scale");
    }
}
