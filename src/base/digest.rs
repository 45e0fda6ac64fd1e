//! SHA-256 of bytes and files, as hex: the same figure that `sha256sum` prints, so an auditor can check it.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::error::{Code, Error, Result};

/// SHA-256 of `bytes` in hex.
pub fn of_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// SHA-256 of a file's content in hex.
pub fn of_file(path: &Path) -> Result<String> {
    let unreadable = |cause: std::io::Error| Error::new(Code::FileUnreadable).file(path).detail(cause);
    let mut file = File::open(path).map_err(unreadable)?;
    let mut state = Sha256::new();
    let mut chunk = vec![0_u8; 1 << 16];
    loop {
        let read = file.read(&mut chunk).map_err(unreadable)?;
        if read == 0 {
            return Ok(hex(&state.finalize()));
        }
        state.update(&chunk[..read]);
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
