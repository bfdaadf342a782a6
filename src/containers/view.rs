//! What objects say of themselves, wherever they came from.

use super::Object;
use crate::policy::{At, Policy};
use crate::read::block::Block;
use crate::tell::inspect::{Inspection, inspect_blocks};

/// What lies in one place.
#[derive(Debug)]
#[non_exhaustive]
pub struct Place {
    /// How to get to it.
    pub inside: Vec<String>,
    /// What it holds. Block and line count in the text at this place.
    pub inspection: Inspection,
}

/// Tells the objects of each place as [`crate::inspect::inspect`] tells those of a file, in the order of the places.
pub fn inspect(objects: &[Object], policy: &Policy, at: impl Into<At>) -> Vec<Place> {
    let at = at.into();
    let mut places: Vec<(&[String], Vec<Block>)> = Vec::new();
    for object in objects {
        match places.last_mut().filter(|(inside, _)| *inside == object.inside) {
            Some((_, blocks)) => blocks.push(object.block.clone()),
            None => places.push((&object.inside, vec![object.block.clone()])),
        }
    }
    let place = |(inside, blocks): (&[String], Vec<Block>)| Place {
        inside: inside.to_vec(),
        inspection: inspect_blocks(&blocks, policy, at),
    };
    places.into_iter().map(place).collect()
}

/// Tells all objects together, so that issuers are found across files. The `block` of each is its position among the objects, from 1; a line is
/// one of its own text.
pub fn inspect_together(objects: &[Object], policy: &Policy, at: impl Into<At>) -> Inspection {
    let numbered = objects.iter().enumerate().map(|(position, object)| {
        let mut block = object.block.clone();
        block.location.block = Some(position.saturating_add(1));
        block
    });
    inspect_blocks(&numbered.collect::<Vec<_>>(), policy, at.into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use certgate_forge::{chain, key};

    use super::*;
    use crate::containers::{Limits, open};

    /// A keystore and archives of nothing.
    #[test]
    fn an_empty_container_is_told() {
        let keystore = [0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 0];
        let zip = [&b"PK\x05\x06"[..], &[0; 18]].concat();
        for bytes in [&keystore[..], &zip] {
            let opened = open("file", bytes, None, &Limits::default());
            let told: Vec<_> = opened.left_out.iter().map(ToString::to_string).collect();
            assert_eq!(told, ["file: holds no certificate, key or container that certgate knows"]);
        }
    }

    #[test]
    fn objects_are_told_by_place_and_together() {
        let chain = chain::plain(key::p256(0));
        let leaf = format!("{}{}", chain.leaf.pem(), chain.leaf.key_pem());
        let mut objects = open("leaf.pem", leaf.as_bytes(), None, &Limits::default()).objects;
        objects.extend(open("ca.pem", chain.intermediate.pem().as_bytes(), None, &Limits::default()).objects);
        let policy = Policy::default();
        let places = inspect(&objects, &policy, At::NotEvaluated);
        let told: Vec<_> = places
            .iter()
            .map(|place| {
                (place.inside.join("/"), place.inspection.certificates().count(), place.inspection.keys.len())
            })
            .collect();
        assert_eq!(told, [("leaf.pem".to_owned(), 1, 1), ("ca.pem".to_owned(), 1, 0)]);
        // Each place by itself knows no issuer in another.
        assert_eq!(places.first().unwrap().inspection.certificate.as_ref().unwrap().issued_by, None);
        let together = inspect_together(&objects, &policy, At::NotEvaluated);
        let leaf = together.certificate.unwrap();
        assert_eq!((leaf.block, leaf.issued_by), (Some(1), Some(3)));
        assert_eq!(leaf.key.spki_sha256, together.keys.first().unwrap().key.spki_sha256);
        assert_eq!(leaf.key.pin_sha256, together.keys.first().unwrap().key.pin_sha256);
    }
}
