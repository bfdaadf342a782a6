//! The server runs: connections, signals, and an end that answers what is in flight.

use std::io::Write;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tower::ServiceExt;

use crate::app::{App, routes};
use crate::failure::Failure;
use crate::settings::Settings;
use crate::store::credentials;
use crate::{keys, tls};

/// The time for the head of a request, an idle connection's next one included, and for a TLS handshake.
const PATIENCE: Duration = Duration::from_secs(15);

/// How long a connection lives before it is asked to come again: a client that does not read its answers must not stay.
const LIFE: Duration = Duration::from_secs(600);

/// The time for what is in flight at the end.
const LAST: Duration = Duration::from_secs(8);

/// The most of a request's head, in bytes, and the most headers.
const HEAD: usize = 32 << 10;
const HEADERS: usize = 100;

/// Runs the server until it is told to stop.
pub(crate) fn run(settings: Settings) -> Result<(), Failure> {
    crate::log::start(&settings);
    let threads = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime =
        threads.map_err(|error| Failure::new(format!("no thread can be started: {}", error.kind())))?;
    // SQLite and PostgreSQL block, and are opened before the runtime is entered.
    let store = keys::open_store(&settings)?;
    let (master_key, is_new) = keys::open_master_key(&settings, &store)?;
    if is_new {
        say(&format!(
            "made a master key: {}; without it nobody can open the stored keys, so keep a copy elsewhere",
            settings.master_key.display()
        ));
    }
    let has_callers = settings.no_auth || store.read(|transaction| credentials::is_any(transaction))?;
    let tls = match (&settings.tls_cert, &settings.tls_key) {
        (Some(certificate), Some(key)) => Some(tls::load(certificate, key)?),
        _ => None,
    };
    let app = Arc::new(App::new(settings, store, master_key)?);
    let served = runtime.block_on(serve(app, tls, has_callers));
    runtime.shutdown_timeout(Duration::from_secs(1));
    served
}

/// One line for the person who started the server.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The TLS files in use; `None` for plain HTTP.
type Tls = Option<Arc<RwLock<Arc<ServerConfig>>>>;

async fn serve(app: Arc<App>, tls: Option<Arc<ServerConfig>>, has_callers: bool) -> Result<(), Failure> {
    let io = |what: &str, error: std::io::Error| Failure::new(format!("{what}: {}", error.kind()));
    let address = app.settings.listen;
    let listener =
        TcpListener::bind(address).await.map_err(|error| io(&format!("no listening on {address}"), error))?;
    let address = listener.local_addr().map_err(|error| io("no listening", error))?;
    let mut stop_by =
        [signal(SignalKind::terminate()), signal(SignalKind::interrupt()), signal(SignalKind::hangup())]
            .into_iter()
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| io("no signals", error))?;
    let (Some(mut hangup), Some(mut interrupt), Some(mut terminate)) =
        (stop_by.pop(), stop_by.pop(), stop_by.pop())
    else {
        return Err(Failure::new("no signals"));
    };
    if app.settings.no_auth {
        say("--no-auth: everybody on this machine is let in");
    } else if !has_callers {
        say(&format!(
            "nobody is let in yet: certgate-server token new --project PROJECT --data {} makes a token",
            app.settings.data.display()
        ));
    }
    say(&format!("data in {}", app.settings.data.display()));
    say(&format!("listening on {}://{address}", if tls.is_some() { "https" } else { "http" }));

    let tls: Tls = tls.map(|config| Arc::new(RwLock::new(config)));
    let most = app.settings.max_connections;
    let places = Arc::new(Semaphore::new(most));
    let (stop, stopping) = watch::channel(());
    let service = routes(Arc::clone(&app));
    loop {
        let place = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (listener.accept().await, place)
        };
        tokio::select! {
            (accepted, Ok(place)) = place => match accepted {
                Ok((stream, peer)) => {
                    tokio::spawn(connection(stream, peer, service.clone(), tls.clone(), stopping.clone(), place));
                }
                Err(error) => {
                    // Out of file descriptors, most likely: what ends makes room.
                    tracing::warn!(kind = %error.kind(), "no connection");
                    sleep(Duration::from_millis(50)).await;
                }
            },
            _ = hangup.recv() => reload(&app, &tls),
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
        }
    }
    drop(listener);
    let _ = stop.send(());
    // Every connection has a place: once all are free, all is answered.
    let all = u32::try_from(most).unwrap_or(u32::MAX);
    let _ = timeout(LAST, places.acquire_many(all)).await;
    tracing::info!("stopped");
    Ok(())
}

/// SIGHUP: policy and TLS files are read again. If one of them is not good, nothing changes.
fn reload(app: &App, tls: &Tls) {
    match read_again(app, tls) {
        Ok(()) => say("reloaded"),
        Err(failure) => say(&format!("not reloaded: {failure}")),
    }
}

fn read_again(app: &App, tls: &Tls) -> Result<(), Failure> {
    let policy = app.settings.read_policy()?;
    if let (Some(current), Some(certificate), Some(key)) =
        (tls, &app.settings.tls_cert, &app.settings.tls_key)
    {
        let fresh = tls::load(certificate, key)?;
        *current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
    }
    app.set_policy(policy);
    Ok(())
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    service: Router,
    tls: Tls,
    stopping: watch::Receiver<()>,
    _place: OwnedSemaphorePermit,
) {
    let _ = stream.set_nodelay(true);
    let Some(tls) = tls else { return requests(stream, peer, service, stopping).await };
    let config = Arc::clone(&tls.read().unwrap_or_else(PoisonError::into_inner));
    if let Ok(Ok(stream)) = timeout(PATIENCE, TlsAcceptor::from(config).accept(stream)).await {
        requests(stream, peer, service, stopping).await;
    }
}

async fn requests<S>(stream: S, peer: SocketAddr, service: Router, mut stopping: watch::Receiver<()>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let answer = hyper::service::service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        service.clone().oneshot(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_buf_size(HEAD).max_headers(HEADERS);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), answer));
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopping.changed() => {}
        () = sleep(LIFE) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = timeout(LAST, connection).await;
}
