//! Reading DER (X.690, section 10) as slices of the input.
//!
//! Signatures and digests are over bytes as they were sent, so everything here stays a slice of
//! them: nothing is decoded and encoded again. Definite lengths in their shortest form only; what
//! else there is in BER is refused. Nothing is allocated.

/// Tags met in certificates and timestamps.
pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// A context-specific constructed tag.
pub(crate) const fn context(number: u8) -> u8 {
    0xa0 | number
}

/// One element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    /// Its content.
    pub(crate) content: &'a [u8],
    /// Tag, length and content.
    pub(crate) raw: &'a [u8],
}

/// Elements one after another. Every step gives `None` where the bytes are not what is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Reader(bytes)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next element, whatever it is.
    pub(crate) fn any(&mut self) -> Option<Element<'a>> {
        let (&tag, rest) = self.0.split_first()?;
        // Tags of several bytes occur in neither format.
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = if first < 0x80 {
            (usize::from(first), rest)
        } else {
            let count = usize::from(first & 0x7f);
            if !(1..=4).contains(&count) {
                return None;
            }
            let (digits, rest) = rest.split_at_checked(count)?;
            let length = digits.iter().fold(0usize, |length, digit| length << 8 | usize::from(*digit));
            if digits[0] == 0 || length < 0x80 {
                return None;
            }
            (length, rest)
        };
        let (content, behind) = rest.split_at_checked(length)?;
        let raw = &self.0[..self.0.len() - behind.len()];
        self.0 = behind;
        Some(Element { tag, content, raw })
    }

    /// The next element, which must have this tag.
    pub(crate) fn take(&mut self, tag: u8) -> Option<Element<'a>> {
        let element = self.any()?;
        (element.tag == tag).then_some(element)
    }

    /// The next element if it has this tag.
    pub(crate) fn optional(&mut self, tag: u8) -> Option<Element<'a>> {
        if self.0.first() == Some(&tag) { self.any() } else { None }
    }

    /// The content of the next element, which must have this tag.
    pub(crate) fn inside(&mut self, tag: u8) -> Option<Reader<'a>> {
        self.take(tag).map(|element| Reader(element.content))
    }

    /// A whole input that is one element of this tag.
    pub(crate) fn whole(bytes: &'a [u8], tag: u8) -> Option<Element<'a>> {
        let mut reader = Reader(bytes);
        let element = reader.take(tag)?;
        reader.is_empty().then_some(element)
    }
}

/// A small whole number that is not negative.
pub(crate) fn small(integer: Element<'_>) -> Option<u64> {
    let digits = integer.content;
    if digits.is_empty() || digits.len() > 8 || digits[0] & 0x80 != 0 {
        return None;
    }
    Some(digits.iter().fold(0, |value, digit| value << 8 | u64::from(*digit)))
}

/// The octets of a bit string of whole octets.
pub(crate) fn octets_of_bits<'a>(bits: Element<'a>) -> Option<&'a [u8]> {
    bits.content.split_first().filter(|(unused, _)| **unused == 0).map(|(_, octets)| octets)
}

/// An object identifier in digits and points (X.690, 8.19).
pub(crate) fn oid_text(content: &[u8]) -> String {
    let mut numbers: Vec<u64> = Vec::new();
    let mut value: u64 = 0;
    for byte in content {
        value = value.wrapping_shl(7) | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            if numbers.is_empty() {
                let first = (value / 40).min(2);
                numbers.push(first);
                value -= first * 40;
            }
            numbers.push(value);
            value = 0;
        }
    }
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_refuses() {
        let mut reader = Reader::new(&[0x30, 0x03, 0x02, 0x01, 0x05, 0x04, 0x00]);
        let mut inside = reader.inside(SEQUENCE).unwrap();
        assert_eq!(inside.take(INTEGER).and_then(small), Some(5));
        assert!(inside.is_empty());
        assert_eq!(reader.optional(INTEGER), None);
        assert_eq!(reader.take(OCTET_STRING).unwrap().content, b"");
        for bad in [
            &[][..],
            &[0x30],
            &[0x30, 0x01],
            &[0x30, 0x80, 0x00, 0x00],
            &[0x30, 0x81, 0x01, 0x00],
            &[0x30, 0x82, 0x00, 0x80],
            &[0x1f, 0x01, 0x00],
        ] {
            assert_eq!(Reader::new(bad).any(), None, "{bad:?}");
        }
        assert_eq!(Reader::whole(&[0x04, 0x00, 0x00], OCTET_STRING), None);
    }

    #[test]
    fn identifiers_as_text() {
        assert_eq!(
            oid_text(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b]),
            "1.2.840.113549.1.1.11"
        );
        assert_eq!(oid_text(&[0x55, 0x1d, 0x25]), "2.5.29.37");
        assert_eq!(oid_text(&[]), "");
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..100)) {
            let mut reader = Reader::new(&bytes);
            while let Some(element) = reader.any() {
                let _ = (small(element), octets_of_bits(element), oid_text(element.content));
            }
        }
    }
}
