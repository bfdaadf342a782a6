//! Rounds: every subject once on every input, again and again, so that whatever the machine does meets all alike.

use crate::inputs::Input;
use crate::subjects::Subject;

/// How long one measurement of a round lasts, about.
const NANOSECONDS: f64 = 2e6;

/// Nanoseconds per operation, by input, subject and round; no rounds where the subject cannot do the input.
pub struct Rounds {
    times: Vec<Vec<Vec<f64>>>,
    /// How many rounds there were.
    pub number: usize,
}

impl Rounds {
    /// Measures; which subject begins changes with each round.
    pub fn run(inputs: &[Input], subjects: &mut [Subject], number: usize) -> Self {
        let mut iterations = vec![vec![None; subjects.len()]; inputs.len()];
        for (input, row) in inputs.iter().zip(&mut iterations) {
            for (subject, place) in subjects.iter_mut().zip(row) {
                match (subject.measure)(input, 1).and_then(|_| (subject.measure)(input, 2)) {
                    Ok(time) => *place = Some((NANOSECONDS / time).clamp(1.0, 1e6) as u64),
                    Err(error) => eprintln!("{}, {}: left out: {error}", input.name, subject.name()),
                }
            }
        }
        let mut times = vec![vec![Vec::new(); subjects.len()]; inputs.len()];
        for round in 0..number {
            for (place, input) in inputs.iter().enumerate() {
                for step in 0..subjects.len() {
                    let index = (step + round) % subjects.len();
                    let Some(iterations) = iterations[place][index] else { continue };
                    match (subjects[index].measure)(input, iterations) {
                        Ok(time) => times[place][index].push(time),
                        Err(error) => eprintln!("{}, {}: {error}", input.name, subjects[index].name()),
                    }
                }
            }
            eprint!("\rround {} of {number}", round + 1);
        }
        eprintln!();
        Self { times, number }
    }

    /// The median in nanoseconds.
    pub fn time(&self, input: usize, subject: usize) -> Option<f64> {
        median(self.times[input][subject].clone())
    }

    /// The median over the rounds of `above` by `below`, each a place (input, subject).
    pub fn ratio(&self, above: (usize, usize), below: (usize, usize)) -> Option<f64> {
        self.ratio_of_sum(above, &[below])
    }

    /// The same against the sum of several.
    pub fn ratio_of_sum(&self, above: (usize, usize), below: &[(usize, usize)]) -> Option<f64> {
        let of = |(input, subject): (usize, usize)| &self.times[input][subject];
        let rounds = below.iter().map(|&place| of(place).len()).chain([of(above).len()]).min()?;
        let ratio = |round| of(above)[round] / below.iter().map(|&place| of(place)[round]).sum::<f64>();
        median((0..rounds).map(ratio).collect())
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
