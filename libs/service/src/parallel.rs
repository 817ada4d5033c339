//! The same work on many items, on all cores.

use std::panic::resume_unwind;

use rayon::prelude::*;
use tokio::task::spawn_blocking;

/// Does `work` on every item on all cores; results stand in the order of the items.
///
/// Blocks until all are done. A panic in `work` goes on in the caller.
pub fn map_all<T, R>(items: Vec<T>, work: impl Fn(T) -> R + Send + Sync) -> Vec<R>
where
    T: Send,
    R: Send,
{
    items.into_par_iter().map(work).collect()
}

/// [`map_all`], and `meanwhile` on one of the cores: whoever takes batch after batch in order takes one while the next
/// is worked on.
///
/// Blocks until both are done. A panic in either goes on in the caller.
pub fn map_all_while<T, R, O>(
    items: Vec<T>,
    work: impl Fn(T) -> R + Send + Sync,
    meanwhile: impl FnOnce() -> O + Send,
) -> (Vec<R>, O)
where
    T: Send,
    R: Send,
    O: Send,
{
    rayon::join(|| map_all(items, work), meanwhile)
}

/// [`map_all`] for async code: it runs beside the workers of the runtime, which go on meanwhile.
///
/// It begins at once: whoever takes batch after batch in order takes one before the results of the next are awaited.
///
/// # Panics
/// Outside of a runtime.
pub fn map_all_beside<T, R>(
    items: Vec<T>,
    work: impl Fn(T) -> R + Send + Sync + 'static,
) -> impl Future<Output = Vec<R>> + Send
where
    T: Send + 'static,
    R: Send + 'static,
{
    let results = spawn_blocking(move || map_all(items, work));
    async {
        match results.await {
            Ok(results) => results,
            Err(stopped) if stopped.is_panic() => resume_unwind(stopped.into_panic()),
            // The runtime is going down, and this task goes with it.
            Err(_) => std::future::pending().await,
        }
    }
}
