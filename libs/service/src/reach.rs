//! Waiting until a state that somebody else moves has come as far as it is asked for.

use std::time::Duration;

use event::StreamPosition;
use thiserror::Error;
use tokio::sync::watch;
use tokio::time::timeout;

/// Why a state has not come as far as it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unreached {
    /// It may come so far later.
    #[error("position {wanted} is not reached yet, only {reached}")]
    Late {
        /// As far as it should be.
        wanted: StreamPosition,
        /// As far as it is.
        reached: StreamPosition,
    },
    /// Nobody moves it any more.
    #[error("the service is stopping")]
    Stopping,
}

/// The state as soon as its `position` is `wanted` or beyond; waits for that, but no longer than `wait_max`. A state
/// without a position has reached none.
pub async fn reach<T: Clone>(
    state: &watch::Receiver<T>,
    wanted: StreamPosition,
    wait_max: Duration,
    position: impl Fn(&T) -> Option<StreamPosition>,
) -> Result<T, Unreached> {
    let mut moving = state.clone();
    let is_reached = |state: &T| position(state).is_some_and(|reached| wanted <= reached);
    match timeout(wait_max, moving.wait_for(is_reached)).await {
        Ok(Ok(state)) => Ok(state.clone()),
        Ok(Err(_)) => Err(Unreached::Stopping),
        Err(_) => {
            let reached = position(&state.borrow()).unwrap_or_default();
            Err(Unreached::Late { wanted, reached })
        }
    }
}
