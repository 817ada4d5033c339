//! The shipped catalogues pass, each thing that can be wrong is named, and two versions are compared.

mod checks;
mod shipped;
mod support;
mod versions;
