//! A server in a folder of its own.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::http::{Answer, call};
use crate::postgres;

pub(crate) const PROJECT: &str = "5be7a3c0d1e2f30415263748596a7b8c";

/// A folder that goes when the test ends.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("certgate-server-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A database to test on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

/// The databases of this machine.
pub(crate) fn databases() -> Vec<Database> {
    if postgres::is_here() { vec![Database::Sqlite, Database::Postgres] } else { vec![Database::Sqlite] }
}

/// Where a server keeps its data; it can be started there again and again.
pub(crate) struct Home {
    pub(crate) folder: Folder,
    pub(crate) database: Option<String>,
}

impl Home {
    pub(crate) fn on(database: Database) -> Self {
        let database = (database == Database::Postgres).then(postgres::new_database);
        Self { folder: Folder::new(), database }
    }

    /// A command of the program on this data.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_certgate-server"));
        command.env_clear().args(arguments).arg("--data").arg(self.folder.0.join("data"));
        if let Some(database) = &self.database {
            command.arg("--database").arg(database);
        }
        command
    }

    /// What a command that must succeed prints.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    pub(crate) fn token(&self, project: &str, actions: &str) -> String {
        self.run(&["token", "new", "--project", project, "--actions", actions])
    }

    /// Starts a server.
    pub(crate) fn start(&self, arguments: &[&str]) -> Server {
        self.start_by(self.command(&[]), arguments)
    }

    /// Starts a server by a command that someone prepared.
    pub(crate) fn start_by(&self, mut command: Command, arguments: &[&str]) -> Server {
        command.args(["--listen", "127.0.0.1:0", "--workers", "2"]).args(arguments);
        let mut process = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap());
        let log = Arc::new(Mutex::new(String::new()));
        let mut address = None;
        while address.is_none() {
            let mut line = String::new();
            assert!(lines.read_line(&mut line).unwrap() > 0, "no server: {}", log.lock().unwrap());
            address = line
                .trim()
                .strip_prefix("listening on ")
                .map(|url| url.split_once("://").unwrap().1.to_owned());
            log.lock().unwrap().push_str(&line);
        }
        let rest = Arc::clone(&log);
        let reader = std::thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                let mut log = rest.lock().unwrap();
                log.push_str(&line);
                log.push('\n');
            }
        });
        Server { process, address: address.unwrap(), token: String::new(), log, reader: Some(reader) }
    }
}

/// A running server; it is killed when the test ends.
pub(crate) struct Server {
    pub(crate) process: Child,
    pub(crate) address: String,
    pub(crate) token: String,
    pub(crate) log: Arc<Mutex<String>>,
    reader: Option<std::thread::JoinHandle<()>>,
}

impl Server {
    /// A call with the server's token.
    pub(crate) fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.call_with(method, path, &[], body)
    }

    /// A call with the server's token and more headers.
    pub(crate) fn call_with(&self, method: &str, path: &str, more: &[(&str, &str)], body: &Value) -> Answer {
        let text = if body.is_null() { Vec::new() } else { serde_json::to_vec(body).unwrap() };
        let mut headers = vec![("X-Auth-Token", self.token.as_str()), ("Content-Type", "application/json")];
        headers.extend(more);
        call(&self.address, method, &format!("/v2/{PROJECT}/apigw/certificates{path}"), &headers, &text)
    }

    pub(crate) fn create(&self, form: &Value) -> Value {
        let answer = self.call("POST", "", form);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap().success());
    }

    /// Waits for the end; the exit status, and all of the log.
    pub(crate) fn ended(&mut self, within: Duration) -> (Option<i32>, String) {
        let start = Instant::now();
        let status = loop {
            match self.process.try_wait().unwrap() {
                Some(status) => break status,
                None if start.elapsed() > within => panic!("still running after {within:?}"),
                None => std::thread::sleep(Duration::from_millis(10)),
            }
        };
        self.reader.take().unwrap().join().unwrap();
        (status.code(), self.log.lock().unwrap().clone())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A server with a token that may do everything.
pub(crate) fn started(home: &Home, arguments: &[&str]) -> Server {
    let token = home.token(PROJECT, "write");
    let mut server = home.start(arguments);
    server.token = token;
    server
}

/// A valid form of that name.
pub(crate) fn form(name: &str) -> Value {
    static MADE: std::sync::OnceLock<Value> = std::sync::OnceLock::new();
    named(MADE.get_or_init(|| certgate_forge::form::ecc().value()), name)
}

/// The form under that name.
pub(crate) fn named(form: &Value, name: &str) -> Value {
    let mut form = form.clone();
    form["name"] = name.into();
    form
}
