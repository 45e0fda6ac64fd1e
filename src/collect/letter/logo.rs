//! A brand's logo: a small picture of its own folder, carried within the letter so that nothing is fetched when it is read.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Largest logo: it is in every letter.
const LOGO_BYTES_MAX: u64 = 64 * 1024;

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// `image/png`, `image/jpeg` or `image/svg+xml`.
    pub kind: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
    /// The same as a data URI.
    pub uri: String,
}

/// Reads a logo from a brand's folder, which its path must not leave. Says what is wrong with it.
pub fn read(folder: &Path, name: &str) -> Result<Logo, String> {
    let unreadable = |cause: std::io::Error| format!("`{name}`: {cause}");
    let home = folder.canonicalize().map_err(unreadable)?;
    let path = folder.join(name).canonicalize().map_err(unreadable)?;
    if Path::new(name).is_absolute() || !path.starts_with(&home) {
        return Err(format!("`{name}` is not in the brand file's folder"));
    }
    let size = std::fs::metadata(&path).map_err(unreadable)?.len();
    if size > LOGO_BYTES_MAX {
        return Err(format!("`{name}` has {size} bytes; a logo has at most {LOGO_BYTES_MAX}"));
    }
    let bytes = std::fs::read(&path).map_err(unreadable)?;
    let kind = kind(name, &bytes).ok_or_else(|| format!("`{name}` is no PNG, JPEG or SVG picture"))?;
    let uri = format!("data:{kind};base64,{}", STANDARD.encode(&bytes));
    Ok(Logo { kind, bytes, uri })
}

/// The kind of picture, if the name's ending and the content agree on one.
fn kind(name: &str, bytes: &[u8]) -> Option<&'static str> {
    let ending = name.rsplit_once('.')?.1.to_ascii_lowercase();
    match ending.as_str() {
        "png" => is_png(bytes).then_some("image/png"),
        "jpg" | "jpeg" => is_jpeg(bytes).then_some("image/jpeg"),
        "svg" => {
            std::str::from_utf8(bytes).ok().filter(|text| text.contains("<svg")).map(|_| "image/svg+xml")
        }
        _ => None,
    }
}

/// Whether the header, which comes first, gives a width and a height.
fn is_png(bytes: &[u8]) -> bool {
    let header = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR");
    matches!(header, Some([w0, w1, w2, w3, h0, h1, h2, h3, ..]) if w0 | w1 | w2 | w3 != 0 && h0 | h1 | h2 | h3 != 0)
}

/// Whether a frame's header (any of the markers SOF0 to SOF15) gives a height and a width. Segments before it are passed over by their
/// length, which counts its own two bytes.
fn is_jpeg(bytes: &[u8]) -> bool {
    let mut rest = bytes.strip_prefix(b"\xff\xd8").unwrap_or_default();
    while let [0xff, marker, length @ ..] = rest {
        let [high, low, segment @ ..] = length else { return false };
        match marker {
            // Fill bytes may stand before a marker.
            0xff => rest = rest.get(1..).unwrap_or_default(),
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return matches!(segment, [_, h0, h1, w0, w1, ..] if h0 | h1 != 0 && w0 | w1 != 0);
            }
            _ => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                rest = segment.get(length.saturating_sub(2)..).unwrap_or_default();
            }
        }
    }
    false
}
