//! Go and Python, in their own processes.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

use super::{Measure, Subject};
use crate::inputs::directory;
use crate::process::Process;

/// Go and Python, where `run.sh` could prepare them.
pub fn all() -> Vec<Subject> {
    let mut subjects = Vec::new();
    match Process::start(&directory().join("go-peer"), &[]) {
        Some(go) => {
            let version = go.version.clone();
            let go = Rc::new(RefCell::new(go));
            subjects.push(Subject {
                peer: "Go",
                operation: "X509KeyPair",
                version: version.clone(),
                shows: "the same as certgate's proof: RSA n = p·q, d·e ≡ 1, dP, dQ, qInv; curves: d·G is computed while the key is parsed",
                lacks: "SM2; other rules of the certificate",
                measure: operation(&go, "X509KeyPair"),
            });
            subjects.push(Subject {
                peer: "Go",
                operation: "ParseCertificate",
                version,
                shows: "a certificate that Go can read",
                lacks: "anything about a key",
                measure: operation(&go, "ParseCertificate"),
            });
        }
        None => eprintln!("Go: skipped, target/peers/go-peer is absent (run.sh builds it)"),
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("pyca.py");
    let script = script.to_string_lossy();
    match Process::start(&directory().join("venv/bin/python"), &[&script]) {
        Some(python) => subjects.push(Subject {
            peer: "pyca",
            operation: "compare",
            version: python.version.clone(),
            shows: "equal public keys; RSA: OpenSSL's key check while the key is loaded; curves: the point is checked against the scalar",
            lacks: "SM2; other rules of the certificate",
            measure: operation(&Rc::new(RefCell::new(python)), "compare"),
        }),
        None => eprintln!("pyca: skipped, target/peers/venv is absent (run.sh makes it)"),
    }
    subjects
}

fn operation(process: &Rc<RefCell<Process>>, operation: &'static str) -> Box<Measure> {
    let process = Rc::clone(process);
    Box::new(move |input, iterations| process.borrow_mut().measure(operation, input, iterations))
}
