use super::*;

/// A PDF file of one page whose content is `content`, by hand.
fn pdf(content: &[u8]) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    let stream =
        [format!("<</Length {}>>stream\n", content.len()).as_bytes(), content, b"\nendstream"].concat();
    let objects: [&[u8]; 5] = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 5 0 R/Resources<</Font<</F1 4 0 R>>>>>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        &stream,
    ];
    for (number, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend_from_slice(format!("{} 0 obj\n", number + 1).as_bytes());
        out.extend_from_slice(object);
        out.extend_from_slice(b"\nendobj\n");
    }
    let start = out.len();
    out.extend_from_slice(b"xref\n0 6\n0000000000 65535 f \n");
    for offset in offsets {
        out.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    out.extend_from_slice(format!("trailer<</Size 6/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").as_bytes());
    out
}

#[test]
fn lines_become_paragraphs() {
    let content = b"BT /F1 20 Tf 50 750 Td (Bridge closed) Tj ET
BT /F1 11 Tf 50 700 Td (The river police said on Tuesday that the old bridge would stay closed until the in-) Tj
0 -14 Td (spection ends, and that two ferries would run in its place from the first day of June.) Tj
0 -30 Td (Nobody was hurt.) Tj ET";
    let taken = text_of(&pdf(content));
    assert_eq!(
        taken.text,
        "Bridge closed\n\nThe river police said on Tuesday that the old bridge would stay closed until the \
         inspection ends, and that two ferries would run in its place from the first day of June.\n\n\
         Nobody was hurt.\n"
    );
    assert_eq!(taken.title, None, "two words are a name of a paper sooner than a title");
    assert!(taken.notes.is_empty(), "{:?}", taken.notes);
}

#[test]
fn the_largest_letters_are_the_title() {
    let content = b"BT /F1 20 Tf 50 750 Td (The old bridge over the river stays closed) Tj
0 -24 Td (until June) Tj ET BT /F1 11 Tf 50 690 Td (Nobody was hurt, the river police said on Tuesday, and ferries run.) Tj ET";
    let taken = text_of(&pdf(content));
    assert_eq!(taken.title.as_deref(), Some("The old bridge over the river stays closed until June"));
}

#[test]
fn gaps_between_glyphs_are_blanks() {
    let content = b"BT /F1 11 Tf 50 700 Td [(Nobody) -400 (was) -400 (hu) 20 (rt.)] TJ ET";
    assert_eq!(text_of(&pdf(content)).text, "Nobody was hurt.\n");
}

/// A line of glyphs of half their height.
fn drawn(text: &str, y: f64) -> Vec<Glyph> {
    let glyph = |(at, c): (usize, char)| {
        let x = 50.0 + 5.0 * at as f64;
        Glyph { x, y, end: x + 5.0, size: 10.0, text: c.to_string() }
    };
    text.chars().enumerate().map(glyph).collect()
}

#[test]
fn what_stands_on_every_page_is_left_out() {
    let pages: Vec<Vec<Glyph>> = ["The first.", "The second.", "The third."]
        .iter()
        .enumerate()
        .map(|(at, words)| {
            [drawn("The Valley Post", 40.0), drawn(words, 100.0), drawn(&format!("{}", at + 8), 780.0)]
                .concat()
        })
        .collect();
    let laid = lines::lay_out(&pages);
    assert_eq!((laid.text.as_str(), laid.left_out), ("The first.\n\nThe second.\n\nThe third.\n", 6));
}

#[test]
fn lines_drawn_from_the_left_are_turned_round() {
    // "The river rose by 12.5 metres" in Arabic, letters as a page shows them from the left.
    let logical = "ارتفع النهر 12.5 مترا";
    let visual = "ارتم 12.5 رهنلا عفترا";
    assert_eq!(lines::lay_out(&[drawn(visual, 100.0)]).text.trim(), logical);
}

#[test]
fn a_file_says_why_it_is_not_read() {
    let code = |bytes: &[u8]| text_of(bytes).notes.first().map(|note| note.code.clone()).unwrap_or_default();
    assert_eq!(code(b"%PDF-1.4\nnothing"), "pdf_damaged");
    assert_eq!(code(&pdf(b"")), "pdf_no_text");
    let mut locked = pdf(b"BT /F1 11 Tf 50 700 Td (Nobody was hurt.) Tj ET");
    locked.extend_from_slice(b"trailer<</Encrypt 9 0 R>>");
    assert_eq!(code(&locked), "pdf_encrypted");
}

#[test]
fn a_stream_that_swells_is_refused() {
    use std::io::Write;
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..40 {
        packed.write_all(&zeros).expect("memory takes all");
    }
    let packed = packed.finish().expect("memory takes all");
    let taken = text_of(&pdf(&packed));
    assert_eq!(taken.notes.first().map(|note| note.code.as_str()), Some("limit"));
}

#[test]
fn a_file_that_draws_too_much_is_cut() {
    let draws = |times: usize| {
        [b"BT /F1 11 Tf 50 700 Td ".to_vec(), b"(a) Tj ".repeat(times), b"ET".to_vec()].concat()
    };
    let few = text_of(&pdf(&draws(1_000)));
    assert!(few.notes.is_empty() && few.text.len() > 1_000, "{:?}", few.notes);
    let many = text_of(&pdf(&draws(30_000)));
    assert_eq!(many.notes.first().map(|note| note.code.as_str()), Some("limit"));
    assert!(many.text.len() > 10_000, "what was drawn by then is kept");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 64, ..Default::default() })]

    #[test]
    fn changed_bytes_stop_nobody(at in 0usize..800, to in 0u8..=255) {
        let mut bytes = pdf(b"BT /F1 11 Tf 50 700 Td (Nobody was hurt.) Tj ET");
        let at = at % bytes.len();
        bytes[at] = to;
        text_of(&bytes);
    }
}
