//! THE table of what the screen can do. The key map, the help screen, the hint line and the palette read it.

/// Where keys mean something. `Global` ones work everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Context {
    Global,
    People,
    Search,
    Form,
    Prompt,
    Menu,
    Share,
    Conflicts,
    Confirm,
}

impl Context {
    /// In the order of the help screen.
    pub const ALL: [Self; 9] = [
        Self::People,
        Self::Search,
        Self::Form,
        Self::Prompt,
        Self::Menu,
        Self::Share,
        Self::Conflicts,
        Self::Confirm,
        Self::Global,
    ];

    /// The key of its name.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Global => "screen-context-global",
            Self::People => "screen-context-people",
            Self::Search => "screen-context-search",
            Self::Form => "screen-context-form",
            Self::Prompt => "screen-context-prompt",
            Self::Menu => "screen-context-menu",
            Self::Share => "screen-context-share",
            Self::Conflicts => "screen-context-conflicts",
            Self::Confirm => "screen-context-confirm",
        }
    }
}

/// Something that can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Action {
    Down,
    Up,
    Left,
    Right,
    PageDown,
    PageUp,
    Top,
    Bottom,
    NextPane,
    PreviousPane,
    Open,
    Back,
    Search,
    Add,
    Edit,
    Log,
    Tag,
    Mark,
    MarkAll,
    Star,
    Archive,
    Delete,
    Bin,
    Undo,
    Redo,
    Copy,
    Sort,
    Import,
    Share,
    Conflicts,
    Sync,
    Invite,
    Role,
    Leave,
    Choose,
    Language,
    Palette,
    Help,
    Quit,
    Interrupt,
    Suspend,
    Redraw,
    Accept,
    Save,
    NextCell,
    PreviousCell,
    RemoveRow,
    Prefer,
    MoreFields,
    Complete,
    Yes,
    No,
}

/// A line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What it does.
    pub action: Action,
    /// Where its keys mean it.
    pub context: Context,
    /// Its name for people who type it.
    pub name: &'static str,
    /// The key of its description.
    pub doc: &'static str,
    /// Its keys unless remapped.
    pub keys: &'static [&'static str],
    /// Whether the palette offers it.
    pub offered: bool,
}

const fn entry(
    context: Context,
    action: Action,
    name: &'static str,
    doc: &'static str,
    keys: &'static [&'static str],
) -> Entry {
    Entry { action, context, name, doc, keys, offered: false }
}

const fn offered(
    action: Action,
    name: &'static str,
    doc: &'static str,
    keys: &'static [&'static str],
) -> Entry {
    Entry { action, context: Context::People, name, doc, keys, offered: true }
}

/// All of them, in the order of the help screen.
pub static TABLE: &[Entry] = &[
    offered(Action::Search, "search", "screen-do-search", &["/", "ctrl-f"]),
    offered(Action::Open, "open", "screen-do-open", &["enter"]),
    offered(Action::Add, "add", "screen-do-add", &["a"]),
    offered(Action::Edit, "edit", "screen-do-edit", &["e", "f2"]),
    offered(Action::Log, "log", "screen-do-log", &["i"]),
    offered(Action::Tag, "tag", "screen-do-tag", &["t"]),
    offered(Action::Star, "star", "screen-do-star", &["S"]),
    offered(Action::Archive, "archive", "screen-do-archive", &["A"]),
    offered(Action::Delete, "delete", "screen-do-delete", &["d", "delete"]),
    offered(Action::Bin, "bin", "screen-do-bin", &["B"]),
    offered(Action::Undo, "undo", "screen-do-undo", &["u"]),
    offered(Action::Redo, "redo", "screen-do-redo", &["U", "ctrl-r"]),
    offered(Action::Mark, "mark", "screen-do-mark", &["space"]),
    offered(Action::MarkAll, "mark-all", "screen-do-mark-all", &["*"]),
    offered(Action::Copy, "copy", "screen-do-copy", &["y"]),
    offered(Action::Sort, "sort", "screen-do-sort", &["s"]),
    offered(Action::Import, "import", "screen-do-import", &["I"]),
    offered(Action::Share, "share", "screen-do-share", &["P"]),
    offered(Action::Conflicts, "conflicts", "screen-do-conflicts", &["c"]),
    offered(Action::Sync, "sync", "screen-do-sync", &["ctrl-s"]),
    offered(Action::Language, "language", "screen-do-language", &["L"]),
    entry(Context::People, Action::Palette, "commands", "screen-do-palette", &[":"]),
    offered(Action::Help, "help", "screen-do-help", &["?"]),
    entry(Context::People, Action::Down, "down", "screen-do-down", &["j", "down"]),
    entry(Context::People, Action::Up, "up", "screen-do-up", &["k", "up"]),
    entry(Context::People, Action::Left, "left", "screen-do-left", &["h", "left"]),
    entry(Context::People, Action::Right, "right", "screen-do-right", &["l", "right"]),
    entry(Context::People, Action::PageDown, "page-down", "screen-do-page-down", &["pagedown", "ctrl-d"]),
    entry(Context::People, Action::PageUp, "page-up", "screen-do-page-up", &["pageup", "ctrl-u"]),
    entry(Context::People, Action::Top, "top", "screen-do-top", &["g", "home"]),
    entry(Context::People, Action::Bottom, "bottom", "screen-do-bottom", &["G", "end"]),
    entry(Context::People, Action::NextPane, "next-pane", "screen-do-next-pane", &["tab"]),
    entry(Context::People, Action::PreviousPane, "previous-pane", "screen-do-previous-pane", &["shift-tab"]),
    entry(Context::People, Action::Back, "back", "screen-do-back", &["esc"]),
    offered(Action::Quit, "quit", "screen-do-quit", &["q"]),
    entry(Context::Search, Action::Accept, "search-done", "screen-do-search-done", &["enter", "tab"]),
    entry(Context::Search, Action::Back, "search-clear", "screen-do-search-clear", &["esc"]),
    entry(Context::Search, Action::Down, "search-down", "screen-do-down", &["down", "ctrl-n"]),
    entry(Context::Search, Action::Up, "search-up", "screen-do-up", &["up", "ctrl-p"]),
    entry(Context::Search, Action::PageDown, "search-page-down", "screen-do-page-down", &["pagedown"]),
    entry(Context::Search, Action::PageUp, "search-page-up", "screen-do-page-up", &["pageup"]),
    entry(Context::Form, Action::NextCell, "next-cell", "screen-do-next-cell", &["tab"]),
    entry(Context::Form, Action::PreviousCell, "previous-cell", "screen-do-previous-cell", &["shift-tab"]),
    entry(Context::Form, Action::Accept, "accept", "screen-do-accept", &["enter"]),
    entry(Context::Form, Action::Down, "row-down", "screen-do-row-down", &["down"]),
    entry(Context::Form, Action::Up, "row-up", "screen-do-row-up", &["up"]),
    entry(Context::Form, Action::PageDown, "form-page-down", "screen-do-page-down", &["pagedown"]),
    entry(Context::Form, Action::PageUp, "form-page-up", "screen-do-page-up", &["pageup"]),
    entry(Context::Form, Action::Save, "save", "screen-do-save", &["ctrl-s"]),
    entry(Context::Form, Action::RemoveRow, "remove-row", "screen-do-remove-row", &["ctrl-x"]),
    entry(Context::Form, Action::Prefer, "prefer", "screen-do-prefer", &["ctrl-p"]),
    entry(Context::Form, Action::MoreFields, "more-fields", "screen-do-more-fields", &["ctrl-o"]),
    entry(Context::Form, Action::Back, "cancel", "screen-do-cancel", &["esc"]),
    entry(Context::Prompt, Action::Accept, "prompt-accept", "screen-do-accept", &["enter"]),
    entry(Context::Prompt, Action::Complete, "complete", "screen-do-complete", &["tab"]),
    entry(Context::Prompt, Action::Down, "completion-down", "screen-do-down", &["down"]),
    entry(Context::Prompt, Action::Up, "completion-up", "screen-do-up", &["up"]),
    entry(Context::Prompt, Action::Back, "prompt-cancel", "screen-do-cancel", &["esc"]),
    entry(Context::Menu, Action::Accept, "choose", "screen-do-choose", &["enter"]),
    entry(Context::Menu, Action::Down, "menu-down", "screen-do-down", &["down", "ctrl-n"]),
    entry(Context::Menu, Action::Up, "menu-up", "screen-do-up", &["up", "ctrl-p"]),
    entry(Context::Menu, Action::PageDown, "menu-page-down", "screen-do-page-down", &["pagedown"]),
    entry(Context::Menu, Action::PageUp, "menu-page-up", "screen-do-page-up", &["pageup"]),
    entry(Context::Menu, Action::Top, "menu-top", "screen-do-top", &["home"]),
    entry(Context::Menu, Action::Bottom, "menu-bottom", "screen-do-bottom", &["end"]),
    entry(Context::Menu, Action::Back, "menu-close", "screen-do-close", &["esc"]),
    entry(Context::Share, Action::Invite, "invite", "screen-do-invite", &["i"]),
    entry(Context::Share, Action::Sync, "sync-now", "screen-do-sync", &["s", "enter"]),
    entry(Context::Share, Action::Conflicts, "share-conflicts", "screen-do-conflicts", &["c"]),
    entry(Context::Share, Action::Role, "role", "screen-do-role", &["r"]),
    entry(Context::Share, Action::Delete, "remove-member", "screen-do-remove-member", &["d", "delete"]),
    entry(Context::Share, Action::Leave, "stop-sharing", "screen-do-stop-sharing", &["x"]),
    entry(Context::Share, Action::Copy, "copy-invitation", "screen-do-copy-invitation", &["y"]),
    entry(Context::Share, Action::Help, "share-help", "screen-do-help", &["?"]),
    entry(Context::Share, Action::Down, "share-down", "screen-do-down", &["j", "down"]),
    entry(Context::Share, Action::Up, "share-up", "screen-do-up", &["k", "up"]),
    entry(Context::Share, Action::PageDown, "share-page-down", "screen-do-page-down", &["pagedown"]),
    entry(Context::Share, Action::PageUp, "share-page-up", "screen-do-page-up", &["pageup"]),
    entry(Context::Share, Action::Top, "share-top", "screen-do-top", &["g", "home"]),
    entry(Context::Share, Action::Bottom, "share-bottom", "screen-do-bottom", &["G", "end"]),
    entry(Context::Share, Action::Back, "share-close", "screen-do-close", &["esc", "q"]),
    entry(Context::Conflicts, Action::Choose, "choose-value", "screen-do-choose-value", &["space", "enter"]),
    entry(Context::Conflicts, Action::Left, "value-left", "screen-do-value-left", &["h", "left"]),
    entry(Context::Conflicts, Action::Right, "value-right", "screen-do-value-right", &["l", "right"]),
    entry(Context::Conflicts, Action::NextPane, "next-value", "screen-do-next-value", &["tab"]),
    entry(Context::Conflicts, Action::Undo, "conflicts-undo", "screen-do-undo", &["u"]),
    entry(Context::Conflicts, Action::Help, "conflicts-help", "screen-do-help", &["?"]),
    entry(Context::Conflicts, Action::Down, "conflicts-down", "screen-do-down", &["j", "down"]),
    entry(Context::Conflicts, Action::Up, "conflicts-up", "screen-do-up", &["k", "up"]),
    entry(Context::Conflicts, Action::PageDown, "conflicts-page-down", "screen-do-page-down", &["pagedown"]),
    entry(Context::Conflicts, Action::PageUp, "conflicts-page-up", "screen-do-page-up", &["pageup"]),
    entry(Context::Conflicts, Action::Top, "conflicts-top", "screen-do-top", &["g", "home"]),
    entry(Context::Conflicts, Action::Bottom, "conflicts-bottom", "screen-do-bottom", &["G", "end"]),
    entry(Context::Conflicts, Action::Back, "conflicts-close", "screen-do-close", &["esc", "q"]),
    entry(Context::Confirm, Action::Yes, "yes", "screen-do-yes", &["y", "enter"]),
    entry(Context::Confirm, Action::No, "no", "screen-do-no", &["n", "esc"]),
    entry(Context::Global, Action::Help, "help-anywhere", "screen-do-help", &["f1"]),
    entry(Context::Global, Action::Redraw, "redraw", "screen-do-redraw", &["ctrl-l"]),
    entry(Context::Global, Action::Suspend, "suspend", "screen-do-suspend", &["ctrl-z"]),
    entry(Context::Global, Action::Interrupt, "leave", "screen-do-interrupt", &["ctrl-c"]),
];

/// The first line of the table for an action in a context.
pub fn find(context: Context, action: Action) -> Option<&'static Entry> {
    TABLE.iter().find(|entry| entry.context == context && entry.action == action)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_stand_once() {
        let names: HashSet<_> = TABLE.iter().map(|entry| entry.name).collect();
        assert_eq!(names.len(), TABLE.len());
    }
}
