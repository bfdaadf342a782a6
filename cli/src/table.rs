//! Aligned columns.

use crate::style::{self, DIM, Look};

/// Rows under a first column of labels; the cells are wrapped so that a line fits the look's width. `indent` blanks come first.
pub(crate) fn table(look: Look, indent: usize, rows: &[Vec<String>]) -> String {
    const GAP: usize = 2;
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| style::width(cell)).max().unwrap_or(0)
    };
    let label = widest(0);
    let gaps = GAP.saturating_mul(columns.saturating_sub(1));
    let free = look.width.saturating_sub(indent).saturating_sub(label).saturating_sub(gaps).max(16);
    let widths = share(&(1..columns).map(widest).collect::<Vec<_>>(), free);

    let mut out = String::new();
    for row in rows {
        let cells: Vec<Vec<String>> =
            row.iter().skip(1).zip(&widths).map(|(cell, &columns)| style::wrap_hard(cell, columns)).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0).max(1);
        for line in 0..height {
            let name = row.first().filter(|_| line == 0).map_or("", String::as_str);
            let mut text = " ".repeat(indent);
            text.push_str(&look.paint(DIM, &style::pad(name, label)));
            for (cell, &columns) in cells.iter().zip(&widths) {
                text.push_str(&" ".repeat(GAP));
                text.push_str(&style::pad(cell.get(line).map_or("", String::as_str), columns));
            }
            out.push_str(text.trim_end());
            out.push('\n');
        }
    }
    out
}

/// Shares `free` columns among cells that would like `wanted`: the narrow ones get what they want, the rest is split evenly.
fn share(wanted: &[usize], free: usize) -> Vec<usize> {
    let mut widths = vec![0; wanted.len()];
    let mut left = free;
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|&index| wanted.get(index).copied());
    for (done, index) in order.iter().copied().enumerate() {
        let rest = wanted.len().saturating_sub(done);
        let fair = left.checked_div(rest).unwrap_or(left).max(2);
        let given = wanted.get(index).copied().unwrap_or(0).min(fair);
        if let Some(width) = widths.get_mut(index) {
            *width = given;
        }
        left = left.saturating_sub(given);
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[&[&str]]) -> Vec<Vec<String>> {
        text.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
    }

    #[test]
    fn columns_align_with_wide_characters() {
        let got = table(
            Look::plain(),
            2,
            &rows(&[&["", "one", "two"], &["org", "汉字", "x"], &["cn", "abcdef", "y"]]),
        );
        assert_eq!(got, "       one     two\n  org  汉字    x\n  cn   abcdef  y\n");
    }

    #[test]
    fn long_cells_wrap_inside_their_column() {
        let mut look = Look::plain();
        look.width = 20;
        let got = table(look, 0, &rows(&[&["k", "aaaa bbbb cccc dddd eeee"]]));
        assert_eq!(got, "k  aaaa bbbb cccc\n   dddd eeee\n");
    }

    #[test]
    fn narrow_cells_leave_room_to_wide_ones() {
        assert_eq!(share(&[4, 100, 100], 44), [4, 20, 20]);
        assert_eq!(share(&[5, 5], 44), [5, 5]);
    }
}
