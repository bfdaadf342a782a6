//! Characters that look like those of PEM, or cannot be seen (Unicode, confusables of UTS #39: only those that keyboards, word processors
//! and web pages put in place of ASCII).

/// What a character stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alike {
    /// A character of ASCII.
    Ascii(u8),
    /// A hyphen.
    Hyphen,
    /// A line end.
    LineEnd,
    /// Nothing: it has no width.
    Nothing,
    /// A space.
    Space,
}

/// What `character`, which is not ASCII, stands for; `None` where that is not beyond doubt.
pub(super) fn alike(character: char) -> Option<Alike> {
    Some(match character {
        '\u{AD}'
        | '\u{180E}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' => Alike::Nothing,
        '\u{85}' | '\u{2028}' | '\u{2029}' => Alike::LineEnd,
        '\u{FF0D}'
        | '\u{2D7}'
        | '\u{58A}'
        | '\u{5BE}'
        | '\u{1806}'
        | '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{2212}'
        | '\u{2500}'
        | '\u{2501}'
        | '\u{2796}'
        | '\u{2E3A}'
        | '\u{2E3B}'
        | '\u{30FC}'
        | '\u{4E00}'
        | '\u{FE58}'
        | '\u{FE63}' => Alike::Hyphen,
        '\u{FF01}'..='\u{FF5E}' => {
            let ascii = u32::from(character).saturating_sub(0xFF01 - 0x21);
            Alike::Ascii(u8::try_from(ascii).ok()?)
        }
        '\u{2044}' | '\u{2215}' => Alike::Ascii(b'/'),
        '\u{2795}' | '\u{FB29}' | '\u{FE62}' => Alike::Ascii(b'+'),
        '\u{FE66}' => Alike::Ascii(b'='),
        _ if character.is_whitespace() || matches!(character, '\u{2800}' | '\u{3164}') => Alike::Space,
        _ => Alike::Ascii(letter(character)?),
    })
}

/// The Latin letter that a letter of another script, or of Turkish, looks like.
fn letter(character: char) -> Option<u8> {
    Some(match character {
        'А' | 'Α' => b'A',
        'В' | 'Β' => b'B',
        'С' | 'Ϲ' => b'C',
        'Е' | 'Ε' => b'E',
        'Ԍ' => b'G',
        'Н' | 'Η' => b'H',
        'І' | 'Ι' | 'İ' | 'Ӏ' => b'I',
        'Ј' => b'J',
        'К' | 'Κ' | '\u{212A}' => b'K',
        'М' | 'Μ' => b'M',
        'Ν' => b'N',
        'О' | 'Ο' => b'O',
        'Р' | 'Ρ' => b'P',
        'Ԛ' => b'Q',
        'Ѕ' => b'S',
        'Т' | 'Τ' => b'T',
        'Ԝ' => b'W',
        'Х' | 'Χ' => b'X',
        'У' | 'Υ' | 'Ү' => b'Y',
        'Ζ' => b'Z',
        'а' => b'a',
        'с' | 'ϲ' => b'c',
        'ԁ' => b'd',
        'е' => b'e',
        'һ' => b'h',
        'і' | 'ı' => b'i',
        'ј' | 'ϳ' => b'j',
        'о' | 'ο' => b'o',
        'р' => b'p',
        'ԛ' => b'q',
        'ѕ' => b's',
        'ν' => b'v',
        'ԝ' => b'w',
        'х' => b'x',
        'у' => b'y',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_alike_is_known() {
        for (character, want) in [
            ('\u{2014}', Some(Alike::Hyphen)),
            ('\u{FF0D}', Some(Alike::Hyphen)),
            ('\u{FF22}', Some(Alike::Ascii(b'B'))),
            ('\u{2215}', Some(Alike::Ascii(b'/'))),
            ('\u{2795}', Some(Alike::Ascii(b'+'))),
            ('\u{A0}', Some(Alike::Space)),
            ('\u{3000}', Some(Alike::Space)),
            ('\u{200B}', Some(Alike::Nothing)),
            ('\u{2028}', Some(Alike::LineEnd)),
            ('\u{410}', Some(Alike::Ascii(b'A'))),
            ('\u{130}', Some(Alike::Ascii(b'I'))),
            ('\u{4E2D}', None),
            ('\u{2026}', None),
        ] {
            assert_eq!(alike(character), want, "U+{:04X}", u32::from(character));
        }
    }
}
