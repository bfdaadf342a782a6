//! Writes the seeds of a target into a folder: `cargo run --example make-seeds TARGET FOLDER`.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(target), Some(folder)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: make-seeds TARGET FOLDER");
        std::process::exit(2);
    };
    let folder = PathBuf::from(folder);
    std::fs::create_dir_all(&folder)?;
    for seed in certgate_fuzz::seeds::of(&target) {
        let mut hasher = DefaultHasher::new();
        seed.hash(&mut hasher);
        std::fs::write(folder.join(format!("{:016x}", hasher.finish())), seed)?;
    }
    Ok(())
}
