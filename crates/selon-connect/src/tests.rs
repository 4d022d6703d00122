//! Chains and figures of reports made up here: one figure each, said by one source.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use selon_model::{
    Candidate, Chain, Decimal, Digest, Event, Factuality, Figure, GazetteerId, Hop, HopRole, Member, Mode,
    Outlet, Pair, Place, PlaceRole, Precision, Quantity, Reading, Registry, Relation, Report, ReportId,
    RuleId, Series, Source, SourceKind, Span, Statement, StatementKind, Story, StoryId, Text, Unit, When,
    Why,
};

use crate::Input;
use crate::chain::Ways;
use crate::directory::Directory;
use crate::figure_series::compare_figures;
use crate::sketch::Sketch;

/// A report in which a source gives a number of killed.
#[derive(Clone, Default)]
struct Told {
    outlet: String,
    /// Hours after the first of March.
    hour: i64,
    number: i64,
    /// Role and words of the source; nobody where empty.
    role: Option<&'static str>,
    field: Option<&'static str>,
    source: String,
    /// Country and degrees of the source's place.
    source_place: Option<(&'static str, f64, f64)>,
    /// The outlet it has it from.
    cited: Option<String>,
    /// Where the killed were: id, feature code, degrees.
    place: Option<(&'static str, &'static str, f64, f64)>,
    /// Hours of the window, before the report.
    window: Option<(i64, i64)>,
    unit: Option<&'static str>,
}

fn told(outlet: &str, hour: i64, number: i64) -> Told {
    Told { outlet: outlet.to_owned(), hour, number, ..Told::default() }
}

impl Told {
    fn by(mut self, role: &'static str, source: &str) -> Self {
        self.role = (!role.is_empty()).then_some(role);
        self.source = source.to_owned();
        self
    }

    fn report(&self, index: usize) -> Report {
        let rule = || RuleId::core("core.test");
        let number = self.number.to_string();
        let cited = self.cited.as_deref().map_or(String::new(), |name| format!(", quoted by {name}"));
        let string = format!("{number} people died there, said {}{cited}.", self.source);
        let at = |words: &str| string.find(words).map(|at| Span::new(at, at + words.len())).unwrap();
        let (of_number, of_source) = (at(&number), at(&self.source));
        let place = |(id, feature, lat, lon): (&str, &str, f64, f64), country: &str, span: Span| Place {
            span,
            role: PlaceRole::Place,
            reading: Reading::Literal,
            government: None,
            candidates: vec![Candidate {
                id: GazetteerId(id.to_owned()),
                name: id.to_owned(),
                country: Some(country.to_owned()),
                lat,
                lon,
                feature: feature.to_owned(),
                score: 1.0,
            }],
            chosen: Some(0),
            margin: None,
            within: None,
            precision: None,
            radius_km: None,
            evidence: vec![],
            rule: rule(),
            confidence: 1.0,
        };
        let mut places = Vec::new();
        if let Some(found) = self.place {
            places.push(place(found, "XA", at("there")));
        }
        if let Some((country, lat, lon)) = self.source_place {
            places.push(place((country, "PCLI", lat, lon), country, of_source));
        }
        let start = jiff::civil::date(2026, 3, 1).at(0, 0, 0, 0);
        let after = |hours: i64| start.checked_add(jiff::Span::new().hours(hours)).unwrap();
        let when = |from: i64, until: i64| When {
            edtf: None,
            from: Some(after(from)),
            until: Some(after(until)),
            zone: None,
            precision: Precision::Hour,
            inferred: false,
            evidence: None,
            value: None,
            span: None,
            rule: rule(),
        };
        let hop = |name: &str, role| Hop {
            name: Some(name.to_owned()),
            role,
            kind: Some(SourceKind::Outlet),
            how: None,
            id: None,
            span: None,
            inherited: false,
            rule: rule(),
        };
        let source = Source {
            span: of_source,
            kind: if self.role.is_some() { SourceKind::Office } else { SourceKind::Named },
            resolved: None,
            resolved_span: None,
            role: self.role.map(str::to_owned),
            field: self.field.map(str::to_owned),
            body: self.role.map(|_| true),
            place: None,
            government: None,
            antecedent: None,
        };
        let statement = Statement {
            kind: StatementKind::Said,
            span: Span::new(0, string.len()),
            content: vec![Span::new(0, of_source.from() - 7)],
            partial_quotes: vec![],
            also_at: vec![],
            cue: None,
            source: (!self.source.is_empty()).then_some(source),
            chain: self.cited.iter().map(|name| hop(name, HopRole::Relay)).collect(),
            addressee: None,
            mode: Mode::Indirect,
            hedges: vec![],
            factuality: Factuality::Asserted,
            said: None,
            post: None,
            rule: rule(),
            confidence: 1.0,
        };
        let figure = Figure {
            span: of_number,
            number: vec![of_number],
            quantity: Quantity::exactly(Decimal::from(self.number)),
            previous: None,
            share_of: None,
            unit: Some(Unit { span: None, class: self.unit.unwrap_or("persons").to_owned(), code: None }),
            event: Some(Event { class: "killed".to_owned(), span: None }),
            window: self.window.map(|(from, until)| when(self.hour - from, self.hour - until)),
            place: self.place.map(|_| 0),
            said_in: Some(0),
            rule: rule(),
            confidence: 1.0,
        };
        let id = ReportId(Digest::of(&index.to_be_bytes()));
        let mut report = Report::of_text(id, Text { string, blocks: vec![] });
        report.outlet = Some(Outlet {
            name: Some(self.outlet.clone()),
            domain: None,
            from: "stated".to_owned(),
            rule: rule(),
        });
        report.published = Some(When { precision: Precision::Minute, ..when(self.hour, self.hour) });
        report.statements = vec![statement];
        report.figures = vec![figure];
        report.places = places;
        report
    }
}

/// Chains, series and pairs of one story, and how long they took.
fn connect_told(all: &[Told]) -> (Vec<Chain>, Vec<Series>, Vec<Pair>, Duration) {
    let reports: Vec<Report> = all.iter().enumerate().map(|(index, told)| told.report(index)).collect();
    let inputs: Vec<Input<'_>> = reports.iter().map(|report| Input { report, captured: None }).collect();
    let sketches: Vec<Sketch> = reports.iter().map(Sketch::of).collect();
    let member = |report: &Report| Member { report: report.id, family: 0, why: Why::default() };
    let story = Story {
        id: StoryId(Digest::of(b"story")),
        was: vec![],
        members: reports.iter().map(member).collect(),
        when: None,
        places: vec![],
    };
    let position: HashMap<ReportId, usize> =
        reports.iter().enumerate().map(|(at, report)| (report.id, at)).collect();
    let directory = Directory::of(&Registry { agencies: vec![] }, &inputs);
    let start = Instant::now();
    let ways = Ways::of(&story, &inputs, &position, &sketches, &[], &directory);
    let chains = ways.chains(&story, &directory);
    let (series, pairs) = compare_figures(&story, &ways);
    (chains, series, pairs, start.elapsed())
}

/// How two reports' figures stand.
fn relation(a: Told, b: Told) -> Option<(Relation, String)> {
    let (_, _, pairs, _) = connect_told(&[a, b]);
    pairs.first().map(|pair| (pair.relation, pair.why.rule.clone()))
}

fn sources(all: &[Told]) -> (u32, u32) {
    connect_told(all).0[0].independence
}

#[test]
fn other_places_and_times_are_no_conflict() {
    let a = || told("Corvane Wire", 20, 22).by("police", "the police");
    let b = || told("Delvane Post", 20, 44).by("hospital", "the hospital");
    let check = |a: Told, b: Told, expected: Relation, rule: &str| {
        assert_eq!(relation(a, b), Some((expected, format!("core.figure.{rule}"))));
    };
    let at = |told: Told, place| Told { place: Some(place), ..told };
    let town = ("town", "PPL", 36.2, 37.1);
    let province = ("province", "ADM1", 36.0, 37.5);
    check(a(), b(), Relation::Conflict, "bounds_apart");
    check(at(a(), town), at(b(), town), Relation::Conflict, "bounds_apart");
    check(at(a(), town), at(b(), province), Relation::ScopeDifference, "place_in_place");
    check(at(a(), town), at(b(), ("other", "PPL", 33.5, 36.3)), Relation::ScopeDifference, "other_place");
    check(at(a(), town), b(), Relation::Conflict, "bounds_apart");
    let over = |told: Told, window| Told { window: Some(window), ..told };
    check(a(), over(b(), (24 * 30, 0)), Relation::ScopeDifference, "period_in_period");
    check(over(a(), (24, 0)), over(b(), (24 * 30, 0)), Relation::ScopeDifference, "period_in_period");
    check(over(a(), (48, 24)), over(b(), (24, 0)), Relation::ScopeDifference, "other_period");
    check(over(a(), (24, 0)), over(b(), (24, 0)), Relation::Conflict, "bounds_apart");
    check(a(), over(b(), (24, 0)), Relation::Conflict, "bounds_apart");
    let of = |told: Told, unit| Told { unit: Some(unit), ..told };
    check(of(a(), "children"), b(), Relation::ScopeDifference, "part_of_persons");
    assert_eq!(relation(of(a(), "children"), of(b(), "soldiers")), None);
}

#[test]
fn a_source_is_its_role_field_and_place() {
    let one = |told: Told| told.by("ministry", "the ministry");
    let of = |told: Told, field| Told { field: Some(field), ..one(told) };
    let a = || told("Corvane Wire", 1, 22);
    let b = || told("Delvane Post", 2, 44);
    assert_eq!(sources(&[of(a(), "health"), of(b(), "health")]), (1, 1));
    assert_eq!(sources(&[of(a(), "health"), of(b(), "interior")]), (2, 2));
    // The one that is not told may be the other.
    assert_eq!(sources(&[of(a(), "health"), one(b())]), (1, 1));
    let c = one(told("Elvane Radio", 3, 50));
    assert_eq!(sources(&[of(a(), "health"), of(b(), "interior"), c]), (2, 3));
    let from = |told: Told, place| Told { source_place: Some(place), ..of(told, "health") };
    assert_eq!(sources(&[from(a(), ("XA", 33.0, 36.0)), from(b(), ("XB", 31.5, 34.4))]), (2, 2));
    // Two ministries are two voices, one is one.
    assert_eq!(
        relation(of(a(), "health"), of(b(), "interior")).map(|(found, _)| found),
        Some(Relation::Conflict)
    );
    assert_eq!(
        relation(of(a(), "health"), of(b(), "health")).map(|(found, _)| found),
        Some(Relation::Update)
    );
}

#[test]
fn capital_letters_make_no_second_source() {
    let a = told("Corvane Wire", 1, 22).by("hospital", "La docteure de garde");
    let b = told("Delvane Post", 2, 22).by("hospital", "la docteure de garde");
    let (chains, series, _, _) = connect_told(&[a, b]);
    assert_eq!(chains[0].independence, (1, 1));
    assert_eq!(series.len(), 1);
}

/// A thousand reports of one story: half cite a few outlets, the rest have sources of their own
/// and as many numbers.
#[test]
fn a_thousand_reports_take_a_tenth_of_a_second() {
    let all: Vec<Told> = (0..1000i64)
        .map(|index| {
            let outlet = format!("Corvane {}", index % 40);
            let one = told(&outlet, index, 10 + index % 500);
            match index % 4 {
                0 => one.by("", &format!("Somebody {index}")),
                1 => one.by("hospital", "the hospital"),
                _ => {
                    let cited = Some(format!("Corvane {}", (index * 7) % 40));
                    Told { cited, ..one.by("police", "the police") }
                }
            }
        })
        .collect();
    let least = (0..5).map(|_| connect_told(&all).3).min().unwrap();
    // A tenth of a second where the build is optimised.
    let most = Duration::from_millis(if cfg!(debug_assertions) { 1000 } else { 100 });
    assert!(least < most, "{least:?}");
    let (_, _, pairs, _) = connect_told(&all);
    assert!(pairs.len() < 20_000, "{}", pairs.len());
    let left_out = |pair: &Pair| pair.why.features.iter().any(|(name, _)| name == "pairs not made");
    assert!(pairs.iter().any(left_out), "what is left out is told");
}
