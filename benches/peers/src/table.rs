//! The tables of times and ratios, and what each check proves.

use crate::inputs::Input;
use crate::rounds::Rounds;
use crate::subjects::{self, Subject};

/// Prints them as Markdown.
pub fn print(inputs: &[Input], subjects: &[Subject], measured: &Rounds) {
    println!("## Peers\n");
    println!(
        "One certificate and its key (PKCS#8), in memory, one thread; {} rounds, interleaved. Medians in microseconds of processor time:\n",
        measured.number
    );
    println!(
        "Peers in processes of their own get a new one every dozen measurements: some of Go's operations take up to twice as long in one \
         process as in the next, by where it lies in memory.\n"
    );
    header("", inputs);
    for (index, subject) in subjects.iter().enumerate() {
        row(
            subject.name(),
            inputs.iter().enumerate().map(|(place, _)| measured.time(place, index).map(|time| time / 1e3)),
        );
    }
    let own = subjects::find(subjects, subjects::PAIR);
    println!(
        "\nThe median of each round's ratio to certgate's pair: how many times as long the peer takes.\n"
    );
    header("", inputs);
    for (index, subject) in subjects.iter().enumerate().filter(|(index, _)| Some(*index) != own) {
        let ratio = |place| own.and_then(|own| measured.ratio((place, index), (place, own)));
        row(subject.name(), (0..inputs.len()).map(ratio));
    }
    println!("\nA dash: the peer cannot read or use that algorithm.\n");
    println!("| check | version | shows | does not show |\n|---|---|---|---|");
    for subject in subjects {
        println!("| {} | {} | {} | {} |", subject.name(), subject.version, subject.shows, subject.lacks);
    }
}

fn header(first: &str, inputs: &[Input]) {
    let names: Vec<_> = inputs.iter().map(|input| input.name).collect();
    println!("| {first} | {} |\n|---|{}", names.join(" | "), "---:|".repeat(inputs.len()));
}

fn row(name: String, figures: impl Iterator<Item = Option<f64>>) {
    let figures: Vec<_> = figures.map(|figure| figure.map_or("–".to_owned(), text)).collect();
    println!("| {name} | {} |", figures.join(" | "));
}

/// Three digits.
pub fn text(figure: f64) -> String {
    match figure {
        ..10.0 => format!("{figure:.2}"),
        ..100.0 => format!("{figure:.1}"),
        _ => format!("{figure:.0}"),
    }
}
