//! Lists that a service hands out page by page.

/// The pages of a list, one after the other, until one has no next.
///
/// ```
/// let mut pages = inquiry::Pages::first();
/// let mut asked = Vec::new();
/// while let Some(page_token) = pages.token() {
///     asked.push(page_token);
///     pages.turn(if asked.len() < 3 { format!("after {}", asked.len()) } else { String::new() });
/// }
/// assert_eq!(asked, ["", "after 1", "after 2"]);
/// ```
#[derive(Clone, Debug)]
pub struct Pages {
    next: Option<String>,
}

impl Pages {
    /// A list whose first page is next.
    #[must_use]
    pub const fn first() -> Self {
        Self {
            next: Some(String::new()),
        }
    }

    /// With which token to ask for the next page; none after the last one.
    pub fn token(&mut self) -> Option<String> {
        self.next.take()
    }

    /// A page came, with the token of the one after it, which is empty on the last.
    pub fn turn(&mut self, next_page_token: String) {
        self.next = (!next_page_token.is_empty()).then_some(next_page_token);
    }
}
