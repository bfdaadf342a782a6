//! Mutations that keep the structure of an input, so that the fuzzer gets behind the first check of a length.

mod border;
mod der;
mod form;
mod octets;
mod pem;

pub use border::border;
pub use der::der;
pub use form::form;
pub use octets::octets;
pub use pem::pem;

/// A mutation: the input, and what decides. `None` where the input has not the structure.
pub type Mutator = fn(&[u8], &mut Dice) -> Option<Vec<u8>>;

/// A sequence of choices that a seed decides (Knuth's MMIX generator).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The sequence of this seed.
    pub fn new(seed: u32) -> Self {
        let mut dice = Self(u64::from(seed) ^ 0x9e37_79b9_7f4a_7c15);
        dice.below(2);
        dice
    }

    /// The sequence that these bytes decide.
    pub fn of(data: &[u8]) -> Self {
        Self::new(data.iter().fold(5381u32, |hash, byte| hash.wrapping_mul(33) ^ u32::from(*byte)))
    }

    /// A number below `bound`; 0 where that is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }

    /// One of the items.
    pub(crate) fn one_of<'t, T>(&mut self, items: &'t [T]) -> &'t T {
        &items[self.below(items.len())]
    }
}

/// Applies `mutate` in the fuzzer's buffer; `None` where the fuzzer's own mutation should be used instead, as one time in four.
pub fn in_place(mutate: Mutator, data: &mut [u8], size: usize, max_size: usize, seed: u32) -> Option<usize> {
    let mut dice = Dice::new(seed);
    if dice.below(4) == 0 {
        return None;
    }
    let out = mutate(&data[..size], &mut dice).filter(|out| out.len() <= max_size.min(data.len()))?;
    data[..out.len()].copy_from_slice(&out);
    Some(out.len())
}
