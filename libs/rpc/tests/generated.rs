//! The generated code is checked in, so that building needs no compiler of proto files; here it is made again.
//!
//! After a change to a proto file: `VETA_REGENERATE=1 cargo test -p rpc --test generated`, and look at what changed.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use protox::Compiler;

/// What gRPC reflection answers from; beside the generated code, which embeds it.
const DESCRIPTORS: &str = "descriptors.bin";

#[test]
fn generated_code_is_what_the_proto_files_say() {
    let checked_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/generated");
    let fresh = tempfile::tempdir().unwrap();
    generate(fresh.path()).unwrap();
    if std::env::var_os("VETA_REGENERATE").is_some() {
        replace(&checked_in, &files(fresh.path()).unwrap()).unwrap();
    }
    let (expected, found) = (files(fresh.path()).unwrap(), files(&checked_in).unwrap());
    let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(&expected), "in src/generated; {HINT}");
    for (name, bytes) in &expected {
        assert!(
            found[name] == *bytes,
            "src/generated/{} is out of date; {HINT}",
            name.display()
        );
    }
}

const HINT: &str = "run VETA_REGENERATE=1 cargo test -p rpc --test generated";

fn generate(into: &Path) -> Result<(), Box<dyn Error>> {
    let proto = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto");
    let mut compiler = Compiler::new([&proto])?;
    compiler.include_imports(true).open_files(proto_files(&proto)?)?;
    fs::write(into.join(DESCRIPTORS), compiler.encode_file_descriptor_set())?;

    // Comments become the docs of the generated code, and are not needed by reflection.
    compiler.include_source_info(true);
    let descriptors = compiler.file_descriptor_set();
    let builder = tonic_prost_build::configure().build_transport(false).out_dir(into);
    Ok(builder.compile_fds(descriptors)?)
}

/// Every proto file of ours, in the order of their paths.
fn proto_files(root: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    let mut folders = vec![root.join("veta")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            match path.extension() {
                None => folders.push(path),
                Some(extension) if extension == "proto" => found.push(path),
                Some(_) => {}
            }
        }
    }
    found.sort();
    Ok(found)
}

fn files(folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>, Box<dyn Error>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        files.insert(entry.file_name().into(), fs::read(entry.path())?);
    }
    Ok(files)
}

fn replace(folder: &Path, files: &BTreeMap<PathBuf, Vec<u8>>) -> Result<(), Box<dyn Error>> {
    fs::remove_dir_all(folder)?;
    fs::create_dir(folder)?;
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}
