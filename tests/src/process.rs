//! The `veta` binary and what it starts, seen from outside: processes with their output, signals, bounded waits.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

/// Names the binary to test; without it, cargo builds the one beside this test.
pub const BINARY_VARIABLE: &str = "VETA_BIN";

/// Between two looks at something that another process does.
pub const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// Looks before a wait fails: two minutes and more, on a machine that does ten other things.
pub const POLLS_MAX: usize = 12_000;

/// The `veta` binary, as new as its sources.
#[must_use]
pub fn veta() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| std::env::var_os(BINARY_VARIABLE).map_or_else(build, PathBuf::from))
}

/// Builds `veta` into the directory and with the profile of this test. Cargo locks the directory meanwhile and sees
/// whether there is anything to do.
fn build() -> PathBuf {
    let test = std::env::current_exe().expect("a running test has a file");
    let built = test
        .parent()
        .and_then(Path::parent)
        .expect("cargo puts tests into <target>/<profile>/deps");
    let profile = built
        .file_name()
        .and_then(|name| name.to_str())
        .expect("profiles have plain names");
    let profile = if profile == "debug" { "dev" } else { profile };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args([
        "build",
        "--quiet",
        "--locked",
        "--package",
        "veta",
        "--profile",
        profile,
    ]);
    command.arg("--target-dir").arg(
        built
            .parent()
            .expect("a profile's directory lies in the target directory"),
    );
    // What cargo says to tests about their own package would make build scripts run again, and again after this.
    let said = std::env::vars_os().map(|(name, _)| name);
    for name in said.filter(|name| {
        name.to_str()
            .is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
    }) {
        command.env_remove(name);
    }
    let done = command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .expect("cargo runs");
    assert!(done.success(), "veta does not build");
    built.join("veta")
}

/// Looks until `check` finds what it looks for.
///
/// # Panics
/// If that takes longer than any of this can take: `what` says what was waited for.
pub fn eventually<T>(what: &str, mut check: impl FnMut() -> Option<T>) -> T {
    for _ in 0..POLLS_MAX {
        if let Some(found) = check() {
            return found;
        }
        thread::sleep(POLL_INTERVAL);
    }
    panic!("waited in vain: {what}");
}

/// Tells whoever watches the run, also where the output of tests is captured: figures, seeds.
pub fn tell(what: impl core::fmt::Display) {
    // Nobody is left to tell if standard error is closed.
    let _ = writeln!(io::stderr(), "{what}");
}

/// Looks before a program that was asked to end is killed: 15 seconds, longer than any of ours drains.
const DROP_POLLS_MAX: usize = 1_500;

/// A program that runs in a process group of its own, with its output in files. Ended when dropped.
#[derive(Debug)]
pub struct Program {
    child: Child,
    output: PathBuf,
    errors: PathBuf,
}

impl Program {
    /// Starts it. `log` is the path of its output files without `.out` and `.err`.
    #[must_use]
    pub fn start(command: &mut Command, log: &Path) -> Self {
        let (output, errors) = (log.with_extension("out"), log.with_extension("err"));
        let create = |path: &Path| File::create(path).expect("the test's own directory takes files");
        command
            .stdin(Stdio::null())
            .stdout(create(&output))
            .stderr(create(&errors))
            .process_group(0);
        let child = command.spawn().expect("the program is there and starts");
        Self { child, output, errors }
    }

    /// What it wrote to standard output so far.
    #[must_use]
    pub fn output(&self) -> String {
        text(&self.output)
    }

    /// What it wrote to standard error so far.
    #[must_use]
    pub fn errors(&self) -> String {
        text(&self.errors)
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child can be waited for")
    }

    /// Ends it at once, as a crash would (SIGKILL).
    pub fn kill(&mut self) {
        self.child.kill().expect("a child can be killed");
        self.child.wait().expect("a child can be waited for");
    }

    /// Presses Ctrl-C at its terminal: SIGINT to it and to everything it has started in its process group.
    pub fn interrupt(&self) {
        let sent = Command::new("kill")
            .args(["-INT", "--", &format!("-{}", self.child.id())])
            .status()
            .expect("there is a kill command");
        assert!(sent.success(), "nobody to interrupt");
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> ExitStatus {
        eventually("the end of a process", || self.ended())
    }
}

/// Asked first, so that a `veta up` whose test failed ends its `nats-server` too.
impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended; then there is nothing to end.
        let _ = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .stderr(Stdio::null())
            .status();
        for _ in 0..DROP_POLLS_MAX {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(POLL_INTERVAL);
        }
        let _ = self.child.kill().and_then(|()| self.child.wait());
    }
}

/// What a program that has ended said.
#[derive(Clone, Debug)]
pub struct Said {
    /// Its exit code.
    pub code: Option<i32>,
    /// Standard output.
    pub output: String,
    /// Standard error.
    pub errors: String,
}

impl Said {
    /// Runs a command to its end.
    pub fn by(command: &mut Command) -> Self {
        let Output { status, stdout, stderr } = command.output().expect("the program is there and starts");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("programs of ours write UTF-8");
        Self {
            code: status.code(),
            output: text(stdout),
            errors: text(stderr),
        }
    }
}

fn text(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned()
}
