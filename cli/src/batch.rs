//! `certgate batch`: many forms on standard input, one report a line, in the order of the input.
//!
//! One thread reads lines, several check them, this one writes. A few lines that arrive together are one job, so that handing them over costs
//! little beside checking them; no job waits for lines that are not there yet. The reports of a job come back through a small channel of
//! its own, and the receivers of these are queued in the order of the lines. What is in flight is bounded by bytes, so the memory is the
//! same however long the input and its lines are. All threads share what they learn of issuers. With
//! `--fleet` the public keys of all forms are kept until the end, as many as a `Fleet` takes.

mod budget;
mod progress;

use std::io::{self, Read, Write};
use std::num::NonZero;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use certgate::fleet::{self, Fleet, Member};
use certgate::{CertificateForm, Check, IssuerCache, Policy, Report, Severity, Unread};
use zeroize::{Zeroize, Zeroizing};

use crate::args::{Batch, Clock};
use crate::failure::{About, Failure, io_reason};
use crate::json::{Id, Numbered};
use crate::lines::{LONGEST, Line, Lines};
use crate::{Outcome, input, json, policy};

use budget::Budget;
use progress::Progress;

/// The bytes of lines in flight; a single line may be longer, up to its limit.
const IN_FLIGHT: usize = 8 << 20;
/// Added to the length of each line, for the cost of a report.
const OVERHEAD: usize = 4 << 10;
/// The lines of one job at most, and the bytes after which it takes no other line.
const LINES: usize = 8;
const BYTES: usize = 1 << 16;
/// The jobs in flight for each thread.
const QUEUED: usize = 4;
/// Reports are written when that many bytes have gathered, or when there is nothing else to do.
const GATHERED: usize = 1 << 16;
/// A larger buffer is dropped, not used again: wiping it for a few short lines would cost more than a new one.
const REUSED: usize = BYTES * 2;

pub(crate) fn run(command: &Batch, quiet: bool) -> Result<Outcome, Failure> {
    input::wait_for_typist();
    let (policy, clock) = policy::read(&command.policy)?;
    let threads = command
        .threads
        .map_or_else(|| thread::available_parallelism().map_or(1, NonZero::get), usize::from)
        .max(1);
    let shared = Arc::new(Shared {
        policy,
        clock,
        cache: IssuerCache::default(),
        budget: Budget::new(IN_FLIGHT),
        buffers: Mutex::default(),
    });
    let depth = threads.saturating_mul(QUEUED);
    let (jobs, work) = sync_channel(depth);
    let (orders, reports) = sync_channel(depth);

    // None of these is joined: after a failure to write, the reader may wait for input that never comes.
    let work = Arc::new(Mutex::new(work));
    for _ in 0..threads {
        let (work, shared) = (Arc::clone(&work), Arc::clone(&shared));
        thread::spawn(move || check(&work, &shared));
    }
    let reader = Arc::clone(&shared);
    thread::spawn(move || read(&jobs, &orders, &reader));
    let mut fleet = command.fleet.then(Fleet::new);
    let outcome = write(&reports, &shared, fleet.as_mut(), quiet)?;
    match fleet {
        Some(fleet) => write_fleet(&fleet, &shared.policy, outcome),
        None => Ok(outcome),
    }
}

/// What all threads share.
struct Shared {
    policy: Policy,
    clock: Clock,
    cache: IssuerCache,
    budget: Budget,
    buffers: Mutex<Vec<Zeroizing<Vec<u8>>>>,
}

/// A few lines to check.
#[derive(Default)]
struct Lot {
    /// Their texts, one after the other.
    bytes: Zeroizing<Vec<u8>>,
    lines: Vec<Place>,
}

/// A line of a lot: its number in the input, what was read of it, and where its text ends.
struct Place {
    number: u64,
    line: Line,
    end: usize,
}

/// A lot, and where its reports go.
struct Job {
    lot: Lot,
    reports: SyncSender<Done>,
}

/// A checked lot.
struct Done {
    /// A report for each line.
    text: Vec<u8>,
    /// How many lines these are.
    checked: u64,
    /// How many of them are rejected.
    rejected: u64,
    /// The number of each line, and what a fleet has to know of its form.
    members: Vec<(u64, Member)>,
}

/// The next thing to write.
enum Order {
    /// The reports of a lot, when they are done. `cost` bytes of the budget are free again once they are written; the input was read up to
    /// `read`.
    Reports { first: u64, last: u64, reports: Receiver<Done>, cost: usize, read: u64 },
    /// Standard input could not be read further.
    Unreadable(io::Error),
}

impl Lot {
    /// Reads as many lines as are there and fit; the first is waited for. False at the end of the stream.
    fn read<R: Read>(&mut self, lines: &mut Lines<R>, number: &mut u64) -> io::Result<bool> {
        loop {
            let start = self.bytes.len();
            let Some(line) = lines.next(&mut self.bytes)? else { return Ok(false) };
            *number = number.saturating_add(1);
            let text = self.bytes.get(start..).unwrap_or_default();
            if line == Line::Whole && text.trim_ascii().is_empty() {
                self.bytes.truncate(start);
            } else {
                self.lines.push(Place { number: *number, line, end: self.bytes.len() });
            }
            let is_full = self.lines.len() >= LINES || self.bytes.len() >= BYTES;
            if is_full || !self.lines.is_empty() && !lines.has_more() {
                return Ok(true);
            }
        }
    }

    /// What it counts of the bytes in flight.
    fn cost(&self) -> usize {
        self.lines.len().saturating_mul(OVERHEAD).saturating_add(self.bytes.len())
    }
}

/// Reads the lines and hands them out, until the input or the writer ends.
fn read(jobs: &SyncSender<Job>, orders: &SyncSender<Order>, shared: &Shared) {
    let mut lines = Lines::new(io::stdin().lock());
    let mut number = 0_u64;
    loop {
        let pooled = shared.buffers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut lot = Lot { bytes: pooled.unwrap_or_default(), lines: Vec::with_capacity(LINES) };
        let more = lot.read(&mut lines, &mut number);
        if let (Some(Place { number: first, .. }), Some(Place { number: last, .. })) =
            (lot.lines.first(), lot.lines.last())
        {
            let (first, last, cost) = (*first, *last, lot.cost());
            shared.budget.take(cost);
            let (sender, reports) = sync_channel(1);
            let order = Order::Reports { first, last, reports, cost, read: lines.consumed };
            if jobs.send(Job { lot, reports: sender }).is_err() || orders.send(order).is_err() {
                return;
            }
        }
        match more {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                let _ = orders.send(Order::Unreadable(error));
                return;
            }
        }
    }
}

/// Checks lines until there are no more.
fn check(work: &Mutex<Receiver<Job>>, shared: &Shared) {
    // Reports are about as long as those before them.
    let mut length = 0;
    loop {
        let job = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { lot, reports }) = job else { return };
        let mut done =
            Done { text: Vec::with_capacity(length), checked: 0, rejected: 0, members: Vec::new() };
        let mut start = 0;
        for Place { number, line, end } in &lot.lines {
            let bytes = lot.bytes.get(start..*end).unwrap_or_default();
            let (report, member) = report(*line, bytes, shared);
            let id = Some(*line).filter(|line| *line == Line::Whole).and_then(|_| Id::of(bytes));
            start = *end;
            done.members.push((*number, member));
            done.checked = done.checked.saturating_add(1);
            done.rejected = done.rejected.saturating_add(u64::from(!report.is_accepted()));
            if json::append_line(&mut done.text, &Numbered { line: *number, id, report: &report }).is_err() {
                return;
            }
        }
        recycle(lot.bytes, shared);
        length = done.text.len();
        // The writer may be gone: then nobody reads a message.
        let _ = reports.send(done);
    }
}

fn report(line: Line, bytes: &[u8], shared: &Shared) -> (Report, Member) {
    let Shared { policy, clock, cache, .. } = shared;
    let unread = match line {
        Line::TooLong => Unread::too_large(LONGEST),
        Line::Whole => match CertificateForm::from_json(bytes) {
            Ok(form) => {
                let (checked, member) = Check::new(&form, policy, clock.at()).cache(cache).run_with_member();
                return (crate::check::report_of(checked), member);
            }
            Err(unread) => unread,
        },
    };
    (unread.reject(policy, clock.at()).into_report(), Member::default())
}

/// Wipes a buffer and keeps it for other lines.
fn recycle(mut bytes: Zeroizing<Vec<u8>>, shared: &Shared) {
    if bytes.capacity() <= REUSED {
        // What is cleared is still wiped, as spare capacity: at once, where elements are wiped one by one.
        bytes.clear();
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
            Order::Reports { first, last, reports, cost, read } => {
                let Ok(done) = reports.recv() else {
                    flush(&mut gathered)?;
                    return Err(lost(first, last));
                };
                gathered.extend_from_slice(&done.text);
                if gathered.len() >= GATHERED {
                    flush(&mut gathered)?;
                }
                if let Some(fleet) = &mut fleet {
                    for (number, member) in done.members {
                        fleet.add(&format!("line {number}"), member);
                    }
                }
                if done.rejected > 0 {
                    outcome = Outcome::Rejected;
                }
                shared.budget.give_back(cost);
                progress.report(done.checked, done.rejected, read);
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

/// A thread that checks ended before its time.
fn lost(first: u64, last: u64) -> Failure {
    let lines =
        if first == last { format!("line {first}") } else { format!("one of the lines {first} to {last}") };
    Failure::new(
        About::Bug,
        format!("{lines} could not be checked: please report this as a bug, but do not send the key"),
    )
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
