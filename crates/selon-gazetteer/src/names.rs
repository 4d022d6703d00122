//! Sorts the names of a gazetteer in bounded memory.
//!
//! Names are kept until a run is full; a full run is sorted and, where there is room outside
//! of memory, put away. In the end the runs are merged: every name comes once for each
//! place, in the order of its bytes, as the FST wants them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

/// A folded name, the id of its place, its posting flags.
pub(crate) type Name = (String, u32, u8);

/// Names of a run.
const RUN: usize = 1_000_000;

/// Makes an empty file that only this program sees.
pub(crate) type Spill = Box<dyn Fn() -> io::Result<File>>;

#[derive(Default)]
pub(crate) struct Names {
    run: Vec<Name>,
    spilled: Vec<File>,
    spill: Option<Spill>,
}

impl Names {
    pub(crate) fn spilling(spill: Spill) -> Names {
        Names { spill: Some(spill), ..Names::default() }
    }

    /// A place to put away what is too large to keep.
    pub(crate) fn file(&self) -> io::Result<Option<File>> {
        self.spill.as_ref().map(|spill| spill()).transpose()
    }

    pub(crate) fn push(&mut self, key: String, id: u32, flags: u8) -> io::Result<()> {
        if key.is_empty() || key.len() > usize::from(u16::MAX) {
            return Ok(());
        }
        self.run.push((key, id, flags));
        if self.run.len() < RUN {
            return Ok(());
        }
        let Some(file) = self.file()? else { return Ok(()) };
        sort(&mut self.run);
        let mut out = BufWriter::new(file);
        for (key, id, flags) in self.run.drain(..) {
            out.write_all(&(key.len() as u16).to_le_bytes())?;
            out.write_all(key.as_bytes())?;
            out.write_all(&id.to_le_bytes())?;
            out.write_all(&[flags])?;
        }
        let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        self.spilled.push(file);
        Ok(())
    }

    /// All names in order, each once for a place.
    pub(crate) fn merged(&mut self) -> io::Result<Merged> {
        sort(&mut self.run);
        let mut runs: Vec<Run> =
            self.spilled.drain(..).map(|file| Run::File(BufReader::with_capacity(1 << 18, file))).collect();
        runs.push(Run::Memory(std::mem::take(&mut self.run).into_iter()));
        let mut heap = BinaryHeap::new();
        for (index, run) in runs.iter_mut().enumerate() {
            heap.extend(run.next()?.map(|name| Reverse((ordered(name), index))));
        }
        Ok(Merged { runs, heap, last: None })
    }
}

/// The preferred of two equal names comes first and is the one that stays.
fn sort(names: &mut Vec<Name>) {
    names.sort_unstable_by(|a, b| (&a.0, a.1, b.2).cmp(&(&b.0, b.1, a.2)));
    names.dedup_by(|a, b| a.0 == b.0 && a.1 == b.1);
}

type Ordered = (String, u32, Reverse<u8>);

fn ordered((key, id, flags): Name) -> Ordered {
    (key, id, Reverse(flags))
}

enum Run {
    Memory(std::vec::IntoIter<Name>),
    File(BufReader<File>),
}

impl Run {
    fn next(&mut self) -> io::Result<Option<Name>> {
        let file = match self {
            Run::Memory(names) => return Ok(names.next()),
            Run::File(file) => file,
        };
        let mut length = [0; 2];
        match file.read_exact(&mut length) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            other => other?,
        }
        let mut rest = vec![0; usize::from(u16::from_le_bytes(length)) + 5];
        file.read_exact(&mut rest)?;
        let at = rest.len() - 5;
        let id = u32::from_le_bytes([rest[at], rest[at + 1], rest[at + 2], rest[at + 3]]);
        let flags = rest[at + 4];
        rest.truncate(at);
        let key = String::from_utf8(rest).map_err(io::Error::other)?;
        Ok(Some((key, id, flags)))
    }
}

/// Names in order.
pub(crate) struct Merged {
    runs: Vec<Run>,
    heap: BinaryHeap<Reverse<(Ordered, usize)>>,
    last: Option<(String, u32)>,
}

impl Merged {
    pub(crate) fn next(&mut self) -> io::Result<Option<Name>> {
        while let Some(Reverse(((key, id, flags), index))) = self.heap.pop() {
            self.heap.extend(self.runs[index].next()?.map(|name| Reverse((ordered(name), index))));
            if self.last.as_ref().is_some_and(|(last, of)| *last == key && *of == id) {
                continue;
            }
            self.last = Some((key.clone(), id));
            return Ok(Some((key, id, flags.0)));
        }
        Ok(None)
    }
}
