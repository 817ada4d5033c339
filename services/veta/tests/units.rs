//! The units that the operator's guide names start what the binary understands, each as a user of its own, and write only where
//! they may.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use clap::Parser;
use veta::cli::Cli;

const BINARY: &str = "/usr/local/bin/veta";
/// The instances of the template.
const SERVICES: [&str; 4] = ["ingest", "progress", "custody", "audit"];

fn deploy(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../deploy")
        .join(path)
}

fn read(path: &str) -> String {
    fs::read_to_string(deploy(path)).expect("a file of the guide")
}

/// The one value of a setting.
#[track_caller]
fn setting<'a>(unit: &'a str, name: &str) -> &'a str {
    let of = |line: &'a str| line.strip_prefix(name)?.strip_prefix('=');
    let values: Vec<&str> = unit.lines().filter_map(of).collect();
    let [value] = values[..] else {
        panic!("{name} stands {} times in {unit}", values.len());
    };
    value
}

fn check(unit: &str, users: &str) {
    let user = setting(unit, "User");
    let directory = format!("/var/lib/{}", setting(unit, "StateDirectory"));
    let home = users
        .lines()
        .find(|line| line.split_whitespace().nth(1) == Some(user))
        .and_then(|line| line.split_whitespace().last());
    assert_eq!(home, Some(directory.as_str()), "{user}");
    let command = setting(unit, "ExecStart");
    if !command.starts_with(BINARY) {
        return;
    }
    if let Err(error) = Cli::try_parse_from(command.split_whitespace()) {
        panic!("{command}\n{error}");
    }
    let written = command.split_whitespace().filter(|word| word.starts_with("/var/lib/"));
    for path in written {
        assert!(
            path == directory || path.starts_with(&format!("{directory}/")),
            "{path}"
        );
    }
}

#[test]
fn every_unit_starts_what_there_is_as_a_user_of_its_own() {
    let (users, guide) = (read("systemd/veta.sysusers"), read("README.md"));
    let mut seen = BTreeSet::new();
    for entry in fs::read_dir(deploy("systemd")).expect("units") {
        let name = entry
            .expect("an entry")
            .file_name()
            .into_string()
            .expect("a name of ours");
        let Some(unit) = name.strip_suffix(".service") else {
            continue;
        };
        let text = read(&format!("systemd/{name}"));
        let Some(template) = unit.strip_suffix('@') else {
            check(&text, &users);
            assert!(guide.contains(unit), "{name} is not in the guide");
            assert!(seen.insert(setting(&text, "User").to_owned()), "{name} shares its user");
            continue;
        };
        for service in SERVICES {
            let text = text.replace("%i", service);
            check(&text, &users);
            assert!(guide.contains(&format!("{template}@{service}")), "{name}");
            assert!(seen.insert(setting(&text, "User").to_owned()), "{name} shares its user");
        }
    }
    assert_eq!(seen.len(), users.lines().filter(|line| line.starts_with("u ")).count());
}
