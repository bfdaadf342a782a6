//! The languages that the sentences of a report can be told in.
//!
//! English is what the rules say. Any other language is a table beside it: each English sentence, with a name in the place of each fact, and the same
//! sentence in the other language, with the same names. Nothing of this is touched where English is wanted.

#[cfg(any(test, feature = "chinese"))]
mod chinese;
#[cfg(any(test, feature = "chinese"))]
mod table;
#[cfg(any(test, feature = "chinese"))]
mod template;
// They need no feature: `cargo test` always looks whether the table is complete.
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::finding::{Facts, Finding, NotEvaluated};
use crate::rule::Rule;

/// A language of the sentences of a report.
///
/// The sentences are those of findings, of what was not evaluated, of edits, and the summary of a rule. Names, values, commands and field names stay as they are, and
/// so does what the API answers. The longer texts of rules ([`Rule::why`]) and what [targets](crate::targets) do are there in English only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Language {
    /// English, `en`: what everything is told in unless something else is asked for.
    #[default]
    English,
    /// Simplified Chinese, `zh`.
    #[cfg(any(test, feature = "chinese"))]
    Chinese,
}

impl Language {
    /// All languages that are built in.
    const ALL: &[Self] = &[
        Self::English,
        #[cfg(any(test, feature = "chinese"))]
        Self::Chinese,
    ];

    /// Its code (BCP 47): `en` or `zh`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            #[cfg(any(test, feature = "chinese"))]
            Self::Chinese => "zh",
        }
    }

    /// The language of that code, if it is built in.
    ///
    /// ```
    /// use certgate::Language;
    ///
    /// assert_eq!(Language::find("en"), Some(Language::English));
    /// assert_eq!(Language::find("tlh"), None);
    /// ```
    pub fn find(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|language| language.code() == code)
    }

    /// What an English sentence of the library says in this language, where it is not English and the sentence is known.
    #[cfg_attr(
        not(any(test, feature = "chinese")),
        allow(unused_variables, reason = "only English is there")
    )]
    pub(crate) fn say(self, sentence: &str, facts: &Facts) -> Option<String> {
        match self {
            Self::English => None,
            #[cfg(any(test, feature = "chinese"))]
            Self::Chinese => chinese::table().tell(sentence, facts),
        }
    }

    /// As [`say`](Self::say), of a text that stands by itself.
    pub(crate) fn put(self, text: &mut Cow<'static, str>, facts: &Facts) {
        if let Some(said) = self.say(text, facts) {
            *text = said.into();
        }
    }
}

impl Finding {
    /// Puts message and hint, which are English, into another language. What they are made of, the [`facts`](Self::facts), stays.
    pub fn tell_in(&mut self, language: Language) {
        language.put(&mut self.message, &self.facts);
        language.put(&mut self.hint, &self.facts);
    }
}

impl NotEvaluated {
    /// Puts the reason, which is English, into another language.
    pub fn tell_in(&mut self, language: Language) {
        language.put(&mut self.why, &Facts::none());
    }
}

impl Rule {
    /// The summary in that language.
    pub(crate) fn summary_in(&self, language: Language) -> Cow<'static, str> {
        let mut summary = Cow::Borrowed(self.summary);
        language.put(&mut summary, &Facts::none());
        summary
    }

    /// The hint in that language.
    pub(crate) fn hint_in(&self, language: Language) -> Cow<'static, str> {
        let mut hint = Cow::Borrowed(self.hint);
        language.put(&mut hint, &Facts::none());
        hint
    }
}
