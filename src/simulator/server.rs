//! HTTP/1.1 on 127.0.0.1, in a thread of its own.

use std::convert::Infallible;
use std::future::{Future, pending, poll_fn};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::sync::oneshot;

use super::pause::Pause;
use super::request::Request;
use super::state::{Outgoing, Reply, State};

/// The largest body that is read.
const LARGEST_BODY: usize = 16 * 1024 * 1024;

/// A server that is running; it stops when dropped.
pub(super) struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts to listen.
    pub fn start(port: u16, state: Arc<Mutex<State>>) -> io::Result<Server> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let pause = Arc::new(Pause::start()?);
        let (stop, stopped) = oneshot::channel::<Infallible>();
        let thread = std::thread::Builder::new().name("simulator".into()).spawn(move || {
            runtime.block_on(accept(listener, state, pause, stopped));
            runtime.shutdown_background();
        })?;
        Ok(Server { address, stop: Some(stop), thread: Some(thread) })
    }

    /// Waits until the server ends, which it does only with its thread.
    pub fn wait(&mut self) {
        if let Some(thread) = self.thread.take() {
            // The thread's own end is all that is waited for.
            let _ = thread.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        self.wait();
    }
}

async fn accept(
    listener: TcpListener,
    state: Arc<Mutex<State>>,
    pause: Arc<Pause>,
    mut stopped: oneshot::Receiver<Infallible>,
) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    loop {
        let accepted = poll_fn(|context| {
            if Pin::new(&mut stopped).poll(context).is_ready() {
                return Poll::Ready(None);
            }
            listener.poll_accept(context).map(Some)
        });
        let Some(accepted) = accepted.await else { return };
        let Ok((stream, _)) = accepted else {
            // Out of file handles, say: let some connections end first.
            tokio::time::sleep(Duration::from_millis(5)).await;
            continue;
        };
        // Without it small answers may wait for an acknowledgement; that costs speed and nothing else.
        let _ = stream.set_nodelay(true);
        let (state, pause) = (state.clone(), pause.clone());
        tokio::spawn(async move {
            let service = service_fn(move |request| respond(state.clone(), pause.clone(), request));
            // A connection that breaks or speaks no HTTP ends here, and concerns no other.
            let _ = hyper::server::conn::http1::Builder::new()
                .header_read_timeout(None)
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn respond(
    state: Arc<Mutex<State>>,
    pause: Arc<Pause>,
    request: hyper::Request<Incoming>,
) -> io::Result<Response<Full<Bytes>>> {
    let came = Instant::now();
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, LARGEST_BODY).collect().await else {
        return Ok(plain(StatusCode::PAYLOAD_TOO_LARGE));
    };
    let target = head.uri.path_and_query().map_or("/", hyper::http::uri::PathAndQuery::as_str);
    let request = Request::new(head.method.as_str(), target, body.to_bytes().to_vec());
    let authorization = head.headers.get("authorization").and_then(|value| value.to_str().ok());
    let reply = state.lock().unwrap_or_else(PoisonError::into_inner).answer(&request, authorization);
    match reply {
        Reply::Send(sent) => {
            if !sent.delay.is_zero() {
                pause.until(came + sent.delay).await;
            }
            Ok(response(sent))
        }
        Reply::Close => Err(io::Error::from(io::ErrorKind::ConnectionAborted)),
        Reply::Hang => pending().await,
    }
}

fn response(sent: Outgoing) -> Response<Full<Bytes>> {
    let mut headers: Vec<(&'static str, String)> = Vec::new();
    if !sent.body.is_empty() {
        headers.push(("content-type", sent.content_type.into()));
    }
    if let Some(budget) = sent.budget {
        headers.push(("ratelimit-limit", format!("{0}, {0};window=60", budget.limit)));
        headers.push(("ratelimit-remaining", budget.remaining.to_string()));
        headers.push(("ratelimit-reset", budget.reset.to_string()));
    }
    headers.extend(sent.retry_after.map(|seconds| ("retry-after", seconds.to_string())));
    headers.extend(sent.date.map(|date| ("date", date)));
    let mut response = plain(StatusCode::from_u16(sent.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    *response.body_mut() = Full::new(Bytes::from(sent.body));
    response
}

fn plain(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::new()));
    *response.status_mut() = status;
    response
}
