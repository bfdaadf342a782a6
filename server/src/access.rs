//! Who may call what: tokens, access keys, and the actions that they allow.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use axum::http::request::Parts;
use data_encoding::BASE64URL_NOPAD;
use ring::digest::{SHA256, digest};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::answer::Refusal;
use crate::app::App;
use crate::failure::Failure;
use crate::seal::{Owner, random};
use crate::signature::Signed;
use crate::store::credentials::{self, Credential};

/// What can be done with certificates, as the reference page names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Create,
    Update,
    Get,
    List,
    Delete,
    /// A check, which stores nothing: allowed with any of the others but `delete`.
    Check,
}

impl Action {
    const NAMED: [Self; 5] = [Self::Create, Self::Update, Self::Get, Self::List, Self::Delete];

    /// `create`, for the log and the audit.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Get => "get",
            Self::List => "list",
            Self::Delete => "delete",
            Self::Check => "check",
        }
    }
}

/// The actions of a credential: names separated by commas, as the database has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Actions(Vec<Action>);

impl Actions {
    /// All of them.
    pub(crate) fn write() -> Self {
        Self(vec![Action::Create, Action::Update, Action::Get, Action::List, Action::Delete, Action::Check])
    }

    fn allow(&self, action: Action) -> bool {
        self.0.contains(&action)
    }
}

impl std::str::FromStr for Actions {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut actions = Vec::new();
        for name in text.split(',').map(str::trim) {
            match name {
                "read" => actions.extend([Action::Get, Action::List, Action::Check]),
                "write" => actions.extend(Self::write().0),
                _ => {
                    let short = name.strip_prefix("apig:certificate:").unwrap_or_default();
                    let action = Action::NAMED.into_iter().find(|action| action.as_str() == short);
                    actions.push(action.ok_or_else(|| {
                        "an action is `read`, `write` or apig:certificate:create, :update, :get, :list or :delete".to_owned()
                    })?);
                }
            }
        }
        if actions.iter().any(|action| *action != Action::Delete) {
            actions.push(Action::Check);
        }
        Ok(Self(actions))
    }
}

impl fmt::Display for Actions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if Action::NAMED.iter().all(|action| self.allow(*action)) {
            return f.write_str("write");
        }
        let named = Action::NAMED.into_iter().filter(|action| self.allow(*action));
        f.write_str(
            &named
                .map(|action| format!("apig:certificate:{}", action.as_str()))
                .collect::<Vec<_>>()
                .join(","),
        )
    }
}

/// A caller whose headers are good. A signature is still to be compared with the body.
pub(crate) struct Caller {
    /// The identifier of the token or of the access key. It is no secret.
    pub(crate) id: String,
    project: Option<String>,
    actions: Actions,
    secret: Option<Zeroizing<Vec<u8>>>,
}

impl Caller {
    /// Reads the credential of a request, and looks it up.
    pub(crate) async fn of(app: &App, parts: &Parts, now: OffsetDateTime) -> Result<Self, Refusal> {
        if app.settings.no_auth {
            return Ok(Self {
                id: "no-auth".to_owned(),
                project: None,
                actions: Actions::write(),
                secret: None,
            });
        }
        // Of two tokens, a proxy and this server might each believe another one.
        if parts.headers.get_all("x-auth-token").iter().count() > 1 {
            return Err(Refusal::unauthorized());
        }
        let (store, keys) = (app.store.clone(), app.master_key.clone());
        let found = if let Some(token) = parts.headers.get("x-auth-token") {
            let hash = hash_of(token.as_bytes());
            let credential = match app.tokens.get(&hash) {
                Some(credential) => Some(credential),
                None => {
                    let look =
                        move || (store.read(|transaction| credentials::token(transaction, &hash)), hash);
                    let (found, hash) = app.database.run(look).await?;
                    let found = found?;
                    if let Some(credential) = &found {
                        app.tokens.keep(hash, credential.clone());
                    }
                    found
                }
            };
            credential.map(|credential| (credential, None))
        } else {
            let signed = Signed::read(&parts.headers, now).ok_or_else(Refusal::unauthorized)?;
            let id = signed.access.to_owned();
            let look = move || store.read(|transaction| credentials::access_key(transaction, &id));
            let found = app.database.run(look).await??;
            let open = |(credential, sealed): (Credential, Vec<u8>)| {
                let owner = Owner::AccessKey { project: &credential.project, id: &credential.id };
                let secret = keys.open(&owner, &sealed);
                secret.map(|secret| (credential, Some(secret)))
            };
            found.map(open).transpose().map_err(|_| {
                tracing::error!("an access key does not open with this master key");
                Refusal::internal()
            })?
        };
        let is_valid = |(credential, _): &(Credential, _)| credential.is_valid(now.unix_timestamp());
        let (credential, secret) = found.filter(is_valid).ok_or_else(Refusal::unauthorized)?;
        let actions = credential.actions.parse().map_err(|_| Refusal::internal())?;
        Ok(Self { id: credential.id, project: Some(credential.project), actions, secret })
    }

    /// The project that the credential is of; `None` where everybody is let in.
    pub(crate) fn project(&self) -> Option<&str> {
        self.project.as_deref()
    }

    /// Whether the signature, where there is one, is of this request; then, whether the call is allowed.
    pub(crate) fn may(
        &self,
        action: Action,
        project: &str,
        parts: &Parts,
        body: &[u8],
        now: OffsetDateTime,
    ) -> Result<(), Refusal> {
        if let Some(secret) = &self.secret {
            let signed = Signed::read(&parts.headers, now).ok_or_else(Refusal::unauthorized)?;
            if !signed.is_made_with(secret, parts, body) {
                return Err(Refusal::unauthorized());
            }
        }
        let said = parts.headers.get_all("x-project-id").iter().all(|said| said == project);
        let is_own = self.project.as_deref().is_none_or(|own| own == project);
        if said && is_own && self.actions.allow(action) { Ok(()) } else { Err(Refusal::forbidden()) }
    }
}

/// The tokens that were looked up last, by their hashes: each is good for a second without the database, so that a token counts for a second more
/// at most after it was revoked.
#[derive(Default)]
pub(crate) struct Tokens(Mutex<HashMap<Vec<u8>, (Instant, Credential)>>);

impl Tokens {
    const LIFE: Duration = Duration::from_secs(1);

    /// So many at most: it bounds the memory.
    const MOST: usize = 1024;

    fn get(&self, hash: &[u8]) -> Option<Credential> {
        let tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.get(hash).filter(|(at, _)| at.elapsed() < Self::LIFE).map(|(_, credential)| credential.clone())
    }

    fn keep(&self, hash: Vec<u8>, credential: Credential) {
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tokens.len() >= Self::MOST {
            tokens.clear();
        }
        tokens.insert(hash, (Instant::now(), credential));
    }
}

/// What is stored of a token. A token is 32 random octets, so that a hash without a salt is enough.
pub(crate) fn hash_of(token: &[u8]) -> Vec<u8> {
    digest(&SHA256, token).as_ref().to_vec()
}

/// A new token.
pub(crate) fn new_token() -> Result<Zeroizing<String>, Failure> {
    let mut octets = Zeroizing::new([0; 32]);
    random(&mut *octets)?;
    Ok(Zeroizing::new(format!("cgt_{}", BASE64URL_NOPAD.encode(&*octets))))
}

/// Whether a text can be a project: 1 to 64 letters, digits, `-` and `_`.
pub(crate) fn is_project(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    (1..=64).contains(&text.len()) && text.bytes().all(is_plain)
}

/// The time by the clock of this machine.
pub(crate) fn now() -> OffsetDateTime {
    SystemTime::now().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_kept_for_a_second_and_so_many_at_most() {
        let tokens = Tokens::default();
        let credential = |id: &str| Credential {
            id: id.to_owned(),
            project: "project".to_owned(),
            actions: "read".to_owned(),
            created: 0,
            expires: None,
            revoked: None,
        };
        tokens.keep(vec![1], credential("one"));
        assert_eq!(tokens.get(&[1]).map(|credential| credential.id).as_deref(), Some("one"));
        assert!(tokens.get(&[2]).is_none());
        std::thread::sleep(Tokens::LIFE);
        assert!(tokens.get(&[1]).is_none(), "its second is over");
        for number in 0..=Tokens::MOST {
            tokens.keep(number.to_be_bytes().to_vec(), credential("many"));
        }
        assert!(tokens.0.lock().unwrap().len() <= Tokens::MOST);
        assert!(tokens.get(&Tokens::MOST.to_be_bytes()).is_some(), "the last is there");
    }

    #[test]
    fn actions_are_read_and_written() {
        for (text, want, check) in [
            ("write", "write", true),
            ("read", "apig:certificate:get,apig:certificate:list", true),
            ("apig:certificate:delete", "apig:certificate:delete", false),
            (
                "read, apig:certificate:update",
                "apig:certificate:update,apig:certificate:get,apig:certificate:list",
                true,
            ),
        ] {
            let actions: Actions = text.parse().unwrap();
            assert_eq!((actions.to_string().as_str(), actions.allow(Action::Check)), (want, check), "{text}");
            assert_eq!(actions.to_string().parse::<Actions>().unwrap().to_string(), want);
        }
        for wrong in ["", "create", "apig:certificate:check", "read,"] {
            assert!(wrong.parse::<Actions>().is_err(), "{wrong}");
        }
    }
}
