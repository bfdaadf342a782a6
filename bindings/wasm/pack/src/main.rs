//! `certgate-wasm-pack WASM FOLDER`: the JavaScript module and the declarations for a built `certgate_wasm.wasm`.
#![forbid(unsafe_code)]

use std::env;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    let [wasm, folder] = arguments.as_slice() else {
        eprintln!("certgate-wasm-pack WASM FOLDER");
        return ExitCode::from(2);
    };
    let mut bindgen = Bindgen::new();
    let written = bindgen.input_path(wasm).web(true).and_then(|bindgen| {
        bindgen
            .omit_default_module_path(true)
            .remove_producers_section(true)
            .typescript(true)
            .generate(folder)
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("certgate-wasm-pack: {error:#}");
            ExitCode::FAILURE
        }
    }
}
