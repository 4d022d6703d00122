//! A walk through the names of a gazetteer, byte by byte.
//!
//! One walk for each place in a text where a name may begin finds the longest
//! name there, without cutting or copying text.

use fst::raw::{Fst, Output};

use super::read::Named;

/// Where a walk through the names has come to.
#[derive(Clone)]
pub struct Walk<'a> {
    names: &'a Fst<&'a [u8]>,
    node: usize,
    output: Output,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(names: &'a Fst<&'a [u8]>) -> Walk<'a> {
        Walk { names, node: names.root().addr(), output: Output::zero() }
    }

    /// Goes on by these bytes of a key. `false`: no name begins so, and the walk is over.
    #[must_use]
    pub fn push(&mut self, key: &str) -> bool {
        for &byte in key.as_bytes() {
            let node = self.names.node(self.node);
            let Some(index) = node.find_input(byte) else { return false };
            let transition = node.transition(index);
            self.node = transition.addr;
            self.output = self.output.cat(transition.out);
        }
        true
    }

    /// The name that ends here, if one does.
    pub fn name(&self) -> Option<Named> {
        let node = self.names.node(self.node);
        node.is_final().then(|| Named(self.output.cat(node.final_output()).value()))
    }
}
