//! The name that programs record of the shared library. Its number is that of the ABI.

fn main() {
    let abi = "1";
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-env=CERTGATE_ABI={abi}");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libcertgate.so.{abi}");
    }
}
