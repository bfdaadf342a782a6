use super::Dice;

/// A few octets changed, or a piece lost, doubled or moved, whatever the input is.
pub fn octets(data: &[u8], dice: &mut Dice) -> Option<Vec<u8>> {
    if data.len() < 4 {
        return None;
    }
    let mut out = data.to_vec();
    let start = dice.below(out.len());
    let end = (start + 1 + dice.below(64)).min(out.len());
    match dice.below(5) {
        0 => {
            out.drain(start..end);
        }
        1 => {
            let piece = out[start..end].to_vec();
            let at = dice.below(out.len());
            out.splice(at..at, piece);
        }
        2 => out.truncate(start),
        _ => {
            for _ in 0..=dice.below(3) {
                let at = dice.below(out.len());
                out[at] = *dice.one_of(&[0x00, 0x01, 0x7f, 0x80, 0xff, out[at] ^ 1, out[at] ^ 0x80]);
            }
        }
    }
    Some(out)
}
