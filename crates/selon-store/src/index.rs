//! The index of words: which reports hold them, in which field.
//!
//! Words are indexed twice: as written (lower case, Latin diacritics off) and, for languages
//! with a stemmer, by their stem. Fields other than the text are those of the search language.

use std::path::Path;

use selon_model::{BlockKind, Error, Kind, LeafIndex, Report, ReportId, Result};
use tantivy::collector::TopDocs;
use tantivy::directory::MmapDirectory;
use tantivy::query::QueryParser;
use tantivy::schema::{
    Field, IndexRecordOption, STORED, STRING, Schema, SchemaBuilder, TextFieldIndexing, TextOptions, Value,
};
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, TextAnalyzer,
};
use tantivy::{IndexWriter, TantivyDocument, Term};

/// Languages with a stemmer.
const STEMMED: &[(&str, Language)] = &[
    ("fr", Language::French),
    ("en", Language::English),
    ("ar", Language::Arabic),
    ("ru", Language::Russian),
    ("es", Language::Spanish),
    ("de", Language::German),
];

/// Memory of the writer.
const WRITER_BYTES: usize = 50 << 20;

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
    source: Field,
    via: Field,
    said: Field,
    place: Field,
    publisher: Field,
    lang: Field,
    published: Field,
    mode: Field,
    unit: Field,
    event: Field,
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
        let base = || {
            TextAnalyzer::builder(SimpleTokenizer::default())
                .filter(RemoveLongFilter::limit(60))
                .filter(LowerCaser)
        };
        index.tokenizers().register("folded", base().filter(AsciiFoldingFilter).build());
        for (lang, language) in STEMMED {
            let analyzer = base().filter(Stemmer::new(*language)).filter(AsciiFoldingFilter).build();
            index.tokenizers().register(&format!("stem_{lang}"), analyzer);
        }
        Index { index, fields }
    }

    /// Adds reports and notes that all leaves before `next` are in. Adding a report again
    /// replaces it.
    pub fn add(&self, reports: &[Report], next: LeafIndex) -> Result<()> {
        let work = || -> tantivy::Result<()> {
            let mut writer: IndexWriter = self.index.writer_with_num_threads(1, WRITER_BYTES)?;
            for report in reports {
                writer.delete_term(Term::from_field_text(self.fields.id, &report.id.to_string()));
                writer.add_document(self.document(report))?;
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
    pub fn search(&self, query: &str, limit: usize) -> Result<Vec<Hit>> {
        let fields = &self.fields;
        let mut over = vec![fields.title, fields.text];
        over.extend(fields.stems.iter().map(|(_, field)| *field));
        let mut parser = QueryParser::for_index(&self.index, over);
        parser.set_conjunction_by_default();
        parser.set_field_boost(fields.title, 2.0);
        let parsed = parser.parse_query(&own_names(query)).map_err(|error| {
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

    fn document(&self, report: &Report) -> TantivyDocument {
        let fields = &self.fields;
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
        for statement in &report.statements {
            if let Some(speaker) = report.speaker(statement) {
                document.add_text(fields.source, speaker);
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
                selon_model::Mode::Direct => "direct",
                selon_model::Mode::Indirect => "indirect",
                selon_model::Mode::Mixed => "mixed",
            };
            document.add_text(fields.mode, mode);
        }
        for place in &report.places {
            document.add_text(fields.place, report.text.words(place.span));
            if let Some(choice) = place.choice() {
                document.add_text(fields.place, &choice.name);
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
        for figure in &report.figures {
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

/// A query of the search language in the words of the index, phrases left as they are:
/// `figure.unit:` → `figure_unit:`, `speaker:` → `source:`, `NOT x` → `-x`.
fn own_names(query: &str) -> String {
    let mut out = String::with_capacity(query.len());
    for (index, part) in query.split('"').enumerate() {
        if index > 0 {
            out.push('"');
        }
        if index % 2 == 1 {
            out.push_str(part);
            continue;
        }
        let part = part
            .replace("figure.unit:", "figure_unit:")
            .replace("figure.event:", "figure_event:")
            .replace("speaker:", "source:")
            .replace("outlet:", "publisher:")
            .replace("AND NOT ", "NOT ");
        match part.strip_prefix("NOT ") {
            Some(rest) => {
                out.push('-');
                out.push_str(&rest.replace(" NOT ", " -"));
            }
            None => out.push_str(&part.replace(" NOT ", " -")),
        }
    }
    out
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
    let (said, place, publisher) = (folded("said"), folded("place"), folded("publisher"));
    let mut exact = |name: &str| builder.add_text_field(name, STRING);
    let (lang, published, mode) = (exact("lang"), exact("published"), exact("mode"));
    let (unit, event, has) = (exact("figure_unit"), exact("figure_event"), exact("has"));
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
        source,
        via,
        said,
        place,
        publisher,
        lang,
        published,
        mode,
        unit,
        event,
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
    use selon_model::{Digest, Lang, ReportId, Text};

    fn report(number: u8, lang: &str, text: &str) -> Report {
        let mut report =
            Report::of_text(ReportId(Digest::of(&[number])), Text { string: text.into(), blocks: vec![] });
        report.language.tag = Lang::new(lang);
        report
    }

    fn check(index: &Index) {
        let reports = [
            report(1, "fr", "L'armée a évacué des familles de la vallée."),
            report(2, "en", "The army evacuated families from the valley."),
            report(3, "ar", "أعلنت الوزارة إجلاء العائلات"),
        ];
        index.add(&reports, LeafIndex(3)).unwrap();
        index.add(&reports[..1], LeafIndex(3)).unwrap();
        assert_eq!((index.count().unwrap(), index.next_leaf().unwrap()), (3, LeafIndex(3)));
        let found = |query: &str| -> Vec<ReportId> {
            index.search(query, 9).unwrap().into_iter().map(|hit| hit.report).collect()
        };
        assert_eq!(found("vallee"), [reports[0].id], "diacritics off");
        assert_eq!(found("evacuating"), [reports[1].id], "stemmed");
        assert_eq!(found("العائلات"), [reports[2].id]);
        assert_eq!(found("lang:en"), [reports[1].id]);
        assert_eq!(found("\"familles de la vallée\" AND NOT lang:en"), [reports[0].id]);
        assert_eq!(index.search("(a OR", 9).unwrap_err().kind(), Kind::Invalid);
    }

    #[test]
    fn in_memory_and_in_files() {
        check(&Index::in_memory());
        let folder = tempfile::tempdir().unwrap();
        check(&Index::open(folder.path()).unwrap());
    }
}
