//! In which order what contacts own is shown, and what of it says the same.

use crate::ops::Result;
use crate::store::read::{Made, MadeOrder};
use rusqlite::Connection;

/// Where something belongs: to which contact, at which position, or else by when it was made.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub at: usize,
    pub position: Option<f64>,
    pub made: Made,
}

/// Sorts by contact and position, those without one last, in the order in which they were made.
pub(super) fn in_order<T>(conn: &Connection, found: &mut [(Place, T)]) -> Result<()> {
    // What one row made lies in its order.
    let lies_so = |pair: &[(Place, T)]| {
        let (a, b) = (pair[0].0, pair[1].0);
        a.at < b.at
            || (a.at == b.at
                && a.made.tx == b.made.tx
                && a.made.i <= b.made.i
                && a.position.is_none()
                && b.position.is_none())
    };
    if found.windows(2).all(lies_so) {
        return Ok(());
    }
    let order = MadeOrder::of(conn, found.iter().map(|(place, _)| place.made))?;
    found.sort_by(|(a, _), (b, _)| {
        let rank = |place: &Place| place.position.unwrap_or(f64::MAX);
        a.at.cmp(&b.at).then(rank(a).total_cmp(&rank(b))).then_with(|| order.compare(a.made, b.made))
    });
    Ok(())
}

/// Of more than so many things that one contact has of a kind each is shown, whatever it says.
const COMPARED: usize = 256;

/// Leaves out what says the same as an earlier one (`same`, which may take something over from it): two devices that add the same
/// number have added one, and so have two contacts that were merged. What one row made stays as often as it made it, as it stood in a
/// file.
pub(super) fn once<T>(found: &mut Vec<(Place, T)>, mut same: impl FnMut(&mut T, &T) -> bool) {
    let mut kept: Vec<(Place, T)> = Vec::with_capacity(found.len());
    let mut first = 0;
    for (place, one) in found.drain(..) {
        if kept.last().is_some_and(|(last, _)| last.at != place.at) {
            first = kept.len();
        }
        let own = kept.get_mut(first..).unwrap_or_default();
        let compared = own.len() <= COMPARED;
        let mut others = own.iter_mut().filter(|(other, _)| compared && other.made.tx != place.made.tx);
        if !others.any(|(_, other)| same(other, &one)) {
            kept.push((place, one));
        }
    }
    *found = kept;
}
