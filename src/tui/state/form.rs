//! The form that adds and edits a contact. What it doesn't show stays as it was.

use super::data::{CustomField, Notice};
use super::fields::{Cell, Fields, Filled};
use super::form_rows::{address_rows, date_row, method_row, part_mut, rows};
use super::overlay::{Cx, Step};
use crate::model::draft::{AddressDraft, ContactDraft, DateDraft, MethodDraft};
use crate::model::{email, when};
use crate::text::{display_name, split_name};
use crate::tui::action::Action;
use crate::tui::keymap::Key;
use crate::tui::message::{Effect, Ticket, Write};

/// What a row is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Person or company.
    Kind,
    /// A scalar field.
    Scalar(&'static str),
    /// Where they work.
    Company,
    /// A way to reach them; which one it was.
    Method(&'static str, Option<usize>),
    /// A part of an address: which address, which part.
    Address(usize, &'static str),
    /// A date; which one it was.
    Date(Option<usize>),
    /// All tags.
    Tags,
    /// A custom field: its key and its name.
    Custom(String, String),
    /// Someone else; to be read only.
    Link(String),
}

/// The key of what is said when the contact was deleted while the form was open.
pub const IN_BIN: &str = "screen-form-in-bin";
impl What {
    /// Whether it is this field, as the book names it.
    fn is_field(&self, field: &str) -> bool {
        match self {
            Self::Scalar(name) => *name == field,
            Self::Custom(key, _) => key == field,
            Self::Company => field == "company",
            Self::Tags => field == "tag",
            Self::Date(_) => matches!(field, "birthday" | "date"),
            _ => false,
        }
    }
}

const NAMES: [&str; 5] = ["prefix", "given", "middle", "family", "suffix"];

/// What was typed into a form and is not saved.
#[derive(Clone, Debug, PartialEq)]
pub struct UnsavedContact {
    /// The contact, unless it is a new one.
    pub id: Option<i64>,
    /// As it was when the form was opened.
    pub base: ContactDraft,
    /// As it stands in the form.
    pub edited: ContactDraft,
}

/// The form.
#[derive(Clone, Debug)]
pub struct Form {
    /// The contact, unless it is a new one.
    pub id: Option<i64>,
    /// What is filled in.
    pub fields: Fields<What>,
    /// The contact has not come yet: its ticket.
    pub loading: Option<Ticket>,
    /// What is wrong.
    pub error: Option<Notice>,
    /// Keys that came before the contact, to be pressed again.
    pub early: Vec<Key>,
    saving: Option<Ticket>,
    /// The contact was found in the bin: saving once more takes it out.
    in_bin: bool,
    /// What an earlier form was left with, until this one has its rows.
    resumed: Option<UnsavedContact>,
    completing: Ticket,
    original: ContactDraft,
    baseline: ContactDraft,
}

impl Form {
    /// A form that waits for its contact.
    pub fn waiting(id: Option<i64>, ticket: Ticket) -> Self {
        Self {
            id,
            fields: Fields::default(),
            loading: Some(ticket),
            error: None,
            early: Vec::new(),
            saving: None,
            in_bin: false,
            resumed: None,
            completing: 0,
            original: ContactDraft::default(),
            baseline: ContactDraft::default(),
        }
    }

    /// A form that goes on where an earlier one was left.
    pub fn resuming(unsaved: UnsavedContact, ticket: Ticket) -> Self {
        Self { resumed: Some(unsaved.clone()), ..Self::waiting(unsaved.id, ticket) }
    }

    /// Takes the contact.
    pub fn load(&mut self, draft: ContactDraft, custom: &[CustomField]) {
        match self.resumed.take() {
            Some(UnsavedContact { base, edited, .. }) => {
                self.fill(base, custom);
                let baseline = self.draft();
                self.fill(edited, custom);
                self.baseline = baseline;
                self.error = Some(Notice::warning("screen-form-resumed"));
            }
            None => self.fill(draft, custom),
        }
    }

    fn fill(&mut self, draft: ContactDraft, custom: &[CustomField]) {
        self.fields = Fields::new(rows(&draft, custom));
        if let Some(at) = self.fields.rows.iter().position(|row| row.what == What::Scalar("name")) {
            self.fields.at = at;
        }
        self.original = draft;
        self.loading = None;
        self.baseline = self.draft();
        self.warn();
    }

    /// Whether anything would be lost.
    pub fn is_changed(&self) -> bool {
        self.resumed.is_some() || self.loading.is_none() && self.draft() != self.baseline
    }

    /// What would be lost if the form went.
    pub fn unsaved(&self) -> Option<UnsavedContact> {
        let typed = || UnsavedContact { id: self.id, base: self.baseline.clone(), edited: self.draft() };
        self.is_changed().then(|| self.resumed.clone().unwrap_or_else(typed))
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key, action: Option<Action>, cx: &mut Cx<'_>) -> Step {
        if self.loading.is_some() && action != Some(Action::Back) {
            self.early.push(key);
            return Step::Stay;
        }
        if self.loading.is_some() || self.saving.is_some() {
            return match action {
                Some(Action::Back) if self.resumed.is_some() => Step::AskDiscard,
                Some(Action::Back) if self.saving.is_none() => Step::Close,
                _ => Step::Stay,
            };
        }
        match action {
            Some(Action::Save) => return self.save(cx),
            Some(Action::Back) if !self.fields.completion.is_open() => {
                return if self.is_changed() { Step::AskDiscard } else { Step::Close };
            }
            Some(Action::MoreFields) => {
                self.fields.more = !self.fields.more;
                return Step::Stay;
            }
            Some(Action::Prefer) => {
                self.prefer();
                return Step::Stay;
            }
            Some(Action::RemoveRow) => {
                self.remove_row();
                return Step::Stay;
            }
            _ => {}
        }
        let filled = self.fields.key(key, action);
        self.after(filled, cx)
    }

    /// Text from the clipboard.
    pub fn paste(&mut self, text: &str, cx: &mut Cx<'_>) -> Step {
        let filled = self.fields.paste(text);
        self.after(filled, cx)
    }

    fn after(&mut self, filled: Filled, cx: &mut Cx<'_>) -> Step {
        match filled {
            Filled::Done => return self.save(cx),
            Filled::Changed(wish) => {
                self.error = None;
                self.add_blank();
                self.warn();
                if let Some((what, word)) = wish {
                    self.completing = cx.ticket();
                    cx.effects.push(Effect::Complete(self.completing, what, word));
                }
            }
            Filled::Moved | Filled::Ignored => {}
        }
        Step::Stay
    }

    /// Completions came.
    pub fn offer(&mut self, ticket: Ticket, items: Vec<String>) {
        if ticket == self.completing {
            self.fields.offer(items);
        }
    }

    /// The write came to this; whether the form is done.
    pub fn saved(&mut self, ticket: Ticket, error: Option<&Notice>) -> bool {
        if self.saving != Some(ticket) {
            return false;
        }
        self.saving = None;
        self.in_bin = error.is_some_and(|error| error.key == IN_BIN);
        self.error = error.cloned();
        let field = error.and_then(|error| error.text_of("field"));
        let faulty = field.and_then(|field| self.fields.rows.iter().position(|row| row.what.is_field(field)));
        if let Some(row) = faulty {
            self.go_to(row);
        }
        error.is_none()
    }

    fn go_to(&mut self, row: usize) {
        self.fields.completion.close();
        (self.fields.at, self.fields.cell) = (row, 0);
    }

    fn save(&mut self, cx: &mut Cx<'_>) -> Step {
        let draft = self.draft();
        if self.id.is_some() && draft == self.baseline {
            return Step::Close;
        }
        if draft.is_blank() {
            self.error = Some(Notice::bad("screen-form-empty"));
            return Step::Stay;
        }
        let ticket = cx.ticket();
        self.saving = Some(ticket);
        let write = match self.id {
            Some(id) => Write::Revise {
                id,
                base: Box::new(self.baseline.clone()),
                edited: Box::new(draft),
                restore: self.in_bin,
            },
            None => Write::Add(Box::new(draft)),
        };
        cx.effects.push(Effect::Write(ticket, write));
        Step::Stay
    }

    /// Rows that can stand several times always have an empty one behind them.
    fn add_blank(&mut self) {
        let at = self.fields.at;
        let Some(row) = self.fields.rows.get(at) else { return };
        if row.is_empty() {
            return;
        }
        let next = self.fields.rows.get(at + 1).map(|row| &row.what);
        let blank = match &row.what {
            What::Method(kind, _) if !matches!(next, Some(What::Method(other, _)) if other == kind) => {
                vec![method_row(kind, None, &MethodDraft::default(), true)]
            }
            What::Date(_) if !matches!(next, Some(What::Date(_))) => {
                vec![date_row(None, &DateDraft::default())]
            }
            What::Address(group, _) => {
                let group = *group;
                let last = self
                    .fields
                    .rows
                    .iter()
                    .rposition(|row| matches!(row.what, What::Address(g, _) if g == group));
                let more =
                    self.fields.rows.iter().any(|row| matches!(row.what, What::Address(g, _) if g > group));
                if let (Some(last), false) = (last, more) {
                    let rows = address_rows(group + 1, &AddressDraft::default());
                    self.fields.rows.splice(last + 1..=last, rows);
                }
                return;
            }
            _ => return,
        };
        self.fields.rows.splice(at + 1..=at, blank);
    }

    /// Takes a row away, or empties it where it is the last of its kind.
    fn remove_row(&mut self) {
        self.fields.completion.close();
        let at = self.fields.at;
        let last = at + 1 == self.fields.rows.len();
        let Some(row) = self.fields.rows.get_mut(at) else { return };
        let repeats = matches!(row.what, What::Method(..) | What::Date(_)) && !row.is_empty();
        if repeats && !last {
            self.fields.rows.remove(at);
        } else {
            for cell in &mut row.cells {
                match cell {
                    Cell::Line(line, _) => line.set(""),
                    Cell::Area(area) => *area = Default::default(),
                    Cell::Choice(..) | Cell::Shown(_) => {}
                }
            }
        }
        if let Some(row) = self.fields.rows.get_mut(at).filter(|row| row.is_empty()) {
            row.preferred = false;
        }
        self.fields.cell = 0;
        self.warn();
    }

    /// Marks the e-mail or phone under the cursor as the one to use first, or takes the mark away.
    fn prefer(&mut self) {
        let at = self.fields.at;
        let Some(row) = self.fields.rows.get(at) else { return };
        let What::Method(kind @ ("email" | "phone"), _) = row.what else {
            self.error = Some(Notice::warning("screen-form-no-preferred"));
            return;
        };
        let on = !row.preferred && !row.is_empty();
        for (n, row) in self.fields.rows.iter_mut().enumerate() {
            if matches!(row.what, What::Method(other, _) if other == kind) {
                row.preferred = on && n == at;
            }
        }
    }

    /// Notes what looks odd; nothing is refused for it.
    fn warn(&mut self) {
        for row in &mut self.fields.rows {
            let value = row.cells.first().map(Cell::value).unwrap_or_default();
            let odd = match &row.what {
                _ if value.is_empty() => None,
                What::Method("email", _) if !email::is_email(&value) => Some("screen-odd-email"),
                What::Method("phone", _) if !is_phone(&value) => Some("screen-odd-phone"),
                What::Date(_) if when::parse_date(&value, None).is_none() => Some("screen-odd-date"),
                _ => None,
            };
            row.warning = odd.map(Notice::warning);
        }
    }

    /// The contact as it is filled in.
    pub fn draft(&self) -> ContactDraft {
        let mut draft = self.original.clone();
        draft.methods.clear();
        draft.dates.clear();
        draft.addresses.clear();
        for row in &self.fields.rows {
            let cells: Vec<String> = row.cells.iter().map(Cell::value).collect();
            let cell = |n: usize| cells.get(n).cloned().unwrap_or_default();
            match &row.what {
                What::Kind => draft.kind = cell(0),
                What::Scalar(field) => draft.set(field, cell(0)),
                What::Company => draft.company = cell(0),
                What::Method(kind, origin) if !cell(0).is_empty() => {
                    let old =
                        origin.and_then(|at| self.original.methods.get(at)).cloned().unwrap_or_default();
                    let (service, label) =
                        if is_service(kind) { (cell(1), cell(2)) } else { (old.service.clone(), cell(1)) };
                    draft.methods.push(MethodDraft {
                        kind: (*kind).into(),
                        service,
                        label,
                        value: cell(0),
                        preferred: row.preferred,
                    });
                }
                What::Date(origin) if !cell(0).is_empty() => {
                    let old = origin.and_then(|at| self.original.dates.get(at)).cloned().unwrap_or_default();
                    let label = if cell(1).is_empty() { "birthday".into() } else { cell(1) };
                    draft.dates.push(DateDraft { label, date: cell(0), ..old });
                }
                What::Address(group, part) => {
                    while draft.addresses.len() <= *group {
                        draft.addresses.push(AddressDraft::default());
                    }
                    let address = &mut draft.addresses[*group];
                    *part_mut(address, part) = cell(0);
                    if cells.len() > 1 {
                        address.label = cell(1);
                    }
                }
                // A tag may hold a comma: what wasn't touched is not taken apart.
                What::Tags if items(&cell(0)) == items(&self.original.tags.join(", ")) => {}
                What::Tags => draft.tags = items(&cell(0)),
                What::Custom(key, _) => {
                    draft.values.retain(|(other, _)| other != key);
                    if !cell(0).is_empty() {
                        draft.values.push((key.clone(), cell(0)));
                    }
                }
                _ => {}
            }
        }
        draft.addresses.retain(|address| !address.is_empty());
        self.agree(&mut draft);
        draft
    }

    /// The whole name and its parts follow each other: whichever was changed leads.
    fn agree(&self, draft: &mut ContactDraft) {
        let of = |draft: &ContactDraft, field: &str| draft.get(field).unwrap_or_default().to_owned();
        let parts = |draft: &ContactDraft| NAMES.map(|part| of(draft, part));
        let whole = |[prefix, given, middle, family, suffix]: [String; 5]| {
            display_name(&prefix, &given, &middle, &family, &suffix)
        };
        let renamed = of(draft, "name") != of(&self.original, "name");
        let old = parts(&self.original);
        let new = parts(draft);
        if draft.kind == "company" {
            return;
        }
        if new != old && !renamed {
            draft.set("name", whole(new));
        } else if renamed && new == old && new.iter().any(|part| !part.is_empty()) {
            let split = split_name(&of(draft, "name"));
            for (field, part) in
                NAMES.iter().zip([split.prefix, split.given, split.middle, split.family, split.suffix])
            {
                draft.set(field, part);
            }
        }
    }
}

fn is_service(kind: &str) -> bool {
    matches!(kind, "im" | "social")
}

/// Looks like a number that can be dialled: digits and what stands between them, perhaps an extension.
fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(|c| c.is_numeric()).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    digits >= 3 && letters <= digits
}

fn items(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for item in text.split([',', '，', '、', ';', '；']).map(str::trim) {
        if !item.is_empty() && !out.iter().any(|other| other == item) {
            out.push(item.to_owned());
        }
    }
    out
}
