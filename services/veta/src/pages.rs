//! Lists that a service hands out page by page.

use crate::trouble::Done;

/// Asks for every page in turn, until one has no next. `ask` is given the token of a page, and returns that of the next.
pub async fn pages(mut ask: impl AsyncFnMut(String) -> Done<String>) -> Done {
    let mut token = String::new();
    loop {
        token = ask(token).await?;
        if token.is_empty() {
            return Ok(());
        }
    }
}
