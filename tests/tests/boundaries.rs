//! Who may depend on whom: the rules of the layout, checked against what cargo resolved.
//!
//! The rules are one function over a graph, `violations`. One test gives it the workspace as it is; the others give it
//! small graphs that break one rule each, so that a rule that has stopped looking is noticed.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde::Deserialize;

/// The workspace from the bottom up. A crate may depend on crates of lower rows only, which also keeps the services of
/// one row apart: they meet through the stream and through `rpc` clients.
const LAYERS: &[&[&str]] = &[
    &["event", "tlog"],
    &["catalogue", "diligence", "ledger", "wording"],
    &["replay"],
    // How a WebAssembly module is called.
    &["rooms"],
    // What an auditor builds to trust nobody else, and what a signer does without a network: above the ground, and below
    // everything that acts.
    &["signer", "verifier"],
    &["journal", "remote", "rpc", "service"],
    &["inquiry", "views"],
    SERVICES,
    &["veta"],
    &["tests"],
];

/// Not even a test of one service may use another one: what crosses services is tested in `tests/`.
const SERVICES: &[&str] = &["audit", "custody", "ingest", "portal", "progress", "witness"];

/// No I/O, no async, no clock, no randomness: the same prefix of the stream gives the same bytes on every machine.
const GROUND: &[&str] = &["catalogue", "diligence", "event", "ledger", "replay", "tlog", "wording"];

/// What a ground crate may name in its manifest. A new name here is a decision: it must be a pure function of its input.
const GROUND_MAY_NAME: &[&str] = &[
    "base64",
    "bytes",
    "curve25519-dalek",
    "ed25519-dalek",
    "hex",
    "postcard",
    "serde",
    "serde_json",
    "sha2",
    "thiserror",
    "time",
    "toml",
];

/// Crates that act, by what they do. None may stand anywhere below a ground crate, however deep.
const ACTING: &[(&str, &[&str])] = &[
    (
        "runs tasks",
        &["async-std", "futures-core", "futures-executor", "smol", "tokio"],
    ),
    (
        "uses threads",
        &[
            "crossbeam-channel",
            "crossbeam-utils",
            "parking_lot",
            "rayon",
            "rayon-core",
        ],
    ),
    (
        "uses the network",
        &[
            "async-nats",
            "axum",
            "hyper",
            "mio",
            "reqwest",
            "rustls",
            "socket2",
            "tonic",
            "ureq",
        ],
    ),
    (
        "uses the disk",
        &["fs2", "memmap2", "redb", "rusqlite", "sled", "tempfile"],
    ),
    (
        "draws random numbers",
        &["fastrand", "getrandom", "nuid", "rand", "uuid"],
    ),
    (
        "reads the clock or the time zone",
        &["chrono", "iana-time-zone", "jiff", "web-time"],
    ),
    ("writes telemetry", &["log", "prometheus-client", "tracing"]),
];

/// Features that let a pure crate act. Cargo turns a feature on for everyone once anyone asks for it, so what is
/// checked is what the ground crates ask for themselves. `default` stands for leaving the default features on.
const ACTING_FEATURES: &[(&str, &[&str])] = &[
    ("curve25519-dalek", &["rand_core"]),
    ("ed25519-dalek", &["rand_core"]),
    (
        "time",
        &["default", "local-offset", "now", "rand", "std", "wasm-bindgen"],
    ),
];

/// Crates that exactly one of ours may use: replacing one of them must stay a change to one crate.
const KEPT_BY: &[(&str, &str)] = &[("async-nats", "journal"), ("reqwest", "remote"), ("sled", "views")];

#[test]
fn the_workspace_keeps_its_boundaries() {
    let graph = Graph::of_this_workspace();
    // Proof that the graph read is the real one: a parse that lost the edges would find no violation either.
    for (from, to) in [("event", "curve25519-dalek"), ("views", "sled"), ("veta", "async-nats")] {
        assert!(
            graph.path(from, to).is_some(),
            "the resolved graph should lead from {from} to {to}"
        );
    }
    let found = graph.violations();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_graph_within_the_rules_passes() {
    check(
        "replay: ledger, tlog; ledger: event; event: serde; views: replay, sled; veta: audit; audit: views",
        &[],
    );
}

#[test]
fn a_ground_crate_that_acts_is_found() {
    check(
        "event: getrandom",
        &[
            "event names getrandom, which is not on the list of what ground crates may name",
            "event -> getrandom: it draws random numbers, and event is ground",
        ],
    );
    check(
        "ledger: serde_json; serde_json: indexmap; indexmap: rayon",
        &["ledger -> serde_json -> indexmap -> rayon: it uses threads, and ledger is ground"],
    );
    // Only the version that is used counts.
    check("event: sha2@2; sha2@1: rand", &[]);
    check(
        "tlog: im",
        &["tlog names im, which is not on the list of what ground crates may name"],
    );
    // What a test or a build script uses does not run in the crate.
    check("event: tempfile (dev), tonic (build)", &[]);
}

#[test]
fn a_ground_crate_that_asks_for_a_clock_is_found() {
    check("event: time [formatting]", &[]);
    check(
        "event: time [std]",
        &["event asks for the feature std of time, with which it acts"],
    );
    check(
        "tlog: time [default]",
        &["tlog asks for the feature default of time, with which it acts"],
    );
    check("journal: time [std]", &[]);
}

#[test]
fn a_second_user_of_a_kept_crate_is_found() {
    check("audit: sled", &["audit uses sled, which only views may use"]);
    check(
        "ingest: async-nats",
        &["ingest uses async-nats, which only journal may use"],
    );
    check("journal: async-nats", &[]);
    check("tests: async-nats (dev)", &[]);
}

#[test]
fn a_dependency_that_does_not_point_down_is_found() {
    check(
        "event: ledger",
        &[
            "event depends on ledger, which is not below it",
            "event names ledger, which is not on the list of what ground crates may name",
        ],
    );
    check(
        "rpc: service (build)",
        &["rpc depends on service, which is not below it"],
    );
    check(
        "audit: custody",
        &[
            "audit depends on custody, which is not below it",
            "audit uses the service custody",
        ],
    );
    check("audit: custody (dev)", &["audit uses the service custody"]);
    check("event: views (dev)", &[]);
}

#[test]
fn a_crate_of_ours_without_a_layer_is_found() {
    let mut graph = graph("event: serde");
    graph.ours.insert("cellar".to_owned());
    assert_eq!(
        graph.violations(),
        ["cellar has no layer; give it one in tests/tests/boundaries.rs"]
    );
}

/// Checks that exactly these violations are found in the graph that the text draws.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(graph(text).violations(), expected, "in {text}");
}

/// Reads `crate: dependency, dependency (dev), dependency [feature]; crate: …`. Names of `LAYERS` are ours.
fn graph(text: &str) -> Graph {
    let mut graph = Graph::default();
    for line in text.split("; ") {
        let (from, dependencies) = line.split_once(": ").expect("a crate and its dependencies");
        graph
            .links
            .insert(from.to_owned(), dependencies.split(", ").map(link).collect());
    }
    graph.ours = graph
        .links
        .keys()
        .filter(|name| layer(name).is_some())
        .cloned()
        .collect();
    graph
}

fn link(text: &str) -> Link {
    let (to, rest) = text.split_once(' ').unwrap_or((text, ""));
    let kind = match rest {
        "(dev)" => Kind::Dev,
        "(build)" => Kind::Build,
        _ => Kind::Normal,
    };
    let feature = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    Link {
        to: to.to_owned(),
        kind,
        asked: feature.map(str::to_owned).into_iter().collect(),
    }
}

/// What depends on what. A crate of ours goes by its name, any other by `name@version`: two versions of one crate have
/// different dependencies.
#[derive(Default)]
struct Graph {
    ours: BTreeSet<String>,
    links: BTreeMap<String, Vec<Link>>,
}

#[derive(Clone, Debug)]
struct Link {
    to: String,
    kind: Kind,
    /// The features that the manifest asks for; only known where the manifest is ours.
    asked: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Normal,
    Build,
    Dev,
}

impl Graph {
    /// Every rule that is broken, as sentences, grouped by crate.
    fn violations(&self) -> Vec<String> {
        self.ours.iter().flat_map(|name| self.violations_of(name)).collect()
    }

    fn violations_of(&self, name: &str) -> Vec<String> {
        let Some(layer) = layer(name) else {
            return vec![format!("{name} has no layer; give it one in tests/tests/boundaries.rs")];
        };
        let mut found = self.not_below(name, layer);
        found.extend(self.kept_elsewhere(name));
        found.extend(self.sideways(name));
        if GROUND.contains(&name) {
            found.extend(self.not_listed(name));
            found.extend(self.acting_features(name));
            found.extend(self.acting(name));
        }
        found
    }

    fn not_below(&self, name: &str, own: usize) -> Vec<String> {
        let upward = |link: &&Link| link.kind != Kind::Dev && layer(&link.to).is_some_and(|theirs| theirs >= own);
        self.links(name)
            .filter(upward)
            .map(|link| format!("{name} depends on {}, which is not below it", link.to))
            .collect()
    }

    fn kept_elsewhere(&self, name: &str) -> Vec<String> {
        let kept = |used: &str| {
            KEPT_BY
                .iter()
                .find(|(kept, keeper)| *kept == bare(used) && *keeper != name)
        };
        self.normal(name)
            .filter_map(|link| kept(&link.to))
            .map(|(kept, keeper)| format!("{name} uses {kept}, which only {keeper} may use"))
            .collect()
    }

    fn sideways(&self, name: &str) -> Vec<String> {
        if !SERVICES.contains(&name) {
            return Vec::new();
        }
        self.links(name)
            .filter(|link| SERVICES.contains(&link.to.as_str()))
            .map(|link| format!("{name} uses the service {}", link.to))
            .collect()
    }

    fn not_listed(&self, name: &str) -> Vec<String> {
        let listed =
            |to: &str| GROUND_MAY_NAME.contains(&bare(to)) || (GROUND.contains(&to) && layer(to) < layer(name));
        self.normal(name)
            .filter(|link| !listed(&link.to))
            .map(|link| {
                format!(
                    "{name} names {}, which is not on the list of what ground crates may name",
                    bare(&link.to)
                )
            })
            .collect()
    }

    fn acting_features(&self, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        for link in self.normal(name) {
            let Some((_, acting)) = ACTING_FEATURES.iter().find(|(to, _)| *to == bare(&link.to)) else {
                continue;
            };
            for feature in link.asked.iter().filter(|feature| acting.contains(&feature.as_str())) {
                found.push(format!(
                    "{name} asks for the feature {feature} of {}, with which it acts",
                    bare(&link.to)
                ));
            }
        }
        found
    }

    fn acting(&self, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        for (what, crates) in ACTING {
            for path in crates.iter().filter_map(|acting| self.path(name, acting)) {
                found.push(format!("{}: it {what}, and {name} is ground", path.join(" -> ")));
            }
        }
        found
    }

    /// A shortest chain of normal dependencies from a crate to any version of another, both ends included.
    fn path(&self, from: &str, to: &str) -> Option<Vec<String>> {
        let mut reached = BTreeSet::from([from.to_owned()]);
        let mut paths = vec![vec![from.to_owned()]];
        let mut next = 0;
        while let Some(path) = paths.get(next).cloned() {
            let end = path.last().expect("a path starts with its first crate");
            if bare(end) == to {
                return Some(path);
            }
            for link in self.normal(end) {
                if reached.insert(link.to.clone()) {
                    paths.push([path.as_slice(), std::slice::from_ref(&link.to)].concat());
                }
            }
            next += 1;
        }
        None
    }

    fn normal<'graph>(&'graph self, name: &str) -> impl Iterator<Item = &'graph Link> {
        self.links(name).filter(|link| link.kind == Kind::Normal)
    }

    fn links(&self, name: &str) -> std::slice::Iter<'_, Link> {
        self.links.get(name).map(Vec::as_slice).unwrap_or_default().iter()
    }
}

/// The name without the version.
fn bare(node: &str) -> &str {
    node.split('@').next().expect("a split has a first part")
}

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|crates| crates.contains(&name))
}

impl Graph {
    /// What cargo resolved for this workspace on this machine. The other platforms' crates are left out, because only
    /// this one's are sure to be downloaded already, and a test should not need the network.
    fn of_this_workspace() -> Self {
        let version = cargo(&["-vV"]);
        let host = version
            .lines()
            .find_map(|line| line.strip_prefix("host: "))
            .expect("cargo -vV names its host");
        let text = cargo(&[
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--filter-platform",
            host,
        ]);
        serde_json::from_str::<Metadata>(&text)
            .expect("cargo metadata answers in format version 1")
            .into_graph()
    }
}

fn cargo(arguments: &[&str]) -> String {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(program)
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo, which runs this test, can be started");
    assert!(
        output.status.success(),
        "cargo {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("cargo prints UTF-8")
}

/// The part of `cargo metadata` that the rules need.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: BTreeSet<String>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    dependencies: Vec<Declared>,
}

/// A dependency as the manifest has it.
#[derive(Deserialize)]
struct Declared {
    name: String,
    uses_default_features: bool,
    features: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Resolved>,
}

/// A dependency as cargo resolved it, with every table of the manifest that it stands in.
#[derive(Deserialize)]
struct Resolved {
    pkg: String,
    dep_kinds: Vec<ResolvedKind>,
}

#[derive(Deserialize)]
struct ResolvedKind {
    kind: Option<String>,
}

impl Metadata {
    fn into_graph(self) -> Graph {
        let packages: BTreeMap<&str, &Package> = self.packages.iter().map(|one| (one.id.as_str(), one)).collect();
        let node_of = |id: &str| packages[id].node(self.workspace_members.contains(id));
        let mut graph = Graph::default();
        for node in &self.resolve.nodes {
            let package = packages[node.id.as_str()];
            let links = node
                .deps
                .iter()
                .flat_map(|dep| package.links_to(&node_of(&dep.pkg), dep));
            graph.links.insert(node_of(&node.id), links.collect());
        }
        graph.ours = self.workspace_members.iter().map(|id| node_of(id)).collect();
        graph
    }
}

impl Package {
    fn node(&self, ours: bool) -> String {
        if ours {
            self.name.clone()
        } else {
            format!("{}@{}", self.name, self.version)
        }
    }

    fn links_to(&self, to: &str, resolved: &Resolved) -> Vec<Link> {
        let asked = self
            .dependencies
            .iter()
            .filter(|one| one.name == bare(to))
            .flat_map(Declared::asked)
            .collect();
        let link = |kind: &ResolvedKind| Link {
            to: to.to_owned(),
            kind: kind.kind(),
            asked: BTreeSet::clone(&asked),
        };
        resolved.dep_kinds.iter().map(link).collect()
    }
}

impl Declared {
    fn asked(&self) -> BTreeSet<String> {
        let default = self.uses_default_features.then(|| "default".to_owned());
        self.features.iter().cloned().chain(default).collect()
    }
}

impl ResolvedKind {
    fn kind(&self) -> Kind {
        match self.kind.as_deref() {
            None => Kind::Normal,
            Some("build") => Kind::Build,
            Some("dev") => Kind::Dev,
            Some(other) => panic!("cargo has a new kind of dependency, {other}; say here what it means"),
        }
    }
}
