//! Signing keys as files: PKCS#8 PEM of our own, OpenSSH Ed25519 of others. Never overwritten, never shown.

use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use event::PublicKey;
use zeroize::Zeroizing;

use crate::files;
use crate::trouble::{Done, Trouble};

/// The longest key file; an OpenSSH key has less than 1 KiB.
pub const KEY_FILE_BYTES_MAX: u64 = 16 * 1024;

/// Makes a new key.
pub fn generate() -> Done<SigningKey> {
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut()).map_err(Trouble::at("the system gives no randomness"))?;
    Ok(SigningKey::from_bytes(&seed))
}

/// Writes a key that only its owner can read, where there is no file yet.
pub fn write(path: &Path, key: &SigningKey) -> Done {
    let pem = to_pem(key);
    let opened = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    let mut file = opened.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Trouble::failed(format_args!(
            "{} is there already and a key is never overwritten: choose another name",
            path.display()
        )),
        _ => Trouble::failed(format_args!("cannot write {}: {error}", path.display())),
    })?;
    let written = file.write_all(pem.as_bytes()).and_then(|()| file.sync_all());
    written.map_err(Trouble::at(format_args!("cannot write {}", path.display())))
}

/// Reads a private key, in either form.
pub fn read(path: &Path) -> Done<SigningKey> {
    let text = Zeroizing::new(files::read_text(path, "a key", KEY_FILE_BYTES_MAX)?);
    parse(&text).map_err(Trouble::at(path.display()))
}

/// Reads the key of a name, or makes it.
pub fn read_or_generate(path: &Path) -> Done<SigningKey> {
    if path.exists() {
        return read(path);
    }
    let key = generate()?;
    write(path, &key)?;
    Ok(key)
}

/// The public half.
#[must_use]
pub fn public(key: &SigningKey) -> PublicKey {
    key.verifying_key().into()
}

/// The key as [`write()`] puts it into a file and [`parse`] reads it: PKCS#8 PEM.
#[must_use]
pub fn to_pem(key: &SigningKey) -> Zeroizing<String> {
    key.to_pkcs8_pem(LineEnding::LF)
        .expect("a key of 32 bytes always has a PKCS#8 form")
}

/// Reads PKCS#8 PEM or an unencrypted OpenSSH Ed25519 private key.
pub fn parse(text: &str) -> Result<SigningKey, String> {
    if text.contains("BEGIN OPENSSH PRIVATE KEY") {
        return openssh(text);
    }
    if text.contains("BEGIN ENCRYPTED PRIVATE KEY") {
        return Err("the key is encrypted: decrypt it first, with `openssl pkcs8`".to_owned());
    }
    SigningKey::from_pkcs8_pem(text).map_err(|_| "not an Ed25519 private key in PKCS#8 PEM or OpenSSH form".to_owned())
}

fn openssh(text: &str) -> Result<SigningKey, String> {
    let key = ssh_key::PrivateKey::from_openssh(text).map_err(|error| format!("not an OpenSSH key: {error}"))?;
    if key.is_encrypted() {
        return Err("the key has a passphrase: make a copy without one, with `ssh-keygen -p`".to_owned());
    }
    let pair = key
        .key_data()
        .ed25519()
        .ok_or("an OpenSSH key, but not Ed25519: make one with `ssh-keygen -t ed25519`")?;
    let signing = SigningKey::from_bytes(&pair.private.to_bytes());
    if signing.verifying_key().as_bytes() != &pair.public.0 {
        return Err("the two halves of the OpenSSH key do not belong together".to_owned());
    }
    Ok(signing)
}
