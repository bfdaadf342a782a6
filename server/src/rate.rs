//! How many calls a second a project may make: a bucket a project, which fills at that rate and holds a second's worth.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// The most projects that are remembered. Beyond, all begin anew.
const MOST: usize = 10_000;

/// The buckets.
pub(crate) struct Rates {
    /// Calls a second; 0 means no limit.
    rate: u32,
    buckets: Mutex<HashMap<String, Bucket>>,
}

struct Bucket {
    left: f64,
    at: Instant,
}

impl Rates {
    pub(crate) fn new(rate: u32) -> Self {
        Self { rate, buckets: Mutex::default() }
    }

    /// Counts a call of a project. Where it is one too many, the seconds until the next may be made.
    pub(crate) fn count(&self, project: &str, now: Instant) -> Result<(), u32> {
        if self.rate == 0 {
            return Ok(());
        }
        let rate = f64::from(self.rate);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST && !buckets.contains_key(project) {
            buckets.clear();
        }
        let bucket = buckets.entry(project.to_owned()).or_insert(Bucket { left: rate, at: now });
        let since = now.saturating_duration_since(bucket.at).as_secs_f64();
        bucket.left = (bucket.left + since * rate).min(rate);
        bucket.at = now;
        if bucket.left < 1.0 {
            return Err(1);
        }
        bucket.left -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_project_has_its_calls_a_second_and_no_other_projects() {
        let (rates, start) = (Rates::new(3), Instant::now());
        let count =
            |project: &str, seconds: f64| rates.count(project, start + Duration::from_secs_f64(seconds));
        for _ in 0..3 {
            assert_eq!(count("a", 0.0), Ok(()));
        }
        assert_eq!(count("a", 0.0), Err(1));
        assert_eq!(count("b", 0.0), Ok(()));
        assert_eq!(count("a", 0.34), Ok(()));
        assert_eq!(count("a", 0.34), Err(1));
        assert_eq!(
            [1.0, 100.0, 100.0, 100.0, 100.0].map(|at| count("a", at).is_ok()),
            [true, true, true, true, false]
        );
        assert_eq!(Rates::new(0).count("a", start), Ok(()));
    }
}
