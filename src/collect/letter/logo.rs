//! A brand's logo: a small picture of its own folder, carried within the letter so that nothing is fetched when it is read.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use imagesize::ImageType;

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
        "png" => is_sized(bytes, ImageType::Png).then_some("image/png"),
        "jpg" | "jpeg" => is_sized(bytes, ImageType::Jpeg).then_some("image/jpeg"),
        "svg" => {
            std::str::from_utf8(bytes).ok().filter(|text| text.contains("<svg")).map(|_| "image/svg+xml")
        }
        _ => None,
    }
}

/// Whether it is of a kind and its header gives a width and a height.
fn is_sized(bytes: &[u8], kind: ImageType) -> bool {
    imagesize::image_type(bytes).is_ok_and(|found| found == kind)
        && imagesize::blob_size(bytes).is_ok_and(|size| size.width > 0 && size.height > 0)
}
