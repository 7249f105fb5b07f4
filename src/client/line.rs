//! A connection to Vitally, with what drives it. A request runs on the thread that asks: nothing is handed to another
//! thread and back, which costs more than the request itself when answers come quickly.

use super::fault::{Cause, Fault};
use super::patience::Patience;
use super::transport::{LARGEST_BODY, Reply};
use super::{Headers, Timeouts};
use reqwest::{Client, RequestBuilder, Response};
use rustls::ClientConfig;
use tokio::runtime::Runtime;

/// How often a line that was at rest is let look around before a request leaves, so that it notices when the server
/// has closed the connection: once to hear it from the system, once to draw the conclusion, once to make room.
const LOOKS_AROUND: usize = 3;

/// A connection with what drives it; used by one thread at a time.
pub(super) struct Line {
    client: Client,
    /// `None` only while it is dropped.
    runtime: Option<Runtime>,
}

impl Line {
    /// A line that connects at its first request. Without `tls` it reaches only this computer.
    pub(super) fn open(timeouts: &Timeouts, tls: Option<ClientConfig>) -> Result<Line, Fault> {
        let mut builder = Client::builder()
            .user_agent(concat!("vitally-script/", env!("CARGO_PKG_VERSION")))
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(timeouts.connect)
            .timeout(timeouts.total)
            .pool_idle_timeout(timeouts.idle)
            .pool_max_idle_per_host(1);
        builder = match tls {
            Some(tls) => builder.tls_backend_preconfigured(tls),
            // Only loopback is reached without TLS: no certificates to load, and no proxy on the way.
            None => builder.no_proxy().tls_certs_only([]),
        };
        // Needed even where nothing is encrypted. A second installation is refused, and the first is the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = builder.build().map_err(|error| Fault::unready(&error))?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Fault::unready(&error))?;
        Ok(Line { client, runtime: Some(runtime) })
    }

    /// What makes requests for this line.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Sends a request and reads its answer whole, unless whoever waits gives up.
    pub(super) fn send(&self, request: RequestBuilder, patience: Patience) -> Result<Reply, Fault> {
        let Some(runtime) = &self.runtime else { return Err(Fault { sent: false, cause: Cause::GivenUp }) };
        runtime.block_on(async {
            for _ in 0..LOOKS_AROUND {
                tokio::task::yield_now().await;
            }
            let whole = async { read(request.send().await.map_err(|error| Fault::of(&error))?).await };
            patience.wait_for(whole).await.unwrap_or(Err(Fault { sent: true, cause: Cause::GivenUp }))
        })
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // A name server that does not answer is not waited for.
            runtime.shutdown_background();
        }
    }
}

async fn read(mut response: Response) -> Result<Reply, Fault> {
    let status = response.status().as_u16();
    let headers = Headers::of(response.headers());
    let announced = response.content_length();
    let mut body = Vec::new();
    let mut too_large = announced.is_some_and(|length| length > LARGEST_BODY);
    if let Some(length) = announced.filter(|_| !too_large) {
        body.reserve_exact(usize::try_from(length).unwrap_or_default());
    }
    while !too_large {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                body.extend_from_slice(&chunk);
                too_large = body.len() as u64 > LARGEST_BODY;
            }
            Ok(None) => break,
            // The status of a refusal says enough.
            Err(_) if status >= 300 => break,
            Err(error) => {
                let cause = if error.is_timeout() { Cause::Timeout } else { Cause::Broken };
                return Err(Fault { sent: true, cause });
            }
        }
    }
    Ok(Reply { status, headers, body, too_large })
}
