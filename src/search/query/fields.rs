//! What can stand before a colon.

use std::borrow::Cow;

use crate::model::schema::{Kind, Type};
use crate::text::edit_distance;

/// Fields that a query computes, or that gather several records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Special {
    /// A handle or a global id.
    Id,
    /// `person` or `company`; asking for companies shows implied ones too.
    Kind,
    /// A tag's name.
    Tag,
    /// The name of the company someone works at.
    Company,
    /// When the last interaction was.
    Last,
    /// When the next task is due.
    Next,
    /// When any open task is due; `overdue` is a value, too.
    Due,
    /// The next birthday, or a month and day.
    Birthday,
    /// Any date of a contact.
    Date,
    /// No interaction for so long, or never.
    Quiet,
    /// When the contact was made.
    Created,
    /// When the contact last changed.
    Updated,
    /// The full text of notes and interactions.
    Text,
    /// Any e-mail address.
    Email,
    /// Any phone number, in any format.
    Phone,
    /// Any web address.
    Url,
    /// Any instant messenger.
    Im,
    /// Any social profile.
    Social,
    /// Any part of any postal address.
    Address,
    /// The name of a linked contact.
    Link,
    /// An interaction; its kind.
    Interaction,
    /// An open task; its title.
    Task,
}

/// The names of the special fields, the canonical one of each.
const SPECIAL: &[(&str, Special)] = &[
    ("id", Special::Id),
    ("kind", Special::Kind),
    ("tag", Special::Tag),
    ("company", Special::Company),
    ("last", Special::Last),
    ("next", Special::Next),
    ("due", Special::Due),
    ("birthday", Special::Birthday),
    ("date", Special::Date),
    ("quiet", Special::Quiet),
    ("created", Special::Created),
    ("updated", Special::Updated),
    ("text", Special::Text),
    ("email", Special::Email),
    ("phone", Special::Phone),
    ("url", Special::Url),
    ("im", Special::Im),
    ("social", Special::Social),
    ("address", Special::Address),
    ("link", Special::Link),
    ("interaction", Special::Interaction),
    ("task", Special::Task),
];

/// Other names, of habit and of language.
const ALIASES: &[(&str, &str)] = &[
    ("tags", "tag"),
    ("mail", "email"),
    ("e_mail", "email"),
    ("emails", "email"),
    ("phones", "phone"),
    ("tel", "phone"),
    ("mobile", "phone"),
    ("website", "url"),
    ("org", "company"),
    ("organization", "company"),
    ("job", "title"),
    ("first_name", "given"),
    ("last_name", "family"),
    ("surname", "family"),
    ("zip", "postcode"),
    ("state", "region"),
    ("bday", "birthday"),
    ("notes", "note"),
    ("star", "starred"),
    ("date.birthday", "birthday"),
    ("姓名", "name"),
    ("名字", "name"),
    ("名称", "name"),
    ("姓", "family"),
    ("名", "given"),
    ("昵称", "nickname"),
    ("公司", "company"),
    ("单位", "company"),
    ("标签", "tag"),
    ("城市", "city"),
    ("国家", "country"),
    ("省", "region"),
    ("省份", "region"),
    ("邮编", "postcode"),
    ("街道", "street"),
    ("地址", "address"),
    ("电话", "phone"),
    ("手机", "phone"),
    ("邮箱", "email"),
    ("邮件", "email"),
    ("电子邮件", "email"),
    ("网址", "url"),
    ("网站", "url"),
    ("备注", "note"),
    ("生日", "birthday"),
    ("日期", "date"),
    ("职位", "title"),
    ("职务", "title"),
    ("头衔", "title"),
    ("部门", "department"),
    ("阶段", "stage"),
    ("等级", "tier"),
    ("行业", "industry"),
    ("兴趣", "interests"),
    ("来源", "source"),
    ("负责人", "owner"),
    ("性别", "gender"),
    ("语言", "language"),
    ("星标", "starred"),
    ("归档", "archived"),
    ("类型", "kind"),
    ("编号", "id"),
    ("全文", "text"),
    ("最近", "last"),
    ("最近联系", "last"),
    ("未联系", "quiet"),
    ("下次", "next"),
    ("到期", "due"),
    ("创建", "created"),
    ("更新", "updated"),
    ("金额", "amount"),
    ("渠道", "channel"),
];

/// Records whose fields can be asked for: first to last, the first that has an unqualified name gives it.
/// `task.title` and the like name the others.
const RECORDS: &[Kind] = &[
    Kind::Contact,
    Kind::Address,
    Kind::Interaction,
    Kind::Method,
    Kind::Date,
    Kind::Link,
    Kind::Task,
    Kind::Deal,
    Kind::Project,
    Kind::Member,
    Kind::Consent,
    Kind::Identity,
    Kind::Extra,
];

/// How many of `RECORDS` lend their fields without a qualifier.
const UNQUALIFIED: usize = 3;

/// The type of a custom field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum CustomType {
    Text,
    Number,
    Date,
    YesNo,
    Choice,
    Url,
}

impl CustomType {
    /// The type that `schema::FIELD_TYPES` calls so; text if none.
    pub fn named(name: &str) -> Self {
        match name {
            "number" => Self::Number,
            "date" => Self::Date,
            "yes/no" => Self::YesNo,
            "choice" => Self::Choice,
            "url" => Self::Url,
            _ => Self::Text,
        }
    }
}

/// What the values of a field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// Text, choices, names.
    Text,
    /// A decimal.
    Number,
    /// A day or an instant: dates, `today`, `next friday`, or a span such as `30d`.
    Day,
    /// A span such as `90d`.
    Span,
    /// `yes` or `no`.
    Flag,
    /// `person` or `company`.
    Kind,
}

/// A field that a query asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldRef {
    /// See `Special`.
    Special(Special),
    /// A field of a record that belongs to the contact, or of the contact itself.
    Of {
        /// The kind of record.
        record: Kind,
        /// Its name in `schema`.
        name: &'static str,
        /// Its type in `schema`.
        ty: Type,
    },
    /// A custom field.
    Custom {
        /// Its key.
        key: String,
        /// Its type.
        ty: CustomType,
    },
}

impl FieldRef {
    /// The name that a query gives it.
    pub fn name(&self) -> Cow<'static, str> {
        match self {
            Self::Special(special) => {
                let name = SPECIAL.iter().find(|(_, known)| known == special).map_or("", |(name, _)| name);
                Cow::Borrowed(name)
            }
            Self::Of { record, name, .. } if builtin(name).as_ref() != Some(self) => {
                Cow::Owned(format!("{}.{name}", record.record().name))
            }
            Self::Of { name, .. } => Cow::Borrowed(name),
            Self::Custom { key, .. } => {
                let key = normal(key);
                Cow::Owned(if builtin(&key).is_some() { format!("field.{key}") } else { key })
            }
        }
    }

    /// What its values are.
    pub const fn value_type(&self) -> ValueType {
        match self {
            Self::Special(special) => match special {
                Special::Last
                | Special::Next
                | Special::Due
                | Special::Birthday
                | Special::Date
                | Special::Created
                | Special::Updated => ValueType::Day,
                Special::Quiet => ValueType::Span,
                Special::Kind => ValueType::Kind,
                _ => ValueType::Text,
            },
            Self::Of { ty, .. } => match ty {
                Type::Flag => ValueType::Flag,
                Type::Int | Type::Decimal | Type::Position => ValueType::Number,
                Type::Date | Type::When | Type::Instant => ValueType::Day,
                Type::Span => ValueType::Span,
                _ => ValueType::Text,
            },
            Self::Custom { ty, .. } => match ty {
                CustomType::Number => ValueType::Number,
                CustomType::Date => ValueType::Day,
                CustomType::YesNo => ValueType::Flag,
                _ => ValueType::Text,
            },
        }
    }

    /// Whether its values have an order, so that ranges make sense.
    pub const fn ordered(&self) -> bool {
        match self {
            Self::Special(_) => matches!(self.value_type(), ValueType::Day | ValueType::Span),
            Self::Of { ty, .. } => !matches!(ty, Type::Flag | Type::Long | Type::Json | Type::Ref(_)),
            Self::Custom { ty, .. } => !matches!(ty, CustomType::YesNo | CustomType::Url),
        }
    }
}

/// What fields there are.
pub trait Fields {
    /// The field with this name, in any case, with `-` and `_` as the same.
    fn lookup(&self, name: &str) -> Option<FieldRef>;

    /// The name most like this one, if any is much like it.
    fn nearest(&self, name: &str) -> Option<String>;
}

/// The fields that every book has, and the custom ones of this book.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Key and type of each custom field.
    pub custom: Vec<(String, CustomType)>,
}

impl Known {
    fn custom(&self, key: &str) -> Option<FieldRef> {
        let found = self.custom.iter().find(|(known, _)| normal(known) == key);
        found.map(|(key, ty)| FieldRef::Custom { key: key.clone(), ty: *ty })
    }
}

impl Fields for Known {
    fn lookup(&self, name: &str) -> Option<FieldRef> {
        let name = normal(name);
        if let Some(key) = name.strip_prefix("field.") {
            return self.custom(key);
        }
        builtin(&name).or_else(|| self.custom(&name))
    }

    fn nearest(&self, name: &str) -> Option<String> {
        // Nothing so long is a field's name with a slip in it.
        let name: String = normal(name).chars().take(64).collect();
        let records = RECORDS[..UNQUALIFIED].iter().flat_map(|kind| kind.record().fields);
        let builtin = SPECIAL.iter().map(|(name, _)| *name).chain(records.map(|field| field.name));
        // In the script that was typed: one letter is as far from any Chinese name of one character as from another.
        let aliases =
            ALIASES.iter().map(|(alias, _)| *alias).filter(|alias| alias.is_ascii() == name.is_ascii());
        let all = builtin.chain(aliases).map(str::to_string);
        let all = all.chain(self.custom.iter().map(|(key, _)| normal(key)));
        let near = (name.chars().count() / 3).clamp(1, 3);
        let best = all.map(|known| (edit_distance(&name, &known), known)).min_by_key(|(far, _)| *far);
        best.filter(|(far, _)| *far <= near).map(|(_, known)| known)
    }
}

/// A field's name as it is compared: lower case, `-` and blanks as `_`.
fn normal(name: &str) -> String {
    let same = |c| if matches!(c, '-' | ' ') { '_' } else { c };
    name.trim().chars().flat_map(char::to_lowercase).map(same).collect()
}

fn builtin(name: &str) -> Option<FieldRef> {
    let alias = ALIASES.iter().find(|(alias, _)| *alias == name);
    let name = alias.map_or(name, |(_, target)| target);
    if let Some((_, special)) = SPECIAL.iter().find(|(known, _)| *known == name) {
        return Some(FieldRef::Special(*special));
    }
    if let Some((record, field)) = name.split_once('.') {
        return RECORDS.iter().filter(|kind| kind.record().name == record).find_map(|kind| of(*kind, field));
    }
    RECORDS[..UNQUALIFIED].iter().find_map(|kind| of(*kind, name))
}

fn of(record: Kind, name: &str) -> Option<FieldRef> {
    let field = record.record().fields.iter().find(|field| field.name == name)?;
    Some(FieldRef::Of { record, name: field.name, ty: field.ty })
}
