//! What a page is and says of itself: several articles, lists, notices, bodies in scripts, blocks in
//! other languages, bylines without a word or class that tells, words struck out.

use selon_model::{AuthorKind, BlockKind, PageType, Report};
use selon_read::{Document, Media, Packs, read_layout};

const LEAD: &str = "The old bridge across the Tolva was closed on Monday, and the two villages on the far side were cut off.";
const SECOND: &str =
    "Engineers said that the piers had moved by four centimetres, and that it would take weeks and money.";
const THIRD: &str =
    "Nobody was hurt, the mayor said, but the school bus had crossed it an hour before the warning came.";
const HARBOUR: [&str; 3] = [
    "The harbour of Merek reopened on Tuesday after three days, and the first two ships came in at noon.",
    "Pilots said that the channel was clear, although a crane still lay on its side next to the second quay.",
    "The port office counted eleven ships that had waited outside, and promised to have them in by Friday.",
];

fn read_all(page: &[u8]) -> Vec<Report> {
    let document = Document { payload: page, media: Media::Html, source_map: true, ..Document::default() };
    read_layout(&document, Packs::embedded())
}

fn read_one(page: &str) -> Report {
    let mut reports = read_all(page.as_bytes());
    assert_eq!(reports.len(), 1, "{page}");
    reports.remove(0)
}

fn page(body: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>Bridge closed after piers move</title></head>\
         <body><nav><a href=/>Home</a></nav>{body}</body></html>"
    )
}

fn has_note(report: &Report, code: &str) -> bool {
    report.notes.iter().any(|note| note.code == code)
}

/// Runs cover the text without a gap, and what is verbatim is the same bytes.
fn sources_hold(report: &Report, page: &str) {
    let map = report.source_map.as_ref().expect("it was asked for");
    let mut at = 0;
    for run in &map.runs {
        assert_eq!(run.text.from(), at, "{:?}", report.text.string);
        at = run.text.to();
        if run.kind == selon_model::RunKind::Verbatim {
            let bytes = &page.as_bytes()[run.source.0 as usize..run.source.1 as usize];
            assert_eq!(run.text.of(&report.text.string).as_bytes(), bytes);
        }
    }
    assert_eq!(at, report.text.string.len());
}

/// An article in an element, with its heading, day and paragraphs.
fn piece(open: &str, heading: &str, title: &str, day: &str, paragraphs: &[&str]) -> String {
    let close = open.split([' ', '>']).next().expect("a name").trim_start_matches('<');
    let paragraphs: String = paragraphs.iter().map(|words| format!("<p>{words}</p>")).collect();
    format!("{open}<{heading}>{title}</{heading}><time datetime='{day}'>{day}</time>{paragraphs}</{close}>")
}

#[test]
fn further_articles_are_reports_of_their_own() {
    let title = "Bridge closed after piers move";
    for (open, heading) in
        [("<article>", "h2"), ("<div class=post>", "h2"), ("<div>", "h1"), ("<section class=story>", "h1")]
    {
        let first = piece(open, "h1", title, "2024-03-04", &[LEAD, SECOND, THIRD]);
        let first = if heading == "h2" { first.replace("h1>", "h2>") } else { first };
        let other =
            piece(open, heading, "<a href=/harbour-of-merek>Harbour reopens</a>", "2024-03-05", &HARBOUR);
        // Wherever it stands, and however long it is.
        for body in [format!("<div>{first}{other}</div>"), format!("<div>{other}{first}</div>")] {
            let html = page(&body);
            let reports = read_all(html.as_bytes());
            let [own, harbour] = &reports[..] else { panic!("{} reports of {body}", reports.len()) };
            assert_eq!((own.part, harbour.part), (0, 1));
            assert_eq!((own.page_type, harbour.page_type), (PageType::Several, PageType::Article));
            assert_eq!(own.title.as_deref(), Some(title), "{body}");
            assert_eq!(harbour.title.as_deref(), Some("Harbour reopens"));
            assert!(own.text.string.contains(THIRD) && !own.text.string.contains(HARBOUR[0]), "{body}");
            assert!(harbour.text.string.ends_with(HARBOUR[2]) && !harbour.text.string.contains(LEAD));
            let left: u32 = own
                .dropped
                .iter()
                .filter(|dropped| dropped.reason == "other_article")
                .map(|dropped| dropped.characters)
                .sum();
            assert!(left > 300, "{left}");
            assert!(has_note(own, "several_articles"));
            let day = |report: &Report| report.published.as_ref().and_then(|when| when.edtf.clone());
            assert_eq!(day(own).as_deref(), Some("2024-03-04"));
            assert_eq!(day(harbour).as_deref(), Some("2024-03-05"));
            assert_ne!(own.id, harbour.id);
            sources_hold(own, &html);
            sources_hold(harbour, &html);
        }
    }
    // One below the other, without an element of their own.
    let flat = page(&format!(
        "<div><h1>{title}</h1><p>{LEAD}</p><p>{SECOND}</p><p>{THIRD}</p>\
         <h1>Harbour reopens</h1><p>5 March 2024</p><p>{}</p><p>{}</p></div>",
        HARBOUR[0], HARBOUR[1]
    ));
    let reports = read_all(flat.as_bytes());
    assert_eq!(reports.len(), 2);
    assert!(reports[0].text.string.ends_with(THIRD));
    assert!(reports[0].published.is_none(), "the day is the other's: {:?}", reports[0].published);
}

#[test]
fn sections_and_entries_are_no_further_articles() {
    let section = |heading: &str, words: &str| {
        format!("<section><h2>{heading}</h2><p>{words}</p><p>{words}</p></section>")
    };
    let body = format!(
        "<article><section><h1>Bridge closed after piers move</h1><time datetime='2024-03-04'>4 March</time>\
         <p>{LEAD}</p><p>{SECOND}</p></section>{}{}</article>",
        section("Background", THIRD),
        section("The harbour", HARBOUR[0])
    );
    let report = read_one(&page(&body));
    assert_eq!(report.page_type, PageType::Article);
    assert!(report.text.string.contains(HARBOUR[0]));
    let entry = |hour: u32, words: &str| {
        format!(
            "<div><time datetime='2024-03-04T{hour}:00Z'>{hour}:00</time><h2>Entry {hour} of the day</h2><p>{words}</p><p>{words}</p></div>"
        )
    };
    let entries: String =
        [LEAD, SECOND, THIRD, HARBOUR[0]].iter().zip(10..).map(|(words, hour)| entry(hour, words)).collect();
    let live = page(&format!(
        "<main><div><h1>Bridge closed after piers move</h1><p>{}</p><p>{}</p></div>{entries}</main>",
        HARBOUR[1], HARBOUR[2]
    ));
    let report = read_one(&live);
    assert_eq!(report.page_type, PageType::Live);
    let headings = report.text.blocks.iter().filter(|block| block.kind == BlockKind::Heading);
    assert_eq!(headings.count(), 4, "{}", report.text.string);
}

#[test]
fn a_list_of_reports_has_no_text() {
    let teaser = |number: usize, words: &str| {
        format!(
            "<div class=item><h3><a href=/{number}>Report number {number} of the day</a></h3><p>{words}</p></div>"
        )
    };
    let teasers: String = [LEAD, SECOND, THIRD, HARBOUR[0], HARBOUR[1]]
        .iter()
        .enumerate()
        .map(|(number, words)| teaser(number, words))
        .collect();
    let report = read_one(&page(&format!("<h1>World</h1><div>{teasers}</div>")));
    assert_eq!(report.page_type, PageType::Listing);
    assert!(has_note(&report, "listing"));
    assert!(!report.text.string.contains("bridge"), "{}", report.text.string);
    // Below an article the same list makes no listing of it.
    let body = format!(
        "<article><h1>Bridge closed after piers move</h1><p>{LEAD}</p><p>{SECOND}</p></article><div>{teasers}</div>"
    );
    assert_eq!(read_one(&page(&body)).page_type, PageType::Article);
}

#[test]
fn blocks_in_another_language_say_so() {
    let french = [
        "Le vieux pont sur la Tolva a été fermé lundi, et deux villages de la rive opposée sont isolés depuis.",
        "Les ingénieurs disent que les piles ont bougé de quatre centimètres, et que les travaux seront longs.",
    ];
    let arabic = "لن نترك بيوتنا حتى يعود آخر طفل إلى القرية";
    let english = "We will not leave our houses before the last child is back.";
    let body = format!(
        "<article><h1>Le pont est fermé après un mouvement des piles</h1><p>{}</p><blockquote><p>{arabic}</p></blockquote>\
         <p>{}</p><blockquote><p>{english}</p></blockquote><p>Radio Merek International.</p></article>",
        french[0], french[1]
    );
    let report = read_one(&page(&body));
    assert_eq!(report.language.tag.as_ref().map(|tag| tag.as_str()), Some("fr"));
    for block in &report.text.blocks {
        let words = block.span.of(&report.text.string);
        let expected = if words == arabic {
            Some("ar")
        } else if words == english {
            Some("en")
        } else {
            None
        };
        assert_eq!(block.lang.as_ref().map(|lang| lang.as_str()), expected, "{words}");
    }
    let plain = format!("Le pont est fermé\n\n{}\n\n{english}\n\n{}\n", french[0], french[1]);
    let document = Document { payload: plain.as_bytes(), media: Media::Plain, ..Document::default() };
    let report = read_layout(&document, Packs::embedded()).remove(0);
    let own: Vec<&str> = report
        .text
        .blocks
        .iter()
        .filter(|block| block.lang.is_some())
        .map(|b| b.span.of(&report.text.string))
        .collect();
    assert_eq!(own, [english]);
}

#[test]
fn a_body_that_only_a_script_holds_is_read_and_told() {
    let json = |words: &str| words.replace('"', "\\\"");
    let data = format!(
        "<script type='application/ld+json'>{{\"@type\":\"NewsArticle\",\"headline\":\"Bridge closed\",\
         \"author\":{{\"name\":\"Jane Roe\"}},\"datePublished\":\"2024-03-04\",\"articleBody\":\"{}\\n\\n{} \\u2013 d\\u00e9j\\u00e0.\\u003cbr\\u003e{}\"}}</script>",
        json(LEAD),
        json(SECOND),
        json(THIRD)
    );
    let state = format!(
        "<script id=__NEXT_DATA__ type='application/json'>{{\"body\":[{{\"text\":\"{LEAD}\"}},{{\"text\":\"{SECOND} – déjà.\"}},{{\"text\":\"{THIRD}\"}}],\
         \"related\":[{{\"summary\":\"{}\"}}]}}</script>",
        HARBOUR[0]
    );
    let html = format!(
        "<script>window.__STATE__ = {{\"story\": {{\"html\": \"<p>{LEAD}</p><p>{SECOND} &ndash; d\\u00e9j\\u00e0.</p><p>{THIRD}</p>\"}}}};</script>"
    );
    for (script, rule) in
        [(data, "core.page.json_ld_body"), (state, "core.page.script_body"), (html, "core.page.script_body")]
    {
        let whole = page(&format!("<div id=root></div>{script}"));
        let report = read_one(&whole);
        assert_eq!(report.page_type, PageType::Article, "{rule}");
        let words: Vec<&str> =
            report.text.blocks.iter().map(|block| block.span.of(&report.text.string)).collect();
        assert_eq!(words, [LEAD, &format!("{SECOND} – déjà."), THIRD], "{rule}");
        let note = report.notes.iter().find(|note| note.code == "from_script").expect("it is told");
        assert!(note.message.contains(rule), "{}", note.message);
        assert!(report.confidence.page.is_some_and(|sure| sure < 0.6));
        sources_hold(&report, &whole);
        // Where the markup holds the text, no script is asked.
        let shown = whole.replace(
            "<div id=root>",
            &format!(
                "<article><h1>Bridge closed after piers move</h1><p>{}</p><p>{}</p></article><div id=root>",
                HARBOUR[0], HARBOUR[1]
            ),
        );
        let report = read_one(&shown);
        assert!(report.text.string.contains(HARBOUR[1]) && !report.text.string.contains(THIRD));
        assert!(!has_note(&report, "from_script"));
    }
}

#[test]
fn markup_that_is_cut_short_is_told() {
    let body = [LEAD, SECOND, THIRD, HARBOUR[0], HARBOUR[1], HARBOUR[2], LEAD, SECOND, THIRD].join("\\n\\n");
    let data = format!(
        "<script type='application/ld+json'>{{\"@type\":\"NewsArticle\",\"headline\":\"Bridge closed\",\"articleBody\":\"{body}\"}}</script>"
    );
    let report = read_one(&page(&format!(
        "{data}<article><h1>Bridge closed after piers move</h1><p>{LEAD}</p></article>"
    )));
    assert!(has_note(&report, "cut"), "{:?}", report.notes);
    assert!(report.text.string.ends_with(LEAD));
}

/// The authors of a page with these lines under its title, and of the same without classes.
fn authors(lines: &str, expected: &[(&str, AuthorKind)]) {
    let body = format!(
        "<div><h1>Bridge closed after piers move</h1>{lines}<div><p>{LEAD}</p><p>{SECOND}</p><p>{THIRD}</p></div></div>"
    );
    let report = read_one(&page(&body));
    let found: Vec<(&str, AuthorKind)> =
        report.authors.iter().map(|author| (author.name.as_str(), author.kind)).collect();
    assert_eq!(found, expected, "{lines}");
    for (name, _) in expected {
        assert!(!report.text.string.contains(name), "{name} of {lines} is text: {}", report.text.string);
    }
    assert!(!report.text.string.contains("12 March"), "{}", report.text.string);
}

#[test]
fn lines_under_the_title_are_bylines_by_evidence() {
    use AuthorKind::{Agency, Person};
    authors("<div>Jane Roe</div><div>12 March 2024</div>", &[("Jane Roe", Person)]);
    authors(
        "<p>Jane Roe and John Doe</p><p>12 March 2024, 10:30</p>",
        &[("Jane Roe", Person), ("John Doe", Person)],
    );
    authors("<div>Jane Roe, Reuters in Damascus</div>", &[("Jane Roe", Person), ("Reuters", Agency)]);
    authors("<div>AFP, Beirut</div>", &[("AFP", Agency)]);
    authors("<ul><li>Jane Roe</li><li>12 March 2024</li></ul>", &[("Jane Roe", Person)]);
    authors("<div>Jane Roe, Staff Writer</div>", &[("Jane Roe", Person)]);
    authors(
        "<a href=/people/jane-roe>Jane Roe</a><div>Middle East correspondent</div>",
        &[("Jane Roe", Person)],
    );
    authors(
        "<p>The crossing has been unsafe for years, officials say.</p><div>Jane Roe</div><time datetime=2024-03-12>12 March</time>",
        &[("Jane Roe", Person)],
    );
    authors("<div>Jane Roe</div>", &[]);
    authors("<div>World News</div><div>12 March 2024</div>", &[]);
    authors("<div>Beirut</div><div>12 March 2024</div>", &[]);
    authors("<div>Jane Roe/AFP</div><div>12 March 2024</div>", &[]);
}

#[test]
fn a_page_that_holds_no_article_says_why() {
    let cases = [
        (
            "404 - Page not found | Valley News",
            "Page not found",
            "The page you were looking for does not exist, or it has been moved to another place.",
            "error_page",
        ),
        (
            "Page introuvable",
            "Erreur 404",
            "La page que vous cherchez est introuvable, elle a peut-être été déplacée ou supprimée.",
            "error_page",
        ),
        (
            "Valley News",
            "We value your privacy",
            "We and our 812 partners store and access information on a device, such as cookies, and process data.",
            "consent_page",
        ),
        (
            "Bridge closed",
            "Bridge closed after piers move",
            "This article is for subscribers only. Subscribe now to read the full story, or log in.",
            "paywall_page",
        ),
        (
            "Just a moment...",
            "valley.example",
            "Checking if the site connection is secure. This takes a few seconds, please wait for it.",
            "check_page",
        ),
    ];
    for (title, heading, words, code) in cases {
        let html = format!(
            "<html><head><title>{title}</title></head><body><div><h1>{heading}</h1><p>{words}</p></div></body></html>"
        );
        let report = read_one(&html);
        assert!(has_note(&report, code), "{title}: {:?}", report.notes);
        assert_eq!((report.page_type, report.text.string.as_str()), (PageType::None, ""), "{title}");
        assert!(report.dropped.iter().any(|dropped| dropped.characters > 40));
    }
    // A short report of such a thing is a report.
    let html = page(&format!(
        "<article><h1>Access denied to the old bridge, and 500 stay away</h1><p>{LEAD}</p></article>"
    ));
    assert_eq!(read_one(&html).page_type, PageType::Article);
}

#[test]
fn struck_words_are_left_out_and_told() {
    let html = page(&format!(
        "<article><h1>Bridge closed after piers move</h1><p>{LEAD}</p>\
         <p>The mayor counted <del>30</del> <ins>13</ins> injured people, and said that <s>nobody</s> one driver was missing.</p><p>{THIRD}</p></article>"
    ));
    let report = read_one(&html);
    let expected = "The mayor counted 13 injured people, and said that one driver was missing.";
    assert!(report.text.string.contains(expected), "{}", report.text.string);
    assert!(has_note(&report, "struck_out"));
    let struck: Vec<&str> = report
        .dropped
        .iter()
        .filter(|dropped| dropped.reason == "struck")
        .filter_map(|dropped| dropped.source)
        .map(|(start, end)| &html[start as usize..end as usize])
        .collect();
    assert_eq!(struck, ["30", "nobody"]);
    sources_hold(&report, &html);
}

#[test]
fn facts_set_apart_are_kept_and_other_reports_are_not() {
    let facts = "<aside><h3>The bridge in figures</h3><ul><li>Built in 1931</li><li>140 metres long</li></ul></aside>";
    let related = "<aside><h3>More stories</h3><ul><li><a href=/1>Harbour reopens after three days</a></li><li><a href=/2>School gets a new roof</a></li></ul></aside>";
    let report = read_one(&page(&format!(
        "<article><h1>Bridge closed after piers move</h1><p>{LEAD}</p>{facts}<p>{SECOND}</p>{related}<p>{THIRD}</p></article>"
    )));
    let kinds: Vec<(BlockKind, &str)> =
        report.text.blocks.iter().map(|block| (block.kind, block.span.of(&report.text.string))).collect();
    assert!(kinds.contains(&(BlockKind::Heading, "The bridge in figures")), "{kinds:?}");
    assert!(kinds.contains(&(BlockKind::List, "Built in 1931\n140 metres long")), "{kinds:?}");
    assert!(!report.text.string.contains("Harbour reopens"));
}

#[test]
fn letters_of_another_script_are_told_from_a_wrong_label() {
    let words =
        "أغلقت السلطات الجسر القديم على النهر يوم الاثنين، وانقطعت قريتان على الضفة البعيدة عن المدينة.";
    for label in ["iso-8859-1", "windows-1252", "windows-1251", "iso-8859-6", "windows-1256", "utf-8"] {
        let html = format!(
            "<html><head><meta charset={label}><title>x</title></head><body><article><h1>إغلاق الجسر القديم بعد تحرك الدعامات</h1>\
             <p>12 مارس 2024 الساعة 10:30</p><p>{words}</p><p>{words} وقال المهندسون إن الدعامات تحركت.</p></article></body></html>"
        );
        let (bytes, _, _) = encoding_rs::WINDOWS_1256.encode(&html);
        let report = read_all(&bytes).remove(0);
        assert!(report.text.string.contains(words), "{label}: {}", report.text.string);
        assert_eq!(report.language.tag.as_ref().map(|tag| tag.as_str()), Some("ar"), "{label}");
        assert_eq!(
            has_note(&report, "encoding_differs"),
            label != "windows-1256",
            "{label}: {:?}",
            report.notes
        );
        let day = report.published.as_ref().and_then(|when| when.edtf.as_deref());
        assert_eq!(day, Some("2024-03-12T10:30:00"), "{label}");
    }
    // Western letters stand alone among others.
    let french = "<html><head><meta charset=iso-8859-1></head><body><article><h1>Le pont fermé après l'été</h1><p>Les élèves évacués à l'école près du pont où l'eau était montée très tôt, déjà dépassée, ont été hébergés à côté, après une réunion organisée à la hâte.</p></article></body></html>";
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(french);
    assert!(read_all(&bytes)[0].text.string.contains("évacués à l'école"));
}

#[test]
fn the_address_of_a_saved_page_is_told_beside_its_own() {
    let html = page(&format!(
        "<article><h1>Bridge closed after piers move</h1><p>{LEAD}</p><p>{SECOND}</p></article>"
    ));
    let saved = html.replacen("<html", "<!-- saved from url=(0024)https://valley.example/a --><html", 1);
    let report = read_one(&saved);
    assert_eq!(report.url.as_deref(), Some("https://valley.example/a"));
    assert!(has_note(&report, "saved_from") && !has_note(&report, "address_conflict"));
    let other =
        saved.replace("<title>", "<link rel=canonical href='https://other.example/bridge-closed'><title>");
    let report = read_one(&other);
    assert_eq!(report.canonical_url.as_deref(), Some("https://other.example/bridge-closed"));
    assert!(has_note(&report, "address_conflict"), "{:?}", report.notes);
}
