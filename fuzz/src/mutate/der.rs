//! Mutations of DER: an element is changed, and the lengths around it are made to fit.

use std::sync::LazyLock;

use certgate_forge::{chain, key};

use super::Dice;

/// How deep an input is taken apart.
const DEPTH: usize = 16;

#[derive(Clone)]
struct Element {
    tag: u8,
    /// The first octet of a BIT STRING that is taken apart.
    unused: Option<u8>,
    body: Body,
    length: Length,
}

#[derive(Clone)]
enum Body {
    Octets(Vec<u8>),
    Elements(Vec<Element>),
}

/// How the length is written.
#[derive(Clone, Copy)]
enum Length {
    Right,
    Padded,
    Off(i8),
    Huge,
    Indefinite,
}

/// A mutation of some DER elements.
pub fn der(data: &[u8], dice: &mut Dice) -> Option<Vec<u8>> {
    let mut elements = parse(data, DEPTH)?;
    for _ in 0..=dice.below(3) {
        let total = elements.iter().map(count).sum();
        change(&mut elements, dice.below(total), dice);
    }
    let mut out = Vec::new();
    elements.iter().for_each(|element| write(element, &mut out));
    Some(out)
}

fn parse(mut data: &[u8], depth: usize) -> Option<Vec<Element>> {
    let mut elements = Vec::new();
    while let Some((&tag, rest)) = data.split_first() {
        let (&first, mut rest) = rest.split_first()?;
        let mut length = usize::from(first);
        if first >= 0x80 {
            let (octets, after) = rest.split_at_checked(usize::from(first & 0x7f))?;
            if octets.is_empty() || octets.len() > 3 {
                return None;
            }
            length = octets.iter().fold(0, |length, octet| length << 8 | usize::from(*octet));
            rest = after;
        }
        let (content, after) = rest.split_at_checked(length)?;
        elements.push(open(tag, content, depth));
        data = after;
    }
    (!elements.is_empty()).then_some(elements)
}

fn open(tag: u8, content: &[u8], depth: usize) -> Element {
    let (unused, inside) = match (tag, content.split_first()) {
        (0x03, Some((0, inside))) => (Some(0), inside),
        _ => (None, content),
    };
    let may_open = depth > 0 && (tag & 0x20 != 0 || matches!(tag, 0x03 | 0x04));
    let body = may_open.then(|| parse(inside, depth - 1)).flatten().map(Body::Elements);
    match body {
        Some(body) => Element { tag, unused, body, length: Length::Right },
        None => Element { tag, unused: None, body: Body::Octets(content.to_vec()), length: Length::Right },
    }
}

fn write(element: &Element, out: &mut Vec<u8>) {
    let mut content: Vec<u8> = element.unused.into_iter().collect();
    match &element.body {
        Body::Octets(octets) => content.extend(octets),
        Body::Elements(elements) => elements.iter().for_each(|element| write(element, &mut content)),
    }
    out.push(element.tag);
    match element.length {
        Length::Right => write_length(content.len(), out),
        Length::Padded => out.extend([0x83, 0, (content.len() >> 8) as u8, content.len() as u8]),
        Length::Off(by) => write_length(content.len().saturating_add_signed(by.into()), out),
        Length::Huge => out.extend([0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        Length::Indefinite => {
            out.push(0x80);
            content.extend([0, 0]);
        }
    }
    out.extend(content);
}

fn write_length(length: usize, out: &mut Vec<u8>) {
    match length {
        0..0x80 => out.push(length as u8),
        0x80..0x100 => out.extend([0x81, length as u8]),
        0x100..0x1_0000 => out.extend([0x82, (length >> 8) as u8, length as u8]),
        _ => out.extend([0x83, (length >> 16) as u8, (length >> 8) as u8, length as u8]),
    }
}

fn count(element: &Element) -> usize {
    1 + match &element.body {
        Body::Octets(_) => 0,
        Body::Elements(elements) => elements.iter().map(count).sum(),
    }
}

/// Changes the element of this number, counted from the outside in.
fn change(elements: &mut Vec<Element>, mut number: usize, dice: &mut Dice) {
    for at in 0..elements.len() {
        let inside = count(&elements[at]);
        if number == 0 {
            return change_at(elements, at, dice);
        }
        if number < inside {
            if let Body::Elements(children) = &mut elements[at].body {
                change(children, number - 1, dice);
            }
            return;
        }
        number -= inside;
    }
}

fn change_at(elements: &mut Vec<Element>, at: usize, dice: &mut Dice) {
    const TAGS: [u8; 20] = [
        0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1c, 0x1e, 0x30, 0x31,
        0x82, 0xa0, 0xa3,
    ];
    match dice.below(12) {
        0 => drop(elements.remove(at)),
        1 => elements.insert(at, elements[at].clone()),
        2 => {
            let other = dice.below(elements.len());
            elements.swap(at, other);
        }
        3 => elements[at].tag = *dice.one_of(&TAGS),
        4 => elements[at] = dice.one_of(&POOL).clone(),
        5 => elements.insert(at, dice.one_of(&POOL).clone()),
        6 => {
            let lengths = [Length::Padded, Length::Off(1), Length::Off(-1), Length::Huge, Length::Indefinite];
            elements[at].length = *dice.one_of(&lengths);
        }
        7 => {
            for _ in 0..1 << dice.below(9) {
                let body = Body::Elements(vec![elements[at].clone()]);
                elements[at] = Element { tag: 0x30, unused: None, body, length: Length::Right };
            }
        }
        _ => change_octets(&mut elements[at], dice),
    }
}

fn change_octets(element: &mut Element, dice: &mut Dice) {
    let Body::Octets(octets) = &mut element.body else {
        element.tag ^= 1 << dice.below(8);
        return;
    };
    let at = dice.below(octets.len());
    match dice.below(8) {
        0 => octets.clear(),
        1 => octets.truncate(at),
        2 => octets.insert(at, dice.below(256) as u8),
        3 => octets.extend(std::iter::repeat_n(dice.below(256) as u8, 1 << dice.below(11))),
        4 => octets.fill(*dice.one_of(&[0, 1, 0x7f, 0x80, 0xff])),
        5 => *octets = dice.one_of(&TEXTS).to_vec(),
        _ => {
            if let Some(octet) = octets.get_mut(at) {
                *octet ^= 1 << dice.below(8);
            }
        }
    }
}

/// What has been trouble somewhere.
const TEXTS: [&[u8]; 12] = [
    b"a\0.example.com",
    b"*.example.com",
    b"\x1b[2J\x1b[31mred",
    "\u{202e}moc.elpmaxe".as_bytes(),
    b"\xd6\xd0\xb9\xfa",
    b"20400101000000Z",
    b"500101000000Z",
    b"2601010000Z",
    b"260101000000+0800",
    &[0x55, 0x1d, 0x1e],
    &[0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d],
    &[0x2b, 0x06, 0x01, 0x04, 0x01, 0xd6, 0x79, 0x02, 0x04, 0x03],
];

/// Elements of other inputs.
static POOL: LazyLock<Vec<Element>> = LazyLock::new(|| {
    let mut pool = Vec::new();
    let sm2 = chain::sm2();
    let chains = [chain::plain(key::p256(0)), chain::enterprise(|leaf| leaf)];
    let certificates =
        chains.iter().flat_map(|plain| [&plain.leaf, &plain.intermediate]).chain([&sm2.enc, &sm2.ca]);
    let certificates = certificates.map(|certificate| certificate.der.clone());
    let keys = ["p256b", "p521a", "sm2enc", "rsa2048b", "ed25519"].map(|name| key::named(name).pkcs8());
    for der in certificates.chain(keys) {
        parse(&der, DEPTH).into_iter().flatten().for_each(|element| gather(element, &mut pool));
    }
    pool
});

fn gather(element: Element, pool: &mut Vec<Element>) {
    if let Body::Elements(children) = &element.body {
        children.iter().for_each(|child| gather(child.clone(), pool));
    }
    pool.push(element);
}
