//! Watching a long call: a line on a terminal, and Ctrl-C.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use ouroborosdb::{CancelToken, Control};

use crate::failure::{Failure, Result};

/// A long call that is watched.
pub(crate) struct Watched {
    verb: &'static str,
    token: CancelToken,
    bar: ProgressBar,
}

impl Watched {
    /// `verb` says what is done to the bytes. Nothing is shown where standard error is no terminal.
    pub(crate) fn new(verb: &'static str) -> Result<Watched> {
        let bar =
            if std::io::stderr().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()).tick_chars("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ "));
        bar.set_message(verb);
        bar.enable_steady_tick(Duration::from_millis(100));
        Ok(Watched { verb, token: interrupted()?, bar })
    }

    /// What the library is given.
    pub(crate) fn control(&self) -> Control<'static> {
        let (verb, bar) = (self.verb, self.bar.clone());
        Control::new().cancel(&self.token).on_progress(move |progress| {
            let bytes = HumanBytes(progress.bytes);
            let rate = progress.bytes as f64 / bar.elapsed().as_secs_f64().max(0.001);
            bar.set_message(format!(
                "{verb} {bytes}, {} items, {}/s",
                progress.items,
                HumanBytes(rate as u64)
            ));
        })
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// A token that Ctrl-C cancels.
pub(crate) fn interrupted() -> Result<CancelToken> {
    let token = CancelToken::new();
    let theirs = token.clone();
    ctrlc::set_handler(move || theirs.cancel())
        .map_err(|error| Failure::Said(format!("Ctrl-C cannot be watched: {error}")))?;
    Ok(token)
}
