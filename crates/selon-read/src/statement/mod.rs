//! Who said what, through whom, how firmly.
//!
//! The steps, each a module: `view` numbers the words and finds units and quotations (`quote`);
//! `cue` finds the words of saying; `cue_reader` makes a draft of each (`according` of "selon X",
//! `parenthesis` of "…, a dit X", `toll` of a number without a clause), with its source
//! (`noun_phrase`, `speaker`) and content (`complement` after a cue, `around` one in commas);
//! `chain`, `resolve` and `hedge` work out the way, the speaker and the firmness; here the drafts
//! become statements. No language is named: words are in `lexicon`,
//! rules in `rules`, both out of the packs.

mod according;
mod around;
mod chain;
mod closing;
mod complement;
mod content;
mod cue;
mod cue_reader;
mod draft;
mod field;
mod floating;
mod hedge;
mod lexicon;
mod noun_phrase;
mod parenthesis;
mod post;
mod press;
mod prove;
mod quote;
mod repeat;
mod resolve;
mod rules;
mod source;
mod speaker;
mod toll;
mod view;
mod write;

use selon_model::{EmbeddedPost, Lang, Note, Outlet, Place, Registry, Statement, Text, TimeMention};

use crate::figure::FigurePack;
use crate::lex::{LexPack, Lexed};
use crate::number::NumberPack;
use crate::pack::{Pack, PackFiles, Packs, PacksError};

pub(crate) use prove::prove;

use lexicon::{Lexicon, Meaning};
use rules::Rules;

/// Cues, channels, roles and hedges of a language.
#[derive(Clone, Debug, Default)]
pub(crate) struct StatementPack {
    lexicon: Lexicon,
    rules: Rules,
}

impl StatementPack {
    pub(crate) fn load(
        files: &PackFiles<'_>,
        lex: &LexPack,
        registry: &Registry,
        number: &NumberPack,
        figure: &FigurePack,
    ) -> Result<Self, PacksError> {
        let mut lexicon = Lexicon::load(files, lex)?;
        lexicon.numbers = number.clone();
        for words in figure.opening_words() {
            lexicon.add(words, Meaning::Bound, lex);
        }
        let rules = Rules::load(files, &mut lexicon, lex)?;
        for (index, agency) in registry.agencies.iter().enumerate() {
            for name in &agency.names {
                let shouted = name.chars().count() <= 6
                    && !name.chars().any(char::is_lowercase)
                    && name.chars().any(char::is_uppercase);
                lexicon.add(name, Meaning::Outlet(index as u16, shouted), lex);
            }
        }
        Ok(StatementPack { lexicon, rules })
    }
}

/// What the statement reader may look at.
pub(crate) struct StatementContext<'a> {
    pub(crate) text: &'a Text,
    pub(crate) lexed: &'a Lexed,
    pub(crate) pack: &'a Pack,
    pub(crate) packs: &'a Packs,
    pub(crate) lang: &'a Lang,
    pub(crate) posts: &'a [EmbeddedPost],
    pub(crate) places: &'a [Place],
    pub(crate) times: &'a [TimeMention],
    pub(crate) outlet: Option<&'a Outlet>,
}

/// Finds who is said to have said what. Posts are statements of their authors, and what they
/// report is read in their own language.
pub(crate) fn find_statements(context: &StatementContext<'_>, notes: &mut Vec<Note>) -> Vec<Statement> {
    let mut statements = write::read_prose(context, notes);
    post::add_posts(context, &mut statements);
    statements
}

#[cfg(test)]
mod tests;
