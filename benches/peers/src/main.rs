//! certgate and its peers, side by side in one run: certificate and key in PEM, in memory, one thread.
//!
//! `run.sh` prepares the peers that need it and calls this; what is absent is said and skipped. The table goes to
//! stdout as Markdown, progress and what is skipped to stderr.

mod goals;
mod inputs;
mod limits;
mod process;
mod rounds;
mod subjects;
mod table;

use rounds::Rounds;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rounds = std::env::var("ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(31);
    let inputs = inputs::all();
    inputs::write(&inputs)?;
    let mut subjects = subjects::all();
    let measured = Rounds::run(&inputs, &mut subjects, rounds);
    table::print(&inputs, &subjects, &measured);
    goals::print(&inputs, &subjects, &measured);
    limits::print();
    Ok(())
}
