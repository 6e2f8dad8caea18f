//! Making durable, rebuilding, counting, verifying.

use ouroborosdb::{Operation, Problem, Stats, VerifyOptions, VerifyReport};

use super::control::control;
use crate::names::{Handle, Names};
use crate::outcome::{Answer, done, handle, list, list_of_bytes, text};
use crate::statement::Statement;

pub(crate) fn call(names: &mut Names, statement: &Statement) -> Option<Answer> {
    let (verb, words) = statement.parts();
    if let (Some(("latency", field)), [stats, kind]) = (verb.split_once('.'), words.as_slice()) {
        return names
            .stats(stats)
            .map_or_else(|failure| Some(Err(failure)), |stats| latency(stats, kind, field));
    }
    let [subject] = words.as_slice() else { return None };
    match verb.split_once('.') {
        None => call_database(names, statement, verb, subject),
        Some(("stats", field)) => {
            names.stats(subject).map_or_else(|failure| Some(Err(failure)), |stats| figure(stats, field))
        }
        Some(("verify_report", field)) => names
            .verify_report(subject)
            .map_or_else(|failure| Some(Err(failure)), |report| report_field(report, field)),
        _ => None,
    }
}

fn call_database(names: &mut Names, statement: &Statement, verb: &str, db: &str) -> Option<Answer> {
    Some(match verb {
        "sync" => names.database(db).and_then(|db| {
            db.sync()?;
            done()
        }),
        "refresh" => names.database(db).and_then(|db| text(db.refresh()?)),
        "stats" => names.database(db).and_then(|db| handle(Handle::Stats(db.stats()?))),
        "prometheus" => names.database(db).and_then(|db| text(db.prometheus()?)),
        "rebuild_index" => rebuild_index(names, statement, db),
        "verify" => verify(names, statement, db),
        _ => return None,
    })
}

fn rebuild_index(names: &mut Names, statement: &Statement, db: &str) -> Answer {
    let control = control(names, statement, Some(db))?;
    let db = names.database(db)?;
    match control {
        None => db.rebuild_index()?,
        Some(control) => db.rebuild_index_with(control)?,
    }
    done()
}

fn verify(names: &mut Names, statement: &Statement, db: &str) -> Answer {
    let control = control(names, statement, Some(db))?.unwrap_or_default();
    let options = VerifyOptions::new().control(control);
    handle(Handle::VerifyReport(names.database(db)?.verify(options)?))
}

fn figure(stats: &Stats, field: &str) -> Option<Answer> {
    Some(text(match field {
        "events" => stats.events,
        "roots" => stats.roots,
        "chunks" => stats.chunks,
        "content_bytes" => stats.content_bytes,
        "chunk_bytes" => stats.chunk_bytes,
        "stored_bytes" => stats.stored_bytes,
        "segments" => stats.segments,
        "paths" => stats.paths,
        "missing_paths" => stats.missing_paths,
        "sequence" => stats.sequence,
        "durable_sequence" => stats.durable_sequence,
        "damaged_ranges" => stats.damaged_ranges,
        "index_tiers" => stats.index_tiers,
        "index_tier_bytes" => stats.index_tier_bytes,
        "index_tier_entries" => stats.index_tier_entries,
        "index_memory_entries" => stats.index_memory_entries,
        "reserve_bytes" => stats.reserve_bytes,
        "event_cache_hits" => stats.event_cache_hits,
        "event_cache_misses" => stats.event_cache_misses,
        "commits" => stats.commits,
        "syncs" => stats.syncs,
        "refreshes" => stats.refreshes,
        "open_ns" => stats.open_ns,
        "latencies" => return Some(list(stats.latencies.iter().map(|latency| latency.operation.name()))),
        _ => return None,
    }))
}

fn latency(stats: &Stats, kind: &str, field: &str) -> Option<Answer> {
    let operation = Operation::from_name(kind)?;
    let latency = stats.latencies.iter().find(|latency| latency.operation == operation)?;
    Some(text(match field {
        "count" => latency.count,
        "one_in" => latency.one_in,
        "sum_ns" => latency.sum_ns,
        "p50_ns" => latency.p50_ns,
        "p90_ns" => latency.p90_ns,
        "p99_ns" => latency.p99_ns,
        "p999_ns" => latency.p999_ns,
        "max_ns" => latency.max_ns,
        _ => return None,
    }))
}

fn report_field(report: &VerifyReport, field: &str) -> Option<Answer> {
    Some(match field {
        "is_clean" => text(report.is_clean()),
        "segments" => text(report.segments),
        "bytes" => text(report.bytes),
        "events" => text(report.events),
        "chunks" => text(report.chunks),
        "problems_total" => text(report.problems_total),
        _ => return problem_field(&report.problems, field),
    })
}

fn problem_field(problems: &[Problem], field: &str) -> Option<Answer> {
    Some(match field {
        "problem_events" => list(problems.iter().filter_map(|problem| problem.event)),
        "problem_file_names" => {
            list_of_bytes(problems.iter().filter_map(|problem| problem.file_name.clone()))
        }
        "problem_segments" => list(problems.iter().filter_map(|problem| problem.segment)),
        "problem_offsets" => list(problems.iter().filter_map(|problem| problem.offset)),
        "problem_lengths" => list(problems.iter().filter_map(|problem| problem.length)),
        "problem_messages" => list(problems.iter().map(|problem| &problem.message)),
        _ => return None,
    })
}
