//! The variants of an enum as its own decoder knows them, so that no test keeps a list that forgets one.

use serde::de::DeserializeOwned;

/// Their names: the error for a variant that does not exist lists those that do.
pub(crate) fn names<T: DeserializeOwned>() -> Vec<String> {
    let error = serde_json::from_str::<T>(r#"{"NoSuchVariant": 0}"#)
        .err()
        .expect("no such variant")
        .to_string();
    let (_, known) = error.split_once("expected").expect("it says what it expects");
    let names: Vec<String> = known.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    assert!(names.len() > 1, "no variants in {error:?}");
    names
}

/// All of them, where none has a field.
pub(crate) fn every<T: DeserializeOwned>() -> Vec<T> {
    names::<T>()
        .iter()
        .map(|name| serde_json::from_str(&format!("\"{name}\"")).expect("a variant without a field"))
        .collect()
}
