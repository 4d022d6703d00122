//! How much a reader takes from outside bytes before it says so and stops.
//!
//! Every loop over bytes from the world is bounded by a number of this page, so that a hostile
//! file costs what a large one costs. All can be set; the defaults suit an archive desk.

/// Limits of the readers. Sizes are bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// WARC record header, with its version line.
    pub header: usize,
    /// Fields in a WARC record header.
    pub header_fields: usize,
    /// HTTP message head.
    pub http_head: usize,
    /// HTTP chunk-size line and one trailer line.
    pub chunk_line: usize,
    /// One record's block. It is streamed, never held.
    pub block: u64,
    /// Payload kept in memory for reading, before and after content-coding is removed.
    pub payload: u64,
    /// What removing content-codings may give.
    pub decoded: u64,
    /// Largest ratio of decoded to stored bytes, judged once `decoded_free` is passed.
    pub decoded_ratio: u64,
    /// Decoded bytes before the ratio is judged.
    pub decoded_free: u64,
    /// Content-codings on top of each other.
    pub layers: usize,
    /// gzip member header, with its optional fields.
    pub gzip_header: usize,
    /// Bytes that may be read a second time while looking for the next record after damage,
    /// beyond twice the length of the file.
    pub rescan: u64,
    /// One line of an index.
    pub line: usize,
    /// A signed note, and a key.
    pub note: u64,
    /// A tile, or a bundle of entries: 256 of at most 65,535 bytes and their lengths.
    pub tile: u64,
    /// A file of manifests, 256 lines; also one of what is kept apart of collectors.
    pub manifests: u64,
    /// Entries of a ZIP container.
    pub zip_entries: u64,
    /// The directory of a ZIP container; also an index that the container holds compressed.
    pub zip_directory: u64,
    /// A JSON file in a container.
    pub json: u64,
    /// An index, unpacked.
    pub index: u64,
}

const KIB: usize = 1024;
const MIB: u64 = 1024 * 1024;

impl Default for Limits {
    fn default() -> Self {
        Limits {
            header: 64 * KIB,
            header_fields: 256,
            http_head: 256 * KIB,
            chunk_line: 4 * KIB,
            block: 4096 * MIB,
            payload: 64 * MIB,
            decoded: 64 * MIB,
            decoded_ratio: 200,
            decoded_free: MIB,
            layers: 3,
            gzip_header: 64 * KIB,
            rescan: 64 * MIB,
            line: 1024 * KIB,
            note: 64 * KIB as u64,
            tile: 16 * MIB + 512,
            manifests: 64 * MIB,
            zip_entries: 100_000,
            zip_directory: 64 * MIB,
            json: 16 * MIB,
            index: 4096 * MIB,
        }
    }
}
