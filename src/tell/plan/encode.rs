//! Blocks to PEM text (RFC 7468), leaving no key in freed memory.

use ::pem::{EncodeConfig, LineEnding, Pem};

use crate::read::form::Content;
use crate::text::push_base64;

/// The octets of a line of 64 characters.
const LINE: usize = 48;

/// A block as it is to be written.
#[derive(Clone, Copy)]
pub(crate) struct Piece<'b> {
    pub(crate) is_certificate: bool,
    pub(crate) label: &'b str,
    pub(crate) der: &'b [u8],
}

/// The blocks as PEM text, each under its label: LF, 64 characters a line.
pub(crate) fn encode<'b>(pieces: impl Iterator<Item = Piece<'b>> + Clone) -> Content {
    // Never grown: growing would leave a copy of what is there.
    let lengths = pieces.clone().map(length);
    let mut text = String::with_capacity(lengths.fold(0, usize::saturating_add));
    for piece in pieces {
        if piece.is_certificate {
            let config = EncodeConfig::new().set_line_ending(LineEnding::LF);
            text.push_str(&::pem::encode_config(&Pem::new(piece.label, piece.der), config));
        } else {
            push(&mut text, piece);
        }
    }
    Content::from_text(text)
}

/// At least the length of the block's text.
fn length(piece: Piece<'_>) -> usize {
    let markers = piece.label.len().saturating_mul(2).saturating_add(40);
    piece.der.len().div_ceil(LINE).saturating_mul(65).saturating_add(markers)
}

/// What the `pem` crate writes too; but that keeps the DER and its base64 in buffers that it does not wipe.
fn push(text: &mut String, Piece { label, der, .. }: Piece<'_>) {
    text.push_str("-----BEGIN ");
    text.push_str(label);
    text.push_str("-----\n");
    for line in der.chunks(LINE) {
        line.chunks(3).for_each(|octets| push_base64(text, octets));
        text.push('\n');
    }
    text.push_str("-----END ");
    text.push_str(label);
    text.push_str("-----\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_that_of_the_pem_crate() {
        for size in 0..200_u8 {
            let der: Vec<u8> = (0..size).map(|octet| octet.wrapping_mul(91).wrapping_add(size)).collect();
            let piece = |is_certificate| Piece { is_certificate, label: "PRIVATE KEY", der: &der };
            let ours = encode(std::iter::once(piece(false)));
            assert_eq!(ours, encode(std::iter::once(piece(true))), "{size} octets");
            assert!(ours.as_bytes().len() <= length(piece(false)), "{size} octets");
        }
    }
}
