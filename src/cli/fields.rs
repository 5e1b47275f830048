//! `rolo field`

use super::context::{Ctx, Format};
use super::fail::Result;
use super::table::Table;
use crate::model::schema::FIELD_TYPES;
use crate::ops::{Exit, FieldDef, OpError};

/// Arguments of `field`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Field,
}

#[derive(Debug, clap::Subcommand)]
enum Field {
    /// Make a custom field
    Add {
        /// What it is called in queries, JSON and CSV
        key: String,
        #[command(flatten)]
        what: What,
    },
    /// All custom fields
    #[command(visible_alias = "ls")]
    List,
    /// Change a custom field
    Edit {
        /// Its key
        key: String,
        /// A new key
        #[arg(long, value_name = "KEY")]
        key_to: Option<String>,
        #[command(flatten)]
        what: What,
    },
    /// Delete a custom field with its values
    #[command(visible_alias = "rm")]
    Delete {
        /// Its key
        key: String,
    },
}

#[derive(Debug, clap::Args)]
struct What {
    /// What people read
    #[arg(long)]
    name: Option<String>,
    /// text, number, date, yes/no, choice, url
    #[arg(long = "type", value_name = "TYPE", value_parser = clap::builder::PossibleValuesParser::new(FIELD_TYPES))]
    kind: Option<String>,
    /// What can be chosen, with commas between
    #[arg(long, value_name = "A,B,C", value_delimiter = ',')]
    choices: Vec<String>,
    /// Forms ask for it
    #[arg(long, num_args = 0..=1, default_missing_value = "true")]
    required: Option<bool>,
    /// A regular expression that values match
    #[arg(long, value_name = "REGEX")]
    pattern: Option<String>,
}

impl What {
    fn put_into(self, field: &mut FieldDef) {
        if !self.choices.is_empty() {
            field.choices = self.choices.iter().map(|choice| choice.trim().to_owned()).collect();
            "choice".clone_into(&mut field.kind);
        }
        let slots =
            [(self.name, &mut field.name), (self.kind, &mut field.kind), (self.pattern, &mut field.pattern)];
        for (value, slot) in slots {
            if let Some(value) = value {
                *slot = value;
            }
        }
        field.required = self.required.unwrap_or(field.required);
    }
}

/// Looks after custom fields.
pub fn run(ctx: &mut Ctx, args: Args) -> Result {
    let mut book = ctx.book()?;
    let find = |book: &crate::ops::Book, key: &str| -> Result<FieldDef> {
        let found = book.fields()?.into_iter().find(|field| field.key == key);
        Ok(found.ok_or_else(|| OpError::NotFound { who: key.to_owned(), kind: "field" })?)
    };
    let done = match args.command {
        Field::List => return list(ctx, &book),
        Field::Add { key, what } => {
            // A key is one word, or no query could name it.
            let word = key.split_whitespace().collect::<Vec<_>>().join("_");
            let word = if word == key { word } else { word.to_lowercase() };
            let mut field = FieldDef { name: key, key: word, kind: "text".into(), ..FieldDef::default() };
            what.put_into(&mut field);
            book.add_field(&field)?
        }
        Field::Edit { key, key_to, what } => {
            let mut field = find(&book, &key)?;
            what.put_into(&mut field);
            field.key = key_to.unwrap_or(field.key);
            let done = book.edit_field(&key, &field)?;
            ctx.done(&done.label, &done.receipt)?;
            let misfits = book.misfits(field.key.trim())?;
            if misfits > 0 {
                ctx.say("values-that-dont-fit", &[("n", misfits.into()), ("field", field.key.trim().into())]);
            }
            return Ok(Exit::Done);
        }
        Field::Delete { key } => {
            let field = find(&book, &key)?;
            ctx.confirm_many("ask-delete-field", field.used)?;
            book.delete_field(&key)?
        }
    };
    ctx.done(&done.label, &done.receipt)?;
    Ok(Exit::Done)
}

fn list(ctx: &mut Ctx, book: &crate::ops::Book) -> Result {
    let fields = book.fields()?;
    if ctx.json() {
        ctx.json_all(&fields)?;
        return Ok(Exit::Done);
    }
    let mut table = Table::of_things(ctx, &["key", "name", "type", "choices", "pattern", "used"]);
    for field in fields {
        let used = field.used.to_string();
        let kind = type_of(ctx, field.kind);
        table.row(vec![field.key, field.name, kind, field.choices.join(", "), field.pattern, used]);
    }
    if table.is_empty() {
        ctx.say("no-fields", &[]);
    }
    table.write(ctx)?;
    Ok(Exit::Done)
}

/// A field's type for people or for programs.
fn type_of(ctx: &Ctx, kind: String) -> String {
    let said = (ctx.format == Format::Table)
        .then(|| ctx.lang.maybe(&format!("type-{}", kind.replace('/', "-")), &[]))
        .flatten();
    said.unwrap_or(kind)
}
