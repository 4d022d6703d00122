//! Plain text from outside: own remnants, one long line, menus, and bytes of any kind.

use proptest::prelude::*;
use selon_model::{BlockKind, Report};
use selon_read::{Document, Hints, Media, Packs, read};

fn read_plain(text: &str, hints: Hints) -> Report {
    let document = Document { payload: text.as_bytes(), media: Media::Plain, hints, ..Document::default() };
    read(&document, Packs::embedded()).remove(0)
}

/// `expected`: kind and first words of each block.
fn check(text: &str, hints: Hints, expected: &[(BlockKind, &str)]) -> Report {
    let report = read_plain(text, hints);
    let seen: Vec<(BlockKind, &str)> =
        report.text.blocks.iter().map(|block| (block.kind, report.text.words(block.span))).collect();
    assert_eq!(seen.len(), expected.len(), "{seen:#?}");
    for ((kind, words), (expected, start)) in seen.iter().zip(expected) {
        assert!(
            kind == expected && words.starts_with(start),
            "{kind:?} {words:?}, not {expected:?} {start:?}"
        );
    }
    report
}

#[test]
fn lines_get_their_kinds() {
    use BlockKind::*;
    let report = check(
        "\u{FEFF}Le pont de Vernak rouvre «à moitié» (VIDÉO)\r\nPar Ana Ruo et Léo Tarn\r\nPublié le 4 mars 2021\r\n\r\nLe pont a rouvert ce matin, selon la mairie.\r\nOn y passe enfin #Vernak\r\n— Ana (@ana_ruo) 4 mars 2021\r\nLa suite est attendue demain.\r\nLire aussi : Le pont et ses dix ans",
        Hints::default(),
        &[
            (Title, "Le pont"),
            (Byline, "Par Ana"),
            (Dateline, "Publié le"),
            (Paragraph, "Le pont a"),
            (Post, "On y passe"),
            (Paragraph, "La suite"),
            (Related, "Lire aussi"),
        ],
    );
    assert_eq!(report.title.as_deref(), Some("Le pont de Vernak rouvre «à moitié»"));
    assert_eq!(report.title_markers, ["VIDÉO"]);
    let authors: Vec<&str> = report.authors.iter().map(|author| author.name.as_str()).collect();
    assert_eq!(authors, ["Ana Ruo", "Léo Tarn"]);
    assert_eq!(report.published.as_ref().and_then(|when| when.edtf.as_deref()), Some("2021-03-04"));
}

#[test]
fn a_post_dates_no_report() {
    let text = "Le pont rouvre\nOn y passe\n— Ana (@ana_ruo) 4 mars 2021\nFin du récit.";
    assert!(read_plain(text, Hints::default()).published.is_none());
}

#[test]
fn one_line_is_one_paragraph() {
    check(
        "The mayor said that three people were hurt. The road is closed.",
        Hints::default(),
        &[(BlockKind::Paragraph, "The mayor")],
    );
    let hints = Hints { title: Some("Road closed".into()), ..Hints::default() };
    let report =
        check("The mayor said that three people were hurt.", hints, &[(BlockKind::Paragraph, "The mayor")]);
    assert_eq!(
        (report.title.as_deref(), report.title_from.as_deref()),
        (Some("Road closed"), Some("stated"))
    );
}

#[test]
fn menus_are_set_aside_and_no_sentence_is() {
    let menu =
        "Home\nWorld\nPolitics\nSport\nWeather\nVideo\nLog in\nSearch\nMore\nHarbour reopens\nBy Ana Ruo\n";
    let body = "The harbour reopened on Monday after a week of storms, the harbour master said.\nBoats left at dawn.\n";
    let foot = "Contact\nAbout us\nPrivacy\nTerms\nCookies\nAdvertise\nJobs\n";
    let report = read_plain(&format!("{menu}{body}{foot}"), Hints::default());
    let kind_of = |start: &str| {
        report
            .text
            .blocks
            .iter()
            .find(|block| report.text.words(block.span).starts_with(start))
            .map(|b| b.kind)
    };
    assert_eq!(kind_of("Home"), Some(BlockKind::Boilerplate));
    assert_eq!(kind_of("Jobs"), Some(BlockKind::Boilerplate));
    assert_eq!(kind_of("The harbour"), Some(BlockKind::Paragraph));
    assert_eq!(kind_of("Boats left"), Some(BlockKind::Paragraph));
}

#[test]
fn too_much_text_is_cut_with_a_note() {
    let report = read_plain(&"é".repeat(3 * 1024 * 1024), Hints::default());
    assert!(report.text.string.len() <= 4 * 1024 * 1024);
    assert!(report.notes.iter().any(|note| note.code == "limit"));
}

#[test]
fn traps_stay_linear() {
    let traps = [
        "(@a) ",
        "— ",
        "— A (@a) 4 mars 2021 ",
        "— A (@a) 4 mars 2021\n",
        "#",
        "@a",
        "http://a.",
        "http://a.co/(",
        "pic.twitter.com/",
        "\n",
        "a.",
    ];
    for piece in traps {
        let text = piece.repeat(400_000 / piece.len());
        let start = std::time::Instant::now();
        read_plain(&text, Hints::default());
        assert!(start.elapsed().as_secs() < 20, "{piece:?} took {:?}", start.elapsed());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn any_text_is_read(text in "(— |A|é|١|#[a-z]{1,3}|@[a-z]{1,3}|\\(@ab\\)| 4 mars 2021|pic\\.twitter\\.com/|[A-Za-z0-9]{10}|https://t\\.co/|\n|\r\n| |\\.|«|»|…|\u{FEFF}|Par |Lire aussi : |.){0,60}") {
        let report = read_plain(&text, Hints::default());
        let string = &report.text.string;
        let mut last = 0;
        for block in &report.text.blocks {
            prop_assert!(string.get(block.span.range()).is_some() && block.span.from() >= last);
            prop_assert!(!block.span.is_empty());
            last = block.span.to();
        }
        for post in &report.posts {
            for span in [post.span, post.text].into_iter().flatten() {
                prop_assert!(string.get(span.range()).is_some());
            }
            for cut in post.damage.iter().flat_map(|damage| &damage.cuts) {
                prop_assert!(string.is_char_boundary(*cut as usize));
            }
        }
    }

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let document = Document { payload: &bytes, media: Media::Plain, ..Document::default() };
        prop_assert_eq!(read(&document, Packs::embedded()).len(), 1);
    }
}
