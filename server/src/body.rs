//! The body of a request: read within a limit and a time, and with all others within one budget of memory.

use std::time::Duration;

use axum::body::Body;
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::answer::Refusal;

/// The time that a body may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// What all bodies together may hold, in KiB: 64 MiB.
pub(crate) const BUDGET: usize = 64 << 10;

/// A body, wiped when dropped, and its share of the budget.
pub(crate) struct Held {
    pub(crate) bytes: Zeroizing<Vec<u8>>,
    _share: Option<OwnedSemaphorePermit>,
}

/// Reads a body to its end.
pub(crate) async fn read(
    body: Body,
    limit: usize,
    budget: &std::sync::Arc<Semaphore>,
) -> Result<Held, Refusal> {
    timeout(PATIENCE, read_all(body, limit, budget)).await.unwrap_or_else(|_| Err(Refusal::too_slow()))
}

async fn read_all(mut body: Body, limit: usize, budget: &std::sync::Arc<Semaphore>) -> Result<Held, Refusal> {
    use axum::body::HttpBody;
    // What says that it is too long is refused before it is read.
    let said = body.size_hint().lower();
    if said > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(Refusal::too_large(limit));
    }
    let mut share: Option<OwnedSemaphorePermit> = None;
    let mut pieces = Vec::new();
    let mut length = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(piece) = frame.map_err(|_| Refusal::broken_body())?.into_data() else { continue };
        length = length.saturating_add(piece.len());
        if length > limit {
            return Err(Refusal::too_large(limit));
        }
        let kib = u32::try_from(piece.len().div_ceil(1024)).map_err(|_| Refusal::too_large(limit))?;
        let more = std::sync::Arc::clone(budget).try_acquire_many_owned(kib).map_err(|_| Refusal::busy())?;
        match &mut share {
            Some(share) => share.merge(more),
            None => share = Some(more),
        }
        pieces.push(piece);
    }
    // In one piece of the right size: growing would leave copies behind that are not wiped.
    let mut bytes = Zeroizing::new(Vec::with_capacity(length));
    for piece in pieces {
        bytes.extend_from_slice(&piece);
    }
    Ok(Held { bytes, _share: share })
}
