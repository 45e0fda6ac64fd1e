//! The brand: who writes, what letters look like, and how to pay. A TOML file; an unknown key or a value that cannot be used is
//! an error that names the key.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::address::is_address;
use super::bank;
use super::logo::{self, Logo};
use super::pattern::Pattern;
use crate::base::digest;
use crate::base::error::{Code, Error, Result};

/// The brand shipped: words in brackets to be replaced.
pub const SHIPPED: &str = include_str!("../../../data/brand/default.toml");

/// Longest text of a brand: a line of a letter.
const TEXT_CHARS_MAX: usize = 300;

/// Most lines of an address or signature, and most ways to pay.
const LINES_MAX: usize = 12;

/// Who writes.
#[derive(Debug, Clone)]
pub struct Brand {
    /// Names and texts.
    pub texts: Texts,
    /// Picture at the head.
    pub logo: Option<Logo>,
    /// IBAN without spaces, where there are bank details.
    pub iban: Option<String>,
    /// Link to pay an invoice by.
    pub link: Option<Pattern>,
    /// Label, text and, if it is for one only, language of every other way to pay.
    pub ways: Vec<(String, Pattern, Option<String>)>,
    /// SHA-256 of its file in hex.
    pub sha256: String,
    /// Its file, for messages; none of the one shipped.
    pub file: Option<PathBuf>,
}

/// A brand's file as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// Language of letters to customers whose language and country do not tell.
    pub language: String,
    /// The company.
    pub company: Company,
    /// Who sends.
    pub sender: Sender,
    /// Colours and logo.
    pub look: Look,
    /// Where to transfer to.
    pub bank: Option<Bank>,
    payment_link: Option<PaymentLink>,
    #[serde(default)]
    way: Vec<Way>,
}

/// `[company]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Company {
    /// Name.
    pub name: String,
    /// Lines of the postal address.
    pub address: Vec<String>,
    /// What the law wants on letters; empty where it wants nothing.
    pub register: String,
}

/// `[sender]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sender {
    /// Name.
    pub name: String,
    /// Address of messages.
    pub email: String,
    /// Telephone number; empty where there is none.
    pub phone: String,
    /// Address for answers; empty where they go to the sender's.
    pub reply_to: String,
    /// Lines below the greeting.
    pub signature: Vec<String>,
}

/// `[look]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    logo: String,
    /// Colour of lines and headings.
    pub accent: String,
    /// Colour of text.
    pub ink: String,
}

/// `[bank]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bank {
    /// Account holder.
    pub holder: String,
    iban: String,
    /// BIC; empty where none is needed.
    pub bic: String,
    /// Name of the bank; empty where it is left out.
    pub name: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct PaymentLink {
    pattern: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Way {
    label: String,
    text: String,
    language: Option<String>,
}

impl Brand {
    /// The brand of a file, or the one shipped.
    pub fn read(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else { return Self::parse(SHIPPED, Path::new(".")) };
        let text = std::fs::read_to_string(path)
            .map_err(|cause| Error::new(Code::FileUnreadable).file(path).detail(cause))?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let parsed = Self::parse(&text, folder).map_err(|error| error.file(path))?;
        Ok(Self { file: Some(path.to_owned()), ..parsed })
    }

    /// Parses a brand's text; its logo is looked for in a folder.
    pub fn parse(text: &str, folder: &Path) -> Result<Self> {
        let invalid = |detail: String| Error::new(Code::BrandInvalid).detail(detail);
        let texts: Texts = toml::from_str(text).map_err(|cause| invalid(cause.to_string()))?;
        Self::of_texts(texts, folder, digest::of_bytes(text.as_bytes())).map_err(invalid)
    }

    fn of_texts(texts: Texts, folder: &Path, sha256: String) -> std::result::Result<Self, String> {
        texts.check()?;
        let iban = texts.bank.as_ref().map(|bank| {
            bank::iban(&bank.iban).ok_or_else(|| format!("[bank] iban: `{}` is not an IBAN", bank.iban))
        });
        let link = texts.payment_link.as_ref().map(|link| {
            Pattern::link(&link.pattern).map_err(|cause| format!("[payment_link] pattern: {cause}"))
        });
        let name = texts.look.logo.as_str();
        let logo = (!name.is_empty())
            .then(|| logo::read(folder, name).map_err(|cause| format!("[look] logo: {cause}")));
        let way = |way: &Way| {
            let text = Pattern::way(&way.text).map_err(|cause| format!("[[way]] text: {cause}"))?;
            Ok((way.label.clone(), text, way.language.clone()))
        };
        let ways = texts.way.iter().map(way).collect::<std::result::Result<_, String>>()?;
        Ok(Self {
            logo: logo.transpose()?,
            iban: iban.transpose()?,
            link: link.transpose()?,
            ways,
            texts,
            sha256,
            file: None,
        })
    }
}

impl Texts {
    fn check(&self) -> std::result::Result<(), String> {
        let (company, sender) = (&self.company, &self.sender);
        line("language", &self.language, true)?;
        line("[company] name", &company.name, true)?;
        line("[company] register", &company.register, false)?;
        lines("[company] address", &company.address)?;
        line("[sender] name", &sender.name, true)?;
        line("[sender] phone", &sender.phone, false)?;
        lines("[sender] signature", &sender.signature)?;
        for (key, email) in [("email", &sender.email), ("reply_to", &sender.reply_to)] {
            if !(is_address(email) || key == "reply_to" && email.is_empty()) {
                return Err(format!("[sender] {key}: `{email}` is not an e-mail address"));
            }
        }
        for (key, colour) in [("accent", &self.look.accent), ("ink", &self.look.ink)] {
            if !is_colour(colour) {
                return Err(format!("[look] {key}: `{colour}` is not a colour such as #1f4e79"));
            }
        }
        if let Some(bank) = &self.bank {
            line("[bank] holder", &bank.holder, true)?;
            line("[bank] name", &bank.name, false)?;
            if !(bank.bic.is_empty() || bank::is_bic(&bank.bic)) {
                return Err(format!("[bank] bic: `{}` is not a BIC", bank.bic));
            }
        }
        if self.way.len() > LINES_MAX {
            return Err(format!("[[way]]: more than {LINES_MAX}"));
        }
        for way in &self.way {
            line("[[way]] label", &way.label, true)?;
            line("[[way]] text", &way.text, true)?;
        }
        Ok(())
    }
}

fn lines(key: &str, lines: &[String]) -> std::result::Result<(), String> {
    if lines.len() > LINES_MAX {
        return Err(format!("{key}: more than {LINES_MAX} lines"));
    }
    lines.iter().try_for_each(|text| line(key, text, true))
}

/// Refuses more than one line, and an empty one where one is needed.
pub(in crate::collect) fn line(key: &str, text: &str, needed: bool) -> std::result::Result<(), String> {
    if needed && text.trim().is_empty() {
        return Err(format!("{key} is empty"));
    }
    if text.chars().any(char::is_control) || text.chars().count() > TEXT_CHARS_MAX {
        return Err(format!("{key}: one line of at most {TEXT_CHARS_MAX} characters is needed"));
    }
    Ok(())
}

fn is_colour(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shipped brand with something replaced: what is said against it.
    fn with(from: &str, to: &str) -> String {
        assert!(SHIPPED.contains(from), "{from}");
        let parsed = Brand::parse(&SHIPPED.replacen(from, to, 1), Path::new("."));
        parsed.map_or_else(|error| error.detail, |_| String::new())
    }

    #[test]
    fn the_brand_shipped_is_valid_with_and_without_what_is_commented_out() {
        assert!(Brand::parse(SHIPPED, Path::new(".")).is_ok());
        let (head, optional) = SHIPPED.split_at(SHIPPED.find("\n# [bank]").unwrap());
        let whole = format!("{head}{}", optional.replace("\n# ", "\n"));
        let brand = Brand::parse(&whole, Path::new(".")).unwrap();
        assert_eq!(brand.iban.as_deref(), Some("GB33BUKB20201555555555"));
        assert_eq!((brand.link.is_some(), brand.ways.len()), (true, 1));
    }

    #[test]
    fn what_cannot_be_used_is_refused_with_its_key() {
        let bank =
            "[bank]\nholder = \"A\"\niban = \"DE88 3704 0044 0532 0130 00\"\nbic = \"\"\nname = \"\"\n[look]";
        for (from, to, key) in [
            ("accent =", "acccent =", "acccent"),
            ("#1f4e79", "red;}", "[look] accent"),
            ("accounts@example.com", "accounts", "[sender] email"),
            ("reply_to = \"\"", "reply_to = \"a@b.org\\r\\nBcc: c@d.org\"", "[sender] reply_to"),
            ("[company name]", "A\\nB", "[company] name"),
            ("[company name]", " ", "[company] name"),
            ("[look]", bank, "[bank] iban"),
            ("[look]", "[payment_link]\npattern = \"http://a.org/\"\n[look]", "[payment_link] pattern"),
            ("[look]", "[[way]]\nlabel = \"A\"\ntext = \"{name}\"\n[look]", "[[way]] text"),
        ] {
            assert!(with(from, to).contains(key), "{key}: {}", with(from, to));
        }
    }

    #[test]
    fn a_logo_is_a_picture_in_the_brands_folder() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("brand");
        std::fs::create_dir(&home).unwrap();
        std::fs::write(home.join("a.svg"), "<svg/>").unwrap();
        std::fs::write(home.join("a.png"), "no picture").unwrap();
        // A PNG of 1 x 2 and a JPEG of 2 x 1, as far as their headers; the same of no width, and signatures alone.
        let png = |w: u8| {
            [&b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0"[..], &[w, 0, 0, 0, 2], b"\x08\0\0\0\0"].concat()
        };
        let jpeg = |w: u8| {
            [&b"\xff\xd8\xff\xe0\0\x04ab\xff\xc2\0\x0b\x08\0\x01\0"[..], &[w], b"\x01\x01\x11\0"].concat()
        };
        for (name, bytes) in [
            ("whole.png", png(1)),
            ("flat.png", png(0)),
            ("short.png", png(1)[..8].to_vec()),
            ("whole.jpg", jpeg(2)),
            ("flat.jpg", jpeg(0)),
            ("short.jpg", jpeg(2)[..4].to_vec()),
        ] {
            std::fs::write(home.join(name), bytes).unwrap();
        }
        std::fs::write(home.join("large.svg"), format!("<svg>{}</svg>", " ".repeat(70_000))).unwrap();
        std::fs::write(folder.path().join("b.svg"), "<svg/>").unwrap();
        let parse =
            |logo: &str| Brand::parse(&SHIPPED.replace("logo = \"\"", &format!("logo = \"{logo}\"")), &home);
        // Base64 of `<svg/>`, by RFC 4648's table.
        assert_eq!(parse("a.svg").unwrap().logo.unwrap().uri, "data:image/svg+xml;base64,PHN2Zy8+");
        assert_eq!(parse("whole.png").unwrap().logo.unwrap().kind, "image/png");
        assert_eq!(parse("whole.jpg").unwrap().logo.unwrap().kind, "image/jpeg");
        let cut = ["flat.png", "short.png", "flat.jpg", "short.jpg"];
        for refused in ["a.png", "large.svg", "../b.svg", "none.svg", "a.txt"].iter().chain(&cut) {
            assert!(parse(refused).unwrap_err().detail.contains("[look] logo"), "{refused}");
        }
    }
}
