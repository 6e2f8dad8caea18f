//! A strict reader of the text format of Prometheus, version 0.0.4.
#![allow(
    missing_docs,
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;

/// The samples of a text: by name and labels, as `name{a="b"}` with the labels in their order, unescaped.
#[derive(Debug, Default)]
pub struct Exposition {
    pub kinds: BTreeMap<String, String>,
    pub samples: BTreeMap<(String, Vec<(String, String)>), f64>,
}

impl Exposition {
    /// The value of the one sample of this name that has this label.
    pub fn value(&self, name: &str, label: (&str, &str)) -> Option<f64> {
        let has = |labels: &[(String, String)]| labels.iter().any(|(key, value)| (&**key, &**value) == label);
        let mut found = self.samples.iter().filter(|((other, labels), _)| other == name && has(labels));
        found.next().map(|(_, value)| *value)
    }
}

/// Reads a text, or says what is wrong with it.
pub fn parse(text: &str) -> Result<Exposition, String> {
    let mut read = Exposition::default();
    let body = text.strip_suffix('\n').ok_or("the text does not end with a line feed")?;
    let mut family: Option<(String, String)> = None;
    let mut helped: Option<String> = None;
    for line in body.split('\n') {
        let wrong = |what: &str| format!("{what}: {line}");
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').ok_or_else(|| wrong("no help"))?;
            if !is_name(name) || help.trim() != help || help.is_empty() || has_bad_escape(help, false) {
                return Err(wrong("bad help"));
            }
            helped = Some(name.to_owned());
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').ok_or_else(|| wrong("no type"))?;
            if helped.take().as_deref() != Some(name) {
                return Err(wrong("a type without its help before it"));
            }
            if !["counter", "gauge", "summary", "histogram", "untyped"].contains(&kind) {
                return Err(wrong("no such type"));
            }
            if (kind == "counter") != name.ends_with("_total") {
                return Err(wrong("counters end in _total, and nothing else does"));
            }
            if read.kinds.insert(name.to_owned(), kind.to_owned()).is_some() {
                return Err(wrong("a family comes twice"));
            }
            family = Some((name.to_owned(), kind.to_owned()));
        } else {
            let (name, labels, value) = sample(line).ok_or_else(|| wrong("no sample"))?;
            let (of, kind) = family.as_ref().ok_or_else(|| wrong("a sample before any type"))?;
            let suffix = name.strip_prefix(&**of).ok_or_else(|| wrong("a sample of another family"))?;
            let quantile = labels.iter().any(|(key, _)| key == "quantile");
            let fits = match (&**kind, suffix) {
                ("summary", "") => quantile,
                ("summary", "_sum" | "_count") | ("counter" | "gauge", "") => !quantile,
                _ => false,
            };
            if !fits {
                return Err(wrong("a sample that its type does not have"));
            }
            if read.samples.insert((name, labels), value).is_some() {
                return Err(wrong("a sample comes twice"));
            }
        }
    }
    let empty = read.kinds.keys().find(|of| !read.samples.keys().any(|(name, _)| name.starts_with(&***of)));
    empty.map_or(Ok(()), |of| Err(format!("{of} has no samples")))?;
    Ok(read)
}

type Sample = (String, Vec<(String, String)>, f64);

fn sample(line: &str) -> Option<Sample> {
    let end = line.find(['{', ' '])?;
    let (name, mut rest) = line.split_at(end);
    let mut labels: Vec<(String, String)> = Vec::new();
    if let Some(mut inside) = rest.strip_prefix('{') {
        loop {
            let (key, after) = inside.split_once("=\"")?;
            let (value, after) = quoted(after)?;
            if !is_label(key) || labels.iter().any(|(other, _)| other == key) {
                return None;
            }
            labels.push((key.to_owned(), value));
            match after.strip_prefix(',') {
                Some(after) => inside = after,
                None => {
                    rest = after.strip_prefix('}')?;
                    break;
                }
            }
        }
    }
    let value = rest.strip_prefix(' ')?;
    // No timestamp, and a number as Go reads one.
    let numeric = value.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.');
    if !is_name(name) || !numeric || value.contains(' ') {
        return None;
    }
    Some((name.to_owned(), labels, value.parse().ok()?))
}

/// The value before the next quotation mark, and what stands behind that.
fn quoted(text: &str) -> Option<(String, &str)> {
    let (mut value, mut chars) = (String::new(), text.char_indices());
    loop {
        match chars.next()? {
            (at, '"') => return Some((value, text.get(at + 1..)?)),
            (_, '\\') => value.push(match chars.next()?.1 {
                'n' => '\n',
                same @ ('\\' | '"') => same,
                _ => return None,
            }),
            (_, c) => value.push(c),
        }
    }
}

fn has_bad_escape(text: &str, quotes: bool) -> bool {
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\\' && !matches!(chars.next(), Some('\\' | 'n')) && !quotes {
            return true;
        }
    }
    false
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == ':')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':')
}

fn is_label(name: &str) -> bool {
    is_name(name) && !name.contains(':') && !name.starts_with("__")
}
