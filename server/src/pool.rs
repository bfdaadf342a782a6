//! Threads for work that blocks, with a bounded queue: what does not fit is refused at once, so that a flood cannot fill the memory.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::sync::oneshot;

use crate::failure::Failure;

type Job = Box<dyn FnOnce() + Send>;

/// Some threads and their queue.
pub(crate) struct Pool {
    queue: SyncSender<Job>,
}

/// Why a job has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Undone {
    /// The queue is full.
    #[error("too much work is waiting")]
    Busy,
    /// The job panicked: a bug, reported by the panic hook.
    #[error("an internal error")]
    Panicked,
}

impl Pool {
    /// Starts `threads` threads with room for `waiting` jobs.
    pub(crate) fn new(name: &str, threads: usize, waiting: usize) -> Result<Self, Failure> {
        let (queue, jobs) = sync_channel::<Job>(waiting);
        let jobs = Arc::new(Mutex::new(jobs));
        for number in 0..threads {
            let jobs = Arc::clone(&jobs);
            let named = thread::Builder::new().name(format!("{name}-{number}"));
            let started = named.spawn(move || {
                while let Some(job) = next(&jobs) {
                    job()
                }
            });
            started.map_err(|error| Failure::new(format!("no thread can be started: {}", error.kind())))?;
        }
        Ok(Self { queue })
    }

    /// The result of a job, once a thread has done it.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Undone> {
        let (answer, result) = oneshot::channel();
        let job = Box::new(move || {
            // A panic drops `answer`, which is the answer.
            let _ = catch_unwind(AssertUnwindSafe(|| _ = answer.send(work())));
        });
        match self.queue.try_send(job) {
            Ok(()) => result.await.map_err(|_| Undone::Panicked),
            Err(TrySendError::Full(_)) => Err(Undone::Busy),
            Err(TrySendError::Disconnected(_)) => Err(Undone::Panicked),
        }
    }
}

fn next(jobs: &Mutex<Receiver<Job>>) -> Option<Job> {
    jobs.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_the_end_of_its_job_alone() {
        let pool = Pool::new("test", 1, 4).unwrap();
        let panicked: Result<(), _> = pool.run(|| panic!("on purpose")).await;
        assert_eq!(panicked, Err(Undone::Panicked));
        assert_eq!(pool.run(|| 7).await, Ok(7));
    }

    #[tokio::test]
    async fn what_does_not_fit_into_the_queue_is_refused_at_once() {
        let pool = Arc::new(Pool::new("test", 1, 1).unwrap());
        let (release, wait) = sync_channel::<()>(0);
        let (started, is_started) = oneshot::channel();
        let slow = tokio::spawn({
            let pool = Arc::clone(&pool);
            async move {
                pool.run(move || {
                    let _ = started.send(());
                    let _ = wait.recv();
                })
                .await
            }
        });
        is_started.await.unwrap();
        let waiting = pool.run(|| 1);
        tokio::pin!(waiting);
        // Polled once, it is in the queue.
        assert!(tokio::time::timeout(std::time::Duration::from_millis(1), &mut waiting).await.is_err());
        assert_eq!(pool.run(|| 2).await, Err(Undone::Busy));
        release.send(()).unwrap();
        assert_eq!(slow.await.unwrap(), Ok(()));
        assert_eq!(waiting.await, Ok(1));
    }
}
