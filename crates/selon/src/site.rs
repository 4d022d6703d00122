//! The read pages of an archive as files: a folder that needs no server and no script.
//!
//! Same archive, same language: same bytes.

use std::fs;
use std::path::Path;

use selon_model::{Error, Kind, Result};

use crate::archive::Archive;
use crate::page::{Linking, Page, Words, pages::Pages};

/// Folders of a site beside its start page.
const FOLDERS: [&str; 4] = ["compare", "report", "story", "verify"];

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Pages of reports.
    pub reports: usize,
    /// Pages of stories.
    pub stories: usize,
    /// Receipts.
    pub captures: usize,
}

/// Writes the site of `archive` into `folder`.
///
/// # Errors
/// `Refused` where the folder holds something that is no site, `Unavailable` where the archive is
/// not read to its end; where the folder cannot be written.
pub fn write(archive: &Archive, folder: &Path, words: &'static Words) -> Result<Written> {
    let waiting = archive.not_yet_derived()?;
    if waiting > 0 {
        let what = format!("{waiting} leaves of the log are not read yet; selon rebuild reads them");
        return Err(Error::new(Kind::Unavailable, what));
    }
    prepare(folder)?;
    let pages = Pages { archive, words, linking: Linking::Files };
    let mut written = Written::default();
    let stories = archive.stories()?;
    for view in &stories {
        put(folder, "story", &view.story.id.to_string(), &pages.story_of(view)?)?;
        written.stories += 1;
        for ids in Pages::compared(view) {
            if let Some(page) = pages.compare_in(ids, Some(view))? {
                put(folder, "compare", &format!("{}-{}", ids[0], ids[1]), &page)?;
            }
        }
    }
    for (capture, _) in archive.captures()? {
        if let Some(page) = pages.evidence(&capture.id)? {
            put(folder, "verify", &capture.id.to_string(), &page)?;
            written.captures += 1;
        }
    }
    for head in archive.heads()? {
        if let Some(page) = pages.report(&head.id)? {
            put(folder, "report", &head.id.to_string(), &page)?;
            written.reports += 1;
        }
    }
    // The start page last: where it stands, the site is whole.
    save(&folder.join("index.html"), &pages.start_of(&stories)?.html)?;
    Ok(written)
}

/// Makes the folders, and takes away pages of an earlier site. What else lies in the folder is
/// left alone.
fn prepare(folder: &Path) -> Result<()> {
    let index = folder.join("index.html");
    if let Some(foreign) = foreign(folder) {
        let what = format!("{} is no page of Selon; name another folder", foreign.display());
        return Err(Error::new(Kind::Refused, what));
    }
    for name in FOLDERS {
        let part = folder.join(name);
        let failed = |error| {
            Error::because(Kind::Unavailable, format!("cannot make folder {}", part.display()), error)
        };
        fs::create_dir_all(&part).map_err(failed)?;
        for entry in fs::read_dir(&part).map_err(failed)?.flatten() {
            fs::remove_file(entry.path()).map_err(failed)?;
        }
    }
    if index.exists() {
        let failed =
            |error| Error::because(Kind::Unavailable, format!("cannot replace {}", index.display()), error);
        fs::remove_file(&index).map_err(failed)?;
    }
    Ok(())
}

/// Something that stands where a page would, and is none of ours.
fn foreign(folder: &Path) -> Option<std::path::PathBuf> {
    let index = folder.join("index.html");
    // A link would be followed out of the folder.
    if index.is_symlink()
        || index.exists() && !fs::read_to_string(&index).is_ok_and(|text| text.contains("content=\"selon "))
    {
        return Some(index);
    }
    FOLDERS.iter().find_map(|name| {
        let part = folder.join(name);
        if part.is_symlink() || part.exists() && !part.is_dir() {
            return Some(part);
        }
        let entries = fs::read_dir(&part).ok()?;
        entries.flatten().map(|entry| entry.path()).find(|path| !is_page(path))
    })
}

/// A file that is called like a page of ours: `ID.html`, or `ID-ID.html`.
fn is_page(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(".html"));
    let is_id = |id: &str| id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    path.is_file() && name.is_some_and(|name| name.split('-').count() <= 2 && name.split('-').all(is_id))
}

fn put(folder: &Path, noun: &str, id: &str, page: &Page) -> Result<()> {
    save(&folder.join(noun).join(format!("{id}.html")), &page.html)
}

fn save(path: &Path, html: &str) -> Result<()> {
    fs::write(path, html)
        .map_err(|error| Error::because(Kind::Unavailable, format!("cannot write {}", path.display()), error))
}
