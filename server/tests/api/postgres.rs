//! Debian's PostgreSQL, started once in a scratch folder for all tests, and stopped when their process ends.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// The cluster: the port that it listens on. `None` where PostgreSQL is not installed.
static CLUSTER: OnceLock<Option<u16>> = OnceLock::new();

pub(crate) fn is_here() -> bool {
    cluster().is_some()
}

fn cluster() -> Option<u16> {
    *CLUSTER.get_or_init(|| {
        let Some(programs) = programs() else {
            eprintln!("skipped: the tests on PostgreSQL, since it is not installed");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = std::env::temp_dir().join(format!("certgate-postgres-{}", std::process::id()));
        // PostgreSQL does not run as root. The shell waits for the end of its input, which comes with the end of this process.
        let script = "set -e; mkdir -m 700 \"$1\"; trap 'rm -rf \"$1\"' EXIT; \
            \"$2/initdb\" -D \"$1/data\" -U tester -A trust --no-sync >/dev/null; \
            \"$2/pg_ctl\" -D \"$1/data\" -w -l \"$1/log\" -o \"-p $3 -c listen_addresses=127.0.0.1 -k '$1'\" start >/dev/null; \
            echo started; cat >/dev/null; \"$2/pg_ctl\" -D \"$1/data\" -m immediate stop >/dev/null";
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "sh"]);
            command
        } else {
            Command::new("sh")
        };
        command.args(["-c", script, "sh"]).arg(&folder).arg(&programs).arg(port.to_string());
        let mut child = command.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line).unwrap();
        assert_eq!(line, "started\n", "PostgreSQL did not start");
        // Its input stays open as long as this process lives.
        std::mem::forget(child);
        Some(port)
    })
}

fn programs() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> =
        fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path().join("bin")).collect();
    versions.sort();
    versions.pop().filter(|bin| bin.join("initdb").exists())
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|about| about.uid() == 0)
}

/// The URL of a new, empty database.
pub(crate) fn new_database() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let port = cluster().unwrap();
    let name = format!("test{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let made = Command::new(programs().unwrap().join("createdb"))
        .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-U", "tester", &name])
        .status();
    assert!(made.unwrap().success());
    format!("postgres://tester@127.0.0.1:{port}/{name}")
}
