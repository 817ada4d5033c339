//! The HTTP/1.1 server around a router: the same limits and the same end for everything that is served over plain HTTP.
//!
//! Encryption and names are the business of a reverse proxy in front of it. Answers are made of bytes that are in memory:
//! whoever reads slowly holds one connection for [`CONNECTION_WAIT`] at most, and a request that is not answered is given up
//! after [`REQUEST_WAIT`]. Bytes that come one by one win nobody time: every wait is for the whole.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv6Addr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tower::ServiceExt;
use tracing::warn;

use crate::shutdown::Shutdown;

/// Connections at one time; others wait in the kernel's queue. Each holds a task, [`HEADERS_BYTES_MAX`] and one answer.
pub const CONNECTIONS_MAX: usize = 512;

/// Connections of one household at one time, where [`Peers::AreClients`]: a quarter of all, which is a village behind one
/// address. Others of it are closed at once, so that nobody takes every place by himself.
pub const CONNECTIONS_OF_HOUSEHOLD_MAX: usize = CONNECTIONS_MAX / 4;

/// How long a client may take to send the head of its next request: also how long a connection may stay idle.
pub const HEAD_WAIT: Duration = Duration::from_secs(15);

/// How long a request may take, from its head to the head of the answer: the body arrives in it.
pub const REQUEST_WAIT: Duration = Duration::from_secs(30);

/// How long one connection is used. Clients open another; who reads an answer of 16 MiB at 64 KiB a second is served.
pub const CONNECTION_WAIT: Duration = Duration::from_secs(300);

/// Bytes of a request's head at most.
pub const HEADERS_BYTES_MAX: usize = 16 * 1024;

/// Bytes of a request's body at most, where the router does not say otherwise with a [`DefaultBodyLimit`] of its own.
pub const BODY_BYTES_MAX: usize = 64 * 1024;

/// How long no connection is accepted after the system could not give us one: it has no file descriptors left.
const ACCEPT_PAUSE: Duration = Duration::from_secs(1);

/// Who is at the other end of the connection: an extension of every request. Behind a reverse proxy that is the proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// Whose the other ends of connections are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peers {
    /// Clients' own: each household has [`CONNECTIONS_OF_HOUSEHOLD_MAX`].
    AreClients,
    /// Those of reverse proxies, perhaps, which bring everybody's requests.
    AreProxies,
}

/// What a test makes smaller.
#[derive(Clone, Copy)]
struct Limits {
    connections: usize,
    of_household: usize,
    head_wait: Duration,
    request_wait: Duration,
    connection_wait: Duration,
}

const LIMITS: Limits = Limits {
    connections: CONNECTIONS_MAX,
    of_household: CONNECTIONS_MAX,
    head_wait: HEAD_WAIT,
    request_wait: REQUEST_WAIT,
    connection_wait: CONNECTION_WAIT,
};

/// The address with what one household chooses freely set to zero: the second half of it with IPv6.
#[must_use]
pub fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            const HOST_BITS: u32 = 64;
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> HOST_BITS << HOST_BITS))
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// Serves `router` on `listener` until `shutdown`, then lets requests under way end for
/// [`DRAIN_WAIT`](crate::shutdown::DRAIN_WAIT). Whoever connects may be a reverse proxy.
pub async fn serve(listener: TcpListener, router: Router, shutdown: Shutdown) {
    serve_to(Peers::AreProxies, listener, router, shutdown).await;
}

/// The same, where it is known who connects.
pub async fn serve_to(peers: Peers, listener: TcpListener, router: Router, shutdown: Shutdown) {
    let of_household = match peers {
        Peers::AreClients => CONNECTIONS_OF_HOUSEHOLD_MAX,
        Peers::AreProxies => CONNECTIONS_MAX,
    };
    let limits = Limits { of_household, ..LIMITS };
    serve_within(limits, listener, router, shutdown).await;
}

async fn serve_within(limits: Limits, listener: TcpListener, router: Router, shutdown: Shutdown) {
    let router = router
        .layer(from_fn(move |request, next| {
            in_time(limits.request_wait, request, next)
        }))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX));
    let mut connections = JoinSet::new();
    let accepting = accept_all(limits, &listener, &router, &mut connections, &shutdown);
    tokio::select! {
        biased;
        () = shutdown.wait() => {}
        () = accepting => {}
    }
    drop(listener);
    shutdown
        .drain(async { while connections.join_next().await.is_some() {} })
        .await;
}

async fn accept_all(
    limits: Limits,
    listener: &TcpListener,
    router: &Router,
    connections: &mut JoinSet<()>,
    shutdown: &Shutdown,
) {
    let room = Arc::new(Semaphore::new(limits.connections));
    let mut households = Households::new(limits);
    loop {
        let place = Arc::clone(&room)
            .acquire_owned()
            .await
            .expect("nobody closes the semaphore");
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Dropped, it is closed.
                let Some(of_household) = households.place(peer.ip()) else {
                    continue;
                };
                let connection = connection(limits, (stream, Peer(peer.ip())), router.clone(), shutdown.clone());
                connections.spawn(async move {
                    connection.await;
                    drop((place, of_household));
                });
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                warn!(%error, "No connection can be accepted: {error}");
                sleep(ACCEPT_PAUSE).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
}

/// How many connections each household may still have.
struct Households {
    limits: Limits,
    rooms: BTreeMap<IpAddr, Arc<Semaphore>>,
}

impl Households {
    const fn new(limits: Limits) -> Self {
        Self {
            limits,
            rooms: BTreeMap::new(),
        }
    }

    /// A place for one more connection of a household; none where it has all of its own.
    fn place(&mut self, peer: IpAddr) -> Option<OwnedSemaphorePermit> {
        let most = self.limits.of_household;
        if self.limits.connections <= self.rooms.len() {
            // Those without a connection: no more have one than there are connections.
            self.rooms.retain(|_, room| room.available_permits() < most);
        }
        let room = self.rooms.entry(household(peer));
        let room = room.or_insert_with(|| Arc::new(Semaphore::new(most)));
        Arc::clone(room).try_acquire_owned().ok()
    }
}

/// Answers on one connection, until its end, its time or the shutdown. How it ends is of no interest: the client knows.
async fn connection(limits: Limits, (stream, peer): (TcpStream, Peer), router: Router, shutdown: Shutdown) {
    let router = router.map_request(move |mut request: http::Request<Incoming>| {
        request.extensions_mut().insert(peer);
        request
    });
    let serving = Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_wait)
        .max_buf_size(HEADERS_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut serving = pin!(serving);
    let ending = async {
        tokio::select! {
            () = shutdown.wait() => {}
            () = sleep(limits.connection_wait) => {}
        }
    };
    tokio::select! {
        _ended = serving.as_mut() => return,
        () = ending => serving.as_mut().graceful_shutdown(),
    }
    // Time for the answer that is under way.
    let _ended = timeout(limits.request_wait, serving).await;
}

async fn in_time(wait: Duration, request: Request, next: Next) -> Response {
    timeout(wait, next.run(request))
        .await
        .unwrap_or_else(|_| StatusCode::REQUEST_TIMEOUT.into_response())
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::net::SocketAddr;

    use axum::Extension;
    use axum::body::Bytes;
    use axum::routing::{get, post};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpSocket;
    use tokio::task::JoinHandle;

    use super::*;

    /// So long that a test which waits for it has failed.
    const LONG: Duration = Duration::from_secs(60);
    /// Over soon, and long enough for whoever is not slow on a machine that is.
    const SHORT: Duration = Duration::from_millis(500);

    /// More than the system keeps of an answer that nobody reads.
    const LARGE: usize = 16 * 1024 * 1024;

    const PATIENT: Limits = Limits {
        connections: 4,
        of_household: 4,
        head_wait: LONG,
        request_wait: LONG,
        connection_wait: LONG,
    };

    async fn start(limits: Limits) -> (SocketAddr, Shutdown, JoinHandle<()>) {
        let router = Router::new()
            .route("/", get(async || "here\n"))
            .route("/never", get(async || pending::<()>().await))
            .route("/large", get(async || vec![b'x'; LARGE]))
            .route("/peer", get(async |Extension(Peer(peer))| peer.to_string()))
            .route("/length", post(async |body: Bytes| body.len().to_string()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, shutdown) = (listener.local_addr().unwrap(), Shutdown::new());
        let serving = tokio::spawn(serve_within(limits, listener, router, shutdown.clone()));
        (address, shutdown, serving)
    }

    async fn sent(address: SocketAddr, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }

    /// Everything until the server closes the connection.
    async fn answer(mut stream: TcpStream) -> String {
        let mut answer = String::new();
        // What is left of a body that was refused resets the connection behind the answer.
        let _reset = timeout(LONG, stream.read_to_string(&mut answer))
            .await
            .expect("it is closed");
        answer
    }

    #[track_caller]
    fn check(answer: &str, begins: &str) {
        assert!(answer.starts_with(begins), "{answer:?} does not begin with {begins:?}");
    }

    #[tokio::test]
    async fn whoever_is_slow_is_not_waited_for() {
        let limits = Limits {
            head_wait: SHORT,
            ..PATIENT
        };
        let (address, ..) = start(limits).await;
        for (begun, begins) in [("", ""), ("GET / HTTP/1.1\r\nhost:", "HTTP/1.1 408")] {
            let answer = answer(sent(address, begun).await).await;
            assert!(answer.is_empty() || answer.starts_with(begins), "{begun:?}: {answer:?}");
        }
        let kept_alive = answer(sent(address, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").await).await;
        check(&kept_alive, "HTTP/1.1 200");

        let (address, ..) = start(Limits {
            request_wait: SHORT,
            ..PATIENT
        })
        .await;
        let close = "host: a\r\nconnection: close\r\n";
        let never = sent(address, &format!("GET /never HTTP/1.1\r\n{close}\r\n")).await;
        check(&answer(never).await, "HTTP/1.1 408");
        let cut = sent(
            address,
            &format!("POST /length HTTP/1.1\r\n{close}content-length: 9\r\n\r\ncut"),
        )
        .await;
        check(&answer(cut).await, "HTTP/1.1 408");

        let (address, ..) = start(Limits {
            connection_wait: SHORT,
            ..PATIENT
        })
        .await;
        answer(sent(address, "").await).await;
    }

    /// Sends bytes one by one, each long before a wait is over, until the server says something or hangs up.
    async fn dripped(address: SocketAddr, begun: &str) -> String {
        let mut stream = sent(address, begun).await;
        let mut answer = Vec::new();
        let mut drops = tokio::time::interval(SHORT / 10);
        let dripping = async {
            loop {
                // What was said is heard before what is sent is found to reach nobody.
                tokio::select! {
                    biased;
                    read = stream.read_buf(&mut answer) => if !read.is_ok_and(|read| 0 < read) {
                        return;
                    },
                    _ = drops.tick() => if stream.write_all(b"x").await.is_err() {
                        return;
                    },
                }
            }
        };
        timeout(LONG, dripping).await.expect("it is hung up on");
        String::from_utf8(answer).unwrap()
    }

    #[tokio::test]
    async fn bytes_that_come_one_by_one_win_no_time() {
        let (address, ..) = start(Limits {
            connections: 3,
            head_wait: SHORT,
            request_wait: SHORT,
            ..PATIENT
        })
        .await;
        let slow_head = tokio::spawn(async move { dripped(address, "GET / HTTP/1.1\r\nhost: a\r\nx: ").await });
        let head = "POST /length HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 60000\r\n\r\n";
        let slow_body = tokio::spawn(async move { dripped(address, head).await });
        let other = answer(sent(address, "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await);
        check(&other.await, "HTTP/1.1 200");
        let slow_head = slow_head.await.unwrap();
        assert!(
            slow_head.is_empty() || slow_head.starts_with("HTTP/1.1 408"),
            "{slow_head:?}"
        );
        check(&slow_body.await.unwrap(), "HTTP/1.1 408");
    }

    #[tokio::test]
    async fn whoever_does_not_read_keeps_nobody_out() {
        let (address, ..) = start(Limits {
            connections: 1,
            request_wait: SHORT,
            connection_wait: SHORT,
            ..PATIENT
        })
        .await;
        let unread = sent(address, "GET /large HTTP/1.1\r\nhost: a\r\n\r\n").await;
        let request = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        check(&answer(sent(address, request).await).await, "HTTP/1.1 200");
        drop(unread);
    }

    #[tokio::test]
    async fn nobody_takes_every_place() {
        let limits = Limits {
            of_household: 2,
            ..PATIENT
        };
        let (address, ..) = start(limits).await;
        let idle = [sent(address, "GET").await, sent(address, "GET").await];
        let request = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        assert_eq!(answer(sent(address, request).await).await, "", "a third one is closed");
        let other = TcpSocket::new_v4().unwrap();
        other.bind("127.0.0.2:0".parse().unwrap()).unwrap();
        let mut other = other.connect(address).await.unwrap();
        other.write_all(request.as_bytes()).await.unwrap();
        check(&answer(other).await, "HTTP/1.1 200");
        drop(idle);

        let mut households = Households::new(limits);
        let address = |host: u8| IpAddr::from([192, 0, 2, host]);
        let held: Vec<_> = (1..=3).map(|host| households.place(address(host)).unwrap()).collect();
        for host in 4..=255 {
            assert!(households.place(address(host)).is_some());
        }
        assert!(households.rooms.len() <= limits.connections, "others are forgotten");
        assert!(held.iter().all(|place| place.num_permits() == 1) && households.rooms.contains_key(&address(1)));
    }

    #[tokio::test]
    async fn bodies_and_heads_are_bounded() {
        let (address, ..) = start(PATIENT).await;
        for (length, begins) in [(BODY_BYTES_MAX, "HTTP/1.1 200"), (BODY_BYTES_MAX + 1, "HTTP/1.1 413")] {
            let head =
                format!("POST /length HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
            let answer = answer(sent(address, &(head + &"x".repeat(length))).await).await;
            check(&answer, begins);
        }
        let long = format!("GET / HTTP/1.1\r\nhost: {}\r\n\r\n", "a".repeat(HEADERS_BYTES_MAX));
        check(&answer(sent(address, &long).await).await, "HTTP/1.1 431");
    }

    #[tokio::test]
    async fn every_request_knows_who_sent_it() {
        let (address, ..) = start(PATIENT).await;
        let asked = "GET /peer HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        let answer = answer(sent(address, asked).await).await;
        assert!(answer.ends_with("127.0.0.1"), "{answer:?}");
    }

    #[tokio::test]
    async fn of_too_many_connections_the_last_waits() {
        let (address, ..) = start(Limits {
            connections: 1,
            ..PATIENT
        })
        .await;
        let first = sent(address, "GET / HTTP/1.1\r\n").await;
        let request = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        let mut second = tokio::spawn(answer(sent(address, request).await));
        assert!(timeout(SHORT, &mut second).await.is_err(), "there is room for one only");
        drop(first);
        check(&second.await.unwrap(), "HTTP/1.1 200");
    }

    #[tokio::test]
    async fn a_shutdown_ends_idle_connections_and_lets_answers_end() {
        let (begun, go) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
        let gate = (Arc::clone(&begun), Arc::clone(&go));
        let gated = async move || {
            gate.0.add_permits(1);
            gate.1.acquire().await.unwrap().forget();
            "through\n"
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, shutdown) = (listener.local_addr().unwrap(), Shutdown::new());
        let router = Router::new().route("/gate", get(gated));
        let serving = tokio::spawn(serve_within(PATIENT, listener, router, shutdown.clone()));

        let idle = sent(address, "").await;
        let under_way = sent(address, "GET /gate HTTP/1.1\r\nhost: a\r\n\r\n").await;
        begun.acquire().await.unwrap().forget();
        shutdown.trigger();
        assert_eq!(answer(idle).await, "");
        go.add_permits(1);
        let through = answer(under_way).await;
        assert!(through.ends_with("through\n"), "{through:?}");
        timeout(LONG, serving).await.expect("it ends").unwrap();
        assert!(TcpStream::connect(address).await.is_err(), "the port is free again");
    }
}
