pub(crate) static RULES: &[&crate::rule::Rule] = &[];
pub(crate) fn check() {}
