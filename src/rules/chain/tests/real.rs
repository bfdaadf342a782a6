//! Real SM2 chains of other projects, where they are at hand: beside the project or at `CERTGATE_CORPUS`.

use super::{check_ders, found};
use crate::{At, Policy};
use std::path::{Path, PathBuf};

fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let folder = std::env::var_os("CERTGATE_CORPUS").map_or(beside, PathBuf::from);
    if folder.join("tlcp-tongsuo").is_dir() {
        return Some(folder);
    }
    println!("skipped: no {}", folder.display());
    None
}

fn der(file: &Path) -> Vec<u8> {
    pem::parse(std::fs::read(file).unwrap()).unwrap().into_contents()
}

#[test]
fn tongsuo_and_apisix() {
    let Some(corpus) = corpus() else { return };
    let tongsuo = |name: &str| der(&corpus.join("tlcp-tongsuo").join(name));
    let (sub, root) = (tongsuo("sub_ca.crt"), tongsuo("ca.crt"));
    let policy = Policy::default();
    for name in ["server_sign.crt", "server_enc.crt", "client_sign.crt", "client_enc.crt"] {
        let leaf = tongsuo(name);
        let checked = check_ders(&[&leaf, &sub], None, &policy, At::NotEvaluated);
        assert_eq!(found(&checked), Vec::<String>::new(), "{:#?}", checked.findings);
        let checked = check_ders(&[&root, &leaf, &sub], Some(1), &policy, At::NotEvaluated);
        assert_eq!(
            found(&checked),
            ["chain-leaf-not-first error 1 fix", "chain-root-included warning 1 fix"]
        );
        let checked = check_ders(&[&leaf, &root], None, &policy, At::NotEvaluated);
        assert_eq!(found(&checked), ["chain-gap error 2"]);
        let checked = check_ders(&[&leaf], None, &policy, At::NotEvaluated);
        assert_eq!(found(&checked), ["chain-leaf-alone warning 1"]);
        // The other project's sub CA has the same name and another key.
        let unrelated = der(&corpus.join("tlcp-apisix").join("gm_ca.crt"));
        let checked = check_ders(&[&leaf, &sub, &unrelated], None, &policy, At::NotEvaluated);
        assert_eq!(found(&checked), ["chain-signature error 2"], "{:#?}", checked.findings);
    }
}
