//! What was undone in the blocks of a text, each kind once.

use std::collections::BTreeMap;

use super::line::{Line, Strange};
use super::region::Region;
use crate::read::pem::fault::Undone;
use crate::read::pem::text::Character;

/// The most characters that are told by name.
const NAMED: usize = 8;

/// All that is undone in `regions`, with line and column.
pub(super) fn tell(regions: &[Region], lines: &[Line<'_>], undone: &mut Vec<(usize, Option<usize>, Undone)>) {
    // Characters in bodies are named once with all their places, those that are only in markers with the marker.
    let mut characters: BTreeMap<Character, (usize, Option<usize>, usize, bool)> = BTreeMap::new();
    let mut colours: Option<(usize, usize)> = None;
    for region in regions {
        for number in region.first..=region.last {
            let Some(line) = lines.get(number) else { break };
            if line.colours > 0 {
                let (_, count) = colours.get_or_insert((number, 0));
                *count = count.saturating_add(line.colours);
            }
            let is_body = region.is_body(number);
            let kept = region.kept(number, line.body());
            // What a decoration took along needs no name.
            let is_told = |strange: &&Strange| match (is_body, region.is_decorated()) {
                (true, _) if strange.is_hyphen => false,
                (true, true) => (kept.start..=kept.end).contains(&strange.at[1]),
                _ => true,
            };
            for strange in line.strange.iter().filter(is_told) {
                let place = (number.saturating_add(1), Some(strange.column), 0, false);
                let entry = characters.entry(strange.character).or_insert(place);
                entry.2 = entry.2.saturating_add(1);
                entry.3 |= is_body;
            }
            if let Some(character) = end_of(line.end).map(Character::from) {
                let column = line.characters().saturating_add(1);
                let entry =
                    characters.entry(character).or_insert((number.saturating_add(1), Some(column), 0, true));
                entry.2 = entry.2.saturating_add(1);
                entry.3 = true;
            }
        }
    }
    characters.retain(|_, (.., is_body)| *is_body);
    let named: Vec<Character> = characters.keys().copied().collect();
    for (character, (line, column, count, _)) in characters.into_iter().take(NAMED) {
        undone.push((line, column, Undone::Characters { character, count }));
    }
    if let Some((number, count)) = colours {
        undone.push((number.saturating_add(1), None, Undone::Colours { count }));
    }
    let wrong: Vec<_> = regions.iter().flat_map(|region| region.wrong_markers(lines, &named)).collect();
    if let Some(first) = wrong.first() {
        undone.push((first.line, None, Undone::Markers(wrong)));
    }
    let decorated = regions.iter().find_map(|region| Some((region, region.sides()?)));
    if let Some((region, (start, end))) = decorated {
        let lines = regions.iter().filter(|region| region.is_decorated()).map(Region::number_of_lines).sum();
        let undoing = Undone::Decoration { start: start.clone(), end: end.clone(), lines };
        undone.push((region.begin.line.saturating_add(1), None, undoing));
    }
    let others: Vec<usize> = regions.iter().flat_map(Region::other_lines).collect();
    if let Some(first) = others.first() {
        undone.push((first.saturating_add(1), None, Undone::OtherLines { count: others.len() }));
    }
}

/// The line end of Unicode that `end` is.
fn end_of(end: &[u8]) -> Option<char> {
    std::str::from_utf8(end).ok()?.chars().next().filter(|character| !character.is_ascii())
}
