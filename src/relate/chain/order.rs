//! The right order of the certificates of a chain.

use std::collections::BTreeSet;

use super::graph::Graph;

/// All positions: the path's members in order in the places that they have together, the server certificate first. Where that is not the
/// order given, what belongs to another chain goes behind it, so that it does not come between. Copies go last.
pub(super) fn right_order(graph: &Graph<'_, '_>) -> Vec<usize> {
    let copies: BTreeSet<usize> = graph.copies.iter().map(|(copy, _)| *copy).collect();
    let on_path: BTreeSet<usize> = graph.path.iter().copied().collect();
    let mut in_order = graph.path.iter().copied();
    let mut right: Vec<usize> = graph
        .members
        .iter()
        .map(|member| member.index)
        .filter(|position| !copies.contains(position))
        .map(
            |position| {
                if on_path.contains(&position) { in_order.next().unwrap_or(position) } else { position }
            },
        )
        .collect();
    if let Some(place) = right.iter().position(|position| *position == graph.leaf) {
        right.get_mut(..=place).unwrap_or_default().rotate_right(1);
    }
    if !right.is_sorted() {
        let (unrelated, mut rest): (Vec<usize>, Vec<usize>) =
            right.iter().partition(|position| graph.unrelated.binary_search(position).is_ok());
        rest.extend(unrelated);
        right = rest;
    }
    right.extend(graph.copies.iter().map(|(copy, _)| *copy));
    right
}
