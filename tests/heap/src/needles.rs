//! Secrets to look for.

use std::collections::HashMap;

/// How many consecutive bytes of a secret count as a leak of it.
pub const WINDOW: usize = 12;

/// The windows of some secrets. Looking for them does not allocate.
#[derive(Debug)]
pub struct Needles {
    windows: HashMap<[u8; WINDOW], &'static str>,
    /// Which values the first two bytes of a window have: most places are passed over at once.
    starts: Box<[bool; 1 << 16]>,
}

impl Default for Needles {
    fn default() -> Self {
        Self { windows: HashMap::new(), starts: Box::new([false; 1 << 16]) }
    }
}

impl Needles {
    /// No secret.
    pub fn new() -> Self {
        Self::default()
    }

    /// Every window of `secret`, under this name. Windows of few different bytes, such as padding, are no secret.
    pub fn add(&mut self, name: &'static str, secret: &[u8]) {
        for window in secret.windows(WINDOW) {
            let mut different = window.to_vec();
            different.sort_unstable();
            different.dedup();
            if different.len() >= 6 {
                self.windows.insert(window.try_into().expect("its length is that"), name);
                self.starts[start(window)] = true;
            }
        }
    }

    /// A number, big-endian: as it is, and as a machine of little-endian words holds it.
    pub fn add_number(&mut self, name: &'static str, octets: &[u8]) {
        self.add(name, octets);
        let reversed: Vec<u8> = octets.iter().rev().copied().collect();
        self.add(name, &reversed);
    }

    /// Takes back what is public.
    pub fn forget(&mut self, public: &[u8]) {
        for window in public.windows(WINDOW) {
            self.windows.remove(window);
        }
    }

    /// The name of a secret of which `bytes` holds a window.
    pub fn find(&self, bytes: &[u8]) -> Option<&'static str> {
        self.position(bytes).map(|(_, secret)| secret)
    }

    /// [`Needles::find`], with the place of the window.
    pub fn position(&self, bytes: &[u8]) -> Option<(usize, &'static str)> {
        bytes
            .windows(WINDOW)
            .enumerate()
            .filter(|(_, window)| self.starts[start(window)])
            .find_map(|(at, window)| Some((at, *self.windows.get(window)?)))
    }

    /// How many windows there are.
    pub fn len(&self) -> usize {
        self.windows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.windows.is_empty()
    }
}

fn start(window: &[u8]) -> usize {
    usize::from(window[0]) << 8 | usize::from(window[1])
}
