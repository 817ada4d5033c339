//! What is wrong with a policy file.

use event::vocabulary::Country;
use thiserror::Error;

use crate::policy::{POLICY_BYTES_MAX, VERSION};

/// Why a text is no policy. Each says what to write.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PolicyError {
    /// Longer than a policy file may be.
    #[error("the policy file is longer than {POLICY_BYTES_MAX} bytes: leave out what is not needed")]
    TooLong,
    /// Not TOML, a key missing, unknown or of the wrong type.
    #[error("not a policy file: {0}")]
    Malformed(String),
    /// Of a form that is not known here.
    #[error("version {0} of policy files is not known: write `version = {VERSION}`, or use newer software")]
    VersionUnknown(u32),
    /// No name.
    #[error("`name` is empty: write what people call this policy")]
    Nameless,
    /// A word that means nothing here.
    #[error("`{field}` has {found:?}, which means nothing: write {known}")]
    WordUnknown {
        /// Where it stands.
        field: &'static str,
        /// The word.
        found: String,
        /// The words that may stand there.
        known: String,
    },
    /// A list that names nothing.
    #[error("`{0}` names nothing: name at least one, or leave it out")]
    Empty(&'static str),
    /// The same twice.
    #[error("`{field}` has {found:?} twice: write it once")]
    Repeated {
        /// Where it stands.
        field: &'static str,
        /// What stands there twice.
        found: String,
    },
    /// Not a name for machines.
    #[error("`{field}` has {found:?}, which is no slug: write lower-case letters, digits, `.`, `-` or `_`")]
    SlugMalformed {
        /// Where it stands.
        field: &'static str,
        /// What stands there.
        found: String,
    },
    /// Not a country.
    #[error("`{field}` has {found:?}, which is no country: write its two capital letters, such as CD")]
    CountryMalformed {
        /// Where it stands.
        field: &'static str,
        /// What stands there.
        found: String,
    },
    /// A country both allowed and denied.
    #[error("`countries` allows and denies {0}: do one of both")]
    CountryTwice(Country),
    /// Not a module that is met or not.
    #[error("`modules.met` has {0}, which is met by nobody: write 1, 2, 3 or 4")]
    ModuleUnknown(u8),
    /// Asks how sure something is that is not asked for.
    #[error("`{0}` asks about modules, but about which: write `[modules]` with `met`, or leave it out")]
    WithoutModules(&'static str),
    /// A flag in two lists.
    #[error("`flags` has {0:?} in two lists: leave it in one")]
    FlagTwice(String),
    /// More than the whole.
    #[error("`ignore_below_ppm` is {0}, and the whole lot is 1000000: write less, such as 10000 for a hundredth")]
    ShareTooLarge(u32),
    /// Nothing in the table.
    #[error("`{0}` asks for nothing: write what it shall ask for, or leave it out")]
    AsksNothing(&'static str),
}
