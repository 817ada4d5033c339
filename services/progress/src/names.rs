//! Names as they are compared when somebody looks for a part of one.

use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;

const DECOMPOSED: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizerBorrowed::new_nfkd();
const CLASSES: CanonicalCombiningClassMapBorrowed<'static> = CanonicalCombiningClassMapBorrowed::new();

/// A name, or a part of one, in the one spelling of all that read alike: NFKD of Unicode, without combining marks, each letter
/// in the lower case of its upper case, one space for all between words, and none at the ends.
///
/// Letters of their own, such as `ø` and `ł`, stay what they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Folded(String);

impl Folded {
    pub(crate) fn of(text: &str) -> Self {
        let bare = DECOMPOSED
            .normalize_iter(text.chars())
            .filter(|letter| CLASSES.get_u8(*letter) == 0);
        let folded: String = bare.flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
        let words: Vec<_> = folded.split_whitespace().collect();
        Self(words.join(" "))
    }

    /// Whether every word of the other one stands in it, in whatever order.
    pub(crate) fn contains(&self, words: &Self) -> bool {
        words.0.split(' ').all(|word| self.0.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(Folded::of(text).0, expected, "{text:?}");
        assert_eq!(Folded::of(expected).0, expected, "{expected:?} is the one spelling");
    }

    #[test]
    fn names_that_read_alike_are_spelled_alike() {
        check("Cooperativa La Esperanza", "cooperativa la esperanza");
        check("PERÚ", "peru");
        check("Peru\u{301}", "peru");
        check("São  Tomé\u{a0}d’Îles", "sao tome d’iles");
        check("Straße", "strasse");
        check("ΣΊΣΥΦΟΣ", "σισυφοσ");
        check("Σίσυφος", "σισυφοσ");
        check("ＡＢＣ ﬁn", "abc fin");
        check("Øresund Złoto", "øresund złoto");
        check("  ", "");
        check("", "");
    }

    #[test]
    fn a_part_of_a_name_is_found_however_it_is_written() {
        let name = Folded::of("Asociación de Mineros de Oro");
        for part in ["asociacion", "MINEROS DE", "Ción  de", "o", "", "oro mineros", "oro de"] {
            assert!(name.contains(&Folded::of(part)), "{part:?}");
        }
        for other in ["mineras", "oro plata", "asociacionde"] {
            assert!(!name.contains(&Folded::of(other)), "{other:?}");
        }
    }
}
