//! The portal in a real browser: people's stories with pictures, every page accessible and valid.
//!
//! `tests/browser/install` brings what this needs; where that cannot be, it says so aloud and checks nothing.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod support {
    pub(crate) mod behind;
    pub(crate) mod written;
}

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use tests::desk::{DONE, text};
use tests::pages::{LANGUAGES, pages};
use tests::process::{Said, tell, veta};
use tests::story::Story;

use support::behind::second_sale_written;

#[test]
fn stories_are_walked_through_and_every_page_is_accessible() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser");
    let Some(node) = node(&directory) else { return };
    let story = Story::tell();
    story.settle();
    let refused = second_sale_written(&story);
    let bundle = text(&story.desk.path("bar.veta-proof"));
    story
        .desk
        .check(DONE, &["prove", &story.told.lots.bar, "--output", &bundle]);
    let output = output();
    let paths: Vec<_> = pages(&story.told).into_iter().map(|page| page.path).collect();
    let mut told = serde_json::to_value(&story.told).unwrap();
    told["refused"] = refused.into();
    told["own"] = story.keep("organization").into();
    told["bundle"] = bundle.into();
    told["pages"] = paths.into();
    // Those who hand over a lot have their keys in files.
    told["keys"] = json!({ "esperanza": story.desk.path("esperanza.pem"), "trader": story.desk.path("trader.pem") });
    // As whom an organization's key is authorized.
    told["veta"] = text(veta()).into();
    told["state"] = text(&story.desk.state()).into();
    told["languages"] = json!(LANGUAGES);
    let file = story.desk.path("told.json");
    fs::write(&file, told.to_string()).unwrap();
    let said = Said::by(
        Command::new(node)
            .current_dir(&directory)
            .arg("run.mjs")
            .arg(&file)
            .arg(&output),
    );
    tell(&said.output);
    assert_eq!(said.code, Some(0), "{}{}", said.output, said.errors);
    tell(format_args!("pictures of the stories are in {}", output.display()));
    story.end();
}

/// The Node to run, if packages and a browser are there, too.
fn node(directory: &Path) -> Option<PathBuf> {
    let fetched = directory.join("../../.tools/node/bin/node");
    let node = if fetched.exists() {
        fetched
    } else {
        PathBuf::from("node")
    };
    let asks = "import { found } from './browser.mjs'; process.exit(found() === undefined ? 3 : 0)";
    let asked = Command::new(&node)
        .current_dir(directory)
        .args(["--input-type=module", "--eval", asks])
        .output();
    let missing = match asked.map(|asked| asked.status.code()) {
        Ok(Some(0)) => return Some(node),
        Ok(Some(3)) => "there is no Chromium: tests/browser/install",
        Ok(_) => "packages are missing: tests/browser/install",
        Err(_) => "there is no Node: deploy/tools/fetch node",
    };
    tell(format_args!("SKIPPED, no page was looked at in a browser: {missing}"));
    None
}

/// Where pictures stay: an empty directory in the target directory.
fn output() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let target = test
        .ancestors()
        .nth(3)
        .expect("cargo puts tests into <target>/<profile>/deps");
    let output = target.join("browser");
    if output.exists() {
        fs::remove_dir_all(&output).unwrap();
    }
    fs::create_dir_all(&output).unwrap();
    output
}
