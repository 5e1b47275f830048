//! What could complete the word that is being typed.

/// A list of completions, and perhaps the chosen one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Best first.
    pub items: Vec<String>,
    /// Which one the arrows are on.
    pub chosen: Option<usize>,
}

impl Completion {
    /// Whether there is anything to choose from.
    pub fn is_open(&self) -> bool {
        !self.items.is_empty()
    }

    /// Others; none is chosen yet. What is typed already is not offered.
    pub fn offer(&mut self, items: Vec<String>, typed: &str) {
        self.chosen = None;
        self.items = items;
        if self.items.iter().all(|item| item == typed) {
            self.items.clear();
        }
    }

    /// Nothing to choose from.
    pub fn close(&mut self) {
        *self = Self::default();
    }

    /// The next one; after the last one none.
    pub fn down(&mut self) {
        self.chosen = match self.chosen {
            None => (!self.items.is_empty()).then_some(0),
            Some(at) => (at + 1 < self.items.len()).then_some(at + 1),
        };
    }

    /// The one before; before the first one none.
    pub fn up(&mut self) {
        self.chosen = match self.chosen {
            None => self.items.len().checked_sub(1),
            Some(at) => at.checked_sub(1),
        };
    }

    /// The chosen one.
    pub fn accept(&self) -> Option<&str> {
        self.chosen.and_then(|at| self.items.get(at)).map(String::as_str)
    }

    /// The chosen one, or else the first.
    pub fn best(&self) -> Option<&str> {
        self.accept().or_else(|| self.items.first().map(String::as_str))
    }
}

/// Where the word of a comma-separated list begins that the text ends with.
pub fn last_item(text: &str) -> usize {
    let start = text
        .rfind([',', '，', '、', ';', '；'])
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    start + (text[start..].len() - text[start..].trim_start().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choosing_goes_around_through_none() {
        let mut list = Completion::default();
        list.offer(vec!["a".into(), "b".into()], "x");
        let mut seen = Vec::new();
        for _ in 0..4 {
            list.down();
            seen.push(list.chosen);
        }
        assert_eq!(seen, [Some(0), Some(1), None, Some(0)]);
        list.up();
        list.up();
        assert_eq!(list.accept(), Some("b"));
        list.offer(vec!["x".into()], "x");
        assert!(!list.is_open());
    }

    #[test]
    fn the_last_item_of_a_list() {
        for (text, word) in [("", ""), ("vip", "vip"), ("vip, co", "co"), ("客户，重", "重"), ("a, ", "")]
        {
            assert_eq!(&text[last_item(text)..], word);
        }
    }
}
