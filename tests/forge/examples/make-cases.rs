//! Writes the inputs of all cases below `tests/cases`: for each folder `<code>/bad-<row>` or `<code>/ok-<row>` the files of that row.

use std::fs;
use std::path::{Path, PathBuf};

use certgate_forge::fault;

fn main() -> std::io::Result<()> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cases");
    for rule in folders(&cases)? {
        for case in folders(&rule)? {
            let name = case.file_name().and_then(|name| name.to_str()).expect("a name in UTF-8");
            let row = name.split_once('-').map_or(name, |(_, row)| row);
            let Some(fault) = fault::all().find(|fault| fault.row == row) else {
                println!("no row makes {}", case.display());
                continue;
            };
            for (name, contents) in fault.form().case_files() {
                let file = case.join(name);
                if fs::read(&file).ok().as_ref() != Some(&contents) {
                    fs::write(&file, contents)?;
                    println!("{}", file.display());
                }
            }
        }
    }
    Ok(())
}

fn folders(of: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> =
        fs::read_dir(of)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    found.retain(|path| path.is_dir());
    found.sort();
    Ok(found)
}
