//! A made report for tests of pages: every kind of value once, invented.

use jiff::civil::date;
use selon_model::*;

const TEXT: &str = "Crue à Telmarouz\n\nPlus de 1 200 familles auraient été évacuées au cours des dernières 24 heures, a indiqué jeudi une source militaire à l'Agence Ponant.\n\n« Nos hommes ont travaillé », a déclaré cette source.\n\nهنا @nour_hassan تكتب من القيروان 40 قتيلا\n\nA second post by Jane Doe@jane_d12 mars 2026";

fn at(words: &str) -> Span {
    let start = TEXT.find(words).expect("words of the sample");
    Span::new(start, start + words.len())
}

/// The sample.
pub(crate) fn report() -> Report {
    let mut blocks = Vec::new();
    let mut start = 0;
    let kinds =
        [BlockKind::Title, BlockKind::Paragraph, BlockKind::Paragraph, BlockKind::Post, BlockKind::Post];
    for (paragraph, kind) in TEXT.split("\n\n").zip(kinds) {
        let span = Span::new(start, start + paragraph.len());
        blocks.push(Block { kind, span, lang: None, entry: None, source: None });
        start = span.to() + 2;
    }
    let text = Text { string: TEXT.to_owned(), blocks };
    let mut report = Report::of_text(ReportId(Digest::of(b"sample")), text);
    let rule = RuleId::core("core.sample");
    report.made_by = Derivation { version: "0.0.0".to_owned(), packs: Digest::of(b"packs"), gazetteer: None };
    report.input.path = Some("/home/someone/page.html".to_owned());
    report.language = LanguageOf { tag: Lang::new("fr"), confidence: 0.99, from: "text".to_owned() };
    report.title = Some("Crue à Telmarouz".to_owned());
    report.url = Some("https://journal.example/a?b=<c>".to_owned());
    let mut published = When::day(date(2026, 3, 12), rule.clone());
    published.inferred = true;
    report.published = Some(published);
    report.places = vec![place("Telmarouz", 35.6, 10.1, Some(0)), place("القيروان", 35.68, 10.09, None)];
    report.times = vec![TimeMention {
        span: at("jeudi"),
        kind: TimeKind::Date,
        value: "2026-03-12".to_owned(),
        modifier: None,
        quant: None,
        freq: None,
        edtf: Some("2026-03-12".to_owned()),
        from: Some(date(2026, 3, 12).at(0, 0, 0, 0)),
        until: Some(date(2026, 3, 13).at(0, 0, 0, 0)),
        grain: Precision::Day,
        approx: false,
        zone: None,
        anchor: Anchor::Published,
        anchor_time: None,
        direction: None,
        parts: Vec::new(),
        alternatives: Vec::new(),
        flags: vec![TimeFlag::YearInferred],
        rule: rule.clone(),
        confidence: 0.9,
    }];
    let hop = |name: Option<&str>, role, kind, how: Option<&str>| Hop {
        name: name.map(str::to_owned),
        role,
        kind,
        how: how.map(str::to_owned),
        id: None,
        span: None,
        inherited: role == HopRole::Relay,
        rule: rule.clone(),
    };
    let source = |words: &str, antecedent: Option<u32>| Source {
        span: at(words),
        kind: SourceKind::Unnamed,
        resolved: antecedent.map(|_| "une source militaire".to_owned()),
        resolved_span: None,
        role: Some("army".to_owned()),
        field: None,
        body: Some(false),
        place: None,
        government: None,
        antecedent,
    };
    let chain = vec![
        hop(Some("une source militaire"), HopRole::Origin, Some(SourceKind::Unnamed), Some("told")),
        hop(Some("Agence Ponant"), HopRole::Relay, Some(SourceKind::Agency), Some("cited_by")),
        hop(None, HopRole::Outlet, None, None),
    ];
    let first = Statement {
        kind: StatementKind::Said,
        span: at(
            "Plus de 1 200 familles auraient été évacuées au cours des dernières 24 heures, a indiqué jeudi une source militaire à l'Agence Ponant",
        ),
        content: vec![at("Plus de 1 200 familles auraient été évacuées au cours des dernières 24 heures")],
        partial_quotes: Vec::new(),
        also_at: Vec::new(),
        cue: Some(Cue { span: at("a indiqué"), class: "say".to_owned() }),
        source: Some(source("une source militaire", None)),
        chain: chain.clone(),
        addressee: Some(at("l'Agence Ponant")),
        mode: Mode::Indirect,
        hedges: vec![Hedge {
            kind: HedgeKind::Reportative,
            span: at("auraient été évacuées"),
            rule: rule.clone(),
        }],
        factuality: Factuality::ReportedUnverified,
        said: None,
        post: None,
        rule: rule.clone(),
        confidence: 0.9,
    };
    let second = Statement {
        span: at("« Nos hommes ont travaillé », a déclaré cette source"),
        content: vec![at("Nos hommes ont travaillé")],
        cue: Some(Cue { span: at("a déclaré"), class: "say".to_owned() }),
        source: Some(source("cette source", Some(0))),
        mode: Mode::Direct,
        hedges: Vec::new(),
        factuality: Factuality::Asserted,
        addressee: None,
        confidence: 0.4,
        ..first.clone()
    };
    report.statements = vec![first, second];
    let figure = |words: &str, quantity, unit: &str, event: &str, said_in| Figure {
        span: at(words),
        number: Vec::new(),
        quantity,
        previous: None,
        share_of: None,
        unit: Some(Unit { span: None, class: unit.to_owned(), code: None }),
        event: Some(Event { class: event.to_owned(), span: None }),
        window: None,
        place: None,
        said_in,
        rule: rule.clone(),
        confidence: 0.9,
    };
    let mut families = figure(
        "Plus de 1 200 familles",
        Quantity::with(Operator::More, Decimal::from(1200)),
        "families",
        "evacuated",
        Some(0),
    );
    let mut window = When::day(date(2026, 3, 12), rule.clone());
    window.value = Some("PT24H".to_owned());
    families.window = Some(window);
    let killed = figure("40 قتيلا", Quantity::exactly(Decimal::from(40)), "persons", "killed", None);
    report.figures = vec![families, killed];
    report.posts = vec![
        post(4, "Nour", "nour_hassan", PostState::Full),
        post(5, "Jane Doe", "jane_d", PostState::Remnant),
    ];
    report.posts[0].language = Lang::new("ar");
    let cut = at("@jane_d").end;
    report.posts[1].damage =
        vec![Damage { kind: DamageKind::Glued, span: None, cuts: vec![cut], detail: None }];
    report.notes = vec![Note::new("posts-remnant", "one post is a text remnant")];
    report
}

fn place(words: &str, lat: f64, lon: f64, chosen: Option<u16>) -> Place {
    let rule = RuleId::core("core.sample");
    Place {
        span: at(words),
        role: PlaceRole::Place,
        reading: Reading::Literal,
        government: None,
        candidates: vec![Candidate {
            id: GazetteerId(format!("sample:{words}")),
            name: words.to_owned(),
            country: Some("TN".to_owned()),
            lat,
            lon,
            feature: "PPL".to_owned(),
            score: 0.9,
        }],
        chosen,
        margin: None,
        within: None,
        precision: Some(PlacePrecision::City),
        radius_km: Some(6.0),
        evidence: Vec::new(),
        rule,
        confidence: 0.9,
    }
}

fn post(paragraph: usize, name: &str, handle: &str, state: PostState) -> EmbeddedPost {
    let words = TEXT.split("\n\n").nth(paragraph - 1).expect("a paragraph of the sample");
    EmbeddedPost {
        span: Some(at(words)),
        text: Some(at(words)),
        text_elsewhere: None,
        platform: "x".to_owned(),
        status_id: Some("12".to_owned()),
        url: Some(format!("https://x.com/{handle}/status/12")),
        author: PostAuthor {
            name: Some(name.to_owned()),
            handle: Some(handle.to_owned()),
            handle_from: Some(HandleFrom::Signature),
            id: None,
        },
        posted: Some(When::day(date(2026, 3, 12), RuleId::core("core.sample"))),
        posted_from: Some(PostedFrom::Shown),
        language: None,
        hashtags: vec!["Telmarouz".to_owned()],
        mentions: vec!["somebody_else".to_owned()],
        links: Vec::new(),
        media: Vec::new(),
        relations: Vec::new(),
        state,
        damage: Vec::new(),
        found_at: vec![FoundAt::Text],
        rule: RuleId::core("core.sample"),
        confidence: 0.9,
    }
}
