//! New files in these directories are seen by what embeds them.

fn main() {
    for directory in ["locales", "static", "templates"] {
        println!("cargo::rerun-if-changed={directory}");
    }
}
