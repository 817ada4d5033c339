//! A line to a service that breaks once, at the worst moment: everything was heard, and the answer is lost.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// Of the answers over the first connection, so much arrives: the settings of the connection, not the first receipt.
const FIRST_ANSWER_BYTES: u64 = 120;

/// A port that leads to a service.
pub(crate) struct CutLine {
    port: u16,
    was_cut: Arc<AtomicBool>,
}

impl CutLine {
    /// Leads to `http://host:port`. The first connection breaks; later ones do not.
    pub(crate) fn to(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let was_cut = Arc::new(AtomicBool::new(false));
        let (to, cut) = (url.strip_prefix("http://").unwrap().to_owned(), Arc::clone(&was_cut));
        thread::spawn(move || {
            for from in listener.incoming() {
                let (from, to) = (from.unwrap(), TcpStream::connect(&to).unwrap());
                let first = !cut.swap(true, Ordering::SeqCst);
                carry(&from, &to, u64::MAX);
                carry(&to, &from, if first { FIRST_ANSWER_BYTES } else { u64::MAX });
            }
        });
        Self { port, was_cut }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Whether a connection was made, and so broken.
    pub(crate) fn was_cut(&self) -> bool {
        self.was_cut.load(Ordering::SeqCst)
    }
}

/// Carries so many bytes in one direction, and then breaks the line in both.
fn carry(from: &TcpStream, to: &TcpStream, bytes: u64) {
    let (from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
    thread::spawn(move || {
        // The other direction may have broken the line already.
        let _ = io::copy(&mut from.try_clone().unwrap().take(bytes), &mut to).and_then(|_| to.flush());
        let _ = from.shutdown(Shutdown::Both);
        let _ = to.shutdown(Shutdown::Both);
    });
}
