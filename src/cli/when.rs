//! Times as people type them on the command line.

use super::context::Ctx;
use super::fail::Result;
use crate::model::when;
use crate::ops::OpError;

/// A point in time as ms since 1970: `today`, `friday 9am`, `3 days ago`.
pub fn instant(ctx: &Ctx, text: &str) -> Result<i64> {
    Ok(when::parse_instant(text, ctx.settings.clock.now()).map_err(OpError::When)?.timestamp_millis())
}

/// Up to when something counts, as ms since 1970: a day or month to its end, as ranges of filters have it.
pub fn until(ctx: &Ctx, text: &str) -> Result<i64> {
    match when::parse_span(text) {
        Ok(_) => since(ctx, text),
        Err(_) => Ok(when::parse_end(text, ctx.settings.clock.now()).map_err(OpError::When)?),
    }
}

/// From when on something counts, as ms since 1970: a day or month from its start, a bare span (`30d`) from so long ago.
pub fn since(ctx: &Ctx, text: &str) -> Result<i64> {
    let now = ctx.settings.clock.now();
    if let Ok(span) = when::parse_span(text) {
        return Ok(span.before(now).timestamp_millis());
    }
    match when::parse_instant(text, now) {
        Ok(at) => Ok(at.timestamp_millis()),
        Err(error) => Ok(when::day_range(text, now).map_err(|_| OpError::When(error))?.0),
    }
}
