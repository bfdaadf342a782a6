//! `include/certgate.h` is what cbindgen makes of the source. `CERTGATE_BLESS=1 cargo test -p certgate-c --test header` writes it.
#![allow(clippy::restriction)]

use std::{env, fs, path::Path};

#[test]
fn the_header_is_made_of_the_source() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_root_or_default(folder);
    let builder = cbindgen::Builder::new().with_config(config).with_src(folder.join("src/lib.rs"));
    let mut made = Vec::new();
    builder.generate().expect("the source has functions").write(&mut made);
    let made = String::from_utf8(made).unwrap();
    let path = folder.join("include/certgate.h");
    if env::var_os("CERTGATE_BLESS").is_some() {
        fs::write(&path, &made).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap_or_default(), made, "the header is old: bless it");
}
