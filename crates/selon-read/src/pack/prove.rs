//! Packs prove themselves: every row is read on its example and must take part in the reading; on
//! the sentences after `!` it must not. Beside them, case files hold whole sentences and what must
//! come out of each.

use selon_model::{Block, BlockKind, Lang, Span, Text};

use super::Packs;

/// A row that does not do what its example says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Id of the row, or the name of the case file.
    pub id: String,
    /// The sentence.
    pub sentence: String,
    /// What is wrong, and what was found instead.
    pub what: String,
}

/// What came of proving a pack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Rows whose examples were read.
    pub rows: usize,
    /// Sentences of case files that were read.
    pub cases: usize,
    /// What is wrong, in the order of the files.
    pub faults: Vec<Fault>,
}

impl Proof {
    pub(crate) fn fault(&mut self, id: &str, sentence: &str, what: impl Into<String>) {
        self.faults.push(Fault { id: id.to_owned(), sentence: sentence.to_owned(), what: what.into() });
    }
}

impl Packs {
    /// Reads every example and case of a language's pack; `None` where there is no such pack.
    pub fn prove(&self, lang: &Lang) -> Option<Proof> {
        let pack = self.pack(lang)?;
        let mut proof = Proof::default();
        crate::statement::prove(self, pack, &mut proof);
        crate::figure::prove(self, pack, &mut proof);
        crate::time::prove(pack, &mut proof);
        crate::place::prove(self, pack, &mut proof);
        Some(proof)
    }
}

/// The two sides of an example: where the row fires, and where it must not (empty: none).
pub(crate) fn sides(example: &str) -> (&str, &str) {
    example.split_once(" ! ").unwrap_or((example, ""))
}

/// A sentence as a text of one paragraph.
pub(crate) fn text_of(words: &str) -> Text {
    let block = Block {
        kind: BlockKind::Paragraph,
        span: Span::new(0, words.len()),
        lang: None,
        entry: None,
        source: None,
    };
    Text { string: words.to_owned(), blocks: vec![block] }
}

/// Sentences of a case file, each with the lines that must come out, indented below it and led by
/// `kind`. No line below: nothing must come out.
pub(crate) fn cases<'a>(text: &'a str, kind: &str) -> Vec<(&'a str, Vec<&'a str>)> {
    let mut cases: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        match (line.strip_prefix("    "), cases.last_mut()) {
            (Some(expected), Some((_, lines))) => {
                let expected = expected.trim();
                lines.push(expected.strip_prefix(kind).unwrap_or(expected).trim());
            }
            _ => cases.push((line.trim(), Vec::new())),
        }
    }
    cases
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every row of every language fires on its example, and not on the one after `!`; whole
    /// sentences give what is written below them.
    #[test]
    fn packs_prove_themselves() {
        let packs = Packs::embedded();
        let mut faults = Vec::new();
        for lang in packs.languages() {
            let proof = packs.prove(lang).expect("a pack");
            let told = proof.faults.iter();
            faults.extend(
                told.map(|fault| format!("{lang} {}: {}\n  {}", fault.id, fault.sentence, fault.what)),
            );
        }
        assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
    }
}
