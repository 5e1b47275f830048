//! How far something long is.

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    /// Rows done.
    pub read: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Bytes in all, if known.
    pub total: Option<u64>,
    /// Seconds since the start.
    pub seconds: f64,
}

impl Progress {
    /// Which part is done, 0 to 1, if the size is known.
    pub fn share(&self) -> Option<f64> {
        let total = self.total.filter(|total| *total > 0)?;
        Some((self.bytes as f64 / total as f64).min(1.0))
    }

    /// Rows a second.
    pub fn rate(&self) -> u64 {
        if self.seconds > 0.0 { (self.read as f64 / self.seconds).round() as u64 } else { 0 }
    }

    /// Seconds to go, once enough is done to tell.
    pub fn left(&self) -> Option<u64> {
        let share = self.share().filter(|share| *share > 0.01 && self.seconds > 0.3)?;
        Some((self.seconds * (1.0 - share) / share).ceil() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn share_rate_and_time_left_follow_from_bytes_and_seconds() {
        let half = Progress { read: 300, bytes: 50, total: Some(100), seconds: 2.0 };
        assert_eq!((half.share(), half.rate(), half.left()), (Some(0.5), 150, Some(2)));
        let unknown = Progress { total: None, ..half };
        assert_eq!((unknown.share(), unknown.left()), (None, None));
        let early = Progress { seconds: 0.1, ..half };
        assert_eq!(early.left(), None);
        let beyond = Progress { bytes: 120, ..half };
        assert_eq!((beyond.share(), beyond.left()), (Some(1.0), Some(0)));
        assert_eq!(Progress { total: Some(0), ..half }.share(), None);
        assert_eq!(Progress::default().rate(), 0);
    }
}
