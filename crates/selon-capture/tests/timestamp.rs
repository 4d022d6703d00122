//! Timestamps: samples made by others, and an authority that the test itself starts with openssl.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test says what it skips and stops where it fails"
)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::authority::Authority;
use selon_capture::Certificate;
use selon_capture::timestamp::{StampCheck, StampVerdict, StampedData, check_stamp, nonce_of_request};
use sha1::{Digest as _, Sha1};

fn codes(verdict: &StampVerdict) -> String {
    let codes: Vec<&str> = verdict.codes.iter().map(|(code, _)| code.as_str()).collect();
    codes.join(" ")
}

fn certificates(path: &Path) -> Vec<Certificate> {
    Certificate::parse_all(&fs::read(path).unwrap()).unwrap()
}

/// What the samples are held against: bytes, and a file of certificates as roots and others.
#[test]
fn samples_of_others() {
    let data = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/warc/rfc3161"));
    if !data.is_dir() {
        println!("skipped: {} is not there", data.display());
        return;
    }
    let check = |file: &str, data_of: StampedData, chain: Option<&str>, expected: &str| {
        let roots = chain.map_or(Vec::new(), |chain| certificates(&data.join(chain)));
        let check = StampCheck { data: data_of, others: roots.clone(), roots, ..StampCheck::default() };
        let verdict = check_stamp(&fs::read(data.join(file)).unwrap(), &check);
        assert_eq!(codes(&verdict), expected, "{file}: {verdict:?}");
        verdict
    };
    let hello = || StampedData::Bytes(b"hello".to_vec());
    let stage = Some("rfc3161-client/sigstage/ts_chain.pem");
    let sample = |name: &str| format!("rfc3161-client/sigstage/response-{name}.tsr");
    for name in ["sha256", "sha384", "sha512", "no-embedded-cert"] {
        assert!(check(&sample(name), hello(), stage, "stamp-revocation").is_right());
    }
    check(&sample("sha256"), hello(), None, "stamp-no-root");
    check(&sample("sha256"), StampedData::Unknown, stage, "stamp-data-absent stamp-revocation");
    check(&sample("sha256"), StampedData::Bytes(b"hallo".to_vec()), stage, "stamp-imprint stamp-revocation");
    check(&sample("invalid-signature"), hello(), stage, "stamp-signature stamp-revocation");
    check(&sample("no-embedded-cert"), hello(), None, "stamp-signer-absent");
    let mock = Some("rfc3161-client/sigstore.mock/ts_chain.pem");
    check(&sample("sha256"), hello(), mock, "stamp-chain");

    // Its signer has expired since: it was valid at the time of the stamp, which is what counts.
    let payload = fs::read(data.join("rfc3161-client/sigstore.mock/payload")).unwrap();
    let expired = "rfc3161-client/sigstore.mock/response-expired.tsr";
    assert!(check(expired, StampedData::Bytes(payload), mock, "stamp-revocation").is_right());

    // Whole chains of public authorities, ours to read and nobody's to trust here.
    for name in ["digicert", "rfc3161-client-issue-104", "valid_timestamp"] {
        let file = format!("auto-archiver/{name}.tsr");
        check(&file, StampedData::Unknown, None, "stamp-data-absent stamp-no-root");
    }
    check(
        "rfc3161-client/identrust/issue-104.tsr",
        StampedData::Unknown,
        None,
        "stamp-data-absent stamp-no-root",
    );
    let verdict =
        check("auto-archiver/self_signed.tsr", StampedData::Unknown, None, "stamp-data-absent stamp-no-root");
    assert_eq!(verdict.stamp.unwrap().time.to_string(), "2025-03-24T11:38:16Z");
}

const STAMPED: &[u8] = b"what was stamped\n";

/// A request with these options, and the answer of this section: both as bytes.
fn ask(authority: &Authority, options: &str, section: &str) -> (Vec<u8>, Vec<u8>) {
    let request = authority.request(STAMPED, options);
    let response = authority.answer(&request, section);
    (request, response)
}

/// A token over the same text, signed by another certificate with other options.
fn forge(authority: &Authority, signer: &str, options: &str) -> Vec<u8> {
    authority.openssl("ts -reply -in r.tsr -token_out -out t.tst");
    authority.openssl("cms -verify -noverify -inform DER -in t.tst -out info.der");
    authority.openssl(&format!(
        "cms -sign -binary -nodetach -econtent_type 1.2.840.113549.1.9.16.1.4 -in info.der -signer {signer}.pem -inkey {signer}.key -md sha256 -outform DER -out forged.tst{options}"
    ));
    fs::read(authority.path("forged.tst")).unwrap()
}

/// What is right of an answer: the data, the request's nonce, the root `ca`.
fn right(authority: &Authority, request: &[u8]) -> StampCheck {
    StampCheck {
        data: StampedData::Bytes(STAMPED.to_vec()),
        nonce: nonce_of_request(request),
        roots: certificates(&authority.path("ca.pem")),
        ..StampCheck::default()
    }
}

#[test]
fn an_answer_that_is_right() {
    let Some(authority) = Authority::start() else { return };
    let (request, response) = ask(&authority, "-sha256 -cert", "tsa1");
    let check = right(&authority, &request);
    assert!(check.nonce.is_some());
    let verdict = check_stamp(&response, &check);
    assert!(verdict.is_right() && codes(&verdict) == "stamp-revocation", "{verdict:?}");
    let stamp = verdict.stamp.unwrap();
    assert_eq!(stamp.accuracy.as_millis(), 1500);
    assert_eq!(stamp.policy, "1.3.6.1.4.1.99999.1.1");
    assert_eq!(stamp.signer.as_deref(), Some("Signer-tsa"));

    // Other hash functions, a second certificate beside the signer's, RSA and P-384 keys.
    let (request, response) = ask(&authority, "-sha512 -cert", "tsa1");
    assert!(check_stamp(&response, &right(&authority, &request)).is_right());
    let (request, response) = ask(&authority, "-sha256 -cert", "tsa2");
    assert!(check_stamp(&response, &right(&authority, &request)).is_right());
    for key in ["rsa:2048", "ec -pkeyopt ec_paramgen_curve:P-384"] {
        authority.signer("tsa", key, "stamping", "1825");
        let (request, response) = ask(&authority, "-sha256 -cert", "tsa1");
        let verdict = check_stamp(&response, &right(&authority, &request));
        assert!(verdict.is_right(), "{key}: {verdict:?}");
    }
}

#[test]
fn each_fault_has_its_code() {
    let Some(authority) = Authority::start() else { return };
    let (request, response) = ask(&authority, "-sha256 -cert", "tsa1");
    let good = right(&authority, &request);
    let check = |bytes: &[u8], check: &StampCheck, expected: &str| {
        let verdict = check_stamp(bytes, check);
        assert!(!verdict.is_right(), "{expected}");
        assert!(codes(&verdict).split(' ').any(|code| code == expected), "{expected}: {verdict:?}");
    };
    // 1: refused. 2: no token, or one that is cut.
    let (_, refused) = ask(&authority, "-sha256 -cert -tspolicy 1.2.3.4", "tsa1");
    check(&refused, &good, "stamp-refused");
    check(&response[..response.len() - 1], &good, "stamp-form");
    let (request, response) = ask(&authority, "-sha256 -cert", "tsa1");
    let good = right(&authority, &request);
    // 3 and 4: of other content; the answer to another request, or to none.
    check(
        &response,
        &StampCheck { data: StampedData::Bytes(b"x".to_vec()), ..good.clone() },
        "stamp-imprint",
    );
    check(&response, &StampCheck { data: StampedData::Digest(vec![0; 32]), ..good.clone() }, "stamp-imprint");
    check(&response, &StampCheck { nonce: Some(vec![1; 8]), ..good.clone() }, "stamp-nonce");
    // A digest that two contents can share shows neither, whoever computed it.
    let (request, weak) = ask(&authority, "-sha1 -cert", "tsa2");
    let digest = StampedData::Digest(Sha1::digest(STAMPED).to_vec());
    check(&weak, &StampCheck { data: digest, ..right(&authority, &request) }, "stamp-algorithm");
    // 5: another time under the same signature. 6: another signature.
    let mut later = response.clone();
    let time = later.windows(2).position(|bytes| bytes == [0x18, 0x0f]).unwrap() + 2;
    later[time + 3] ^= 1;
    check(&later, &good, "stamp-attributes");
    let mut other = response.clone();
    *other.last_mut().unwrap() ^= 1;
    check(&other, &good, "stamp-signature");
    // 7: signed by a certificate that is not the one named; none named.
    authority.signer("mail", "ec -pkeyopt ec_paramgen_curve:P-256", "both", "1825");
    check(&forge(&authority, "tsa", ""), &good, "stamp-signer");
    // 8: a certificate for other things too.
    check(&forge(&authority, "mail", " -cades"), &good, "stamp-purpose");
    // 9: another root of the same name, none, or one that had ended.
    authority.root("other", "ec -pkeyopt ec_paramgen_curve:P-256");
    let strangers = certificates(&authority.path("other.pem"));
    check(&response, &StampCheck { roots: strangers, ..good.clone() }, "stamp-chain");
    check(&response, &StampCheck { roots: Vec::new(), ..good.clone() }, "stamp-no-root");
    let signer_as_root = StampCheck { roots: certificates(&authority.path("tsa.pem")), ..good.clone() };
    check(&response, &signer_as_root, "stamp-chain");
    // 10.
    check(&response, &StampCheck { policies: vec!["1.2.3".into()], ..good.clone() }, "stamp-policy");
    let allowed = StampCheck { policies: vec!["1.3.6.1.4.1.99999.1.1".into()], ..good.clone() };
    assert!(check_stamp(&response, &allowed).is_right());

    // Without its certificate a token is not refused but left open, until that is given.
    let (request, bare) = ask(&authority, "-sha256", "tsa1");
    let open = right(&authority, &request);
    check(&bare, &open, "stamp-signer-absent");
    let given = StampCheck { others: certificates(&authority.path("tsa.pem")), ..open };
    assert!(check_stamp(&bare, &given).is_right());

    // No changed byte changes what a token that passes says: a few are under no signature (the
    // list of hash functions, parameters of algorithms), and nothing is taken from them.
    let said = check_stamp(&response, &good).stamp;
    let mut passed = 0;
    for at in 0..response.len() {
        let mut changed = response.clone();
        changed[at] ^= 1;
        let verdict = check_stamp(&changed, &good);
        passed += usize::from(verdict.is_right());
        assert!(!verdict.is_right() || verdict.stamp == said, "byte {at}: {verdict:?}");
    }
    assert!(passed < 40, "{passed}");

    // A certificate that had ended before the stamp.
    authority.signer("tsa", "ec -pkeyopt ec_paramgen_curve:P-256", "stamping", "0");
    std::thread::sleep(std::time::Duration::from_millis(2100));
    let (request, late) = ask(&authority, "-sha256 -cert", "tsa1");
    check(&late, &right(&authority, &request), "stamp-expired");
}

#[test]
fn a_root_is_trusted_because_it_was_named() {
    let Some(authority) = Authority::start() else { return };
    let (request, response) = ask(&authority, "-sha256 -cert", "tsa1");
    // The same root, which signed itself with SHA-1: what is under its own signature shows nothing.
    authority.openssl("x509 -in ca.pem -signkey ca.key -sha1 -days 3650 -out weak.pem");
    let weak = StampCheck { roots: certificates(&authority.path("weak.pem")), ..right(&authority, &request) };
    let verdict = check_stamp(&response, &weak);
    assert!(verdict.is_right(), "{verdict:?}");
}

#[test]
fn a_way_that_had_ended_does_not_hide_one_that_had_not() {
    let Some(authority) = Authority::start() else { return };
    let key = "ec -pkeyopt ec_paramgen_curve:P-256";
    // Signer, the key of `ca` twice as a certificate of `m`, `m`, and the root `other`.
    authority.root("other", key);
    authority.openssl(&format!(
        "req -new -newkey {key} -nodes -keyout m.key -out m.csr -subj /CN=M -config tsa.cnf"
    ));
    authority.openssl(
        "x509 -req -in m.csr -CA other.pem -CAkey other.key -CAcreateserial -out m.pem -days 1825 -extfile tsa.cnf -extensions ca",
    );
    authority.openssl("req -new -key ca.key -out cross.csr -subj /CN=Root-ca -config tsa.cnf");
    for (name, days) in [("valid", "1825"), ("ended", "0")] {
        authority.openssl(&format!(
            "x509 -req -in cross.csr -CA m.pem -CAkey m.key -CAcreateserial -out {name}.pem -days {days} -extfile tsa.cnf -extensions ca"
        ));
    }
    std::thread::sleep(std::time::Duration::from_millis(2100));
    let (request, response) = ask(&authority, "-sha256 -cert", "tsa1");
    let roots = certificates(&authority.path("other.pem"));
    let through = |names: &[&str]| {
        let others = names.iter().flat_map(|name| certificates(&authority.path(&format!("{name}.pem"))));
        let check =
            StampCheck { roots: roots.clone(), others: others.collect(), ..right(&authority, &request) };
        codes(&check_stamp(&response, &check))
    };
    assert_eq!(through(&["ended", "m"]), "stamp-expired");
    assert_eq!(through(&["ended", "valid", "m"]), "stamp-revocation");
    assert_eq!(through(&["valid", "ended", "m"]), "stamp-revocation");
    assert_eq!(through(&["valid", "ended"]), "stamp-chain");
}

#[test]
fn an_extension_that_is_critical_and_not_known_is_not_passed_over() {
    let Some(authority) = Authority::start() else { return };
    let (request, _) = ask(&authority, "-sha256 -cert", "tsa1");
    let good = right(&authority, &request);
    forge(&authority, "tsa", " -cades");
    let info = fs::read(authority.path("info.der")).unwrap();
    let content = if info[1] == 0x81 { &info[3..] } else { &info[2..] };
    for (critical, expected) in [(0xff, "stamp-extension"), (0, "")] {
        // [1] { SEQUENCE { OID 1.2.3.4, BOOLEAN, OCTET STRING } }
        let extension = [0xa1, 12, 0x30, 10, 0x06, 3, 0x2a, 3, 4, 0x01, 1, critical, 0x04, 0];
        let longer = [content, &extension].concat();
        assert!((128..256).contains(&longer.len()), "{}", longer.len());
        let whole = [&[0x30, 0x81, longer.len() as u8], &longer[..]].concat();
        fs::write(authority.path("info.der"), whole).unwrap();
        authority.openssl(
            "cms -sign -binary -nodetach -econtent_type 1.2.840.113549.1.9.16.1.4 -in info.der -signer tsa.pem -inkey tsa.key -md sha256 -outform DER -out forged.tst -cades",
        );
        let verdict = check_stamp(&fs::read(authority.path("forged.tst")).unwrap(), &good);
        let said = codes(&verdict);
        assert_eq!(said.split(' ').any(|code| code == "stamp-extension"), !expected.is_empty(), "{said}");
        assert_eq!(verdict.is_right(), expected.is_empty(), "{verdict:?}");
    }
}
