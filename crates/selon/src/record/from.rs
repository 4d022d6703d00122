//! From the model to the record.

use jiff::Timestamp;
use selon_model as model;
use selon_model::Span;
use serde::Serialize;

use super::*;

/// What is known about the bytes of a report beside the report itself.
#[derive(Clone, Debug)]
pub struct CaptureOf {
    /// Provenance class.
    pub origin: model::Origin,
    /// WARC-Target-URI.
    pub uri: Option<String>,
    /// When the capture began.
    pub at: Option<Timestamp>,
    /// Where the record lies.
    pub warc: Option<Warc>,
    /// Position in the log.
    pub leaf: Option<u64>,
}

impl CaptureOf {
    /// A file that is in no archive.
    pub fn outside(origin: model::Origin) -> Self {
        CaptureOf { origin, uri: None, at: None, warc: None, leaf: None }
    }

    /// A capture of the archive.
    pub fn of(capture: &model::Capture) -> Self {
        CaptureOf {
            origin: capture.origin,
            uri: Some(capture.target.clone()),
            at: Some(capture.at),
            warc: Some(Warc {
                file: capture.record.file.clone(),
                entry: None,
                offset: capture.record.offset,
                length: capture.record.length,
            }),
            leaf: Some(capture.leaf.0),
        }
    }
}

/// What to put into a record beside the usual.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// `byteStart`, `byteEnd` beside code points.
    pub byte_offsets: bool,
    /// `dropped`.
    pub explain: bool,
    /// `sourceMap`, and `source` of blocks.
    pub source_offsets: bool,
}

/// The record of a report.
pub fn record(report: &model::Report, capture: &CaptureOf, options: Options) -> Report {
    let maker = Maker { report, offsets: Offsets::new(&report.text.string, options.byte_offsets) };
    maker.report(capture, options)
}

/// A confidence, to three digits: more would be none.
fn thousandths(confidence: f32) -> f32 {
    (confidence * 1000.0).round() / 1000.0
}

/// The snake-case name of an enumeration's value, as serde writes it.
fn name<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

struct Maker<'a> {
    report: &'a model::Report,
    offsets: Offsets<'a>,
}

impl Maker<'_> {
    fn text(&self, span: Span) -> String {
        self.report.text.words(span).to_owned()
    }

    fn words(&self, span: Span) -> Words {
        Words { at: self.offsets.range(span), text: self.text(span) }
    }

    fn report(&self, capture: &CaptureOf, options: Options) -> Report {
        let report = self.report;
        Report {
            schema: "selon.report/1",
            id: report.id.to_string(),
            part: report.part,
            input: input(&report.input),
            engine: Engine {
                version: report.made_by.version.clone(),
                packs: report.made_by.packs.to_string(),
                gazetteer: report.made_by.gazetteer.map(|digest| digest.to_string()),
            },
            capture: Capture {
                origin: capture.origin.as_str().to_owned(),
                uri: capture.uri.clone(),
                at: capture.at.map(|at| at.to_string()),
                media_type: report.media_type.clone(),
                payload_sha256: report.payload.hex(),
                warc: capture.warc.clone(),
                leaf: capture.leaf,
            },
            r#type: name(report.page_type),
            url: report.url.clone(),
            canonical_url: report.canonical_url.clone(),
            outlet: report.outlet.as_ref().map(|outlet| Outlet {
                name: outlet.name.clone(),
                domain: outlet.domain.clone(),
                from: outlet.from.clone(),
                rule: outlet.rule.to_string(),
            }),
            language: Language {
                tag: report.language.tag.as_ref().map(|tag| tag.to_string()),
                confidence: thousandths(report.language.confidence),
                from: report.language.from.clone(),
            },
            title: report.title.clone(),
            title_from: report.title_from.clone(),
            titles: report.titles.clone(),
            title_markers: report.title_markers.clone(),
            deck: report.deck.clone(),
            authors: report
                .authors
                .iter()
                .map(|author| Author {
                    name: author.name.clone(),
                    kind: name(author.kind),
                    from: author.from.clone(),
                    rule: author.rule.to_string(),
                })
                .collect(),
            published: report.published.as_ref().map(|when| self.when(when)),
            modified: report.modified.as_ref().map(|when| self.when(when)),
            text: report.text.string.clone(),
            blocks: report.text.blocks.iter().map(|block| self.block(block, options)).collect(),
            source_map: report
                .source_map
                .as_ref()
                .filter(|_| options.source_offsets)
                .map(|map| self.map(map)),
            dropped: options.explain.then(|| report.dropped.iter().map(dropped).collect()),
            posts: report.posts.iter().enumerate().map(|(index, post)| self.post(index, post)).collect(),
            statements: report
                .statements
                .iter()
                .enumerate()
                .map(|(index, statement)| self.statement(index, statement))
                .collect(),
            figures: report
                .figures
                .iter()
                .enumerate()
                .map(|(index, figure)| self.figure(index, figure))
                .collect(),
            times: report.times.iter().map(|time| self.time(time)).collect(),
            places: report.places.iter().map(|place| self.place(place)).collect(),
            mentions: report
                .mentions
                .iter()
                .map(|mention| Mention {
                    at: self.offsets.range(mention.span),
                    text: self.text(mention.span),
                    kind: name(mention.kind),
                    same_as: mention.same_as,
                })
                .collect(),
            names: report
                .names
                .iter()
                .map(|found| Name { at: self.offsets.range(found.span), skeleton: found.skeleton.clone() })
                .collect(),
            links: report
                .links
                .iter()
                .map(|link| Link {
                    at: self.offsets.optional(link.span),
                    href: link.href.clone(),
                    kind: name(link.kind),
                })
                .collect(),
            confidence: Confidence {
                page: report.confidence.page.map(thousandths),
                title: report.confidence.title.map(thousandths),
                authors: report.confidence.authors.map(thousandths),
                published: report.confidence.published.map(thousandths),
            },
            notes: report
                .notes
                .iter()
                .map(|note| Note {
                    code: note.code.clone(),
                    message: note.message.clone(),
                    at: self.offsets.optional(note.span),
                })
                .collect(),
        }
    }

    fn when(&self, when: &model::When) -> When {
        When {
            edtf: when.edtf.clone(),
            from: when.from.map(|from| from.to_string()),
            until: when.until.map(|until| until.to_string()),
            zone: when.zone.clone(),
            precision: name(when.precision),
            inferred: when.inferred,
            evidence: when.evidence.map(name),
            value: when.value.clone(),
            at: self.offsets.optional(when.span),
            rule: when.rule.to_string(),
        }
    }

    fn block(&self, block: &model::Block, options: Options) -> Block {
        let map = self.report.source_map.as_ref().filter(|_| options.source_offsets);
        // Words put in by the reader have no bytes.
        let ranges = map.map(|map| map.ranges_of(block.span)).unwrap_or_default();
        let start = ranges.iter().map(|range| range.0).min();
        let end = ranges.iter().map(|range| range.1).max();
        Block {
            kind: name(block.kind),
            at: self.offsets.range(block.span),
            lang: block.lang.as_ref().map(|lang| lang.to_string()),
            entry: block.entry,
            source: start.zip(end).map(|(start, end)| Source64 { start, end }),
        }
    }

    fn map(&self, map: &model::SourceMap) -> SourceMap {
        let run = |run: &model::SourceRun| SourceRun {
            at: self.offsets.range(run.text),
            kind: name(run.kind),
            source: Source64 { start: run.source.0, end: run.source.1 },
        };
        SourceMap {
            document_sha256: map.document.hex(),
            length: map.length,
            coding: map.coding.clone(),
            encoding: map.encoding.clone(),
            runs: map.runs.iter().map(run).collect(),
        }
    }

    fn post(&self, index: usize, post: &model::EmbeddedPost) -> Post {
        Post {
            id: format!("p{}", index + 1),
            platform: post.platform.clone(),
            status_id: post.status_id.clone(),
            url: post.url.clone(),
            author: PostAuthor {
                name: post.author.name.clone(),
                handle: post.author.handle.clone(),
                handle_from: post.author.handle_from.map(name),
                id: post.author.id.clone(),
            },
            posted: post.posted.as_ref().map(|when| self.when(when)),
            posted_from: post.posted_from.map(name),
            language: post.language.as_ref().map(|lang| lang.to_string()),
            text: post.text.map(|span| self.text(span)).or_else(|| post.text_elsewhere.clone()),
            at: self.offsets.optional(post.text),
            hashtags: post.hashtags.clone(),
            mentions: post.mentions.clone(),
            links: post.links.clone(),
            media: post.media.clone(),
            relations: post
                .relations
                .iter()
                .map(|relation| PostRelation { kind: relation.kind.clone(), id: relation.id.clone() })
                .collect(),
            state: name(post.state),
            damage: post
                .damage
                .iter()
                .map(|damage| Damage {
                    kind: name(damage.kind),
                    at: self.offsets.optional(damage.span),
                    cuts: damage.cuts.iter().map(|cut| self.offsets.code_points(*cut)).collect(),
                    detail: damage.detail.clone(),
                })
                .collect(),
            found_at: post.found_at.iter().map(name).collect(),
            rule: post.rule.to_string(),
            confidence: thousandths(post.confidence),
        }
    }

    fn statement(&self, index: usize, statement: &model::Statement) -> Statement {
        Statement {
            id: statement_id(index as u32),
            kind: name(statement.kind),
            at: self.offsets.range(statement.span),
            content: statement.content.iter().map(|span| self.words(*span)).collect(),
            partial_quotes: statement.partial_quotes.iter().map(|span| self.offsets.range(*span)).collect(),
            also_at: statement.also_at.iter().map(|span| self.offsets.range(*span)).collect(),
            cue: statement.cue.as_ref().map(|cue| Cue {
                at: self.offsets.range(cue.span),
                text: self.text(cue.span),
                class: cue.class.clone(),
            }),
            source: statement.source.as_ref().map(|source| self.source(source)),
            chain: statement.chain.iter().map(|hop| self.hop(hop)).collect(),
            addressee: statement.addressee.map(|span| self.words(span)),
            mode: name(statement.mode),
            hedges: statement
                .hedges
                .iter()
                .map(|hedge| Hedge { kind: name(hedge.kind), at: self.offsets.range(hedge.span) })
                .collect(),
            factuality: name(statement.factuality),
            said_when: statement.said.as_ref().map(|when| self.when(when)),
            post: statement.post.map(|post| format!("p{}", post + 1)),
            rule: statement.rule.to_string(),
            confidence: thousandths(statement.confidence),
        }
    }

    fn source(&self, source: &model::Source) -> Source {
        Source {
            at: self.offsets.range(source.span),
            text: self.text(source.span),
            kind: name(source.kind),
            resolved: source.resolved.clone(),
            role: source.role.clone(),
            field: source.field.clone(),
            place: source.place,
            government: source.government.clone(),
            antecedent: source.antecedent.map(statement_id),
        }
    }

    fn hop(&self, hop: &model::Hop) -> Hop {
        Hop {
            name: hop.name.clone(),
            role: name(hop.role),
            class: hop.kind.map(name),
            how: hop.how.clone(),
            id: hop.id.clone(),
            at: self.offsets.optional(hop.span),
            inherited: hop.inherited,
            rule: hop.rule.to_string(),
        }
    }

    fn figure(&self, index: usize, figure: &model::Figure) -> Figure {
        Figure {
            id: figure_id(index as u32),
            at: self.offsets.range(figure.span),
            text: self.text(figure.span),
            number: figure.number.iter().map(|span| self.offsets.range(*span)).collect(),
            quantity: quantity(&figure.quantity),
            previous: figure.previous.as_ref().map(quantity),
            share_of: figure.share_of.map(figure_id),
            unit: figure.unit.as_ref().map(|unit| Unit {
                at: self.offsets.optional(unit.span),
                text: unit.span.map(|span| self.text(span)),
                class: unit.class.clone(),
                code: unit.code.clone(),
            }),
            event: figure
                .event
                .as_ref()
                .map(|event| Event { class: event.class.clone(), at: self.offsets.optional(event.span) }),
            window: figure.window.as_ref().map(|when| self.when(when)),
            place: figure.place,
            statement: figure.said_in.map(statement_id),
            source: self.report.speaker_of(figure).map(str::to_owned),
            rule: figure.rule.to_string(),
            confidence: thousandths(figure.confidence),
        }
    }

    fn time(&self, time: &model::TimeMention) -> Time {
        Time {
            at: self.offsets.range(time.span),
            text: self.text(time.span),
            r#type: name(time.kind),
            value: time.value.clone(),
            r#mod: time.modifier.clone(),
            quant: time.quant.clone(),
            freq: time.freq.clone(),
            edtf: time.edtf.clone(),
            from: time.from.map(|from| from.to_string()),
            until: time.until.map(|until| until.to_string()),
            grain: name(time.grain),
            approx: time.approx,
            zone: time.zone.clone(),
            anchor: name(time.anchor),
            anchor_time: time.anchor_time,
            direction: time.direction.map(name),
            parts: time
                .parts
                .iter()
                .map(|part| TimePart { at: self.offsets.range(part.span), value: part.value.clone() })
                .collect(),
            alternatives: time.alternatives.clone(),
            flags: time.flags.iter().map(name).collect(),
            rule: time.rule.to_string(),
            confidence: thousandths(time.confidence),
        }
    }

    fn place(&self, place: &model::Place) -> Place {
        Place {
            at: self.offsets.range(place.span),
            text: self.text(place.span),
            role: name(place.role),
            reading: name(place.reading),
            government: place.government.clone(),
            candidates: place
                .candidates
                .iter()
                .map(|candidate| Candidate {
                    id: candidate.id.to_string(),
                    name: candidate.name.clone(),
                    country: candidate.country.clone(),
                    lat: candidate.lat,
                    lon: candidate.lon,
                    feature: candidate.feature.clone(),
                    score: candidate.score,
                })
                .collect(),
            chosen: place.chosen,
            margin: place.margin,
            within: place.within.as_ref().map(|id| id.to_string()),
            precision: place.precision.map(name),
            radius_km: place.radius_km,
            evidence: place.evidence.iter().map(|rule| rule.to_string()).collect(),
            rule: place.rule.to_string(),
            confidence: thousandths(place.confidence),
        }
    }
}

/// The id of a statement inside its report.
pub(crate) fn statement_id(index: u32) -> String {
    format!("s{}", index + 1)
}

/// The id of a figure inside its report.
pub(crate) fn figure_id(index: u32) -> String {
    format!("f{}", index + 1)
}

/// The input as the record gives it.
pub(crate) fn input(input: &model::ReportInput) -> Input {
    Input { path: input.path.clone(), record: input.record, id: input.id.clone() }
}

fn quantity(quantity: &model::Quantity) -> Quantity {
    Quantity {
        op: quantity.op.as_str().to_owned(),
        lower: quantity.lower.map(Number),
        upper: quantity.upper.map(Number),
    }
}

fn dropped(dropped: &model::Dropped) -> Dropped {
    Dropped {
        reason: dropped.reason.clone(),
        source: dropped.source.map(|(start, end)| Source64 { start, end }),
        characters: dropped.characters,
        rule: dropped.rule.to_string(),
    }
}
