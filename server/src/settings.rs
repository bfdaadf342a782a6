//! The settings: flags, then environment, then file, then these defaults.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use certgate::Policy;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// What of the settings is given, by flags and environment or by a file.
#[derive(Clone, Debug, Default, clap::Args, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Given {
    /// The folder of the database and of the master key.
    #[arg(long, global = true, env = "CERTGATE_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME [default: DIR/certgate.db].
    #[arg(long, global = true, env = "CERTGATE_DATABASE", value_name = "URL", hide_env_values = true)]
    database: Option<String>,
    /// The file of the master key, of mode 600 [default: DIR/master.key, made where it is not there].
    #[arg(long, global = true, env = "CERTGATE_MASTER_KEY", value_name = "FILE")]
    master_key: Option<PathBuf>,
    /// The address to listen on; port 0 picks one.
    #[arg(long, env = "CERTGATE_LISTEN", value_name = "ADDR:PORT")]
    listen: Option<SocketAddr>,
    /// A policy file, as of the command line.
    #[arg(long, env = "CERTGATE_POLICY", value_name = "FILE.toml")]
    policy: Option<PathBuf>,
    /// The folder of the page for browsers, built from `web`; it is served at `/`.
    #[arg(long, env = "CERTGATE_PAGE", value_name = "DIR")]
    page: Option<PathBuf>,
    /// The certificate chain to serve TLS with.
    #[arg(long, env = "CERTGATE_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Its private key.
    #[arg(long, env = "CERTGATE_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// How many threads check forms [default: one a processor].
    #[arg(long, env = "CERTGATE_WORKERS", value_name = "N")]
    workers: Option<NonZeroUsize>,
    /// How the log is written.
    #[arg(long, env = "CERTGATE_LOG", value_name = "FORM")]
    log: Option<LogForm>,
    /// The least that is logged.
    #[arg(long, env = "CERTGATE_LOG_LEVEL", value_name = "LEVEL")]
    log_level: Option<LogLevel>,
    /// Let everybody in, for trials: on loopback addresses only.
    #[arg(long, env = "CERTGATE_NO_AUTH", num_args = 0..=1, default_missing_value = "true")]
    no_auth: Option<bool>,
    /// Addresses whose X-Forwarded-For is believed.
    #[arg(long, env = "CERTGATE_TRUSTED_PROXY", value_name = "IP,…", value_delimiter = ',')]
    trusted_proxy: Option<Vec<IpAddr>>,
    /// The largest request body, in bytes.
    #[arg(long, env = "CERTGATE_MAX_BODY", value_name = "BYTES")]
    max_body: Option<NonZeroUsize>,
    /// The most open connections.
    #[arg(long, env = "CERTGATE_MAX_CONNECTIONS", value_name = "N")]
    max_connections: Option<NonZeroUsize>,
    /// The most certificates of a project.
    #[arg(long, env = "CERTGATE_QUOTA", value_name = "N")]
    quota: Option<u32>,
    /// The most calls a second of a project; 0 means no limit.
    #[arg(long, env = "CERTGATE_RATE", value_name = "N")]
    rate: Option<u32>,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogForm {
    Text,
    Json,
}

/// The least that is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

/// The settings in use. Serialises to a file that gives the same ones; a password in the database's URL is left out.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Settings {
    pub(crate) data: PathBuf,
    #[serde(serialize_with = "without_password")]
    pub(crate) database: String,
    pub(crate) master_key: PathBuf,
    pub(crate) listen: SocketAddr,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) policy: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) page: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tls_cert: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tls_key: Option<PathBuf>,
    pub(crate) workers: usize,
    pub(crate) log: LogForm,
    pub(crate) log_level: LogLevel,
    pub(crate) no_auth: bool,
    pub(crate) trusted_proxy: Vec<IpAddr>,
    pub(crate) max_body: usize,
    pub(crate) max_connections: usize,
    pub(crate) quota: u32,
    pub(crate) rate: u32,
}

impl Given {
    /// The settings that these, a file and the defaults make.
    pub(crate) fn settings(self, config: Option<&Path>) -> Result<Settings, Failure> {
        let file = config.map(read).transpose()?.unwrap_or_default();
        let data = self.data.or(file.data).unwrap_or_else(|| "certgate-data".into());
        let database = self.database.or(file.database);
        let database = database.unwrap_or_else(|| format!("sqlite://{}", data.join("certgate.db").display()));
        if !["sqlite://", "postgres://", "postgresql://"].iter().any(|start| database.starts_with(start)) {
            return Err(Failure::new("--database takes sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME"));
        }
        let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let number = |given: Option<NonZeroUsize>, default| given.map_or(default, NonZeroUsize::get);
        let settings = Settings {
            database,
            master_key: self.master_key.or(file.master_key).unwrap_or_else(|| data.join("master.key")),
            data,
            listen: self.listen.or(file.listen).unwrap_or_else(|| ([127, 0, 0, 1], 8443).into()),
            policy: self.policy.or(file.policy),
            page: self.page.or(file.page),
            tls_cert: self.tls_cert.or(file.tls_cert),
            tls_key: self.tls_key.or(file.tls_key),
            workers: number(self.workers.or(file.workers), processors),
            log: self.log.or(file.log).unwrap_or(LogForm::Text),
            log_level: self.log_level.or(file.log_level).unwrap_or(LogLevel::Info),
            no_auth: self.no_auth.or(file.no_auth).unwrap_or(false),
            trusted_proxy: self.trusted_proxy.or(file.trusted_proxy).unwrap_or_default(),
            max_body: number(self.max_body.or(file.max_body), 4 << 20),
            max_connections: number(self.max_connections.or(file.max_connections), 12_000),
            quota: self.quota.or(file.quota).unwrap_or(1000),
            rate: self.rate.or(file.rate).unwrap_or(0),
        };
        if settings.no_auth && !settings.listen.ip().is_loopback() {
            return Err(Failure::new("--no-auth works on loopback addresses only: 127.0.0.1 or [::1]"));
        }
        if settings.tls_cert.is_some() != settings.tls_key.is_some() {
            return Err(Failure::new("--tls-cert and --tls-key need each other"));
        }
        Ok(settings)
    }
}

impl Settings {
    /// The policy of all checks: the file's, or the reference page.
    pub(crate) fn read_policy(&self) -> Result<Policy, Failure> {
        let Some(path) = &self.policy else { return Ok(Policy::default()) };
        toml::from_str(&text_of(path)?).map_err(|error| {
            // Only the place: the parser's text quotes the file, and a key may have been given by mistake.
            let line = error.span().map_or_else(String::new, |span| format!(", near byte {}", span.start));
            Failure::new(format!(
                "the policy {} is not one{line}: `certgate check --policy` says more about such a file",
                path.display()
            ))
        })
    }

    /// As a file for `--config`.
    pub(crate) fn to_file(&self) -> Result<String, Failure> {
        toml::to_string(self).map_err(|_| Failure::new("the settings hold a path that is not UTF-8"))
    }
}

fn read(path: &Path) -> Result<Given, Failure> {
    parse(&text_of(path)?).map_err(|wrong| Failure::new(format!("{}: {wrong}", path.display())))
}

/// Reads the text of a settings file. What is wrong is said by its name and place alone: a file may hold a password.
fn parse(text: &str) -> Result<Given, String> {
    const SHOWS: &str = "--print-config shows what can stand there";
    let place = |error: &toml::de::Error| {
        let start = error.span().map_or(0, |span| span.start);
        text.get(..start).map_or(1, |before| before.matches('\n').count().saturating_add(1))
    };
    let table: toml::Table = toml::from_str(text).map_err(|error| {
        format!("line {} is not TOML, the form of a settings file: {SHOWS}", place(&error))
    })?;
    if let Some(name) = table.keys().find(|name| !SETTINGS.contains(&name.as_str())) {
        let distance = |known: &&&str| strsim::damerau_levenshtein(known, &name.replace('-', "_"));
        let nearest = SETTINGS.iter().min_by_key(distance).filter(|known| distance(known) <= 2);
        let more = nearest.map_or_else(|| SHOWS.to_owned(), |nearest| format!("do you mean `{nearest}`?"));
        let is_name = name.len() <= 40
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        return Err(match is_name {
            true => format!("there is no setting `{name}`: {more}"),
            false => format!("it has a name that is no setting: {more}"),
        });
    }
    toml::from_str(text)
        .map_err(|error| format!("the value in line {} is wrong for its setting: {SHOWS}", place(&error)))
}

/// The names in a settings file.
const SETTINGS: [&str; 17] = [
    "data",
    "database",
    "master_key",
    "listen",
    "policy",
    "page",
    "tls_cert",
    "tls_key",
    "workers",
    "log",
    "log_level",
    "no_auth",
    "trusted_proxy",
    "max_body",
    "max_connections",
    "quota",
    "rate",
];

fn text_of(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("{} cannot be read: {}", path.display(), error.kind())))
}

fn without_password<S: serde::Serializer>(url: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let hidden = url.split_once("://").and_then(|(scheme, rest)| {
        let (who, place) = rest.rsplit_once('@')?;
        let (user, _) = who.split_once(':')?;
        Some(format!("{scheme}://{user}@{place}"))
    });
    serializer.serialize_str(hidden.as_deref().unwrap_or(url))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str) -> Given {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn what_is_printed_gives_the_same_settings_again_without_the_password() {
        let settings = given(
            "listen = '127.0.0.1:0'\nworkers = 3\nlog = 'json'\nquota = 7\ntrusted_proxy = ['10.0.0.1']",
        );
        let text = settings.settings(None).unwrap().to_file().unwrap();
        assert_eq!(given(&text).settings(None).unwrap().to_file().unwrap(), text);
        let secret = given("database = 'postgres://me:s3cret@127.0.0.1:5432/x'").settings(None).unwrap();
        assert!(secret.to_file().unwrap().contains("\"postgres://me@127.0.0.1:5432/x\""));
    }

    #[test]
    fn settings_that_make_no_sense_are_refused() {
        for text in ["no_auth = true\nlisten = '0.0.0.0:80'", "tls_cert = 'a'", "database = 'mysql://x'"] {
            assert!(given(text).settings(None).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said_by_name_and_line_without_its_values() {
        for (text, want) in [
            ("quota = 1\nlisten = 1", "the value in line 2 is wrong for its setting"),
            ("quota = 1\nqouta = 's3cret'", "there is no setting `qouta`: do you mean `quota`?"),
            ("max-body = 's3cret'", "there is no setting `max-body`: do you mean `max_body`?"),
            ("password = 's3cret'", "there is no setting `password`: --print-config shows"),
            ("'s3cret and more' = 1", "it has a name that is no setting: --print-config shows"),
            ("rate = 1\n\ns3cret", "line 3 is not TOML"),
            ("rate = 's3cret'", "the value in line 1 is wrong for its setting"),
        ] {
            let wrong = parse(text).unwrap_err();
            assert!(wrong.starts_with(want) && !wrong.contains("s3cret"), "{text}: {wrong}");
        }
    }

    #[test]
    fn a_file_has_every_setting() {
        let text = "tls_cert = 'a'\ntls_key = 'b'\npolicy = 'c'\npage = 'd'";
        let printed = parse(text).unwrap().settings(None).unwrap().to_file().unwrap();
        let mut names: Vec<String> =
            toml::from_str::<toml::Table>(&printed).unwrap().into_iter().map(|one| one.0).collect();
        let mut known = SETTINGS.to_vec();
        names.sort();
        known.sort();
        assert_eq!(names, known);
    }
}
