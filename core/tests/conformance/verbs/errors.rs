//! The table of error codes.

use ouroborosdb::ErrorCode;

use crate::names::Names;
use crate::outcome::{Answer, optional};
use crate::statement::Statement;

pub(crate) fn call(names: &mut Names, statement: &Statement) -> Option<Answer> {
    let (verb, words) = statement.parts();
    Some(match (verb, words.as_slice()) {
        ("error_code", [number]) => names
            .number(number)
            .and_then(|number| optional(ErrorCode::from_number(number).map(ErrorCode::name))),
        ("error_code.number", [name]) => code(names, name, ErrorCode::number),
        ("error_code.meaning", [name]) => code(names, name, ErrorCode::meaning),
        _ => return None,
    })
}

fn code<T: std::fmt::Display>(names: &Names, name: &str, ask: fn(ErrorCode) -> T) -> Answer {
    let name = names.evaluate(name)?;
    optional(ErrorCode::from_name(&String::from_utf8_lossy(&name)).map(ask))
}
