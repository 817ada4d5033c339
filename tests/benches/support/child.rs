//! This program started again as a service: so its memory and its time on a processor are nobody else's.

use std::env;
use std::ffi::OsStr;
use std::io::{self, Read};
use std::process::Stdio;
use std::time::Duration;

use service::clock::Stopwatch;
use service::health::Health;
use service::shutdown::Shutdown;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{ChildStdout, Command};
use tonic::transport::Channel;

/// The argument that makes this program the service.
pub(crate) const SERVE: &str = "serve";

/// A service that runs, and a connection to it.
pub(crate) struct Child {
    child: tokio::process::Child,
    output: Lines<BufReader<ChildStdout>>,
    channel: Channel,
}

impl Child {
    /// Starts it; it must [`tell`] where it answers.
    pub(crate) async fn start(arguments: &[&OsStr]) -> Self {
        let mut command = Command::new(env::current_exe().expect("a program that runs"));
        command.arg(SERVE).args(arguments);
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = piped.spawn().expect("this program starts again");
        let output = child.stdout.take().expect("it is piped");
        let mut output = BufReader::new(output).lines();
        let url = output.next_line().await.expect("it speaks").expect("where it answers");
        let channel = rpc::client::connect(&url).await.expect("connected");
        Self { child, output, channel }
    }

    /// Waits until it says that it serves.
    pub(crate) async fn serving(&mut self) {
        let said = self.output.next_line().await.expect("it speaks");
        assert_eq!(said.as_deref(), Some("serving"), "the service has ended");
    }

    pub(crate) fn channel(&self) -> Channel {
        self.channel.clone()
    }

    /// Its id.
    pub(crate) fn process(&self) -> String {
        self.child.id().expect("it runs").to_string()
    }

    /// Ends it in order; returns how long that took.
    pub(crate) async fn stop(mut self) -> Duration {
        let watch = Stopwatch::start();
        drop(self.channel);
        drop(self.child.stdin.take());
        let ended = self.child.wait().await.expect("a child of ours");
        assert!(ended.success(), "it ends in order");
        watch.elapsed()
    }
}

/// Says where the service answers, and then that it serves; it is to end when whoever started it lets go of its input.
#[expect(clippy::print_stdout, reason = "who started it listens")]
pub(crate) fn tell(url: &str, health: &Health, shutdown: &Shutdown) {
    println!("{url}");
    let (ready, stop) = (health.clone(), shutdown.clone());
    tokio::spawn(async move {
        ready.until_serving().await;
        println!("serving");
    });
    // Its end is waited for on a thread of its own: nobody reads it otherwise.
    std::thread::spawn(move || {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        stop.trigger();
    });
}
