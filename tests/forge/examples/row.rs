//! Prints the form of a row as JSON, or without argument the list of rows.

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
                println!("{:36} {:?}", row.row, row.base);
            }
        }
    }
}
