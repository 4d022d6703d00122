//! Exports of social platforms and tables of rows: each post and row is a report, a bad line is
//! told, and what was there before adds nothing. Cases S14 to S17 of the shared data run where they
//! are there; S16 (tokens) is held by selon-read's own `conformance.rs`.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod common;
#[path = "common/records.rs"]
#[allow(dead_code, reason = "used for where files are")]
mod records;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use common::{Place, run};
use serde_json::Value;

/// Reports that `selon read` gives of a file, what it could not read, and its exit code.
fn read(path: &Path, more: &[&str]) -> (Vec<Value>, Vec<Value>, i32) {
    let home = tempfile::tempdir().unwrap();
    let path = path.display().to_string();
    let mut arguments = vec!["read", path.as_str(), "--jsonl"];
    arguments.extend(more);
    let (code, out, err) = run(home.path(), &arguments);
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().all(|line| line["schema"].is_string()), "{err}");
    let (reports, failures) = lines.into_iter().partition(|line| line["schema"] == "selon.report/1");
    (reports, failures, code)
}

/// The post of a report that holds nothing else.
fn post(report: &Value) -> &Value {
    assert_eq!(report["posts"].as_array().unwrap().len(), 1, "{report}");
    &report["posts"][0]
}

fn file(place: &Place, name: &str, content: &[u8]) -> PathBuf {
    let path = place.path(name);
    std::fs::write(&path, content).unwrap();
    path
}

/// What `selon add` says, as JSON, with its exit code and what it complains of.
fn add(place: &Place, path: &Path, more: &[&str]) -> (Value, i32, String) {
    let path = path.display().to_string();
    let mut arguments = vec!["add", path.as_str(), "--json"];
    arguments.extend(more);
    let (code, out, err) = place.run(&arguments);
    (serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}")), code, err)
}

fn shared(name: &str) -> Option<PathBuf> {
    records::shared(&format!("inputs/{name}"))
}

#[test]
fn s14_a_foreign_line_among_answers() {
    let Some(path) = shared("twitter-v2-twarc/streaming_output_with_error.jsonl") else { return };
    let (reports, failures, code) = read(&path, &[]);
    assert_eq!((reports.len(), failures.len(), code), (7, 1, 3));
    assert_eq!(failures[0]["at"], 8);
    let what = failures[0]["what"].as_str().unwrap();
    assert!(what.contains("row 8 (bytes 30091 to 30135)"), "{what}");
    let found = reports.iter().map(post).find(|post| post["statusId"] == "1377650090978992134").unwrap();
    assert_eq!(found["posted"]["edtf"], "2021-04-01T15:52:31Z");
    assert_eq!(found["postedFrom"], "field");

    let place = Place::new();
    let (first, code, err) = add(&place, &path, &[]);
    assert_eq!((&first["reports"], code), (&Value::from(7), 3), "{first}");
    assert!(err.contains("row 8 (bytes 30091 to 30135)"), "{err}");
    let (second, _, _) = add(&place, &path, &[]);
    assert_eq!(
        (&second["captures"], &second["reports"], &second["alreadyThere"]),
        (&0.into(), &0.into(), &1.into())
    );
    assert_eq!(place.verify(&[]).0, 0);
}

#[test]
fn s15_an_edited_post() {
    let Some(edited) = shared("twitter-v2-twarc/edited.jsonl") else { return };
    let (reports, _, code) = read(&edited, &[]);
    let versions: Vec<(&str, &Value)> = reports
        .iter()
        .map(post)
        .map(|post| (post["statusId"].as_str().unwrap(), &post["relations"]))
        .collect();
    let (first, second) = ("1576994746135764992", "1576994789110992896");
    assert_eq!((versions.len(), code, versions[0].0, versions[1].0), (2, 0, first, second));
    assert_ne!(post(&reports[0])["text"], post(&reports[1])["text"]);
    let edits = serde_json::json!([{ "kind": "edits", "id": first }]);
    assert_eq!(versions[1].1, &edits);
    assert!(!versions[0].1.to_string().contains("edits"));

    let place = Place::new();
    assert_eq!(add(&place, &edited, &[]).0["reports"], 2);
    let after = shared("twitter-v2-twarc/edited_after.jsonl").unwrap();
    let (again, _, _) = add(&place, &after, &[]);
    assert_eq!((&again["reports"], &again["knownRows"]), (&0.into(), &2.into()), "{again}");
    let quoted = shared("twitter-v2-twarc/quoted_edit.jsonl").unwrap();
    assert_eq!(add(&place, &quoted, &[]).0["reports"], 1);
    let (reports, _, _) = read(&quoted, &[]);
    assert!(post(&reports[0])["relations"].to_string().contains("quotes"), "{}", reports[0]);
    assert_eq!(place.verify(&[]).0, 0);
}

#[test]
fn s17_posts_of_bluesky() {
    if shared("bluesky").is_none() {
        return;
    }
    let of = |name: &str| read(&shared(&format!("bluesky/{name}.bsky.json")).unwrap(), &[]).0;
    let note = of("note");
    let found = post(&note[0]);
    assert_eq!(
        (&found["author"]["handle"], &found["text"]),
        (&"example.com".into(), &"too cool to summarize".into())
    );
    assert_eq!(found["links"], serde_json::json!(["http://my/link"]));
    assert_eq!(found["media"].as_array().unwrap().len(), 1);
    assert!(found["damage"].to_string().contains("zone_unknown"), "{found}");
    for (name, kind) in
        [("comment_inreplyto_id", "reply_to"), ("quote_with_image", "quotes"), ("repost", "reposts")]
    {
        let kinds: Vec<String> = of(name)
            .iter()
            .map(|report| post(report)["relations"].to_string())
            .filter(|all| all.contains(kind))
            .collect();
        assert_eq!(kinds.len(), 1, "{name}");
    }
    assert!(of("follow").is_empty() && of("like").is_empty());
}

/// Every post of the shared exports, and nothing that is none: (folder, file, posts).
#[test]
fn every_shared_export_gives_its_posts() {
    let counts: &[(&str, &[(&str, usize)])] = &[
        ("telegram", &[("result.tg-parser.json", 4)]),
        (
            "facebook-html",
            &[("facebook.mbasic.feed.html", 3), ("facebook.m.timeline.html", 2), ("facebook.m.post.html", 1)],
        ),
        (
            "twitter-v1.1/python-twitter",
            &[("get_search_geocode.json", 15), ("public_timeline.json", 20), ("get_statuses.map.2.json", 1)],
        ),
        (
            "twitter-v2-twarc",
            &[
                ("lists.jsonl", 0),
                ("users.jsonl", 0),
                ("tweets_compliance.jsonl", 0),
                ("media_policy_violation_on.jsonl", 100),
            ],
        ),
        (
            "activitystreams2",
            &[
                ("follow.as2.json", 0),
                ("like.as2.json", 0),
                ("undo_repost.as2.json", 0),
                ("invite.as2.json", 0),
                ("note.as2.json", 1),
                ("question.as2.json", 1),
                ("repost.as2.json", 2),
                ("video.as2.json", 1),
                ("actor_organization.as2.json", 0),
                ("event.as2.json", 0),
            ],
        ),
    ];
    for (folder, files) in counts {
        for (file, posts) in *files {
            let Some(path) = shared(&format!("{folder}/{file}")) else { return };
            let (reports, failures, _) = read(&path, &[]);
            assert_eq!((reports.len(), failures.len()), (*posts, 0), "{file}: {failures:?}");
            reports.iter().for_each(|report| {
                post(report);
            });
        }
    }
}

const CHAT: &str = r#"{
 "name": "Vernak", "type": "public_channel", "id": 5,
 "messages": [
  {"id": 1, "type": "service", "date": "2026-03-11T10:00:00", "date_unixtime": "1773219600", "text": ""},
  {"id": 2, "type": "message", "date": "2026-03-11T11:00:05", "date_unixtime": "1773223205", "from": "Vernak",
   "from_id": "channel5", "text": "Selon la mairie, plus de 120 civils ont été blessés à Vernak."}
 ]
}"#;

#[test]
fn a_post_is_read_as_any_other() {
    let place = Place::new();
    let path = file(&place, "result.json", CHAT.as_bytes());
    let (reports, failures, code) = read(&path, &[]);
    assert_eq!((reports.len(), failures.len(), code), (1, 0, 0));
    let report = &reports[0];
    assert_eq!(report["published"]["edtf"], "2026-03-11T10:00:05Z");
    assert_eq!(post(report)["statusId"], "5/2");
    let statement = &report["statements"].as_array().unwrap()[0];
    assert_eq!((&statement["kind"], &statement["chain"][0]["name"]), (&"post".into(), &"Vernak".into()));
    assert_eq!(report["figures"][0]["quantity"]["lower"], 120, "{}", report["figures"]);

    assert_eq!(add(&place, &path, &[]).0["reports"], 1);
    // The chat, exported again: one more message, one changed.
    let later = CHAT.replace("120", "130").replace(
        "\n ]",
        ",\n {\"id\": 3, \"type\": \"message\", \"date\": \"2026-03-11T12:00:00\", \"from\": \"Vernak\", \"text\": \"La route rouvre.\"},\
         \n {\"id\": 4, \"type\": \"dance\"}\n ]",
    );
    let (added, code, err) = add(&place, &file(&place, "later.json", later.as_bytes()), &[]);
    assert_eq!((&added["captures"], &added["reports"], code), (&1.into(), &2.into(), 3), "{added}");
    assert!(err.contains("message 4 is of no known type"), "{err}");
    let (added, _, _) =
        add(&place, &file(&place, "third.json", later.replace("\n ]", "\n  ]").as_bytes()), &[]);
    assert_eq!((&added["reports"], &added["knownRows"]), (&0.into(), &2.into()), "{added}");
    assert_eq!(place.verify(&[]).0, 0);
}

#[test]
fn pages_that_are_exports_give_their_posts() {
    let place = Place::new();
    let message = |number: u32, words: &str| {
        format!(
            "<div class=\"message default clearfix\" id=\"message{number}\"><div class=\"body\">\
             <div class=\"pull_right date details\" title=\"11.03.2026 10:00:0{number} UTC+03:00\">10:00</div>\
             <div class=\"from_name\">Vernak</div><div class=\"text\">{words}</div></div></div>"
        )
    };
    let page = |messages: &[String]| {
        format!(
            "<html><body><div class=\"page_wrap\"><div class=\"history\">{}</div></div></body></html>",
            messages.concat()
        )
    };
    let first = [
        message(1, "Selon la mairie, plus de 120 civils ont été blessés à Vernak."),
        message(2, "La route rouvre."),
    ];
    let path = file(&place, "messages.html", page(&first).as_bytes());
    let (reports, failures, code) = read(&path, &[]);
    assert_eq!((reports.len(), failures.len(), code), (2, 0, 0));
    assert_eq!(reports[0]["published"]["edtf"], "2026-03-11T10:00:01+03:00");
    assert_eq!(
        (&post(&reports[0])["statusId"], &post(&reports[0])["author"]["name"]),
        (&"1".into(), &"Vernak".into())
    );
    assert_eq!(reports[0]["figures"][0]["quantity"]["lower"], 120, "{}", reports[0]["figures"]);

    assert_eq!(add(&place, &path, &[]).0["reports"], 2);
    let later = page(&[&first[..], &[message(3, "Le port ferme.")]].concat());
    let (added, _, _) = add(&place, &file(&place, "later.html", later.as_bytes()), &[]);
    assert_eq!((&added["reports"], &added["knownRows"]), (&1.into(), &2.into()), "{added}");
    let none = file(
        &place,
        "none.html",
        page(&[]).replace("history\">", "message service\">Rien n'a été écrit.").as_bytes(),
    );
    assert_eq!(read(&none, &[]).0.len(), 1, "a page without messages is a page");
    assert_eq!(place.verify(&[]).0, 0);
}

#[test]
fn archives_lists_and_damaged_files() {
    let place = Place::new();
    let tweet = |id: u32| {
        format!(
            "{{\"tweet\": {{\"id_str\": \"{id}\", \"created_at\": \"Wed Mar 11 10:00:05 +0000 2026\", \"full_text\": \"Vu {id}\"}}}}"
        )
    };
    let archive = format!("window.YTD.tweets.part0 = [\n{},\n{},\n{{\"other\": 1}}]", tweet(1), tweet(2));
    let (reports, failures, code) = read(&file(&place, "tweets.js", archive.as_bytes()), &[]);
    assert_eq!((reports.len(), failures.len(), code), (2, 1, 3));
    assert_eq!(failures[0]["at"], 3);
    let rows = "[\n{\"id\": \"a\", \"body\": \"Selon l'armée, 3 civils ont fui.\"}, {\"id\": \"b\", \"body\": \"Rien.\"}]";
    let (reports, _, code) = read(&file(&place, "rows.json", rows.as_bytes()), &["--map", "text=body"]);
    assert_eq!((reports.len(), code), (2, 0));
    let cut = file(&place, "cut.json", &CHAT.as_bytes()[..200]);
    let (reports, failures, code) = read(&cut, &[]);
    assert_eq!((reports.len(), failures.len(), code), (0, 1, 3));
    assert!(failures[0]["what"].as_str().unwrap().contains("not JSON"), "{failures:?}");
}

/// A table of two texts, as a program that analyses data writes it.
fn parquet(texts: &[&str]) -> Vec<u8> {
    use parquet::basic::Compression;
    use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    let schema = "message schema { REQUIRED INT64 doc_id; OPTIONAL BYTE_ARRAY body (UTF8); REQUIRED BYTE_ARRAY date (UTF8); }";
    let schema = Arc::new(parquet::schema::parser::parse_message_type(schema).unwrap());
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut file = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut file, schema, Arc::new(properties)).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let strings = |texts: &[&str]| texts.iter().map(|text| ByteArray::from(*text)).collect::<Vec<_>>();
    let mut column = group.next_column().unwrap().unwrap();
    let ids: Vec<i64> = (0..texts.len() as i64).collect();
    column.typed::<Int64Type>().write_batch(&ids, None, None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let there: Vec<i16> = texts.iter().map(|text| i16::from(!text.is_empty())).collect();
    let words: Vec<&str> = texts.iter().copied().filter(|text| !text.is_empty()).collect();
    column.typed::<ByteArrayType>().write_batch(&strings(&words), Some(&there), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column
        .typed::<ByteArrayType>()
        .write_batch(&strings(&vec!["2026-03-11"; texts.len()]), None, None)
        .unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    file
}

#[test]
fn tables_of_columns_are_rows() {
    let place = Place::new();
    let bytes = parquet(&["Selon l'armée, plus de 120 civils ont fui la vallée.", "", "La route rouvre."]);
    let path = file(&place, "corpus.parquet", &bytes);
    let (reports, failures, code) = read(&path, &["--map", "text=body"]);
    assert_eq!((reports.len(), failures.len(), code), (2, 1, 3), "{failures:?}");
    assert_eq!(failures[0]["at"], 2);
    assert_eq!(
        (&reports[0]["input"]["id"], &reports[0]["published"]["edtf"]),
        (&"0".into(), &"2026-03-11".into())
    );
    assert_eq!(reports[0]["figures"][0]["quantity"]["lower"], 120);
    let (added, _, _) = add(&place, &path, &["--map", "text=body"]);
    assert_eq!(added["reports"], 2, "the map is kept with the file");
    let more = file(
        &place,
        "more.parquet",
        &parquet(&["Selon l'armée, plus de 120 civils ont fui la vallée.", "Rien."]),
    );
    let (added, _, _) = add(&place, &more, &["--map", "text=body"]);
    assert_eq!((&added["reports"], &added["knownRows"]), (&1.into(), &1.into()), "{added}");
    assert_eq!(place.verify(&[]).0, 0);
}

/// A damaged table is told to be damaged: cut at any place, or with any byte changed, nothing worse.
#[test]
fn damaged_tables_are_told() {
    let whole = parquet(&["Selon l'armée, plus de 120 civils ont fui la vallée.", "La route rouvre."]);
    let stated = selon::input::Stated::default();
    let packs = selon_read::Packs::embedded();
    let gives = |bytes: &[u8]| {
        let mut items = 0;
        selon::input::documents_of(bytes, "t", "t", &stated, packs, &mut |_| {
            items += 1;
            items < 1_000
        });
        items
    };
    assert_eq!(gives(&whole), 2);
    for cut in (4..whole.len()).step_by(89) {
        assert!(gives(&whole[..cut]) >= 1, "cut at {cut}");
    }
    for at in (4..whole.len()).step_by(23) {
        let mut changed = whole.clone();
        changed[at] ^= 0x55;
        gives(&changed);
    }
}

const ROWS: &str =
    "number,message,words\n1,At least 12 people were killed.,Nothing.\n2,The road is open.,All.\n";

#[test]
fn a_map_is_corrected_and_a_wrong_one_refused() {
    let place = Place::new();
    let path = file(&place, "rows.csv", ROWS.as_bytes());
    let (added, code, err) = add(&place, &path, &[]);
    assert_eq!((&added["captures"], &added["reports"], code), (&1.into(), &0.into(), 3), "{added}{err}");
    let (added, code, err) = add(&place, &path, &["--map", "text=message"]);
    assert_eq!(
        (&added["captures"], &added["readAnew"], &added["reports"], code),
        (&0.into(), &1.into(), &2.into(), 0),
        "{added}{err}"
    );
    // The same map adds nothing, nor does none.
    for map in [&["--map", "text=message"][..], &[]] {
        let (added, code, _) = add(&place, &path, map);
        assert_eq!((&added["readAnew"], &added["alreadyThere"], code), (&0.into(), &1.into(), 0), "{added}");
    }
    for (columns, asked) in [("text=nobody", "nobody"), ("title=head", "head")] {
        let (added, code, err) = add(&place, &path, &["--map", columns]);
        assert_eq!((&added["readAnew"], code), (&0.into(), 3), "{added}");
        assert!(err.contains(&format!("no column \"{asked}\"")), "{err}");
        assert!(err.contains("it has: number, message, words"), "{err}");
    }
    let found = |words: &str| !place.run(&["search", words, "--json"]).1.contains("\"hits\":[]");
    assert!(found("killed"));
    // Another reading takes the place of the first, in the index as well.
    let (added, code, _) = add(&place, &path, &["--map", "text=words", "--map", "title=message"]);
    assert_eq!((&added["readAnew"], &added["reports"], code), (&1.into(), &2.into(), 0), "{added}");
    let (added, code, _) = add(&place, &path, &["--map", "text=words", "--map", "outlet=number"]);
    assert_eq!((&added["readAnew"], &added["reports"], code), (&1.into(), &2.into(), 0), "{added}");
    assert!(!found("killed"), "it is in no column that is read now");
    let (code, out, err) = place.verify(&[]);
    assert_eq!(code, 0, "{out}{err}");
    let before = place.run(&["search", "nothing", "--json"]);
    assert_eq!(place.run(&["rebuild"]).0, 0);
    assert_eq!(place.run(&["search", "nothing", "--json"]), before);
    assert_eq!(place.verify(&[]).0, 0);

    for (name, lines) in
        [("rows.jsonl", "{\"body\":\"Nothing.\"}\n{\"body\":\"All.\"}\n"), ("t.tsv", "body\tx\nOne.\t1\n")]
    {
        let path = file(&place, name, lines.as_bytes());
        let (_, failures, code) = read(&path, &["--map", "text=bdoy"]);
        let last = failures.last().unwrap();
        assert_eq!((code, &last["kind"]), (3, &"no_column".into()), "{failures:?}");
        assert!(last["what"].as_str().unwrap().contains("it has: body"), "{last}");
        assert_eq!(read(&path, &["--map", "text=body"]).2, 0);
    }
}

/// More rows than are read at a time: each has the number that it would have alone.
#[test]
fn many_rows_are_read_some_at_a_time() {
    let place = Place::new();
    let rows: String = (0..6_000)
        .map(|number| {
            format!("{{\"id\":\"{number}\",\"text\":\"The road to village number {number} of the valley is open again, the mayor of it said.\"}}\n")
        })
        .collect();
    let (added, code, err) = add(&place, &file(&place, "rows.jsonl", rows.as_bytes()), &[]);
    assert_eq!((&added["reports"], &added["knownRows"], code), (&6_000.into(), &0.into(), 0), "{added}{err}");
    let more = format!("{{\"id\":\"new\",\"text\":\"One more.\"}}\n{rows}");
    let (added, _, _) = add(&place, &file(&place, "more.jsonl", more.as_bytes()), &[]);
    assert_eq!((&added["reports"], &added["knownRows"]), (&1.into(), &6_000.into()), "{added}");
    let (code, out, err) = place.verify(&[]);
    assert_eq!(code, 0, "{out}{err}");
}

/// The outbox of an account, which its server names by address alone.
const OUTBOX: &str = r#"{"type": "OrderedCollection", "orderedItems": [{"type": "Create",
  "actor": "https://town.example/users/ana", "published": "2026-03-11T10:00:00Z",
  "object": {"type": "Note", "id": "https://town.example/users/ana/statuses/1",
    "published": "2026-03-11T10:00:00Z", "attributedTo": "https://town.example/users/ana",
    "content": "<p>At least 12 people were killed, a doctor said.</p>"}}]}"#;

#[test]
fn a_post_shows_its_statements_and_its_author() {
    let place = Place::new();
    let path = file(&place, "outbox.json", OUTBOX.as_bytes()).display().to_string();
    let (code, out, err) = run(place.home(), &["read", &path]);
    assert_eq!(code, 0, "{err}");
    let line =
        |begins: &str| out.lines().find(|line| line.starts_with(begins)).unwrap_or_else(|| panic!("{out}"));
    assert!(line("s1  post").contains("https://town.example/users/ana ─▶ fediverse"), "{out}");
    assert!(line("s2  indirect").contains("a doctor ─▶ https://town.example/users/ana"), "{out}");
    assert!(out.contains("p1 is by") && !out.contains("author unknown"), "{out}");
    // The account's own archive does not name it.
    let tweets = r#"window.YTD.tweets.part0 = [{"tweet": {"id_str": "1", "created_at": "Wed Mar 11 10:00:05 +0000 2026", "full_text": "The road is open, the mayor said."}}]"#;
    let path = file(&place, "tweets.js", tweets.as_bytes()).display().to_string();
    let (_, out, _) = run(place.home(), &["read", &path]);
    assert!(out.contains("author unknown"), "{out}");
}
