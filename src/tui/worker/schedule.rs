//! When the shared book is synced next, by what happened and when. It is told the time and never asks for it.

use std::time::{Duration, Instant};

/// One's own edits are sent once it has been quiet for so long.
pub(super) const QUIET: Duration = Duration::from_secs(5);
/// However busy it is, they don't wait longer than this.
const LONGEST: Duration = Duration::from_secs(30);
/// A sync tool is given so long to write what belongs together.
pub(super) const SETTLE: Duration = Duration::from_millis(400);
/// But what goes on arriving is looked at every so often.
const ARRIVING: Duration = Duration::from_secs(5);
/// Where nothing tells of changes (network folders), one looks.
pub(super) const POLL: Duration = Duration::from_secs(60);
/// Another process syncs this book just now.
const BUSY: Duration = Duration::from_secs(2);

/// A burst of happenings: since when, and until when it is waited.
#[derive(Clone, Copy, Debug)]
struct Burst {
    began: Instant,
    until: Instant,
}

impl Burst {
    fn more(burst: Option<Self>, now: Instant, quiet: Duration, longest: Duration) -> Self {
        let began = burst.map_or(now, |burst| burst.began);
        Self { began, until: (now + quiet).min(began + longest) }
    }
}

/// What is to come.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    edited: Option<Burst>,
    arrived: Option<Burst>,
    poll: Option<Instant>,
}

impl Schedule {
    /// This device changed the book.
    pub(super) fn edited(&mut self, now: Instant) {
        self.edited = Some(Burst::more(self.edited, now, QUIET, LONGEST));
    }

    /// Something changed in the shared place.
    pub(super) fn arrived(&mut self, now: Instant) {
        self.arrived = Some(Burst::more(self.arrived, now, SETTLE, ARRIVING));
    }

    /// It is to be synced at once.
    pub(super) fn at_once(&mut self, now: Instant) {
        self.poll = Some(now);
    }

    /// It was synced, or that failed: the next look is the slow one.
    pub(super) fn done(&mut self, now: Instant) {
        *self = Self { poll: Some(now + POLL), ..Self::default() };
    }

    /// Somebody else's sync was under way.
    pub(super) fn busy(&mut self, now: Instant) {
        *self = Self { poll: Some(now + BUSY), ..Self::default() };
    }

    /// The book isn't shared.
    pub(super) fn stop(&mut self) {
        *self = Self::default();
    }

    /// When the next sync is due.
    pub(super) fn due(&self) -> Option<Instant> {
        let bursts = [self.edited, self.arrived].into_iter().flatten().map(|burst| burst.until);
        bursts.chain(self.poll).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(schedule: &Schedule, from: Instant) -> Option<Duration> {
        schedule.due().map(|due| due - from)
    }

    #[test]
    fn edits_are_sent_after_a_pause_and_never_wait_for_ever() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut schedule = Schedule::default();
        assert_eq!(schedule.due(), None);
        schedule.edited(start);
        assert_eq!(after(&schedule, start), Some(QUIET));
        schedule.edited(at(4));
        assert_eq!(after(&schedule, start), Some(Duration::from_secs(9)), "typing goes on");
        for second in 5..100 {
            schedule.edited(at(second));
        }
        assert_eq!(after(&schedule, start), Some(LONGEST));
        schedule.done(at(30));
        assert_eq!(after(&schedule, at(30)), Some(POLL));
        schedule.edited(at(31));
        assert_eq!(after(&schedule, at(31)), Some(QUIET), "a new burst");
    }

    #[test]
    fn what_arrives_is_taken_soon_and_a_sync_elsewhere_is_waited_for() {
        let start = Instant::now();
        let mut schedule = Schedule::default();
        schedule.done(start);
        schedule.edited(start);
        schedule.arrived(start);
        assert_eq!(after(&schedule, start), Some(SETTLE));
        for tenth in 1..200 {
            schedule.arrived(start + Duration::from_millis(tenth * 100));
        }
        assert_eq!(after(&schedule, start), Some(ARRIVING), "a tool that never rests");
        schedule.busy(start);
        assert_eq!(after(&schedule, start), Some(BUSY));
        schedule.at_once(start);
        assert_eq!(after(&schedule, start), Some(Duration::ZERO));
        schedule.stop();
        assert_eq!(schedule.due(), None);
    }
}
