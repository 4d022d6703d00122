//! The stable codes of what can be said about a record, a file or an archive.
//!
//! A code is for programs and for looking things up; the sentence beside it is for people. Codes
//! are never renamed.

use std::fmt;

use serde::{Serialize, Serializer};

/// How much a code weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Said, and nothing fails.
    Note,
    /// Cannot be checked: neither right nor wrong.
    Unverifiable,
    /// Does not verify.
    Failure,
}

macro_rules! codes {
    ($($name:ident $text:literal $weight:ident $sentence:literal;)*) => {
        /// What is said about a record, a file or an archive.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $sentence] $name,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &[Code] = &[$(Code::$name,)*];

            /// The code as written.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text,)* }
            }

            /// How much it weighs.
            pub fn weight(self) -> Weight {
                match self { $(Code::$name => Weight::$weight,)* }
            }

            /// What it means, as a sentence.
            pub fn sentence(self) -> &'static str {
                match self { $(Code::$name => $sentence,)* }
            }
        }
    };
}

codes! {
    // Records that do not verify.
    BlockDigest "block-digest" Failure "The stored content differs from the digest recorded with it: it was changed or damaged after it was recorded.";
    PayloadDigest "payload-digest" Failure "The page or file inside the record differs from the digest recorded for it.";
    Payload "payload" Failure "The transfer coding of the stored message is not valid, so the page or file inside it cannot be cut out; the record itself is as it was stored.";
    Truncated "truncated" Failure "The file ends before this record does: part of it is missing.";
    NoRecordEnd "no-record-end" Failure "The record is not followed by the two line ends that must close it: its stated length is wrong or bytes were added or removed.";
    AmbiguousLength "ambiguous-length" Failure "The record states two different lengths, so two readers could see two different contents.";
    AmbiguousField "ambiguous-field" Failure "The record states two different values in a header field that may stand once (type, id, date, address, digest or what it refers to), so two readers could see two different records.";
    RevisitDigest "revisit-digest" Failure "The record says that its content is the same as that of an earlier record, and the digests of the two differ: it is not the same.";
    BadLength "bad-length" Failure "The record states no usable length.";
    BadHeader "bad-header" Failure "The record's header is not valid.";
    BadLineEnds "bad-line-ends" Failure "The lines of the record's header end in CR CR LF, as a copy in text mode leaves them: the header has no end and the stated length no longer fits.";
    HeaderLimit "header-limit" Failure "The record's header is longer than any real one; it was not read.";
    NulInHeader "nul-in-header" Failure "The record's header holds a NUL character, on which readers differ.";
    BlockLimit "block-limit" Failure "The record is larger than the limit for one record; it was not read to its end.";
    GzipDamaged "gzip-damaged" Failure "The compressed data of this record are damaged.";
    NotARecord "not-a-record" Failure "The compressed data hold no WARC record.";
    Garbage "garbage" Failure "These bytes belong to no record.";
    RescanLimit "rescan-limit" Failure "The file is damaged in so many places that the rest was not searched for records.";
    // Containers that do not verify.
    ZipBad "zip-bad" Failure "The ZIP container is damaged, so that what it holds cannot be told.";
    ZipName "zip-name" Failure "The name of an entry leads out of the container, or programs read it differently.";
    ZipDuplicate "zip-duplicate" Failure "Two entries have the same name: programs differ on which of them they show.";
    ZipOverlap "zip-overlap" Failure "Entries of the container overlap: one stretch of bytes stands for two contents.";
    ZipDisagrees "zip-disagrees" Failure "The container says two different things of an entry: programs that read the one or the other see different contents.";
    ZipStrayBytes "zip-stray-bytes" Failure "The container holds bytes that belong to no entry.";
    ZipMethod "zip-method" Failure "An entry is encrypted or packed in a way that the format does not allow.";
    ZipBomb "zip-bomb" Failure "An entry would grow beyond any real file when it is unpacked; it was not unpacked.";
    ZipLimit "zip-limit" Failure "The container holds more entries than any real one; it was not read.";
    WaczVersion "wacz-version" Failure "The package states no version of WACZ that is known, or two that contradict each other: the rules that it keeps are not known.";
    WaczDescription "wacz-description" Failure "The package's description of itself is not valid.";
    WaczIncomplete "wacz-incomplete" Failure "The package lacks what it promises or must hold.";
    WaczHash "wacz-hash" Failure "The content of a file in the package differs from the digest that seals it: it was changed or damaged after it was packed.";
    WaczUnlisted "wacz-unlisted" Failure "A file among the package's records, indexes or pages is not listed in its description: no seal covers it.";
    WaczSignatureWrong "wacz-signature-wrong" Failure "The signature that the package carries is not that of the key beside it, over the package's hash.";
    KitChanged "kit-changed" Failure "The kit is not as it was made: a file differs from the list of digests, is absent or one too many, or the list is not the one that was logged.";
    ProofBad "proof-bad" Failure "A capture was handed out with a proof that does not lead from it to the signed log: it, or the proof, was changed after it was handed out.";
    ProofOfOther "proof-of-other" Failure "What the log proves and what was handed out are not the same: a record that a manifest names is absent or differs.";
    WaczHashKind "wacz-hash-kind" Unverifiable "A file of the package is listed with a digest that is not SHA-256, which the format demands: it was not checked, and no seal covers the file.";
    WaczSignatureKind "wacz-signature-kind" Note "The package carries a signature of a kind that is not checked here: it counts for nothing.";
    WaczIndexDetail "wacz-index-detail" Note "Lines of the index give another time, status or media type than the records that they lead to.";
    WaczPageTime "wacz-page-time" Note "The list of pages gives pages another time than the records of their addresses have.";
    WaczDeflated "wacz-deflated" Failure "Records or an index are compressed a second time by the container, so that the index cannot address them.";
    WaczIndex "wacz-index" Failure "The index leads elsewhere than it says: what is shown for an address would not be what was recorded for it.";
    WaczPage "wacz-page" Failure "A line of the list of pages is not valid.";
    WaczPageAbsent "wacz-page-absent" Failure "The list of pages names a page of which the package holds no record.";
    WaczLimit "wacz-limit" Failure "A part of the package is larger than any real one; it was not read.";
    // Timestamps that do not verify: the ten steps of docs/formats/timestamp.md.
    StampRefused "stamp-refused" Failure "The authority did not give a timestamp: its answer is a refusal.";
    StampForm "stamp-form" Failure "This is no valid timestamp: its form is not that of RFC 3161.";
    StampImprint "stamp-imprint" Failure "The timestamp is of other content than this.";
    StampNonce "stamp-nonce" Failure "The timestamp does not answer the request: it carries another random number, or none.";
    StampAttributes "stamp-attributes" Failure "What the authority signed does not agree with what the timestamp says: it was changed after it was signed.";
    StampSignature "stamp-signature" Failure "The signature under the timestamp is not that of the authority's key.";
    StampSigner "stamp-signer" Failure "The timestamp was not signed by the certificate that it names, or names none.";
    StampPurpose "stamp-purpose" Failure "The certificate of whoever signed the timestamp is not one for timestamping alone.";
    StampChain "stamp-chain" Failure "The certificate of whoever signed the timestamp does not lead to an authority that is trusted here.";
    StampExpired "stamp-expired" Failure "A certificate between the timestamp and the trusted authority was not valid at the time that the timestamp states.";
    StampAbsent "stamp-absent" Failure "A timestamp that a manifest names is no longer there, or is another.";
    StampExtension "stamp-extension" Failure "The timestamp carries an extension that is marked critical and is not known here, so that what it says may not be taken as it stands.";
    StampPolicy "stamp-policy" Failure "The timestamp was given under a policy that is not allowed here.";
    // Records that cannot be verified.
    DigestNone "digest-none" Unverifiable "The record carries no digest, so nothing shows whether its content was changed.";
    DigestUnknown "digest-unknown" Unverifiable "The record's digest is of a kind that cannot be checked here.";
    RevisitTargetAbsent "revisit-target-absent" Unverifiable "The record says that the content was the same as that of an earlier record, which is not in this file: the content itself cannot be shown from it.";
    RevisitProfile "revisit-profile" Unverifiable "The record refers to an earlier one in a way that is not known here.";
    UnsupportedCompression "unsupported-compression" Unverifiable "The file is compressed with LZ4 or Zstandard, which is not read here: unpack it first, then verify what comes out.";
    NotEvidence "not-evidence" Unverifiable "The file is of no kind that can be verified: it is no WARC, ARC or WACZ file, no timestamp and no part of a log.";
    NoRecords "no-records" Unverifiable "The file holds no record, so there is nothing to verify.";
    WaczUnsealed "wacz-unsealed" Unverifiable "The package is of a version that needs no seal over its description, and has none: nothing shows that the description and what it lists were not changed together.";
    Unproved "unproved" Unverifiable "Captures were handed out with proofs of the log, and for this record there is none: nothing shows that it came from there.";
    ProofAlone "proof-alone" Unverifiable "This is a proof that a leaf is in a log. What it is a proof of, the manifest, is another file, so that only the checkpoint in it was checked.";
    StampDataAbsent "stamp-data-absent" Unverifiable "What was stamped was not given, so that the timestamp was held against nothing: name it with --data or --digest.";
    StampAlgorithm "stamp-algorithm" Unverifiable "The timestamp uses a hash function or a kind of key that is not checked here.";
    StampSignerAbsent "stamp-signer-absent" Unverifiable "The timestamp carries no certificate, and that of its signer was not given: name it with --untrusted.";
    StampNoRoot "stamp-no-root" Unverifiable "No authority is trusted here, so that nothing shows who signed the timestamp: name the authority's root certificate with --roots.";
    KeyUnknown "key-unknown" Unverifiable "The public key of whoever signed this is not known here, so the signature was not checked.";
    // Notes.
    Stamped "stamped" Note "What was stamped existed at the stated time, says an authority that is trusted here.";
    StampStranger "stamp-stranger" Note "The timestamp is by an authority that is not among those trusted here: it counts for nothing here.";
    StampsOwnList "stamps-own-list" Note "Timestamps were held against the archive's own list of authorities: hold them against a list of yours with --trust.";
    NotSealed "not-sealed" Note "The newest entries are in no checkpoint that enough authorities have stamped: selon seal asks them.";
    StampRevocation "stamp-revocation" Note "Whether a certificate was revoked before the timestamp was given was not checked: that needs a list from the authority.";
    ByFileHash "by-file-hash" Note "The record carries no digest of its own; the digest of the whole file that it lies in covers it.";
    WaczSignature "wacz-signature" Note "The package carries a signature that agrees with the key beside it. Whose key that is was held against nothing that is trusted here, and the signature speaks for this one package only.";
    WaczExtra "wacz-extra" Note "A file of the package that no reader of records looks at is not listed in its description.";
    WaczIndexIncomplete "wacz-index-incomplete" Note "Records of the package are in none of its indexes, so that a reader does not find them.";
    ZipComment "zip-comment" Note "The container carries a comment.";
    DigestOfBlock "digest-of-block" Note "The digest given for the page or file is that of the whole record, repeated.";
    KeyBesideIt "key-beside-it" Note "The public key was taken from beside the file: hold it against one that you have from elsewhere.";
    PayloadOnly "payload-only" Note "Only the page or file is protected by a digest; the message headers stored with it are not.";
    DigestOverChunked "digest-over-chunked" Note "The digest was made over the message as transferred, not over the page inside it, as some tools do; it agrees.";
    DecodeLimit "decode-limit" Note "Unpacking the page was stopped at a limit, since it grows beyond any real page; the record is kept as stored.";
    DecodeFault "decode-fault" Note "The page's content coding is damaged or not known here; the record is kept as stored.";
    NotHttp "not-http" Note "The record is said to be an HTTP message but does not begin with a valid head; it is taken as it is.";
    NotChunked "not-chunked" Note "The message is said to be chunked but is not: some tools store it so.";
    PayloadCut "payload-cut" Note "The message ends before it says it does: the server or the connection stopped there.";
    CutByCollector "cut-by-collector" Note "Whoever made the record says that it was cut (WARC-Truncated).";
    Segment "segment" Note "The record is one part of a larger one (WARC-Segment-Number); the other parts are records of their own, and a digest of the whole was not checked.";
    NotPerRecordGzip "not-per-record-gzip" Note "Several records share one compressed member, so offsets do not address them.";
    Padding "padding" Note "Zero bytes follow the last record.";
    EmptyMember "empty-member" Note "An empty compressed member stands between records.";
    LfOnly "lf-only" Note "Header lines end with LF alone instead of CR LF, as old tools write them.";
    RecordEndShort "record-end-short" Note "A line end is missing after the record, as some tools write it; the record itself is whole.";
    ExtraNewlines "extra-newlines" Note "Empty lines stand between records.";
    TypeSkipped "type-skipped" Note "The record is of a type that is not known here; its content was not interpreted.";
    UnknownVersion "unknown-version" Note "The record is of another WARC version than 1.0 and 1.1.";
    RepeatedField "repeated-field" Note "A header field that may stand once stands twice.";
    NotUtf8 "not-utf8" Note "The record's header is not valid UTF-8; it is shown with replacement characters.";
    DateMissing "date-missing" Note "The record states no valid date.";
    IdMissing "id-missing" Note "The record has no id (WARC-Record-ID), which every record must have: nothing can refer to it.";
    IdRepeated "id-repeated" Note "The record has the id of another record: what refers to that id can mean either.";
    TargetMissing "target-missing" Note "The record has no address (WARC-Target-URI), which a record of its type must have.";
    BidiInUri "bidi-in-uri" Note "The address holds characters that turn the direction of writing around; they are shown escaped.";
    SupportNoDigest "support-no-digest" Note "A record of no content of its own (file information, request, metadata) carries no digest.";
    // Archives.
    CheckpointMissing "checkpoint-missing" Failure "The archive has no checkpoint: nothing states how many entries its log has.";
    CheckpointBad "checkpoint-bad" Failure "The checkpoint is not valid text, or its signature is not that of the archive's key: it was changed after it was signed.";
    KeyBad "key-bad" Failure "The archive's public key file is damaged or is not the key that the log began with.";
    RootDiffers "root-differs" Failure "The log's entries do not give the root that the signed checkpoint states: entries were changed, removed or reordered.";
    EntryDiffers "entry-differs" Failure "An entry of the log differs from its hash in the log's tree.";
    TileDiffers "tile-differs" Failure "A tile of the log's tree differs from what its entries give.";
    CheckpointInconsistent "checkpoint-inconsistent" Failure "An older signed checkpoint states another beginning of the log than the log has now: entries were changed, removed or reordered after it was signed.";
    RolledBack "rolled-back" Failure "An older signed checkpoint covers more entries than the log has now: entries were removed.";
    EntryTakenOut "entry-taken-out" Failure "An entry that the older copy of the log has is no longer in the log: it was taken out.";
    EntryReplaced "entry-replaced" Failure "An entry that the older copy of the log has is no longer in the log, and another stands in its place: it was changed.";
    EntryMoved "entry-moved" Failure "An entry stands elsewhere among the others than in the older copy of the log: entries were reordered.";
    Forked "forked" Failure "The log and its older copy share a beginning and then go different ways, both signed by the same key: there are two histories.";
    TileMissing "tile-missing" Failure "A tile or entry bundle that the checkpoint covers is missing.";
    ManifestDiffers "manifest-differs" Failure "A manifest differs from its entry in the log: it was changed after it was logged.";
    ManifestMissing "manifest-missing" Failure "A manifest that the checkpoint covers is missing.";
    ManifestBad "manifest-bad" Failure "A manifest agrees with the log but cannot be read.";
    RecordMissing "record-missing" Failure "A record named by the log is not in the archive where it was written.";
    RecordDiffers "record-differs" Failure "A stored record differs from what the log says of it: it was changed after it was logged.";
    ImportDiffers "import-differs" Failure "An imported file differs from what the log says of it: it was changed after it was logged.";
    ErasedWithoutOrder "erased-without-order" Failure "A manifest is said to be erased, but the log holds no order that names it.";
    RestrictedDiffers "restricted-differs" Failure "What is kept apart of a collector differs from what the log says of it.";
    Unlogged "unlogged" Failure "A record of the archive is in no entry of the log: it was added past the log.";
    ImportFailed "import-failed" Note "An imported file did not verify by its own digests when it was received: it is kept as it came, and what does not stand in it is not cited. selon verify on that file says more.";
    Erased "erased" Note "The content was erased on order; it is not damaged. The log says who ordered it, when and why.";
    ErasureUnfinished "erasure-unfinished" Note "An erasure was ordered and is not closed: the next command that writes goes on with it.";
    RestrictedAbsent "restricted-absent" Note "What is known of the collector is kept apart and is not here: it was withheld.";
    ManifestKind "manifest-kind" Note "A manifest is of a kind that this version does not know: that it was logged is checked, what it says is not.";
    UncommittedTail "uncommitted-tail" Note "Bytes stand after the last logged item: a write was interrupted before it was acknowledged, or is going on. Nothing acknowledged is missing; the next write moves them to the damage folder.";
    UnloggedFile "unlogged-file" Note "A file lies in the archive that the log does not name; it is no evidence.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
