//! What a ministry or minister is in charge of: health, interior, defence. Two ministries of one
//! country are two sources; the role alone does not part them.

use std::ops::Range;

use selon_model::RuleId;

use crate::lex::{LexPack, Lexed};
use crate::pack::{PackFiles, PacksError};

use super::view::View;

/// Roles of which there are several, one for each field.
const OF_A_FIELD: &str = "ministry";

/// A row of `fields.tsv`.
#[derive(Clone, Debug)]
pub(crate) struct FieldRule {
    pub(crate) id: RuleId,
    /// The same in all languages.
    pub(crate) field: String,
    /// Folded words.
    words: Vec<String>,
    /// What begins a compound.
    beginnings: Vec<String>,
    /// A sentence in which it names the field of a source.
    pub(crate) example: String,
}

impl FieldRule {
    /// The rows of a language; none where it has no such table.
    pub(crate) fn load(files: &PackFiles<'_>, lex: &LexPack) -> Result<Vec<FieldRule>, PacksError> {
        let mut rules = Vec::new();
        for row in files.table("fields.tsv")?.rows() {
            let (mut words, mut beginnings) = (Vec::new(), Vec::new());
            for form in row.list("forms") {
                let begins = form.ends_with('*');
                let [word] = &Lexed::form(form.trim_end_matches('*'), lex)[..] else {
                    return Err(row.error(format!("\"{form}\" is not one word")));
                };
                if begins { beginnings.push(word.clone()) } else { words.push(word.clone()) }
            }
            rules.push(FieldRule {
                id: RuleId::pack(row.required("id")?),
                field: row.required("field")?.to_owned(),
                words,
                beginnings,
                example: row.required("example")?.to_owned(),
            });
        }
        Ok(rules)
    }

    fn names(&self, word: &str) -> bool {
        self.words.iter().any(|own| own == word) || self.beginnings.iter().any(|own| word.starts_with(own))
    }
}

/// The row that tells the field of a source with this role, by the first of its words that is a
/// field.
pub(crate) fn field_of<'r>(
    view: &View<'_>,
    fields: &'r [FieldRule],
    role: Option<&str>,
    mut words: Range<usize>,
) -> Option<&'r FieldRule> {
    if role != Some(OF_A_FIELD) {
        return None;
    }
    words.find_map(|at| fields.iter().find(|rule| rule.names(view.folded(at))))
}
