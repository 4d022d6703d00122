//! The pattern language of `time_rules.tsv`, compiled into one automaton.
//!
//! `det? wd:weekday? d:day m:month y:year?` is a sequence of classes; `"h"` is a literal word;
//! `x?` may be missing; `( a | b )` chooses; `label:class` captures; `~` joins an element to the
//! one before without white space; `[ … ]` at the beginning must stand there but is not part of
//! the expression. There is no star, so every pattern is a finite set of sequences, and all of
//! them share one tree: matching walks it once from each token.

use super::word::Class;

/// What one step of a sequence takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Symbol {
    Class(Class),
    Literal(u16),
}

/// One step of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) symbol: Symbol,
    /// No white space before it.
    pub(crate) glued: bool,
    /// Index of its label in the rule's `labels`.
    pub(crate) label: Option<u8>,
    /// Must be there but is not part of the expression.
    pub(crate) context: bool,
}

/// The end of a sequence.
#[derive(Clone, Debug)]
pub(crate) struct Accept {
    pub(crate) rule: u16,
    /// (label, step) of what is captured.
    pub(crate) captures: Vec<(u8, u8)>,
    /// How many steps are context.
    pub(crate) context: u8,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Branch {
    pub(crate) edges: Vec<(Symbol, bool, u32)>,
    pub(crate) accepts: Vec<Accept>,
}

/// All sequences of all rules, as a tree.
#[derive(Clone, Debug)]
pub(crate) struct Automaton {
    pub(crate) branches: Vec<Branch>,
}

impl Default for Automaton {
    fn default() -> Self {
        Automaton { branches: vec![Branch::default()] }
    }
}

/// Sequences one pattern may stand for; more is a mistake in the pack.
const SEQUENCES: usize = 4096;

impl Automaton {
    /// Adds the sequences of a rule.
    pub(crate) fn add(&mut self, rule: u16, sequences: &[Vec<Element>]) {
        for sequence in sequences {
            let mut at = 0usize;
            for element in sequence {
                let known = self.branches[at]
                    .edges
                    .iter()
                    .find(|(symbol, glued, _)| (*symbol, *glued) == (element.symbol, element.glued))
                    .map(|(_, _, next)| *next as usize);
                at = known.unwrap_or_else(|| {
                    let next = self.branches.len();
                    self.branches.push(Branch::default());
                    self.branches[at].edges.push((element.symbol, element.glued, next as u32));
                    next
                });
            }
            let captures = sequence
                .iter()
                .enumerate()
                .filter_map(|(step, element)| Some((element.label?, step as u8)))
                .collect();
            let context = sequence.iter().take_while(|element| element.context).count() as u8;
            self.branches[at].accepts.push(Accept { rule, captures, context });
        }
    }
}

/// Reads patterns. `literal` gives a word its number; `labels` grows by the labels of the rule.
pub(crate) struct PatternReader<'a> {
    pub(crate) literal: &'a mut dyn FnMut(&str) -> Vec<u16>,
    pub(crate) labels: Vec<String>,
}

impl PatternReader<'_> {
    /// All sequences a pattern stands for.
    pub(crate) fn read(&mut self, pattern: &str) -> Result<Vec<Vec<Element>>, String> {
        let words = cut(pattern)?;
        let mut at = 0;
        let sequences = self.choices(&words, &mut at, 0)?;
        if at < words.len() {
            return Err(format!("unexpected {:?}", words[at]));
        }
        if sequences.iter().any(|sequence| sequence.iter().all(|element| element.context)) {
            return Err("the pattern can be empty".into());
        }
        if sequences.iter().any(|sequence| sequence.len() > 40) {
            return Err("the pattern is too long".into());
        }
        Ok(sequences)
    }

    fn choices(
        &mut self,
        words: &[String],
        at: &mut usize,
        depth: usize,
    ) -> Result<Vec<Vec<Element>>, String> {
        if depth > 8 {
            return Err("nested too deeply".into());
        }
        let mut all = Vec::new();
        loop {
            all.extend(self.sequence(words, at, depth)?);
            if words.get(*at).is_none_or(|word| word != "|") {
                return Ok(all);
            }
            *at += 1;
        }
    }

    fn sequence(
        &mut self,
        words: &[String],
        at: &mut usize,
        depth: usize,
    ) -> Result<Vec<Vec<Element>>, String> {
        let mut all: Vec<Vec<Element>> = vec![Vec::new()];
        while let Some(word) = words.get(*at) {
            let mut choices = match word.as_str() {
                "|" | ")" | "]" => break,
                open @ ("(" | "[") => {
                    *at += 1;
                    let mut inner = self.choices(words, at, depth + 1)?;
                    let close = if open == "(" { ")" } else { "]" };
                    if words.get(*at).is_none_or(|word| word != close) {
                        return Err(format!("{close:?} is missing"));
                    }
                    if open == "[" {
                        inner.iter_mut().flatten().for_each(|element| element.context = true);
                    }
                    inner
                }
                _ => vec![self.element(word)?],
            };
            *at += 1;
            if words.get(*at).is_some_and(|word| word == "?") {
                *at += 1;
                choices.push(Vec::new());
            }
            if all.len().saturating_mul(choices.len()) > SEQUENCES {
                return Err("the pattern stands for too many sequences".into());
            }
            all = all
                .iter()
                .flat_map(|head| choices.iter().map(move |tail| head.iter().chain(tail).copied().collect()))
                .collect();
        }
        Ok(all)
    }

    fn element(&mut self, word: &str) -> Result<Vec<Element>, String> {
        let (glued, word) = word.strip_prefix('~').map_or((false, word), |rest| (true, rest));
        if let Some(words) = word.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            let literals = (self.literal)(words);
            if literals.is_empty() {
                return Err("empty literal".into());
            }
            return Ok(literals
                .into_iter()
                .enumerate()
                .map(|(index, literal)| Element {
                    symbol: Symbol::Literal(literal),
                    glued: glued && index == 0,
                    label: None,
                    context: false,
                })
                .collect());
        }
        let (label, class) = word.split_once(':').map_or((None, word), |(label, class)| (Some(label), class));
        let class = Class::named(class).ok_or_else(|| format!("no class {class:?}"))?;
        let label = label.map(|label| self.label(label));
        Ok(vec![Element { symbol: Symbol::Class(class), glued, label, context: false }])
    }

    fn label(&mut self, label: &str) -> u8 {
        let index = self.labels.iter().position(|known| known == label).unwrap_or_else(|| {
            self.labels.push(label.to_owned());
            self.labels.len() - 1
        });
        index as u8
    }
}

/// Cuts a pattern into its words: brackets, `|`, `?`, and everything between white space.
fn cut(pattern: &str) -> Result<Vec<String>, String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut quoted = false;
    for c in pattern.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                word.push(c);
            }
            c if quoted => word.push(c),
            '(' | ')' | '[' | ']' | '|' | '?' => {
                words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
                words.push(c.to_string());
            }
            c if c.is_whitespace() => words.extend((!word.is_empty()).then(|| std::mem::take(&mut word))),
            c => word.push(c),
        }
    }
    if quoted {
        return Err("a quotation mark is missing".into());
    }
    words.extend((!word.is_empty()).then_some(word));
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(pattern: &str) -> Result<usize, String> {
        let mut words: Vec<String> = Vec::new();
        let mut literal = |word: &str| {
            words.push(word.to_owned());
            vec![words.len() as u16]
        };
        PatternReader { literal: &mut literal, labels: Vec::new() }.read(pattern).map(|all| all.len())
    }

    #[test]
    fn patterns_stand_for_sequences() {
        assert_eq!(count("det? wd:weekday? d:day m:month y:year?"), Ok(8));
        assert_eq!(count("h:hour \"h\" ( m:minute | \"pile\" )?"), Ok(3));
        assert_eq!(count("[ \"à\" ] h:hour"), Ok(1));
        for wrong in ["", "det?", "( day", "day )", "nothing", "\"h", "[ day ]"] {
            assert!(count(wrong).is_err(), "{wrong}");
        }
    }
}
