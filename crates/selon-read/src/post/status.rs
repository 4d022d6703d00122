//! Addresses of posts: platform, account and id as they stand in a link.
//!
//! An account is taken from a link only where the platform puts accounts there: `/X/status/` and
//! `/i/status/` name nobody.

/// What an address says about a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PostAddress<'a> {
    /// x, instagram, facebook …
    pub(crate) platform: &'static str,
    /// The platform's id.
    pub(crate) id: Option<&'a str>,
    /// The account, where the address names one.
    pub(crate) handle: Option<&'a str>,
}

/// Longest address looked at, in bytes.
const LONGEST: usize = 2_000;

/// Reads the address of a single post or video; `None` where it is none.
pub(crate) fn post_address(url: &str) -> Option<PostAddress<'_>> {
    if url.len() > LONGEST {
        return None;
    }
    let url = url.trim();
    let rest = url.split_once("//").filter(|(scheme, _)| matches!(*scheme, "" | "http:" | "https:"))?.1;
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = host.to_ascii_lowercase();
    let host = host.trim_start_matches("www.").trim_start_matches("m.").trim_start_matches("mobile.");
    let query = path.split_once('?').map_or("", |(_, query)| query);
    let path: Vec<&str> = path
        .split(['?', '#'])
        .next()
        .unwrap_or("")
        .split('/')
        .filter(|part| !part.is_empty())
        .take(12)
        .collect();
    let id = |id: &'_ str, platform| id_of(id).then_some(platform);
    match host {
        "twitter.com" | "x.com" => {
            let at = path.iter().position(|part| matches!(*part, "status" | "statuses"))?;
            let number = digits(path.get(at + 1)?)?;
            let handle = (at == 1).then(|| path[0]).filter(|name| is_account(name));
            Some(PostAddress { platform: "x", id: Some(number), handle })
        }
        "platform.twitter.com" | "syndication.twitter.com" => {
            Some(PostAddress { platform: "x", id: Some(digits(parameter(query, "id")?)?), handle: None })
        }
        "instagram.com" => {
            let at = path.iter().position(|part| matches!(*part, "p" | "reel" | "tv"))?;
            let key = path.get(at + 1).copied().filter(|key| id_of(key))?;
            let handle = (at == 1).then(|| path[0]).filter(|name| is_account(name));
            Some(PostAddress { platform: "instagram", id: Some(key), handle })
        }
        "youtube.com" | "youtube-nocookie.com" => {
            let key = match path.as_slice() {
                // Old players put their parameters right behind the key.
                ["embed" | "v" | "shorts" | "live", key, ..] => key.split('&').next()?,
                ["watch", ..] => parameter(query, "v")?,
                _ => return None,
            };
            let fits = id_of(key) && key.len() == 11 && !matches!(key, "videoseries" | "live_stream");
            fits.then_some(PostAddress { platform: "youtube", id: Some(key), handle: None })
        }
        "youtu.be" => {
            let key = path.first().copied().filter(|key| key.len() == 11 && id_of(key))?;
            Some(PostAddress { platform: "youtube", id: Some(key), handle: None })
        }
        "dailymotion.com" | "geo.dailymotion.com" => {
            let key = match path.as_slice() {
                ["embed", "video", key, ..] | ["video", key, ..] => key,
                [player, ..] if player.starts_with("player") => parameter(query, "video")?,
                _ => return None,
            };
            id(key, "dailymotion").map(|platform| PostAddress { platform, id: Some(key), handle: None })
        }
        "player.vimeo.com" => match path.as_slice() {
            ["video", key, ..] => {
                Some(PostAddress { platform: "vimeo", id: Some(digits(key)?), handle: None })
            }
            _ => None,
        },
        "tiktok.com" => match path.as_slice() {
            [account, "video" | "photo", key, ..] => Some(PostAddress {
                platform: "tiktok",
                id: Some(digits(key)?),
                handle: account.strip_prefix('@').filter(|name| !name.is_empty()),
            }),
            ["embed", "v2", key, ..] | ["embed", key, ..] => {
                Some(PostAddress { platform: "tiktok", id: Some(digits(key)?), handle: None })
            }
            _ => None,
        },
        "t.me" | "telegram.me" => match path.as_slice() {
            ["s", channel, key, ..] | [channel, key, ..] => Some(PostAddress {
                platform: "telegram",
                id: Some(digits(key)?),
                handle: Some(*channel).filter(|name| is_account(name) && *name != "c"),
            }),
            _ => None,
        },
        "reddit.com" | "old.reddit.com" | "embed.reddit.com" | "redditmedia.com" => {
            let at = path.iter().position(|part| *part == "comments")?;
            let key = path.get(at + 1).copied().filter(|key| id_of(key))?;
            Some(PostAddress { platform: "reddit", id: Some(key), handle: None })
        }
        "bsky.app" | "embed.bsky.app" => match path.as_slice() {
            ["profile", account, "post", key, ..] => Some(PostAddress {
                platform: "bluesky",
                id: Some(*key).filter(|key| id_of(key)),
                handle: Some(*account).filter(|account| !account.starts_with("did:")),
            }),
            ["embed", account, "app.bsky.feed.post", key, ..] => Some(PostAddress {
                platform: "bluesky",
                id: Some(*key).filter(|key| id_of(key)),
                handle: Some(*account).filter(|account| !account.starts_with("did:")),
            }),
            _ => None,
        },
        "threads.net" | "threads.com" => {
            let (account, key) = match path.as_slice() {
                [account, "post", key, ..] => (account.strip_prefix('@'), key),
                ["t", key, ..] => (None, key),
                _ => return None,
            };
            let handle = account.filter(|name| is_account(name));
            id(key, "threads").map(|platform| PostAddress { platform, id: Some(key), handle })
        }
        "facebook.com" | "fb.watch" => facebook(&path, query),
        "vk.com" => {
            let owner = parameter(query, "oid").zip(parameter(query, "id"));
            (path.first() == Some(&"video_ext.php") && owner.is_some()).then(|| PostAddress {
                platform: "vk",
                id: owner.map(|(_, id)| id),
                handle: None,
            })
        }
        _ => None,
    }
}

fn facebook<'a>(path: &[&'a str], query: &'a str) -> Option<PostAddress<'a>> {
    let named = ["story_fbid", "fbid", "v"].iter().find_map(|name| parameter(query, name));
    let last = path.iter().rev().find_map(|part| digits(part));
    let kind = path.iter().any(|part| {
        matches!(
            *part,
            "posts"
                | "videos"
                | "photos"
                | "reel"
                | "watch"
                | "permalink.php"
                | "photo.php"
                | "photo"
                | "story.php"
                | "permalink"
                | "video.php"
        )
    });
    (kind || named.is_some()).then_some(PostAddress {
        platform: "facebook",
        id: named.or(last),
        handle: None,
    })
}

/// The address of a post in the query of another address: what a counting service leads to.
pub(crate) fn forwarded(url: &str) -> Option<String> {
    let (_, query) = url.split_once('?').filter(|_| url.len() <= LONGEST)?;
    ["url", "u", "q", "to", "dest", "murl"].into_iter().find_map(|name| {
        let address = percent_decoded(parameter(query, name)?);
        post_address(&address).is_some_and(|found| found.id.is_some()).then_some(address)
    })
}

/// The address without what only tells where it was embedded.
pub(crate) fn without_tracking(url: &str) -> String {
    let (rest, fragment) = url.split_once('#').map_or((url, None), |(rest, fragment)| (rest, Some(fragment)));
    let Some((path, query)) = rest.split_once('?') else { return url.to_owned() };
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| {
            let name = pair.split('=').next().unwrap_or("");
            !matches!(name, "" | "ref_src" | "ref_url" | "ref" | "s" | "t" | "igshid" | "si" | "feature")
                && !name.starts_with("utm_")
        })
        .collect();
    let mut out = path.to_owned();
    if !kept.is_empty() {
        out.push('?');
        out.push_str(&kept.join("&"));
    }
    if let Some(fragment) = fragment {
        out.push('#');
        out.push_str(fragment);
    }
    out
}

/// Value of a parameter, as it stands.
pub(crate) fn parameter<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    let query = query.split('#').next()?;
    query
        .split('&')
        .find_map(|pair| pair.split_once('=').filter(|(found, _)| *found == name))
        .map(|(_, value)| value)
}

/// Undoes percent signs; what is no UTF-8 then is left out.
pub(crate) fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = (*first == b'%').then(|| tail.get(..2)).flatten();
        let code = code.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The digits at the beginning, if there are between 1 and 20 of them and nothing else.
pub(crate) fn digits(text: &str) -> Option<&str> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let clean = text.as_bytes().get(length).is_none_or(|b| !b.is_ascii_alphanumeric());
    ((1..=20).contains(&length) && clean).then(|| &text[..length])
}

fn id_of(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

/// Whether a part of a path names an account: not the placeholders that links without one carry.
fn is_account(name: &str) -> bool {
    let placeholder =
        ["x", "i", "web", "anyuser", "statuses"].iter().any(|word| name.eq_ignore_ascii_case(word));
    !placeholder
        && name.len() <= 64
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, expected: &str) {
        let found = post_address(url);
        let shown = found.map(|found| {
            format!("{} {} {}", found.platform, found.id.unwrap_or("-"), found.handle.unwrap_or("-"))
        });
        assert_eq!(shown.as_deref().unwrap_or(""), expected, "{url}");
    }

    #[test]
    fn addresses_name_platform_id_and_account() {
        check(
            "https://twitter.com/ana_ruo/status/804286336471597056?ref_src=x",
            "x 804286336471597056 ana_ruo",
        );
        check("https://x.com/X/status/1926719756263993519", "x 1926719756263993519 -");
        check("https://twitter.com/i/web/status/1926719756263993519", "x 1926719756263993519 -");
        check("https://twitter.com/ana_ruo", "");
        check("https://www.instagram.com/p/BNpLF8LD0GD/", "instagram BNpLF8LD0GD -");
        check("//www.youtube.com/embed/mnTKiyVYYCs?si=1", "youtube mnTKiyVYYCs -");
        check("https://www.youtube.com/embed/videoseries?list=1", "");
        check("http://www.youtube.com/v/mnTKiyVYYCs&hl=en", "youtube mnTKiyVYYCs -");
        check("http://www.dailymotion.com/embed/video/x130bpf", "dailymotion x130bpf -");
        check("http://www.dailymotion.com/badge/user/Vernak?type=carousel", "");
        check("https://player.vimeo.com/api/player.js", "");
        check("https://t.me/vernak_news/1352", "telegram 1352 vernak_news");
        check("https://www.tiktok.com/@ana/video/123", "tiktok 123 ana");
        check("https://www.facebook.com/photo.php?fbid=102&set=a.1", "facebook 102 -");
        check("https://www.facebook.com/vernak", "");
        check("https://www.threads.net/@ana_ruo/post/C3abcDEf_gh?hl=en", "threads C3abcDEf_gh ana_ruo");
        check("https://www.threads.com/t/C3abcDEf_gh", "threads C3abcDEf_gh -");
        check("https://www.threads.net/@ana_ruo", "");
        check("https://embed.bsky.app/embed/did:plc:abc/app.bsky.feed.post/3kab?id=1", "bluesky 3kab -");
        check("javascript:void(0)", "");
    }

    #[test]
    fn counting_services_lead_on() {
        let post = "https://x.com/a/status/804286336471597056";
        assert_eq!(forwarded(&format!("https://go.example.com/?id=1&url={post}")).as_deref(), Some(post));
        let escaped = "https://go.example.com/?u=https%3A%2F%2Fx.com%2Fa%2Fstatus%2F804286336471597056&id=1";
        assert_eq!(forwarded(escaped).as_deref(), Some(post));
        assert_eq!(forwarded("https://go.example.com/?url=https://x.com/a"), None);
        assert_eq!(forwarded(post), None);
    }

    #[test]
    fn tracking_is_cut_off() {
        assert_eq!(
            without_tracking("https://x.com/a/status/1?ref_src=b&lang=fr"),
            "https://x.com/a/status/1?lang=fr"
        );
        assert_eq!(without_tracking("https://x.com/a/status/1?s=20"), "https://x.com/a/status/1");
    }
}
