//! One line of the script, taken apart: nothing is evaluated here.

/// A statement.
#[derive(Debug)]
pub(crate) struct Statement {
    /// Which languages run it; all where it is empty.
    languages: Vec<String>,
    pub(crate) verb: String,
    pub(crate) words: Vec<String>,
    /// Words with `=`: what stands before the first one, and what behind.
    pub(crate) options: Vec<(String, String)>,
    pub(crate) expectation: Expectation,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Expectation {
    Success,
    Handle(String),
    Values(Vec<String>),
    Error { code: String, message: Option<String> },
    Related { relation: Relation, word: String },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
}

impl Statement {
    /// The statement of a line; none for an empty line or a comment.
    pub(crate) fn parse(line: &str) -> Result<Option<Statement>, String> {
        if line.is_empty() || line.starts_with('#') {
            return Ok(None);
        }
        if line.len() > 1000 || !line.is_ascii() {
            return Err("a line is ASCII and has 1,000 bytes at most".to_owned());
        }
        let mut words: Vec<&str> = line.split(' ').collect();
        if words.contains(&"") {
            return Err("words are separated by single spaces".to_owned());
        }
        let mut languages = Vec::new();
        if let Some(guard) = words.first().and_then(|word| word.strip_prefix('[')?.strip_suffix(']')) {
            languages = guard.split(',').map(str::to_owned).collect();
            words.remove(0);
        }
        let split = words.iter().position(|word| *word == "->" || relation(word).is_some());
        let expected = words.split_off(split.unwrap_or(words.len()));
        let expectation = expectation(&expected).ok_or("the expectation is malformed")?;
        let (verb, arguments) = words.split_first().ok_or("there is no verb")?;
        let (mut plain, mut options) = (Vec::new(), Vec::new());
        for argument in arguments {
            match argument.split_once('=') {
                Some((key, value)) => options.push((key.to_owned(), value.to_owned())),
                None => plain.push((*argument).to_owned()),
            }
        }
        Ok(Some(Statement { languages, verb: (*verb).to_owned(), words: plain, options, expectation }))
    }

    pub(crate) fn is_for(&self, language: &str) -> bool {
        self.languages.is_empty() || self.languages.iter().any(|other| other == language)
    }
}

fn relation(word: &str) -> Option<Relation> {
    Some(match word {
        "==" => Relation::Equal,
        "!=" => Relation::Unequal,
        "<" => Relation::Less,
        "<=" => Relation::LessOrEqual,
        ">" => Relation::Greater,
        ">=" => Relation::GreaterOrEqual,
        "~" => Relation::Contains,
        _ => return None,
    })
}

fn expectation(words: &[&str]) -> Option<Expectation> {
    match words {
        [] => Some(Expectation::Success),
        ["->", error, rest @ ..] if error.starts_with('!') => {
            let message = match rest {
                [] => None,
                ["~", word] => Some((*word).to_owned()),
                _ => return None,
            };
            Some(Expectation::Error { code: error.get(1..)?.to_owned(), message })
        }
        ["->", values] if values.starts_with('$') => {
            let names: Option<Vec<String>> =
                values.split(',').map(|name| name.strip_prefix('$').map(str::to_owned)).collect();
            names.map(Expectation::Values)
        }
        ["->", name] => Some(Expectation::Handle((*name).to_owned())),
        [sign, word] => {
            relation(sign).map(|relation| Expectation::Related { relation, word: (*word).to_owned() })
        }
        _ => None,
    }
}

impl Relation {
    /// Whether the left is so related to the right.
    pub(crate) fn holds(self, left: &[u8], right: &[u8]) -> Result<bool, String> {
        Ok(match self {
            Relation::Equal => left == right,
            Relation::Unequal => left != right,
            Relation::Contains => right.is_empty() || left.windows(right.len()).any(|window| window == right),
            Relation::Less => number(left)? < number(right)?,
            Relation::LessOrEqual => number(left)? <= number(right)?,
            Relation::Greater => number(left)? > number(right)?,
            Relation::GreaterOrEqual => number(left)? >= number(right)?,
        })
    }
}

fn number(bytes: &[u8]) -> Result<i128, String> {
    let text = String::from_utf8_lossy(bytes);
    text.parse().map_err(|_| format!("{text:.60} is no number"))
}
