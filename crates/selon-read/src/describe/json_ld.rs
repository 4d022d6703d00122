//! JSON-LD as pages write it: often broken a little. Comments, CDATA marks, control characters
//! and trailing commas are forgiven; depth is bounded by the JSON reader (128).

use serde_json::Value;

/// Objects collected from one page.
const OBJECT_LIMIT: usize = 400;

/// Reads a JSON-LD script and adds its objects to `out`: lists and `@graph` taken apart, nested
/// main entities too.
pub(crate) fn collect(script: &str, out: &mut Vec<Value>) {
    let Some(value) = parse(script) else { return };
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        if out.len() >= OBJECT_LIMIT {
            return;
        }
        match value {
            Value::Array(list) => open.extend(list.into_iter().rev()),
            Value::Object(mut object) => {
                let graph = object.remove("@graph");
                for key in ["mainEntity", "mainEntityOfPage", "hasPart"] {
                    // Taken out and not copied, or what is nested deep is held many times; the
                    // address of the page that it is the main part of is read here.
                    match object.remove(key) {
                        Some(inner @ (Value::Object(_) | Value::Array(_))) => {
                            if let Some(id @ Value::String(_)) = inner.get("@id") {
                                object.insert(key.to_owned(), id.clone());
                            }
                            open.push(inner);
                        }
                        Some(other) => {
                            object.insert(key.to_owned(), other);
                        }
                        None => {}
                    }
                }
                if !object.is_empty() {
                    out.push(Value::Object(object));
                }
                open.extend(graph);
            }
            _ => {}
        }
    }
}

/// The JSON of a script, mended where it has to be.
fn parse(script: &str) -> Option<Value> {
    let text = strip(script);
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let mended = mend(text);
    // What stands after the first value (a second one, a stray semicolon) is left alone.
    serde_json::Deserializer::from_str(&mended).into_iter::<Value>().next()?.ok()
}

/// Without the comment and CDATA marks around it.
fn strip(script: &str) -> &str {
    let mut text = script.trim();
    loop {
        let before = text.len();
        for mark in ["<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA[", "// <![CDATA["] {
            text = text.strip_prefix(mark).unwrap_or(text).trim_start();
        }
        for mark in ["-->", "//]]>", "/*]]>*/", "]]>", "// ]]>", ";"] {
            text = text.strip_suffix(mark).unwrap_or(text).trim_end();
        }
        if text.len() == before {
            return text;
        }
    }
}

/// Control characters inside strings become spaces, commas before a closing bracket and
/// comments go.
fn mend(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_string = false;
    let mut escaped = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if in_string {
            match c {
                '\\' if !escaped => escaped = true,
                '"' if !escaped => in_string = false,
                '\'' | '&' if escaped => {
                    // No such escape in JSON.
                    out.pop();
                    escaped = false;
                }
                _ => escaped = false,
            }
            out.push(if c.is_control() { ' ' } else { c });
            continue;
        }
        match c {
            '"' => {
                in_string = true;
                out.push(c);
            }
            '}' | ']' => {
                let kept = out.trim_end().strip_suffix(',').map(str::len);
                if let Some(kept) = kept {
                    out.truncate(kept);
                }
                out.push(c);
            }
            '/' if chars.peek() == Some(&'*') => {
                let mut last = ' ';
                for next in chars.by_ref() {
                    if last == '*' && next == '/' {
                        break;
                    }
                    last = next;
                }
            }
            '/' if chars.peek() == Some(&'/') => {
                for next in chars.by_ref() {
                    if next == '\n' {
                        break;
                    }
                }
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Whether one of the object's types fits.
pub(crate) fn has_type(object: &Value, fits: impl Fn(&str) -> bool) -> bool {
    match object.get("@type") {
        Some(Value::String(name)) => fits(name),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).any(fits),
        _ => false,
    }
}

/// Whether the object describes an article (schema.org Article and what is under it).
pub(crate) fn is_article(object: &Value) -> bool {
    has_type(object, |name| {
        let name = name.rsplit(['/', ':']).next().unwrap_or(name);
        name.ends_with("Article")
            || name.ends_with("BlogPosting")
            || matches!(
                name,
                "Report"
                    | "Blog"
                    | "LiveBlogPosting"
                    | "SocialMediaPosting"
                    | "DiscussionForumPosting"
                    | "Review"
                    | "Recipe"
            )
    })
}

/// A value as words: a string, the first of a list, or the name of an object.
pub(crate) fn words(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(list) => return list.iter().find_map(words),
        Value::Object(object) => {
            return ["name", "@value", "headline"]
                .iter()
                .find_map(|key| object.get(*key))
                .and_then(words_flat);
        }
        _ => return None,
    };
    let text = unescape(text.trim());
    (!text.is_empty()).then_some(text)
}

fn words_flat(value: &Value) -> Option<String> {
    value.as_str().map(|text| unescape(text.trim())).filter(|text| !text.is_empty())
}

/// The named references that people write inside JSON although it has none.
pub(crate) fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let reference = rest
            .bytes()
            .take(11)
            .position(|byte| byte == b';')
            .and_then(|end| Some((character(&rest[1..end])?, end)));
        match reference {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The character that a reference names, of those that people write inside JSON.
pub(crate) fn character(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "quot" | "#34" => '"',
        "apos" => '\'',
        "lt" => '<',
        "gt" => '>',
        "nbsp" => '\u{a0}',
        "rsquo" => '’',
        "lsquo" => '‘',
        "rdquo" => '”',
        "ldquo" => '“',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "laquo" => '«',
        "raquo" => '»',
        "eacute" => 'é',
        _ => {
            let digits = name.strip_prefix('#')?;
            let number = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            return char::from_u32(number);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(script: &str, key: &str, expected: Option<&str>) {
        let mut found = Vec::new();
        collect(script, &mut found);
        let value = found.iter().find_map(|object| object.get(key)).and_then(words);
        assert_eq!(value.as_deref(), expected, "{script}");
    }

    #[test]
    fn forgives_what_pages_do() {
        check(r#"{"@type":"NewsArticle","headline":"A &amp; b"}"#, "headline", Some("A & b"));
        check("<!-- {\"headline\":\"a\"} -->", "headline", Some("a"));
        check("//<![CDATA[\n{\"headline\":\"a\nb\",}\n//]]>", "headline", Some("a b"));
        check(r#"[{"x":1},{"@graph":[{"headline":["a","b"]}]}]"#, "headline", Some("a"));
        check(r#"{"author":{"@type":"Person","name":"Jane Roe"}}"#, "author", Some("Jane Roe"));
        check("{", "headline", None);
        check(&"[".repeat(100_000), "headline", None);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(script in "[\\[\\]{}\",:a-z/*\\\\<!\\-\n&;#0-9]{0,80}") {
            collect(&script, &mut Vec::new());
        }
    }
}
