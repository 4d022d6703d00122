//! The index of words: which reports hold them, in which field.
//!
//! Words are indexed as they are written, folded (`selon_model::fold`), with their positions: what
//! phrases are looked for in; for languages with a stemmer by their stem; and names by their
//! skeletons, which are the same in every script. Fields other than the text are those of the search
//! language (`query.rs`).

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::Date;
use rust_decimal::prelude::ToPrimitive;
use selon_model::{
    BlockKind, Error, HedgeKind, Kind, LeafIndex, Mode, Precision, Report, ReportId, Result, SourceKind,
    TimeKind,
};
use tantivy::collector::TopDocs;
use tantivy::directory::MmapDirectory;
use tantivy::query::{QueryParser, QueryParserError};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, SchemaBuilder, TextFieldIndexing,
    TextOptions, Value,
};
use tantivy::tokenizer::{AsciiFoldingFilter, Language, RemoveLongFilter, Stemmer, TextAnalyzer};
use tantivy::{IndexWriter, TantivyDocument, Term};

use crate::query::{Lookups, in_words_of_index};
use crate::words::{Form, WordTokenizer};

/// Languages with a stemmer: Snowball's, and for Ukrainian, which has none, endings taken off.
const STEMMED: &[(&str, Option<Language>)] = &[
    ("fr", Some(Language::French)),
    ("en", Some(Language::English)),
    ("ar", Some(Language::Arabic)),
    ("ru", Some(Language::Russian)),
    ("uk", None),
    ("es", Some(Language::Spanish)),
    ("de", Some(Language::German)),
];

/// Bytes of the longest word.
const LONGEST: usize = 60;

/// Memory of the writer.
const WRITER_BYTES: usize = 50 << 20;

/// A report on its way into the index.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The report.
    pub report: &'a Report,
    /// Day of its capture (UTC).
    pub captured: Option<Date>,
}

/// A report that matches.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The report.
    pub report: ReportId,
    /// BM25 score: how well the words match, nothing else.
    pub score: f32,
}

/// The index.
pub struct Index {
    index: tantivy::Index,
    fields: Fields,
}

struct Fields {
    id: Field,
    title: Field,
    text: Field,
    stems: Vec<(&'static str, Field)>,
    names: Field,
    source: Field,
    source_kind: Field,
    via: Field,
    cue: Field,
    said: Field,
    hedge: Field,
    place: Field,
    place_id: Field,
    publisher: Field,
    lang: Field,
    published: Field,
    captured: Field,
    happened: Field,
    mode: Field,
    unit: Field,
    event: Field,
    value: Field,
    has: Field,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Index")
    }
}

impl Index {
    /// Opens or makes the index in `folder`. One with other fields is emptied: it is derived.
    pub fn open(folder: &Path) -> Result<Self> {
        let what = || format!("cannot open the search index {}", folder.display());
        std::fs::create_dir_all(folder).map_err(|error| failed(&what(), error))?;
        let (schema, fields) = schema();
        let open = || -> tantivy::Result<tantivy::Index> {
            tantivy::Index::open_or_create(MmapDirectory::open(folder)?, schema.clone())
        };
        let index = match open() {
            Ok(index) => index,
            Err(_) => {
                std::fs::remove_dir_all(folder).map_err(|error| failed(&what(), error))?;
                std::fs::create_dir_all(folder).map_err(|error| failed(&what(), error))?;
                open().map_err(|error| failed(&what(), error))?
            }
        };
        Ok(Index::with(index, fields))
    }

    /// An index that is gone when it is dropped.
    pub fn in_memory() -> Self {
        let (schema, fields) = schema();
        Index::with(tantivy::Index::create_in_ram(schema), fields)
    }

    fn with(index: tantivy::Index, fields: Fields) -> Self {
        let base =
            |form| TextAnalyzer::builder(WordTokenizer::new(form)).filter(RemoveLongFilter::limit(LONGEST));
        index.tokenizers().register("folded", base(Form::Folded).filter(AsciiFoldingFilter).build());
        for (lang, language) in STEMMED {
            let analyzer = match language {
                Some(language) => {
                    base(Form::Composed).filter(Stemmer::new(*language)).filter(AsciiFoldingFilter).build()
                }
                None => base(Form::UkrainianStem).build(),
            };
            index.tokenizers().register(&format!("stem_{lang}"), analyzer);
        }
        Index { index, fields }
    }

    /// Adds reports and notes that all leaves before `next` are in. Adding a report again
    /// replaces it.
    pub fn add(&self, entries: &[Entry<'_>], next: LeafIndex) -> Result<()> {
        let work = || -> tantivy::Result<()> {
            let mut writer: IndexWriter = self.index.writer_with_num_threads(1, WRITER_BYTES)?;
            for entry in entries {
                writer.delete_term(Term::from_field_text(self.fields.id, &entry.report.id.to_string()));
                writer.add_document(self.document(entry))?;
            }
            let mut commit = writer.prepare_commit()?;
            commit.set_payload(&next.0.to_string());
            commit.commit()?;
            writer.wait_merging_threads()
        };
        work().map_err(|error| failed("cannot write to the search index", error))
    }

    /// Takes reports out.
    pub fn remove(&self, reports: &[ReportId]) -> Result<()> {
        if reports.is_empty() {
            return Ok(());
        }
        let next = self.next_leaf()?;
        let work = || -> tantivy::Result<()> {
            let mut writer: IndexWriter = self.index.writer_with_num_threads(1, WRITER_BYTES)?;
            for id in reports {
                writer.delete_term(Term::from_field_text(self.fields.id, &id.to_string()));
            }
            let mut commit = writer.prepare_commit()?;
            commit.set_payload(&next.0.to_string());
            commit.commit()?;
            writer.wait_merging_threads()
        };
        work().map_err(|error| failed("cannot write to the search index", error))
    }

    /// Empties it.
    pub fn clear(&self) -> Result<()> {
        let work = || -> tantivy::Result<()> {
            let mut writer: IndexWriter = self.index.writer_with_num_threads(1, WRITER_BYTES)?;
            writer.delete_all_documents()?;
            let mut commit = writer.prepare_commit()?;
            commit.set_payload("0");
            commit.commit()?;
            writer.wait_merging_threads()
        };
        work().map_err(|error| failed("cannot write to the search index", error))
    }

    /// The first leaf that is not in.
    pub fn next_leaf(&self) -> Result<LeafIndex> {
        let meta = self.index.load_metas().map_err(|error| failed("cannot read the search index", error))?;
        Ok(LeafIndex(meta.payload.and_then(|payload| payload.parse().ok()).unwrap_or(0)))
    }

    /// Number of reports in it.
    pub fn count(&self) -> Result<u64> {
        let reader = self.index.reader().map_err(|error| failed("cannot read the search index", error))?;
        Ok(reader.searcher().num_docs())
    }

    /// Reports that match a query of the search language, best first.
    pub fn search(&self, query: &str, lookups: &dyn Lookups, limit: usize) -> Result<Vec<Hit>> {
        let fields = &self.fields;
        let mut over = vec![fields.title, fields.text];
        over.extend(fields.stems.iter().map(|(_, field)| *field));
        let mut parser = QueryParser::for_index(&self.index, over);
        parser.set_conjunction_by_default();
        parser.set_field_boost(fields.title, 2.0);
        let words = in_words_of_index(query, lookups)?;
        let parsed = match parser.parse_query(&words) {
            // What is only left out is left out of everything.
            Err(QueryParserError::AllButQueryForbidden) => parser.parse_query(&format!("* {words}")),
            parsed => parsed,
        };
        let parsed = parsed.map_err(|error| {
            Error::new(
                Kind::Invalid,
                format!("cannot read the query \"{query}\": {error}; words, \"phrases\", AND OR NOT ( ), field:value"),
            )
        })?;
        let work = || -> tantivy::Result<Vec<Hit>> {
            let searcher = self.index.reader()?.searcher();
            let found = searcher.search(&parsed, &TopDocs::with_limit(limit.max(1)).order_by_score())?;
            let mut hits = Vec::with_capacity(found.len());
            for (score, address) in found {
                let document: TantivyDocument = searcher.doc(address)?;
                let id = document
                    .get_first(fields.id)
                    .and_then(|value| value.as_str())
                    .and_then(|id| id.parse().ok());
                if let Some(report) = id {
                    hits.push(Hit { report, score });
                }
            }
            Ok(hits)
        };
        let mut hits = work().map_err(|error| failed("cannot search", error))?;
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.report.cmp(&b.report)));
        Ok(hits)
    }

    fn document(&self, entry: &Entry<'_>) -> TantivyDocument {
        let (fields, report) = (&self.fields, entry.report);
        let mut document = TantivyDocument::default();
        document.add_text(fields.id, report.id.to_string());
        if let Some(title) = &report.title {
            document.add_text(fields.title, title);
        }
        document.add_text(fields.text, &report.text.string);
        let lang = report.language.tag.as_ref().map(|tag| tag.as_str());
        if let Some(lang) = lang {
            document.add_text(fields.lang, lang);
            if let Some((_, field)) = fields.stems.iter().find(|(stemmed, _)| *stemmed == lang) {
                document.add_text(*field, &report.text.string);
            }
        }
        let names: BTreeSet<&str> = report.names.iter().map(|name| name.skeleton.as_str()).collect();
        names.into_iter().for_each(|name| document.add_text(fields.names, name));
        for statement in &report.statements {
            if let Some(speaker) = report.speaker(statement) {
                document.add_text(fields.source, speaker);
            }
            if let Some(source) = &statement.source {
                document.add_text(fields.source_kind, kind_name(source.kind));
            }
            if let Some(cue) = &statement.cue {
                document.add_text(fields.cue, report.text.words(cue.span));
                document.add_text(fields.cue, &cue.class);
            }
            for hedge in &statement.hedges {
                document.add_text(fields.hedge, hedge_name(hedge.kind));
            }
            for hop in statement.chain.iter().filter(|hop| hop.role == selon_model::HopRole::Relay) {
                if let Some(name) = &hop.name {
                    document.add_text(fields.via, name);
                }
            }
            for span in &statement.content {
                document.add_text(fields.said, report.text.words(*span));
            }
            let mode = match statement.mode {
                Mode::Direct => "direct",
                Mode::Indirect => "indirect",
                Mode::Mixed => "mixed",
            };
            document.add_text(fields.mode, mode);
        }
        for place in &report.places {
            document.add_text(fields.place, report.text.words(place.span));
            if let Some(choice) = place.choice() {
                document.add_text(fields.place, &choice.name);
                document.add_text(fields.place_id, choice.id.to_string());
            }
        }
        if let Some(outlet) = &report.outlet {
            for name in [&outlet.name, &outlet.domain].into_iter().flatten() {
                document.add_text(fields.publisher, name);
            }
        }
        if let Some(date) = report.published.as_ref().and_then(|when| when.date()) {
            document.add_text(fields.published, date.to_string());
        }
        if let Some(day) = entry.captured {
            document.add_text(fields.captured, day.to_string());
        }
        event_days(report).into_iter().for_each(|day| document.add_text(fields.happened, day.to_string()));
        for figure in &report.figures {
            for bound in [figure.quantity.lower, figure.quantity.upper].into_iter().flatten() {
                if let Some(bound) = bound.to_f64() {
                    document.add_f64(fields.value, bound);
                }
            }
            if let Some(unit) = &figure.unit {
                document.add_text(fields.unit, &unit.class);
            }
            if let Some(event) = &figure.event {
                document.add_text(fields.event, &event.class);
            }
        }
        let post =
            !report.posts.is_empty() || report.text.blocks.iter().any(|block| block.kind == BlockKind::Post);
        for (has, name) in [
            (post, "post"),
            (!report.statements.is_empty(), "statement"),
            (!report.figures.is_empty(), "figure"),
        ] {
            if has {
                document.add_text(fields.has, name);
            }
        }
        document
    }
}

/// Days that a report speaks of.
fn event_days(report: &Report) -> BTreeSet<Date> {
    let is_day =
        |grain| matches!(grain, Precision::Day | Precision::Part | Precision::Hour | Precision::Minute);
    let times = report.times.iter();
    let of_day =
        times.filter(|time| is_day(time.grain) && matches!(time.kind, TimeKind::Date | TimeKind::Time));
    of_day.filter_map(|time| Some(time.from?.date())).collect()
}

fn kind_name(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Named => "named",
        SourceKind::Office => "office",
        SourceKind::Agency => "agency",
        SourceKind::Outlet => "outlet",
        SourceKind::Document => "document",
        SourceKind::Unnamed => "unnamed",
        SourceKind::CollectiveUnnamed => "collective_unnamed",
        SourceKind::Author => "author",
    }
}

fn hedge_name(kind: HedgeKind) -> &'static str {
    match kind {
        HedgeKind::Reportative => "reportative",
        HedgeKind::Prospective => "prospective",
        HedgeKind::Hypothetical => "hypothetical",
        HedgeKind::Lexical => "lexical",
        HedgeKind::Denial => "denial",
    }
}

fn schema() -> (Schema, Fields) {
    let mut builder = SchemaBuilder::new();
    let words = |tokenizer: &str| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(tokenizer)
                .set_index_option(IndexRecordOption::WithFreqsAndPositions),
        )
    };
    let id = builder.add_text_field("id", STRING | STORED);
    let mut folded = |name: &str| builder.add_text_field(name, words("folded"));
    let (title, text, source, via) = (folded("title"), folded("text"), folded("source"), folded("via"));
    let (said, place, publisher, cue) = (folded("said"), folded("place"), folded("publisher"), folded("cue"));
    let mut exact = |name: &str| builder.add_text_field(name, STRING);
    let (names, source_kind, hedge, place_id) =
        (exact("name"), exact("source_kind"), exact("hedge"), exact("place_id"));
    let (published, captured, happened) = (exact("published"), exact("captured"), exact("happened"));
    let (lang, mode, unit, event, has) =
        (exact("lang"), exact("mode"), exact("figure_unit"), exact("figure_event"), exact("has"));
    let value = builder.add_f64_field("figure_value", INDEXED | FAST);
    let stems = STEMMED
        .iter()
        .map(|(lang, _)| {
            let name = format!("stem_{lang}");
            (*lang, builder.add_text_field(&name, words(&name)))
        })
        .collect();
    let fields = Fields {
        id,
        title,
        text,
        stems,
        names,
        source,
        source_kind,
        via,
        cue,
        said,
        hedge,
        place,
        place_id,
        publisher,
        lang,
        published,
        captured,
        happened,
        mode,
        unit,
        event,
        value,
        has,
    };
    (builder.build(), fields)
}

fn failed(what: &str, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::because(Kind::Unavailable, what, error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use selon_model::{Digest, Lang, NameSkeleton, ReportId, Span, Text, fold};

    fn report(number: u8, lang: &str, text: &str) -> Report {
        let mut report =
            Report::of_text(ReportId(Digest::of(&[number])), Text { string: text.into(), blocks: vec![] });
        report.language.tag = Lang::new(lang);
        report
    }

    /// What stands outside the index, for these reports.
    struct Few(Vec<ReportId>);

    impl Lookups for Few {
        fn skeleton(&self, word: &str) -> Option<String> {
            let word = fold(word);
            ["zelensky", "зеленскии", "زيلينسكي"].contains(&word.as_str()).then(|| "slnsk".to_owned())
        }

        fn places(&self, name: &str) -> Vec<String> {
            let is_aleppo = ["Alep", "Aleppo", "Алеппо", "حلب"].contains(&name);
            if is_aleppo { vec!["geonames:170063".into()] } else { vec![] }
        }

        fn story(&self, _: &str) -> Result<Vec<ReportId>> {
            Ok(self.0.clone())
        }

        fn wire_copies(&self) -> Result<Vec<ReportId>> {
            Ok(vec![])
        }
    }

    fn check(index: &Index) {
        let mut reports = [
            report(1, "fr", "L'armée a évacué des familles de la vallée."),
            report(2, "en", "The army evacuated families from the valley, Zelensky said."),
            report(3, "ar", "أعلنت الوزارةُ إجلاء العائلات من حلب"),
            report(4, "uk", "Лікарня повідомила про поранених, сказав Зеленський."),
            report(5, "ru", "Больница сообщила о раненых в Алеппо."),
        ];
        for (at, name) in [(1, "Zelensky"), (3, "Зеленський")] {
            let from = reports[at].text.string.find(name).unwrap();
            let span = Span::new(from, from + name.len());
            reports[at].names.push(NameSkeleton { span, skeleton: "slnsk".into() });
        }
        reports[0].published =
            Some(selon_model::When::day(Date::constant(2016, 7, 27), selon_model::RuleId::core("core.test")));
        let captured = Some(Date::constant(2016, 12, 13));
        let entries: Vec<Entry<'_>> = reports.iter().map(|report| Entry { report, captured }).collect();
        index.add(&entries, LeafIndex(5)).unwrap();
        index.add(&entries[..1], LeafIndex(5)).unwrap();
        assert_eq!((index.count().unwrap(), index.next_leaf().unwrap()), (5, LeafIndex(5)));
        let few = Few(vec![reports[2].id, reports[4].id]);
        let check = |query: &str, expected: &[usize]| {
            let hits = index.search(query, &few, 9).unwrap();
            let mut found: Vec<ReportId> = hits.into_iter().map(|hit| hit.report).collect();
            found.sort();
            let mut expected: Vec<ReportId> = expected.iter().map(|at| reports[*at - 1].id).collect();
            expected.sort();
            assert_eq!(found, expected, "{query}");
        };
        check("vallee", &[1]);
        check("l'armée", &[1]);
        check("evacuating", &[2]);
        check("\"evacuating families\"", &[]);
        check("\"evacuated families\"", &[2]);
        check("العائلات", &[3]);
        check("الوزاره", &[3]);
        check("лікарні", &[4]);
        check("lang:en", &[2]);
        check("\"familles de la vallée\" AND NOT lang:en", &[1]);
        check("Zelensky", &[2, 4]);
        check("زيلينسكي NOT lang:en", &[4]);
        check("published:2016-07", &[1]);
        check("published:>2016-07", &[]);
        check("published:[2016-06 TO 2016-08]", &[1]);
        check("captured:2016-12-13 lang:uk", &[4]);
        check("story:4c19", &[3, 5]);
        check("NOT story:4c19", &[1, 2, 4]);
        check("is:wire-copy", &[]);
        assert_eq!(index.search("(a OR", &few, 9).unwrap_err().kind(), Kind::Invalid);
        assert_eq!(index.search("colour:red", &few, 9).unwrap_err().kind(), Kind::Invalid);
    }

    #[test]
    fn in_memory_and_in_files() {
        check(&Index::in_memory());
        let folder = tempfile::tempdir().unwrap();
        check(&Index::open(folder.path()).unwrap());
    }
}
