//! Runs one target on files: `cargo run --example one TARGET FILE...`.

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_default();
    let Some((_, run, _)) = certgate_fuzz::TARGETS.into_iter().find(|target| target.0 == name) else {
        eprintln!("usage: one TARGET FILE...");
        std::process::exit(2);
    };
    for path in arguments {
        println!("{path}");
        run(&std::fs::read(path)?);
    }
    Ok(())
}
