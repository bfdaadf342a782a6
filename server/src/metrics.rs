//! Figures for Prometheus, in its text format. Their number is bounded: routes, methods, statuses and codes are a few, and only the
//! certificates that end first are listed.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::http::Method;
use axum::http::header::{CONTENT_TYPE, HeaderName};

use crate::access::now;
use crate::answer::Refusal;
use crate::app::App;
use crate::store::certificates;

/// The most certificates whose days left are shown.
const MOST: i64 = 100;

/// The upper ends of the histogram of times, in seconds.
const ENDS: [f64; 9] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10.0];

/// What was counted since the start.
#[derive(Default)]
pub(crate) struct Metrics(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    calls: BTreeMap<(String, &'static str, u16), u64>,
    refusals: BTreeMap<&'static str, u64>,
    times: BTreeMap<String, Times>,
}

#[derive(Default)]
struct Times {
    within: [u64; ENDS.len()],
    count: u64,
    seconds: f64,
}

impl Metrics {
    /// Counts a call that was answered.
    pub(crate) fn count(
        &self,
        method: &Method,
        route: &str,
        status: u16,
        code: &'static str,
        took: Duration,
    ) {
        let method = match *method {
            Method::GET => "GET",
            Method::POST => "POST",
            Method::PUT => "PUT",
            Method::DELETE => "DELETE",
            Method::HEAD => "HEAD",
            _ => "other",
        };
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let calls = counts.calls.entry((route.to_owned(), method, status)).or_default();
        *calls = calls.saturating_add(1);
        if code != "-" {
            let refusals = counts.refusals.entry(code).or_default();
            *refusals = refusals.saturating_add(1);
        }
        let times = counts.times.entry(route.to_owned()).or_default();
        let seconds = took.as_secs_f64();
        for (within, end) in times.within.iter_mut().zip(ENDS) {
            *within = within.saturating_add(u64::from(seconds <= end));
        }
        times.count = times.count.saturating_add(1);
        times.seconds += seconds;
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(
            out,
            "# HELP certgate_calls_total Calls that were answered.\n# TYPE certgate_calls_total counter"
        )?;
        for ((route, method, status), count) in &counts.calls {
            writeln!(
                out,
                "certgate_calls_total{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}} {count}"
            )?;
        }
        writeln!(
            out,
            "# HELP certgate_refusals_total Errors by the API's code.\n# TYPE certgate_refusals_total counter"
        )?;
        for (code, count) in &counts.refusals {
            writeln!(out, "certgate_refusals_total{{code=\"{code}\"}} {count}")?;
        }
        writeln!(
            out,
            "# HELP certgate_call_seconds Time from the head of a request to its answer.\n# TYPE certgate_call_seconds histogram"
        )?;
        for (route, times) in &counts.times {
            for (within, end) in times.within.iter().zip(ENDS) {
                writeln!(out, "certgate_call_seconds_bucket{{route=\"{route}\",le=\"{end}\"}} {within}")?;
            }
            let Times { count, seconds, .. } = times;
            writeln!(out, "certgate_call_seconds_bucket{{route=\"{route}\",le=\"+Inf\"}} {count}")?;
            writeln!(out, "certgate_call_seconds_sum{{route=\"{route}\"}} {seconds}")?;
            writeln!(out, "certgate_call_seconds_count{{route=\"{route}\"}} {count}")?;
        }
        Ok(())
    }
}

/// All figures.
pub(crate) async fn show(
    State(app): State<Arc<App>>,
) -> Result<([(HeaderName, &'static str); 1], String), Refusal> {
    let store = app.store.clone();
    let ending =
        app.database.run(move || store.read(|transaction| certificates::ending(transaction, MOST))).await??;
    let mut text = String::new();
    app.metrics.write(&mut text).map_err(|_| Refusal::internal())?;
    let name = "certgate_certificate_days_left";
    let head = format!(
        "# HELP {name} Days to notAfter, of the {MOST} certificates that end first.\n# TYPE {name} gauge\n"
    );
    text.push_str(&head);
    let now = now().unix_timestamp();
    for (project, id, end) in ending {
        let days = end.saturating_sub(now).div_euclid(86_400);
        text.push_str(&format!("{name}{{project=\"{project}\",certificate=\"{id}\"}} {days}\n"));
    }
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4")], text))
}
