//! Language packs: rules as data.
//!
//! `packs/LANG/` holds one language, `packs/*.tsv` and `packs/page/` what all share. They are
//! embedded in the binary; a folder can be laid over them by the caller (`Packs::with_overlay`).
//! Each part compiles its own files; this module only finds, checks and hands them out.

mod prove;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::OnceLock;

use selon_gazetteer::Gazetteer;
use selon_model::{Agency, Digest, Lang, Registry};

pub use prove::{Fault, Proof};
pub(crate) use prove::{cases, sides, text_of};
pub(crate) use table::{Row, Table};

include!(concat!(env!("OUT_DIR"), "/packs.rs"));

/// A pack file that cannot be used: which one, where, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PacksError {
    /// Path inside `packs/`.
    pub file: String,
    /// Line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for PacksError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "packs/{}:{}: {}", self.file, self.line, self.what)
    }
}

impl std::error::Error for PacksError {}

/// The files of the packs that are part of this binary: path inside `packs/`, content.
pub fn embedded_files() -> impl Iterator<Item = (&'static str, &'static str)> {
    EMBEDDED.iter().copied()
}

/// An embedded file, for tables that no overlay changes; empty where there is none.
pub(crate) fn embedded_text(path: &str) -> &'static str {
    EMBEDDED.iter().find(|(name, _)| *name == path).map_or("", |(_, text)| text)
}

/// How the name of a file ends that adds rows to a table: `cues.add.tsv` to `cues.tsv`.
const ADDING: &str = ".add.tsv";

/// The files of one language, or the shared ones, by their name.
pub(crate) struct PackFiles<'a> {
    folder: &'a str,
    files: BTreeMap<&'a str, &'a str>,
}

impl<'a> PackFiles<'a> {
    /// The content of a file; empty where the pack has none.
    pub(crate) fn text(&self, name: &str) -> &'a str {
        self.files.get(name).copied().unwrap_or("")
    }

    /// A TSV file as a table; empty where the pack has none.
    pub(crate) fn table(&self, name: &str) -> Result<Table<'a>, PacksError> {
        let mut table = Table::parse(self.path(name), self.text(name))?;
        if let Some(stem) = name.strip_suffix(".tsv") {
            let more = format!("{stem}{ADDING}");
            table.add(Table::parse(self.path(&more), self.text(&more))?)?;
        }
        Ok(table)
    }

    /// A TOML file read into `T`; the default where the pack has none.
    pub(crate) fn toml<T: serde::de::DeserializeOwned + Default>(&self, name: &str) -> Result<T, PacksError> {
        let text = self.text(name);
        if text.is_empty() {
            return Ok(T::default());
        }
        toml::from_str(text).map_err(|error| {
            let at =
                error.span().map_or(0, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            PacksError { file: self.path(name), line: at, what: error.message().to_owned() }
        })
    }

    /// Path of a file, for messages.
    pub(crate) fn path(&self, name: &str) -> String {
        if self.folder.is_empty() { name.to_owned() } else { format!("{}/{name}", self.folder) }
    }
}

/// One language, compiled.
#[derive(Clone)]
pub(crate) struct Pack {
    pub(crate) lang: Lang,
    pub(crate) lex: crate::lex::LexPack,
    pub(crate) number: crate::number::NumberPack,
    pub(crate) time: crate::time::TimePack,
    pub(crate) place: crate::place::PlacePack,
    pub(crate) statement: crate::statement::StatementPack,
    pub(crate) figure: crate::figure::FigurePack,
    /// What it has no rules for, by the name of the record's list.
    pub(crate) lacks: Vec<&'static str>,
    pub(crate) stop: BTreeSet<String>,
    /// `statement_cases.md`, `figure_cases.md` and `time_cases.md`: sentences and what must come out of them.
    pub(crate) statement_cases: String,
    pub(crate) figure_cases: String,
    pub(crate) time_cases: String,
}

/// The file without which a list of the record stays empty.
const NEEDED: [(&str, &str); 3] =
    [("statements", "cues.tsv"), ("figures", "units.tsv"), ("times", "time_rules.tsv")];

/// All packs, compiled. Building them takes some milliseconds; reading only borrows them.
pub struct Packs {
    digest: Digest,
    gazetteer: &'static Gazetteer<'static>,
    languages: BTreeMap<Lang, Pack>,
    pub(crate) page: crate::describe::PagePack,
    pub(crate) letters: crate::name::Letters,
    pub(crate) post: crate::post::PostPack,
    pub(crate) line: crate::format::line::LinePack,
    registry: Registry,
}

impl Packs {
    /// The packs that are part of this binary.
    ///
    /// # Panics
    /// Never in a build that passes its tests: the embedded files are checked there.
    pub fn embedded() -> &'static Packs {
        static PACKS: OnceLock<Packs> = OnceLock::new();
        PACKS.get_or_init(|| Packs::with_overlay(&[]).expect("the embedded packs are checked by a test"))
    }

    /// The embedded packs with `overlay` (path inside `packs/`, content) laid over them, file by
    /// file; `NAME.add.tsv` adds rows to `NAME.tsv` instead of taking its place.
    pub fn with_overlay(overlay: &[(String, String)]) -> Result<Packs, PacksError> {
        Packs::with_overlay_and_gazetteer(overlay, Gazetteer::embedded())
    }

    /// The same with another gazetteer than the embedded one.
    ///
    /// # Errors
    /// Where a file cannot be used, or the gazetteer lacks a place that the packs name.
    pub fn with_overlay_and_gazetteer(
        overlay: &[(String, String)],
        gazetteer: &'static Gazetteer<'static>,
    ) -> Result<Packs, PacksError> {
        let mut all: BTreeMap<&str, &str> = EMBEDDED.iter().copied().collect();
        for (path, _) in overlay {
            check_name(path, overlay)?;
        }
        all.extend(overlay.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        Packs::compile(&all, gazetteer)
    }

    /// The embedded packs with another gazetteer than the embedded one.
    ///
    /// # Errors
    /// Where the gazetteer lacks a place that the packs name.
    pub fn with_gazetteer(gazetteer: &'static Gazetteer<'static>) -> Result<Packs, PacksError> {
        Packs::compile(&EMBEDDED.iter().copied().collect(), gazetteer)
    }

    fn compile(
        all: &BTreeMap<&str, &str>,
        gazetteer: &'static Gazetteer<'static>,
    ) -> Result<Packs, PacksError> {
        let mut parts: Vec<&[u8]> =
            all.iter().flat_map(|(path, text)| [path.as_bytes(), text.as_bytes()]).collect();
        // What is read with another gazetteer is another reading.
        let places = gazetteer.digest();
        if places != Gazetteer::embedded().digest() {
            parts.push(&places);
        }
        let digest = Digest::of_parts(&parts);
        let shared = files_of("", all);
        let page_files = files_of("page", all);
        let registry = registry(&shared)?;
        let mut languages = BTreeMap::new();
        for path in all.keys() {
            let Some(folder) = path.strip_suffix("/pack.toml") else { continue };
            let Some(lang) = Lang::new(folder) else { continue };
            let files = files_of(folder, all);
            let lex = crate::lex::LexPack::load(&files)?;
            let number = crate::number::NumberPack::load(&files, &lex)?;
            let figure = crate::figure::FigurePack::load(&files, &lex, &number)?;
            let statement = crate::statement::StatementPack::load(&files, &lex, &registry, &number, &figure)?;
            let pack = Pack {
                lang: lang.clone(),
                time: crate::time::TimePack::load(&files, &lex)?,
                place: crate::place::PlacePack::load(&files, &shared, gazetteer)?,
                statement,
                figure,
                lacks: NEEDED
                    .iter()
                    .filter(|(_, file)| files.text(file).is_empty())
                    .map(|(list, _)| *list)
                    .collect(),
                stop: files.table("stop.tsv")?.rows().map(|row| row.get("word").to_owned()).collect(),
                statement_cases: files.text("statement_cases.md").to_owned(),
                figure_cases: files.text("figure_cases.md").to_owned(),
                time_cases: files.text("time_cases.md").to_owned(),
                lex,
                number,
            };
            languages.insert(lang, pack);
        }
        let page = crate::describe::PagePack::load(&page_files, all)?;
        let letters = crate::name::Letters::load(&shared)?;
        let post = crate::post::PostPack::load(&page_files)?;
        let line = crate::format::line::LinePack::load(&page_files)?;
        Ok(Packs { digest, gazetteer, languages, page, post, line, letters, registry })
    }

    /// Digest over the paths and contents of all files.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Where names of places are looked up.
    pub fn gazetteer(&self) -> &'static Gazetteer<'static> {
        self.gazetteer
    }

    /// The skeleton of a word that may be a name (it has a capital, or its script has none): the same
    /// for the same name in another script, as in `Report.names`.
    pub fn name_skeleton(&self, word: &str) -> Option<String> {
        crate::name::skeleton_of(word, &self.letters)
    }

    /// The languages that can be read, in the order of their tags.
    pub fn languages(&self) -> impl Iterator<Item = &Lang> {
        self.languages.keys()
    }

    /// The lists of the record for which a language has no rules; `None` where it has no pack.
    pub fn lacks(&self, lang: &Lang) -> Option<&[&'static str]> {
        self.languages.get(lang).map(|pack| pack.lacks.as_slice())
    }

    /// Agencies and outlets.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Words of each language that tell nothing of what a text is about, by language tag.
    pub fn stop_words(&self) -> impl Iterator<Item = (&Lang, &BTreeSet<String>)> {
        self.languages.iter().map(|(lang, pack)| (lang, &pack.stop))
    }

    pub(crate) fn pack(&self, lang: &Lang) -> Option<&Pack> {
        self.languages.get(lang)
    }

    #[cfg(test)]
    pub(crate) fn all(&self) -> impl Iterator<Item = &Pack> {
        self.languages.values()
    }
}

/// A file that no reader looks for would be passed over in silence.
fn check_name(path: &str, overlay: &[(String, String)]) -> Result<(), PacksError> {
    let wrong = |what: String| Err(PacksError { file: path.to_owned(), line: 0, what });
    let plain = path.strip_suffix(ADDING).map(|stem| format!("{stem}.tsv"));
    let plain = plain.as_deref().unwrap_or(path);
    if EMBEDDED.iter().any(|(known, _)| *known == plain) {
        return Ok(());
    }
    let Some((folder, name)) = plain.split_once('/').filter(|(folder, _)| Lang::new(folder).is_some()) else {
        return wrong("no file of this name is read; a language has a folder of its own".to_owned());
    };
    let names: BTreeSet<&str> = EMBEDDED
        .iter()
        .filter_map(|(known, _)| known.split_once('/').filter(|(folder, _)| *folder != "page"))
        .map(|(_, name)| name)
        .collect();
    if !names.contains(name) {
        let names: Vec<&str> = names.into_iter().collect();
        return wrong(format!("a language has no file of this name; it may have: {}", names.join(", ")));
    }
    let settings = format!("{folder}/pack.toml");
    let known = EMBEDDED.iter().any(|(path, _)| *path == settings)
        || overlay.iter().any(|(path, _)| *path == settings);
    if !known {
        return wrong(format!("a new language needs {settings}; copy one and change it"));
    }
    Ok(())
}

fn files_of<'a>(folder: &'a str, all: &BTreeMap<&'a str, &'a str>) -> PackFiles<'a> {
    let files = all
        .iter()
        .filter_map(|(path, text)| {
            let name = if folder.is_empty() { path } else { path.strip_prefix(folder)?.strip_prefix('/')? };
            (!name.contains('/')).then_some((name, *text))
        })
        .collect();
    PackFiles { folder, files }
}

fn registry(shared: &PackFiles<'_>) -> Result<Registry, PacksError> {
    let table = shared.table("agencies.tsv")?;
    let optional = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut agencies = Vec::new();
    for row in table.rows() {
        agencies.push(Agency {
            id: row.required("id")?.to_owned(),
            names: row.list("names"),
            kind: row.get("kind").to_owned(),
            country: optional(row.get("country")),
            domains: row.list("domains"),
            handles: row.list("handles"),
            owner: optional(row.get("owner")),
        });
    }
    agencies.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(Registry { agencies })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedded_packs_compile() {
        match Packs::with_overlay(&[]) {
            Ok(packs) => assert!(packs.languages().count() >= 3),
            Err(error) => panic!("{error}"),
        }
    }

    fn overlay(files: &[(&str, &str)]) -> Result<Packs, PacksError> {
        let files: Vec<_> =
            files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Packs::with_overlay(&files)
    }

    #[test]
    fn a_row_may_be_added_and_the_digest_tells() {
        let rows = "id\tkind\tlemma\tclass\tframes\texample\nen.statement.vouch\tverb\tvouch\tclaim\tclause\tThe mayor vouched that the bridge is closed.\n";
        let verbs = "paradigm\tlemma\nes\tvouch\n";
        let packs = overlay(&[("en/cues.add.tsv", rows), ("en/verbs.add.tsv", verbs)]).expect("packs");
        assert_ne!(packs.digest(), Packs::embedded().digest());
        let proof = packs.prove(&Lang::new("en").expect("a tag")).expect("a pack");
        assert_eq!(proof.faults, []);
        let bare = Packs::embedded().prove(&Lang::new("en").expect("a tag")).expect("a pack");
        assert_eq!(proof.rows, bare.rows + 1);
    }

    #[test]
    fn a_broken_overlay_says_where() {
        let check = |path: &str, text: &str, said: &str| {
            let error = overlay(&[(path, text)]).err().expect("an error").to_string();
            assert_eq!(error, said);
        };
        check(
            "en/cues.add.tsv",
            "id\tkind\tlemma\tclass\texample\n\nen.x\tverb\tglorp\tsay\tX glorped.\n",
            "packs/en/cues.add.tsv:3: glorp is not in verbs.tsv or forms.tsv",
        );
        check(
            "en/cues.add.tsv",
            "id\tsort\n",
            "packs/en/cues.add.tsv:0: there is no column \"sort\"; there are: id, kind, lemma, class, frames, reject_before, reject_after, meaning, example",
        );
        check(
            "xx/cues.tsv",
            "",
            "packs/xx/cues.tsv:0: a new language needs xx/pack.toml; copy one and change it",
        );
        let error = overlay(&[("en/cuse.tsv", "")]).err().expect("an error").to_string();
        assert!(
            error.starts_with("packs/en/cuse.tsv:0: a language has no file of this name; it may have: "),
            "{error}"
        );
    }
}
