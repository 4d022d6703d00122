//! `selon figures`

use anyhow::Result;
use selon_model::CodingRule;

use super::place::Place;
use super::{Exit, output};
use crate::archive::AnyId;
use crate::{record, view};

/// Arguments of `figures`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  selon figures                   figures of every story that several reports tell
  selon figures --story 4c19      of one story
  selon figures --jsonl           series and pairs (selon.series/1, selon.pair/1)
  selon figures --rule ucdp       with the numbers that coders would keep (selon.coded/1)

No figure is chosen as true: each stands beside the others, with who says it. A rule makes one
number of them, and says of which: acled-conservative (the least), ucdp (low, best, high).")]
pub(crate) struct Args {
    /// One story only
    #[arg(long, value_name = "ID")]
    story: Option<String>,
    /// Print one JSON document a line
    #[arg(long)]
    jsonl: bool,
    /// Add the numbers that a rule derives for people killed
    #[arg(long, value_name = "RULE", value_parser = coding_rule)]
    rule: Option<CodingRule>,
    #[command(flatten)]
    place: Place,
}

/// The rule of a name.
pub(super) fn coding_rule(name: &str) -> Result<CodingRule, String> {
    CodingRule::of(name).ok_or_else(|| {
        let known: Vec<&str> = CodingRule::ALL.into_iter().map(CodingRule::name).collect();
        format!("there is no rule of that name; there are {}", known.join(", "))
    })
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let archive = args.place.open()?;
    let only = match &args.story {
        None => None,
        Some(id) => match archive.resolve(id)? {
            AnyId::Story(id) => Some(id),
            _ => anyhow::bail!("{id} is not a story; selon stories lists them"),
        },
    };
    let stories = archive.stories()?;
    let mut out = output::open(None)?;
    let mut shown = 0;
    for story in stories.iter().filter(|view| match only {
        Some(id) => view.story.id == id,
        None => view.story.members.len() > 1,
    }) {
        if args.jsonl {
            for series in &story.series {
                output::json_line(&mut out, &record::series(story, series))?;
            }
            for pair in &story.pairs {
                output::json_line(&mut out, &record::pair(story, pair))?;
            }
            if let Some(rule) = args.rule {
                for coded in story.coded(rule, &archive.members(story)?) {
                    output::json_line(&mut out, &record::coded(story, &coded))?;
                }
            }
            shown += 1;
            continue;
        }
        let text = view::figures::story(&archive, story, args.rule)?;
        if !text.is_empty() {
            if shown > 0 {
                writeln!(out)?;
            }
            out.write_all(text.as_bytes())?;
            shown += 1;
        }
    }
    if shown == 0 && !args.jsonl {
        writeln!(out, "no figures to set side by side")?;
    }
    out.flush()?;
    Ok(Exit::Ok)
}
