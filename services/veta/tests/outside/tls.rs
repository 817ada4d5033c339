//! Over https: whoever answers must be who the address says, by the certificates of the machine.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tests::served::Files;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::support::{DONE, Log, UNAVAILABLE};

fn file(name: &str) -> PathBuf {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/outside/tls");
    dir.join(name)
}

/// Serves files over TLS, one request for each connection; the port.
async fn serve(files: Files) -> u16 {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let chain = vec![CertificateDer::from_pem_file(file("server.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_file(file("server.key")).unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let files = Arc::new(files);
    tokio::spawn(async move {
        loop {
            let (line, _) = listener.accept().await.unwrap();
            let (acceptor, files) = (acceptor.clone(), Arc::clone(&files));
            tokio::spawn(async move {
                // Whoever does not believe the certificate hangs up.
                let Ok(line) = acceptor.accept(line).await else { return };
                let mut line = BufReader::new(line);
                let mut asked = String::new();
                while !asked.ends_with("\r\n\r\n") && line.read_line(&mut asked).await.unwrap() > 0 {}
                let path = asked.split(' ').nth(1).unwrap().trim_start_matches('/');
                let body = files.get(path).map_or(&[][..], Vec::as_slice);
                let status = if body.is_empty() { "404 Not Found" } else { "200 OK" };
                let head = format!(
                    "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                line.write_all(head.as_bytes()).await.unwrap();
                line.write_all(body).await.unwrap();
                line.shutdown().await.unwrap();
            });
        }
    });
    port
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_believed_by_its_certificate_alone() {
    let log = Log::of(20);
    let port = serve(log.files()).await;
    for (host, authority, code, words) in [
        ("localhost", Some("authority.pem"), DONE, "replay: equal"),
        ("127.0.0.1", Some("authority.pem"), UNAVAILABLE, "certificate"),
        ("localhost", None, UNAVAILABLE, "certificate"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_veta"));
        command.args(["replay", &format!("https://{host}:{port}"), "--vkey", &log.vkey()]);
        command.env_remove("VETA_STATE").env_remove("SSL_CERT_DIR");
        if let Some(authority) = authority {
            command.env("SSL_CERT_FILE", file(authority));
        }
        let output = tokio::task::spawn_blocking(move || command.output())
            .await
            .unwrap()
            .unwrap();
        let told = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.status.code(), Some(code), "{host}: {told}");
        assert!(told.contains(words), "{host}: {told}");
    }
}
