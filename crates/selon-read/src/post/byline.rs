//! Bylines that a platform writes under a post: "A post shared by Name (@name) on …".

use crate::pack::{PackFiles, PacksError};

/// The words before the name, in all languages (`packs/page/post_bylines.tsv`).
#[derive(Clone, Debug, Default)]
pub(crate) struct Bylines {
    cues: Vec<String>,
}

impl Bylines {
    pub(crate) fn load(files: &PackFiles<'_>) -> Result<Self, PacksError> {
        let mut bylines = Bylines::default();
        for row in files.table("post_bylines.tsv")?.rows() {
            bylines.cues.push(row.required("cue")?.to_owned());
        }
        bylines.cues.sort_by_key(|cue| std::cmp::Reverse(cue.len()));
        Ok(bylines)
    }

    /// The name between a known cue and the handle; `None` where the cue is not known: a wrong
    /// name would be worse than none.
    pub(crate) fn name<'l>(&self, line: &'l str) -> Option<&'l str> {
        let end = line.rfind("(@")?;
        let head = line[..end].trim();
        let cue = self.cues.iter().find(|cue| head.starts_with(cue.as_str()))?;
        let rest = &head[cue.len()..];
        let name = rest.trim();
        (rest.starts_with(char::is_whitespace) && !name.is_empty()).then_some(name)
    }

    /// The handle behind a known cue where no name stands: "A post shared by @name".
    pub(crate) fn handle<'l>(&self, line: &'l str) -> Option<&'l str> {
        let line = line.trim();
        let cue = self.cues.iter().find(|cue| line.starts_with(cue.as_str()))?;
        let handle = line[cue.len()..].trim_start().strip_prefix('@')?;
        let end = handle.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.')));
        let handle = handle[..end.unwrap_or(handle.len())].trim_end_matches('.');
        (1..=64).contains(&handle.len()).then_some(handle)
    }
}
