//! The value of a word: always bytes.

use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

use crate::names::Names;
use crate::outcome::{Failure, mistake};

type Bytes = Result<Vec<u8>, Failure>;

impl Names {
    /// The value of a word.
    pub(crate) fn evaluate(&self, word: &str) -> Bytes {
        let parts: Result<Vec<Vec<u8>>, Failure> = word.split(',').map(|part| self.part(part)).collect();
        Ok(parts?.join(&b','))
    }

    /// A word that is text; `invalid_text` from the engine where it is not UTF-8.
    pub(crate) fn text(&self, what: &str, word: &str) -> Result<String, Failure> {
        let bytes = self.evaluate(word)?;
        Ok(ouroborosdb::text(what, &bytes)?.to_owned())
    }

    /// A word that is a number.
    pub(crate) fn number<T: std::str::FromStr>(&self, word: &str) -> Result<T, Failure> {
        let bytes = self.evaluate(word)?;
        let text = String::from_utf8_lossy(&bytes);
        text.parse().or_else(|_| mistake(format!("`{text:.60}` is no such number")))
    }

    /// A word that is a path, made absolute.
    pub(crate) fn path(&self, word: &str) -> Result<PathBuf, Failure> {
        Ok(self.folder.join(std::ffi::OsString::from_vec(self.evaluate(word)?)))
    }

    fn part(&self, part: &str) -> Bytes {
        let pieces: Result<Vec<Vec<u8>>, Failure> = part.split('+').map(|piece| self.piece(piece)).collect();
        Ok(pieces?.concat())
    }

    fn piece(&self, piece: &str) -> Bytes {
        if let Some(name) = piece.strip_prefix('$') {
            let value = self.value(name).map(<[u8]>::to_vec);
            return value.map_or_else(|| mistake(format!("there is no value `${name}`")), Ok);
        }
        if let Some(literal) = piece.strip_prefix('"') {
            return unescape(literal.strip_suffix('"'));
        }
        if let Some((generator, arguments)) = piece.split_once(':') {
            return self.generate(generator, arguments);
        }
        let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte);
        if piece.is_empty() || !piece.bytes().all(is_bare) {
            return mistake(format!("`{piece}` is no word"));
        }
        Ok(piece.as_bytes().to_vec())
    }

    fn generate(&self, generator: &str, arguments: &str) -> Bytes {
        match (generator, arguments.split_once(':')) {
            ("zeros", None) => Ok(vec![0; self.number(arguments)?]),
            ("repeat", Some((character, count))) if character.len() == 1 => {
                Ok(character.repeat(self.number(count)?).into_bytes())
            }
            ("random", Some((seed, length))) => Ok(random(self.number(seed)?, self.number(length)?)),
            ("ids", None) => {
                let count: u64 = self.number(arguments)?;
                let ids: Vec<String> = (1..=count).map(|number| format!("{number:0128}")).collect();
                Ok(ids.join(",").into_bytes())
            }
            ("slice", Some((start, rest))) => self.slice(start, rest),
            ("path", _) => Ok(self.path(arguments)?.into_os_string().into_vec()),
            ("file", _) => Ok(std::fs::read(self.path(arguments)?)?),
            ("pid", None) if arguments.is_empty() => Ok(std::process::id().to_string().into_bytes()),
            _ => mistake(format!("there is no generator `{generator}` of `{arguments:.60}`")),
        }
    }

    fn slice(&self, start: &str, rest: &str) -> Bytes {
        let Some((length, piece)) = rest.split_once(':') else { return mistake("slice:START:LENGTH:PIECE") };
        let (start, length): (usize, usize) = (self.number(start)?, self.number(length)?);
        let value = self.piece(piece)?;
        match value.get(start..start + length) {
            Some(part) => Ok(part.to_vec()),
            None => mistake(format!("{} bytes have no such slice", value.len())),
        }
    }
}

fn unescape(literal: Option<&str>) -> Bytes {
    let Some(literal) = literal else { return mistake("a literal does not end") };
    let mut pieces = literal.split("\\x");
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let byte = piece.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let Some(byte) = byte else { return mistake("an escape is \\xNN") };
        bytes.push(byte);
        bytes.extend_from_slice(&piece.as_bytes()[2..]);
    }
    if literal.replace("\\x", "").contains(['\\', '"']) {
        return mistake("a quote or backslash in a literal is written \\xNN");
    }
    Ok(bytes)
}

/// xorshift64 of Marsaglia (2003), triple 13, 7, 17.
fn random(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}
