//! The names of elements.

use std::fmt;

/// The name of an element, built from its parents' when someone asks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Path<'p> {
    parent: Option<&'p Path<'p>>,
    step: Step,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Field(&'static str),
    Index(usize),
}

impl<'p> Path<'p> {
    /// The outermost element.
    pub(crate) const fn root(name: &'static str) -> Self {
        Path { parent: None, step: Step::Field(name) }
    }

    /// A named component of this element.
    pub(crate) const fn field(&'p self, name: &'static str) -> Self {
        Path { parent: Some(self), step: Step::Field(name) }
    }

    /// A component of this element by position, from 0.
    pub(crate) const fn index(&'p self, index: usize) -> Self {
        Path { parent: Some(self), step: Step::Index(index) }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match (self.step, self.parent) {
            (Step::Index(index), _) => write!(f, "[{index}]"),
            (Step::Field(name), None) => f.write_str(name),
            (Step::Field(name), Some(_)) => write!(f, ".{name}"),
        }
    }
}
