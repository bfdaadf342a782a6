//! Prints the form of a row as JSON, or without argument the list of rows.
#![allow(clippy::print_stdout, clippy::expect_used)]

use certgate_forge::fault;

fn main() {
    match std::env::args().nth(1) {
        Some(name) => {
            let row = fault::all()
                .find(|f| f.row == name)
                .expect("a row of this name; without argument they are listed");
            print!("{}", row.form().json());
        }
        None => {
            for row in fault::all() {
                let api = row.api.map(|code| format!("APIG.{code}")).unwrap_or_default();
                let more = [(row.soft, " soft"), (row.fix, " fix")]
                    .iter()
                    .filter(|m| m.0)
                    .map(|m| m.1)
                    .collect::<String>();
                println!("{:36} {:?} {:?} {api}{more}", row.row, row.base, row.verdict);
            }
        }
    }
}
