//! `certgate batch`: many forms on standard input, one report a line, in the order of the input.
//!
//! One thread reads lines, several check them, this one writes. The reports come back through one small channel for each line, and the
//! receivers of these are queued in the order of the lines. What is in flight is bounded by bytes, so the memory is the same
//! however long the input and its lines are. With `--fleet` the public keys of all forms are kept until the end, as many as a `Fleet` takes.

mod budget;
mod progress;

use std::io::{self, Write};
use std::num::NonZero;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use certgate::fleet::{self, Fleet, Member};
use certgate::{At, CertificateForm, Policy, Report, Severity, Unread};
use zeroize::{Zeroize, Zeroizing};

use crate::args::{Batch, Clock};
use crate::failure::{About, Failure, io_reason};
use crate::json::Numbered;
use crate::lines::{LONGEST, Line, Lines};
use crate::{Outcome, input, json, policy};

use budget::Budget;
use progress::Progress;

/// The bytes of lines in flight; a single line may be longer, up to its limit.
const IN_FLIGHT: usize = 8 << 20;
/// Added to the length of each line, for the cost of a report.
const OVERHEAD: usize = 4 << 10;
/// The lines in flight for each thread.
const QUEUED: usize = 16;
/// Reports are written when that many bytes have gathered, or when there is nothing else to do.
const GATHERED: usize = 1 << 16;
/// A longer line's buffer is dropped, not used again: wiping it for each short line would cost more than a new one.
const REUSED: usize = 1 << 16;

pub(crate) fn run(command: &Batch, quiet: bool) -> Result<Outcome, Failure> {
    input::wait_for_typist();
    let (policy, clock) = policy::read(&command.policy)?;
    let policy = Arc::new(policy);
    let threads = command
        .threads
        .map_or_else(|| thread::available_parallelism().map_or(1, NonZero::get), usize::from)
        .max(1);
    let shared = Arc::new(Shared { budget: Budget::new(IN_FLIGHT), buffers: Mutex::default() });
    let depth = threads.saturating_mul(QUEUED);
    let (jobs, work) = sync_channel(depth);
    let (orders, reports) = sync_channel(depth);

    let policy_of_fleet = Arc::clone(&policy);
    // None of these is joined: after a failure to write, the reader may wait for input that never comes.
    let work = Arc::new(Mutex::new(work));
    for _ in 0..threads {
        let (work, policy, shared) = (Arc::clone(&work), Arc::clone(&policy), Arc::clone(&shared));
        thread::spawn(move || check(&work, &policy, clock, &shared));
    }
    let reader = Arc::clone(&shared);
    thread::spawn(move || read(&jobs, &orders, &reader));
    let mut fleet = command.fleet.then(Fleet::new);
    let outcome = write(&reports, &shared, fleet.as_mut(), quiet)?;
    match fleet {
        Some(fleet) => write_fleet(&fleet, &policy_of_fleet, outcome),
        None => Ok(outcome),
    }
}

/// A line to check, and where its report goes.
struct Job {
    number: u64,
    line: Line,
    bytes: Zeroizing<Vec<u8>>,
    report: SyncSender<Done>,
}

/// A checked line.
struct Done {
    text: String,
    rejected: bool,
    member: Member,
}

/// The next thing to write.
enum Order {
    /// A line's report, when it is done. `cost` bytes of the budget are free again once it is written; the input was read up to `read`.
    Report { number: u64, report: Receiver<Done>, cost: usize, read: u64 },
    /// Standard input could not be read further.
    Unreadable(io::Error),
}

struct Shared {
    budget: Budget,
    buffers: Mutex<Vec<Zeroizing<Vec<u8>>>>,
}

/// Reads the lines and hands them out, until the input or the writer ends.
fn read(jobs: &SyncSender<Job>, orders: &SyncSender<Order>, shared: &Shared) {
    let mut lines = Lines::new(io::stdin().lock());
    let mut number = 0_u64;
    loop {
        let pooled = shared.buffers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut bytes = pooled.unwrap_or_default();
        let line = match lines.next(&mut bytes) {
            Ok(Some(line)) => line,
            Ok(None) => return,
            Err(error) => {
                let _ = orders.send(Order::Unreadable(error));
                return;
            }
        };
        number = number.saturating_add(1);
        if line == Line::Whole && bytes.trim_ascii().is_empty() {
            recycle(bytes, shared);
            continue;
        }
        let cost = bytes.len().saturating_add(OVERHEAD);
        shared.budget.take(cost);
        let (sender, report) = sync_channel(1);
        if jobs.send(Job { number, line, bytes, report: sender }).is_err()
            || orders.send(Order::Report { number, report, cost, read: lines.consumed }).is_err()
        {
            return;
        }
    }
}

/// Checks lines until there are no more.
fn check(work: &Mutex<Receiver<Job>>, policy: &Policy, clock: Clock, shared: &Shared) {
    loop {
        let job = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { number, line, bytes, report: sender }) = job else { return };
        let (report, member) = report(line, &bytes, policy, clock.at());
        recycle(bytes, shared);
        let Ok(text) = json::line(&Numbered { line: number, report: &report }) else { return };
        // The writer may be gone: then nobody reads a message.
        let _ = sender.send(Done { text, rejected: !report.is_accepted(), member });
    }
}

fn report(line: Line, bytes: &[u8], policy: &Policy, at: At) -> (Report, Member) {
    let unread = match line {
        Line::TooLong => Unread::TooLarge { limit: LONGEST },
        Line::Whole => match CertificateForm::from_json(bytes) {
            Ok(form) => {
                let (checked, member) = fleet::validate(&form, policy, at);
                return (crate::check::report_of(checked), member);
            }
            Err(unread) => unread,
        },
    };
    (unread.reject(policy, at).into_report(), Member::default())
}

/// Wipes a buffer and keeps it for another line.
fn recycle(mut bytes: Zeroizing<Vec<u8>>, shared: &Shared) {
    if bytes.capacity() <= REUSED {
        bytes.zeroize();
        shared.buffers.lock().unwrap_or_else(PoisonError::into_inner).push(bytes);
    }
}

/// Writes the reports in order, whole lines at a time, and adds their certificates to the fleet.
fn write(
    orders: &Receiver<Order>,
    shared: &Shared,
    mut fleet: Option<&mut Fleet>,
    quiet: bool,
) -> Result<Outcome, Failure> {
    let mut progress = Progress::start(quiet);
    let mut gathered = Vec::with_capacity(GATHERED);
    let mut outcome = Outcome::Accepted;
    loop {
        let order = match orders.try_recv() {
            Ok(order) => order,
            Err(TryRecvError::Disconnected) => break,
            Err(TryRecvError::Empty) => {
                flush(&mut gathered)?;
                match orders.recv() {
                    Ok(order) => order,
                    Err(_) => break,
                }
            }
        };
        match order {
            Order::Report { number, report, cost, read } => {
                let Ok(done) = report.recv() else {
                    flush(&mut gathered)?;
                    return Err(Failure::new(
                        About::Bug,
                        format!(
                            "line {number} could not be checked: please report this as a bug, but do not send the key"
                        ),
                    ));
                };
                gathered.extend_from_slice(done.text.as_bytes());
                if gathered.len() >= GATHERED {
                    flush(&mut gathered)?;
                }
                if let Some(fleet) = &mut fleet {
                    fleet.add(&format!("line {number}"), done.member);
                }
                if done.rejected {
                    outcome = Outcome::Rejected;
                }
                shared.budget.give_back(cost);
                progress.report(done.rejected, read);
            }
            Order::Unreadable(error) => {
                flush(&mut gathered)?;
                progress.end();
                return Err(Failure::new(
                    About::Input,
                    format!("standard input cannot be read further: {}", io_reason(&error)),
                ));
            }
        }
    }
    flush(&mut gathered)?;
    progress.end();
    Ok(outcome)
}

/// Writes what the forms share, behind all reports.
fn write_fleet(fleet: &Fleet, policy: &Policy, outcome: Outcome) -> Result<Outcome, Failure> {
    let checked = fleet::check(fleet, policy);
    let mut line = json::fleet(fleet, &checked)?.into_bytes();
    flush(&mut line)?;
    let has_error = checked.findings.iter().any(|finding| finding.severity == Severity::Error);
    Ok(if has_error { Outcome::Rejected } else { outcome })
}

fn flush(gathered: &mut Vec<u8>) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(gathered).and_then(|()| out.flush()).map_err(|error| {
        Failure::new(
            About::Output,
            format!(
                "standard output could not be written: {}; the last line may be incomplete",
                io_reason(&error)
            ),
        )
    })?;
    gathered.clear();
    Ok(())
}
