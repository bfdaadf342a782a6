//! Order, links and constraints of a chain of certificates.

pub(crate) mod link;
mod rsa;
#[cfg(test)]
mod tests;
