use super::{Dice, octets};

/// Another function, another way to call it, or a few octets of what it is given.
pub fn border(data: &[u8], dice: &mut Dice) -> Option<Vec<u8>> {
    let [function, how, rest @ ..] = data else { return None };
    let (mut head, mut rest) = ([*function, *how], rest.to_vec());
    match dice.below(4) {
        0 => head[0] = u8::try_from(dice.below(5)).unwrap_or_default(),
        1 => head[1] = u8::try_from(dice.below(16)).unwrap_or_default(),
        _ => rest = octets(&rest, dice)?,
    }
    Some([&head[..], &rest].concat())
}
